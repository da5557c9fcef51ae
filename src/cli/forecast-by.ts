/** `jalon forecast --by owner|team|pipeline|milestone`: the latest snapshot by group, each with its range. */
import { errorLine } from '../../templates/errors/catalogue.ts';
import { type GroupNames, type NamedGroup, namedGroups } from '../../templates/group-names.ts';
import { translate } from '../../templates/i18n/translate.ts';
import type { Directory } from '../core/deals/deal.ts';
import { linesOfManager } from '../core/deals/target.ts';
import type { LineFigures } from '../core/forecast/forecast-types.ts';
import { type GroupKind, groupForecasts, groupKeyOf } from '../core/forecast/group-forecasts.ts';
import type { Outlook } from '../core/forecast/outlook.ts';
import type { Locale } from '../core/milestones/milestone.ts';
import { fitOddsByPipeline } from '../core/odds/fit-odds-pipelines.ts';
import type { CrmKind } from '../core/values/crm.ts';
import { asId, type PipelineId } from '../core/values/ids.ts';
import type { SnapshotHeader } from '../ports/snapshot-store.ts';
import type { TenantStore } from '../ports/store.ts';
import type { App } from './app.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { money } from './figures.ts';
import { plainJson } from './plain-json.ts';
import { table } from './terminal.ts';
import { withCompany } from './with-services.ts';

export interface ForecastByOptions {
  readonly crm: CrmKind;
  readonly by: GroupKind;
  readonly manager?: string;
  readonly json?: boolean;
}

interface Frozen {
  readonly header: SnapshotHeader;
  readonly lines: readonly LineFigures[];
  readonly directory: Directory | null;
  /** Wins behind the odds of each pipeline, and of all together (null). */
  readonly wins: ReadonlyMap<PipelineId | null, number>;
}

export async function forecastBy(app: App, options: ForecastByOptions): Promise<ExitCode> {
  return await withCompany(app, options, async ({ store, tenantId }, connection) => {
    const { terminal } = app;
    const { locale } = terminal;
    const frozen = await store.inTenant(tenantId, (tenant) => readFrozen(tenant, connection.id));
    if (frozen === null) throw new CommandError([errorLine('SNAPSHOT_MISSING', locale)], EXIT.failed);
    const lines = scopeLines(frozen, options.manager);
    if (lines === null)
      throw new CommandError([errorLine('MANAGER_UNKNOWN', locale, options.manager)], EXIT.failed);
    const total = frozen.wins.get(null) ?? 0;
    const groups = groupForecasts(lines, groupKeyOf(options.by, frozen.header.owners), (key) =>
      options.by === 'pipeline' && key !== null ? (frozen.wins.get(asId<PipelineId>(key)) ?? total) : total,
    );
    const shown = namedGroups(groups, options.by, namesOf(frozen), locale);
    if (options.json) terminal.print(plainJson({ by: options.by, asOf: frozen.header.asOf, groups: shown }));
    else for (const line of groupTable(shown, options.by, frozen.header, locale)) terminal.print(line);
    return EXIT.ok;
  });
}

async function readFrozen(
  tenant: TenantStore,
  connectionId: SnapshotHeader['connectionId'],
): Promise<Frozen | null> {
  const header = await tenant.snapshots.latest(connectionId);
  if (header === null) return null;
  return {
    header,
    lines: await tenant.snapshots.figures(header.id),
    directory: await tenant.records.directory(connectionId),
    wins: header.outlook === undefined ? await fittedWins(tenant, header) : frozenWins(header.outlook),
  };
}

function frozenWins({ wins }: Outlook): Frozen['wins'] {
  return new Map(wins.map((one) => [one.pipelineId, one.wins]));
}

/** For a snapshot that did not keep them. */
async function fittedWins(tenant: TenantStore, header: SnapshotHeader): Promise<Frozen['wins']> {
  const deals = await tenant.snapshots.deals(header.id);
  const { byPipeline, pooled } = fitOddsByPipeline(deals, header.model, header.asOf, header.company.zone);
  return new Map([[null, pooled.wins], ...[...byPipeline].map(([id, { wins }]) => [id, wins] as const)]);
}

function scopeLines({ header, lines }: Frozen, email: string | undefined): readonly LineFigures[] | null {
  if (email === undefined) return lines;
  const manager = header.managers.find((one) => one.email.toLowerCase() === email.toLowerCase());
  return manager === undefined ? null : linesOfManager(lines, manager, header.owners);
}

function namesOf({ header, directory }: Frozen): GroupNames {
  return {
    owners: header.owners,
    teams: header.teams ?? directory?.teams ?? [],
    pipelines: header.pipelines,
    milestones: header.model.milestones,
  };
}

function groupTable(
  groups: readonly NamedGroup[],
  by: GroupKind,
  { company }: SnapshotHeader,
  locale: Locale,
): string[] {
  const amount = (minor: bigint) => money(minor, company.currency, locale);
  const titles = (['deals', 'net', 'won', 'expected', 'forecast', 'low', 'high'] as const).map((key) =>
    translate(locale, `group.column.${key}`),
  );
  return table([
    [translate(locale, `group.title.${by}`), ...titles],
    ...groups.map(({ label, openDeals, netMinor, wonMinor, expectedMinor, forecastMinor, range }) => [
      label,
      String(openDeals),
      amount(netMinor),
      amount(wonMinor),
      amount(expectedMinor),
      amount(forecastMinor),
      range === null ? '–' : amount(range.p10Minor),
      range === null ? '–' : amount(range.p90Minor),
    ]),
  ]);
}

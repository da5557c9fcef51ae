import { errorLine } from '../../templates/errors/catalogue.ts';
import { visibleText } from '../../templates/text.ts';
import type { ForecastLine, ForecastSummary } from '../core/forecast/forecast-types.ts';
import type { GroupKind } from '../core/forecast/group-forecasts.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { MilestoneKey } from '../core/values/ids.ts';
import type { SnapshotHeader } from '../ports/snapshot-store.ts';
import type { TenantStore } from '../ports/store.ts';
import type { App } from './app.ts';
import { countByCode, noteByCode } from './by-code.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { money, percent } from './figures.ts';
import { forecastBy } from './forecast-by.ts';
import { say } from './messages.ts';
import { plainJson } from './plain-json.ts';
import { noteStillToCome } from './still-to-come.ts';
import { labelled, table } from './terminal.ts';
import { withCompany } from './with-services.ts';

export interface ForecastCommandOptions {
  readonly crm: CrmKind;
  readonly manager?: string;
  readonly by?: GroupKind;
  readonly json?: boolean;
}

const SHOWN_DEALS = 20;

/** The forecast of the latest snapshot, of the whole company or of one manager. */
export async function forecast(app: App, options: ForecastCommandOptions): Promise<ExitCode> {
  const { by } = options;
  if (by !== undefined) return await forecastBy(app, { ...options, by });
  return await withCompany(app, options, async ({ store, tenantId }, connection) => {
    const found = await store.inTenant(tenantId, async (tenant) => {
      const header = await tenant.snapshots.latest(connection.id);
      return header === null
        ? null
        : {
            header,
            summary: await summaryOf(tenant, header, options.manager),
            lines: await tenant.snapshots.lines(header.id),
            rejections: await tenant.records.rejections(connection.id),
          };
    });
    const { terminal } = app;
    if (found === null) throw new CommandError([errorLine('SNAPSHOT_MISSING', terminal.locale)], EXIT.failed);
    const { header, summary, lines, rejections } = found;
    if (summary === null)
      throw new CommandError([errorLine('MANAGER_UNKNOWN', terminal.locale, options.manager)], EXIT.failed);
    const rejectionsByCode = countByCode(rejections);
    if (options.json) terminal.print(plainJson({ summary, lines, rejectionsByCode }));
    else {
      printForecast(app, header, summary, lines);
      noteByCode(app, rejectionsByCode);
      noteStillToCome(app, 'history', incompleteOf(lines), connection.crm);
    }
    return EXIT.ok;
  });
}

/** Deals that are in no total have no figure to show: they are told by reason, below. */
function printForecast(
  app: App,
  header: SnapshotHeader,
  summary: ForecastSummary,
  lines: readonly ForecastLine[],
): void {
  const { terminal } = app;
  const { locale } = terminal;
  const amount = (minor: bigint) => money(minor, summary.currency, locale);
  const rows = lines
    .filter((line) => line.exclusion === null)
    .slice(0, SHOWN_DEALS)
    .map((line) => [
      visibleText(line.dealName, 40),
      labelOf(header, line.verified, locale),
      amount(line.netMinor),
      percent(line.odds, locale),
      amount(line.expectedMinor),
    ]);
  const titles = (
    ['forecast.deal', 'forecast.milestone', 'forecast.net', 'forecast.odds', 'forecast.expected'] as const
  ).map((key) => say(locale, key));
  for (const line of [...summaryLines(summary, locale), '', ...table([titles, ...rows])])
    terminal.print(line);
  noteByCode(
    app,
    Object.fromEntries(summary.exclusions.map(({ reason, deals }) => [`exclusion.${reason}`, deals])),
  );
}

/** Deals whose past the CRM has not told whole. */
function incompleteOf(lines: readonly ForecastLine[]): number {
  return lines.filter(({ flags }) => flags.includes('history_incomplete')).length;
}

/** The lines of a summary, shared by `forecast` and `demo`. */
export function summaryLines(summary: ForecastSummary, locale: 'fr' | 'en'): string[] {
  const amount = (minor: bigint) => money(minor, summary.currency, locale);
  const rows: [string, string][] = [
    [say(locale, 'demo.gross'), amount(summary.grossMinor)],
    [say(locale, 'demo.net'), amount(summary.netMinor)],
    [say(locale, 'demo.unproven'), amount(summary.unprovenMinor)],
    [
      say(locale, 'demo.forecast', { period: summary.period.key }),
      say(locale, 'demo.forecast.value', {
        forecast: amount(summary.forecastMinor),
        won: amount(summary.wonMinor),
        expected: amount(summary.expectedMinor),
        target: summary.targetMinor === null ? '-' : amount(summary.targetMinor),
        gap: summary.gapMinor === null ? '-' : amount(summary.gapMinor),
      }),
    ],
  ];
  const { range } = summary;
  if (range !== null) {
    const chance = range.chanceOfTarget === null ? '-' : percent(range.chanceOfTarget, locale);
    rows.push([
      say(locale, 'demo.range'),
      say(locale, 'demo.range.value', { p10: amount(range.p10Minor), p90: amount(range.p90Minor), chance }),
    ]);
  }
  return labelled(rows);
}

async function summaryOf(
  tenant: TenantStore,
  header: SnapshotHeader,
  email: string | undefined,
): Promise<ForecastSummary | null> {
  const manager = header.managers.find((candidate) => candidate.email.toLowerCase() === email?.toLowerCase());
  if (email !== undefined && manager === undefined) return null;
  const forecasts = await tenant.snapshots.forecasts(header.id);
  return forecasts.find((stored) => stored.managerId === (manager?.id ?? null))?.summary ?? null;
}

function labelOf(header: SnapshotHeader, key: MilestoneKey | null, locale: 'fr' | 'en'): string {
  return header.model.milestones.find((milestone) => milestone.key === key)?.label[locale] ?? '-';
}

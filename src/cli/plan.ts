/** `jalon gap` and `jalon calibration`: what is missing, what could close it, and what the weights are worth. From the records of now. */
import { computeForecast, type ForecastSources, readSources } from '../../jobs/compute-forecast.ts';
import { planFigures } from '../../jobs/plan-figures.ts';
import { errorLine } from '../../templates/errors/catalogue.ts';
import { translate } from '../../templates/i18n/translate.ts';
import { calibrationTexts } from '../../templates/reliability/calibration-words.ts';
import { actionTable, funnelTable, gapTexts, pipelineTexts } from '../../templates/reliability/gap-words.ts';
import { companyLog } from '../core/deals/company-log.ts';
import type { Manager } from '../core/deals/manager.ts';
import { knownOn } from '../core/odds/verified-history.ts';
import { modelCalibration } from '../core/reliability/model-calibration.ts';
import { dateIn } from '../core/values/calendar.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { App, Services } from './app.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { plainJson } from './plain-json.ts';
import { table } from './terminal.ts';
import { withCompany } from './with-services.ts';

export interface PlanCommandOptions {
  readonly crm: CrmKind;
  readonly manager?: string;
  readonly asOf?: Temporal.PlainDate;
  readonly lang?: 'fr' | 'en';
  readonly json?: boolean;
}

const SHOWN_ACTIONS = 15;

export async function gap(app: App, options: PlanCommandOptions): Promise<ExitCode> {
  return await withCompany(app, options, async (services, connection) => {
    const { sources, asOf } = await currentSources(services, connection, options);
    const locale = options.lang ?? app.terminal.locale;
    const manager = managerOf(sources, options.manager, locale);
    const figures = planFigures(sources, computeForecast(sources, asOf), manager);
    if (options.json) {
      app.terminal.print(plainJson(figures));
      return EXIT.ok;
    }
    const reader = { crm: options.crm, locale };
    const { milestones } = sources.model;
    const actions = figures.actions.slice(0, SHOWN_ACTIONS);
    const lines = [
      ...gapTexts(figures, { ...reader, milestones }),
      ...pipelineTexts(figures, reader),
      '',
      translate(locale, 'gap.actions', { count: figures.actions.length }),
      ...withProofs(actionTable(actions, figures, milestones, reader)),
      '',
      translate(locale, 'funnel.title'),
      ...table(funnelTable(figures, milestones, reader)),
    ];
    for (const line of lines) app.terminal.print(line);
    return EXIT.ok;
  });
}

export async function calibration(app: App, options: PlanCommandOptions): Promise<ExitCode> {
  return await withCompany(app, options, async (services, connection) => {
    const { sources, asOf } = await currentSources(services, connection, options);
    const { deals, model, company, verified } = sources;
    const rows = modelCalibration(
      companyLog(deals, model, company.zone, knownOn(verified, asOf)),
      model,
      asOf,
    );
    const locale = options.lang ?? app.terminal.locale;
    if (options.json) app.terminal.print(JSON.stringify(rows));
    else for (const line of calibrationTexts(rows, options.crm, locale)) app.terminal.print(line);
    return EXIT.ok;
  });
}

/** The last column is a sentence: it follows its row instead of being squeezed into one. */
function withProofs(rows: readonly (readonly string[])[]): string[] {
  const figures = table(rows.map((row) => row.slice(0, -1)));
  return figures.map((line, at) => `${line}  ${rows[at]?.at(-1) ?? ''}`);
}

/** Today in the company's zone, or the day asked for. */
export async function currentSources(
  { store, tenantId, context }: Services,
  connection: ConnectionRow,
  { asOf }: Pick<PlanCommandOptions, 'asOf'>,
): Promise<{ readonly sources: ForecastSources; readonly asOf: Temporal.PlainDate }> {
  const sources = await store.inTenant(tenantId, (tenant) => readSources(tenant, connection.id));
  return { sources, asOf: asOf ?? dateIn(sources.company.zone, context.clock.now()) };
}

export function managerOf(
  { managers }: ForecastSources,
  email: string | undefined,
  locale: 'fr' | 'en',
): Manager | null {
  if (email === undefined) return null;
  const manager = managers.find((candidate) => candidate.email.toLowerCase() === email.toLowerCase());
  if (manager === undefined)
    throw new CommandError([errorLine('MANAGER_UNKNOWN', locale, email)], EXIT.usage);
  return manager;
}

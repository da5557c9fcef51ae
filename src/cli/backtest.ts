/** `jalon backtest`: the forecast on the company's own past, beside what it would have believed without Jalon. */
import { writeFileSync } from 'node:fs';
import { readSources } from '../../jobs/compute-forecast.ts';
import { type ReplayOptions, type ReplaySources, replaySources } from '../../jobs/replay-sources.ts';
import {
  forecasterTable,
  horizonFacts,
  horizonText,
  leadTexts,
  noteTexts,
  verdictTexts,
} from '../../templates/reliability/backtest-words.ts';
import { capitalised } from '../../templates/words.ts';
import { companyLog } from '../core/deals/company-log.ts';
import { knownOn, NOTHING_RECORDED } from '../core/odds/verified-history.ts';
import type { BacktestHorizon } from '../core/reliability/backtest.ts';
import type { BacktestReport, HorizonReport } from '../core/reliability/backtest-report.ts';
import { type MilestoneCalibration, modelCalibration } from '../core/reliability/model-calibration.ts';
import { dateIn } from '../core/values/calendar.ts';
import type { CrmKind } from '../core/values/crm.ts';
import { renderReliabilityFile } from '../web/reliability/reliability-render.ts';
import type { App } from './app.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { companyFrom } from './load-company.ts';
import { say } from './messages.ts';
import { labelled, table } from './terminal.ts';
import { withCompany } from './with-services.ts';

export interface BacktestCommandOptions {
  readonly crm: CrmKind;
  readonly log?: string;
  readonly from?: Temporal.PlainDate;
  readonly asOf?: Temporal.PlainDate;
  readonly every: number;
  readonly horizons?: readonly BacktestHorizon[];
  readonly lang?: 'fr' | 'en';
  readonly html?: string;
  readonly json?: boolean;
}

interface Replayed {
  readonly company: string;
  readonly report: BacktestReport;
  readonly unplacedRows: number;
  readonly calibration: readonly MilestoneCalibration[];
}

export async function backtest(app: App, options: BacktestCommandOptions): Promise<ExitCode> {
  const replayed =
    options.log === undefined ? await replayStore(app, options) : replayLog(app, options, options.log);
  const locale = options.lang ?? app.terminal.locale;
  if (options.html !== undefined) {
    writeFileSync(options.html, htmlOf(replayed, options.crm, locale));
    app.terminal.note(say(locale, 'digest.saved', { path: options.html }));
  }
  const lines = options.json
    ? [JSON.stringify({ ...replayed.report, unplacedRows: replayed.unplacedRows })]
    : reportLines(replayed, options.crm, locale);
  for (const line of lines) app.terminal.print(line);
  return EXIT.ok;
}

/** What the connectors pulled, up to today. */
async function replayStore(app: App, options: BacktestCommandOptions): Promise<Replayed> {
  return await withCompany(app, options, async ({ store, tenantId, context }, connection) => {
    const sources = await store.inTenant(tenantId, (tenant) => readSources(tenant, connection.id));
    const asOf = options.asOf ?? dateIn(sources.company.zone, context.clock.now());
    const report = replaySources(sources, asOf, replayOptions(options));
    return {
      company: connection.label,
      report,
      unplacedRows: 0,
      calibration: calibrationOf(sources, asOf),
    };
  });
}

/** The last day of a log may be cut off in the middle, so its midnight is the end of what is known. */
function replayLog(app: App, options: BacktestCommandOptions, folder: string): Replayed {
  const log = app.readEventLog(folder);
  const { name, company, model, rates } = companyFrom(app, log.companyYaml, log.companyFile);
  const sources = { deals: log.deals, model, rates, company };
  const asOf = options.asOf ?? log.lastDay;
  return {
    company: name,
    report: replaySources(sources, asOf, replayOptions(options)),
    unplacedRows: log.unplacedRows,
    calibration: calibrationOf(sources, asOf),
  };
}

function calibrationOf(
  { deals, model, company, verified = NOTHING_RECORDED }: ReplaySources,
  asOf: Temporal.PlainDate,
) {
  return modelCalibration(companyLog(deals, model, company.zone, knownOn(verified, asOf)), model, asOf);
}

function htmlOf(replayed: Replayed, crm: CrmKind, locale: 'fr' | 'en'): string {
  const { company, report, unplacedRows, calibration } = replayed;
  return renderReliabilityFile({
    locale,
    crm,
    company,
    backtest: report,
    unplacedRows,
    calibration,
    accuracy: null,
  });
}

function replayOptions({ from, every, horizons }: BacktestCommandOptions): ReplayOptions {
  return {
    everyDays: every,
    ...(from === undefined ? {} : { from }),
    ...(horizons === undefined ? {} : { horizons }),
  };
}

function reportLines(
  { company, report, unplacedRows }: Replayed,
  crm: CrmKind,
  locale: 'fr' | 'en',
): string[] {
  return [
    company,
    ...leadTexts(report, crm, locale),
    ...report.horizons.flatMap((horizon) => horizonLines(horizon, report.everyDays, crm, locale)),
    '',
    ...noteTexts(report, unplacedRows, crm, locale),
  ];
}

function horizonLines(
  horizon: HorizonReport,
  everyDays: number,
  crm: CrmKind,
  locale: 'fr' | 'en',
): string[] {
  return [
    '',
    capitalised(horizonText(horizon.horizon, locale)),
    ...verdictTexts(horizon, everyDays, locale).map((sentence) => `  ${sentence}`),
    ...(horizon.windows === 0
      ? []
      : [
          ...table(forecasterTable(horizon, locale)).map((line) => `  ${line}`),
          ...labelled(horizonFacts(horizon, crm, locale)).map((line) => `  ${line}`),
        ]),
  ];
}

/** The forecast of the company and of each manager, with what moved and how good past forecasts were: all that a snapshot keeps. */

import type { Manager } from '../src/core/deals/manager.ts';
import type { ForecastLine } from '../src/core/forecast/forecast-types.ts';
import { openLines } from '../src/core/forecast/summary.ts';
import { wape } from '../src/core/reliability/accuracy.ts';
import { DIGEST_LIMITS, digestPace, digestQuestions, movedKinds } from '../src/core/review/digest.ts';
import type { AccuracyBar, Movement } from '../src/core/review/digest-types.ts';
import { movementBetween } from '../src/core/review/movement.ts';
import { type AskedQuestions, settledCount } from '../src/core/review/questions-settled.ts';
import { type Period, periodContains, periodOf } from '../src/core/values/calendar.ts';
import type { ManagerId } from '../src/core/values/ids.ts';
import type { StoredForecast } from '../src/ports/snapshot-store.ts';
import { breathe } from './breathe.ts';
import {
  type ComputedForecast,
  computeForecast,
  countStandings,
  type ForecastSources,
  linesInScope,
  summaryOf,
} from './compute-forecast.ts';

/** The older side of "what moved". */
export interface Comparison {
  readonly asOf: Temporal.PlainDate;
  readonly kind: 'snapshot' | 'replay';
  readonly lines: readonly ForecastLine[];
}

/** Rows kept with a snapshot for the review and its CSV; a mail shows fewer. */
const MOVEMENT_ROWS = 200;

/** What was asked in the mails of the week before, by manager. */
export type AskedLastWeek = ReadonlyMap<ManagerId, AskedQuestions>;

/** Fewer resolved deals than this before a month say nothing about the forecast that one would have had. */
const MIN_RESOLVED = 20;

export async function scopeForecasts(
  sources: ForecastSources,
  forecast: ComputedForecast,
  comparison: Comparison,
  asked: AskedLastWeek = new Map(),
): Promise<StoredForecast[]> {
  const standings = countStandings(sources, forecast.asOf);
  const months = await replayedMonths(sources, forecast.asOf);
  const scopes: readonly (Manager | null)[] = [null, ...sources.managers];
  const comparedWith = { asOf: comparison.asOf, kind: comparison.kind };
  return scopes.map((manager) => {
    const movement = movementOf(sources, forecast, comparison, manager);
    return {
      managerId: manager?.id ?? null,
      standings,
      summary: summaryOf(sources, forecast, manager),
      movement,
      comparedWith,
      norms: forecast.norms,
      accuracy: months.map((month) => accuracyOf(sources, month, manager)),
      ...(manager === null ? {} : toldInMail(sources, forecast, movement, manager, asked)),
    };
  });
}

/** This week's questions of a manager, what became of last week's, and the pace of the deals: frozen with the snapshot, as everything that a mail says. */
function toldInMail(
  sources: ForecastSources,
  forecast: ComputedForecast,
  movement: Movement,
  manager: Manager,
  asked: AskedLastWeek,
): Pick<StoredForecast, 'questions' | 'lastQuestions' | 'pace'> {
  const { model, owners } = sources;
  const { asOf } = forecast;
  const lines = linesInScope(sources, forecast.lines, manager);
  const before = asked.get(manager.id);
  const now = { asOf, milestones: model.milestones, moved: movedKinds(movement), lines };
  return {
    questions: digestQuestions({ asOf, lines, owners, movement, model }),
    lastQuestions: before === undefined ? null : settledCount(before, now),
    pace: digestPace({ lines, owners, paceNorms: forecast.norms }),
  };
}

function movementOf(
  sources: ForecastSources,
  forecast: ComputedForecast,
  comparison: Comparison,
  manager: Manager | null,
) {
  const account = {
    before: new Set(comparison.lines.map((line) => line.dealId)),
    after: new Set(forecast.lines.map((line) => line.dealId)),
  };
  return movementBetween({
    before: linesInScope(sources, comparison.lines, manager),
    after: linesInScope(sources, forecast.lines, manager),
    milestones: sources.model.milestones,
    maxRows: MOVEMENT_ROWS,
    account,
  });
}

interface ReplayedMonth {
  readonly month: Period;
  /** What would have been forecast on its first day; null when there was too little history to forecast from. */
  readonly forecast: readonly ForecastLine[] | null;
  /** What the records say today. */
  readonly outcome: readonly ForecastLine[];
}

/** The last complete months, each forecast on its first day from what was known then. */
async function replayedMonths(sources: ForecastSources, asOf: Temporal.PlainDate): Promise<ReplayedMonth[]> {
  const current = periodOf(asOf, 'month');
  const months: ReplayedMonth[] = [];
  for (let back = DIGEST_LIMITS.accuracyMonths; back >= 1; back -= 1) {
    const month = periodOf(current.start.subtract({ months: back }), 'month');
    await breathe();
    const forecast = computeForecast(sources, month.start, month);
    const known = forecast.odds.pooled.resolvedDeals >= MIN_RESOLVED;
    await breathe();
    const outcome = known ? computeForecast(sources, month.end, month).lines : [];
    months.push({ month, forecast: known ? forecast.lines : null, outcome });
  }
  return months;
}

/** Of the deals that were open on the first day: a forecast cannot be blamed for deals that did not exist. */
function accuracyOf(
  sources: ForecastSources,
  { month, forecast, outcome }: ReplayedMonth,
  manager: Manager | null,
): AccuracyBar {
  if (forecast === null) return { month: month.start, wape: null };
  const open = openLines(linesInScope(sources, forecast, manager));
  const known = new Set(open.map((line) => line.dealId));
  const won = linesInScope(sources, outcome, manager).filter(
    (line) => known.has(line.dealId) && wonIn(line, month),
  );
  const expected = open.reduce((sum, line) => sum + line.expectedMinor, 0n);
  const actual = won.reduce((sum, line) => sum + line.grossMinor, 0n);
  return { month: month.start, wape: wape([{ forecast: Number(expected), actual: Number(actual) }]) };
}

function wonIn(line: ForecastLine, month: Period): boolean {
  return (
    line.standing === 'won' &&
    line.exclusion === null &&
    line.closedOn !== null &&
    periodContains(month, line.closedOn)
  );
}

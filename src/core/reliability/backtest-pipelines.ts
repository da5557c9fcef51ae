/** The replay of a company with several pipelines: each learns from its own past, as the forecast does, and the windows are added up. */

import type { Deal } from '../deals/deal.ts';
import type { MilestoneModel } from '../milestones/milestone.ts';
import { type StateLog, stateLog } from '../odds/history.ts';
import { dateOfDay, dayCounter, dayNumber } from '../odds/history-days.ts';
import { historyReader } from '../odds/history-deals.ts';
import { knownOn, NOTHING_RECORDED, type VerifiedHistory } from '../odds/verified-history.ts';
import { countRange } from '../totals/totals-count-range.ts';
import type { PipelineId } from '../values/ids.ts';
import { joinOutcomes, type Outturn } from './accuracy.ts';
import {
  type BacktestHorizon,
  type BacktestInput,
  type Forecaster,
  type ReplayedHorizon,
  type ReplayedWindow,
  replay,
} from './backtest.ts';

const BACKTEST_HORIZONS: readonly BacktestHorizon[] = [
  { kind: 'days', days: 14 },
  { kind: 'days', days: 35 },
  { kind: 'month_end' },
];

/** Before this much history a replay would only repeat the weights. */
const LEARNING_DAYS = 35;
/** Two years of Mondays say enough; a stray event of long ago must not ask for thousands. */
const MOST_REPLAYED_DAYS = 730;

export interface DealsToReplay {
  readonly deals: readonly Deal[];
  readonly model: MilestoneModel;
  readonly zone: string;
  /** What snapshots recorded; each origin sees what was recorded by then. */
  readonly verified?: VerifiedHistory;
  /** The last day of which everything is known. */
  readonly asOf: Temporal.PlainDate;
  /** Minor units of the company currency; null when the amount is missing, unusable or without a rate. */
  readonly amountOf: (deal: Deal) => bigint | null;
  readonly horizons?: readonly BacktestHorizon[];
  readonly everyDays?: number;
  /** First day to replay; by default the first Monday after 35 days of history, at most two years back. */
  readonly from?: Temporal.PlainDate;
}

/** Replays every past Monday (or every `everyDays` from the first). Excluded pipelines are left out. */
export function replayDeals(request: DealsToReplay): readonly ReplayedHorizon[] {
  const inputs = inputsByPipeline(request);
  const firstDay = Math.min(...inputs.map(({ log }) => log.firstDay));
  if (!Number.isFinite(firstDay))
    return (request.horizons ?? BACKTEST_HORIZONS).map((horizon) => ({ horizon, windows: [] }));
  const earliest = Math.max(firstDay + LEARNING_DAYS, dayNumber(request.asOf) - MOST_REPLAYED_DAYS);
  const firstOriginDay = request.from === undefined ? mondayFrom(earliest) : dayNumber(request.from);
  return mergeReplays(inputs.map((input) => replay({ ...input, firstOriginDay })));
}

function inputsByPipeline(request: DealsToReplay): readonly BacktestInput[] {
  const { model, zone, asOf, verified = NOTHING_RECORDED } = request;
  const days = dayCounter(zone);
  const excluded = new Set<PipelineId>(model.excludedPipelines);
  const groups = Map.groupBy(
    request.deals.filter(({ pipelineId }) => !excluded.has(pipelineId)),
    ({ pipelineId }) => pipelineId,
  );
  return [...groups.values()].map((deals) => {
    return {
      ...logsOf(verified, (known) => stateLog(deals.map(historyReader(model, days, known)))),
      amountsMinor: deals.map(request.amountOf),
      milestones: model.milestones,
      firstOriginDay: 0,
      untilDay: dayNumber(asOf),
      everyDays: request.everyDays ?? 7,
      horizons: request.horizons ?? BACKTEST_HORIZONS,
    };
  });
}

/** At the day of a recording, and after the last one, the whole log shows what was known then: a later recording dates nothing before it. */
function logsOf(
  verified: VerifiedHistory,
  logOf: (known: VerifiedHistory) => StateLog,
): Pick<BacktestInput, 'log' | 'logAt'> {
  const log = logOf(verified);
  const days = verified.recordings.map(({ asOf }) => dayNumber(asOf));
  const [first] = days;
  if (first === undefined) return { log };
  const stages = logOf(NOTHING_RECORDED);
  const recorded = new Set(days);
  const last = days.at(-1) ?? first;
  const logAt = (originDay: number): StateLog => {
    if (originDay <= first) return stages;
    if (originDay > last || recorded.has(originDay)) return log;
    return logOf(knownOn(verified, dateOfDay(originDay)));
  };
  return { log, logAt };
}

function mondayFrom(day: number): number {
  return day + ((8 - dateOfDay(day).dayOfWeek) % 7);
}

/** Adds up the windows of several pipelines; all must have been replayed with the same origins and horizons. */
function mergeReplays(replays: readonly (readonly ReplayedHorizon[])[]): readonly ReplayedHorizon[] {
  const [first = []] = replays;
  return first.map(({ horizon, windows }, at) => ({
    horizon,
    windows: windows.map((_, number) =>
      mergeWindows(replays.flatMap((horizons) => horizons[at]?.windows[number] ?? [])),
    ),
  }));
}

function mergeWindows(windows: readonly ReplayedWindow[]): ReplayedWindow {
  const [first] = windows;
  if (first === undefined || windows.length === 1) return first ?? neverEmpty();
  const outcomes = joinOutcomes(windows.map((window) => window.outcomes));
  const knownWins = total(windows, (window) => window.knownWins);
  const { low, high } = countRange(outcomes.odds, knownWins);
  return {
    originDay: first.originDay,
    horizonDays: first.horizonDays,
    openDeals: outcomes.odds.length,
    withoutAmount: total(windows, (window) => window.withoutAmount),
    counts: addForecasters(windows.map((window) => window.counts)),
    amounts: addForecasters(windows.map((window) => window.amounts)),
    withNewDeals: addOutturns(windows.map((window) => window.withNewDeals)),
    lowCount: low,
    highCount: high,
    knownWins,
    outcomes,
  };
}

function neverEmpty(): never {
  throw new Error('a window of the replay without a pipeline');
}

function total(windows: readonly ReplayedWindow[], of: (window: ReplayedWindow) => number): number {
  return windows.reduce((sum, window) => sum + of(window), 0);
}

function addOutturns(outturns: readonly Outturn[]): Outturn {
  return outturns.reduce((sum, { forecast, actual }) => ({
    forecast: sum.forecast + forecast,
    actual: sum.actual + actual,
  }));
}

function addForecasters(
  parts: readonly Readonly<Record<Forecaster, Outturn>>[],
): Readonly<Record<Forecaster, Outturn>> {
  const of = (who: Forecaster): Outturn => addOutturns(parts.map((part) => part[who]));
  return { jalon: of('jalon'), n0: of('n0'), n1: of('n1'), n4: of('n4') };
}

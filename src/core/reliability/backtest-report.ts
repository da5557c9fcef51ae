/** The replay as plain data: what is stored, shown on the reliability page and printed. No deal is in it, only counts. */

import type { HistoryLabel } from '../forecast/forecast-types.ts';
import { fitOddsByPipeline } from '../odds/fit-odds-pipelines.ts';
import type { HistoryNotes } from '../odds/history.ts';
import { dateOfDay } from '../odds/history-days.ts';
import { type HistoryOddities, historyOddities } from '../odds/history-oddities.ts';
import { brier, joinOutcomes } from './accuracy.ts';
import type { BacktestHorizon, Forecaster, ReplayedHorizon, ReplayedWindow } from './backtest.ts';
import { type DealsToReplay, replayDeals } from './backtest-pipelines.ts';
import { type HorizonScore, scoreReplay } from './backtest-verdict.ts';
import { type OddsBin, oddsBins } from './odds-bins.ts';

/** One past Monday: wins among the deals open then, said beforehand by each and counted afterwards. */
export interface ReplayedMonday {
  readonly on: Temporal.PlainDate;
  readonly horizonDays: number;
  readonly openDeals: number;
  readonly forecast: Readonly<Record<Forecaster, number>>;
  readonly low: number;
  readonly high: number;
  readonly actual: number;
}

export interface HorizonReport extends HorizonScore {
  readonly brier: number | null;
  readonly mondays: readonly ReplayedMonday[];
  readonly bins: readonly OddsBin[];
}

export interface BacktestReport {
  /** Everything before the midnight that begins this day is known. */
  readonly asOf: Temporal.PlainDate;
  readonly everyDays: number;
  readonly deals: number;
  readonly label: HistoryLabel;
  readonly resolvedDeals: number;
  readonly notes: HistoryNotes;
  /** Absent in reports of before it was counted. */
  readonly oddities?: HistoryOddities;
  readonly horizons: readonly HorizonReport[];
}

export function backtestReport(request: DealsToReplay): BacktestReport {
  const replayed = replayDeals(request);
  const scores = scoreReplay(replayed);
  const { deals, model, asOf, zone, verified } = request;
  const odds = fitOddsByPipeline(deals, model, asOf, zone, verified);
  const { pooled } = odds;
  return {
    asOf: request.asOf,
    everyDays: request.everyDays ?? 7,
    deals: request.deals.length,
    label: pooled.label,
    resolvedDeals: pooled.resolvedDeals,
    notes: pooled.notes,
    oddities: historyOddities(deals, asOf, zone, model.milestones.length, odds),
    horizons: scores.map((score, at) => horizonReport(score, replayed[at])),
  };
}

function horizonReport(score: HorizonScore, replayed: ReplayedHorizon | undefined): HorizonReport {
  const windows = replayed?.windows ?? [];
  const outcomes = joinOutcomes(windows.map((window) => window.outcomes));
  return {
    ...score,
    brier: brier(outcomes),
    mondays: windows.map(mondayOf),
    bins: oddsBins(outcomes),
  };
}

function mondayOf({
  originDay,
  horizonDays,
  openDeals,
  counts,
  lowCount,
  highCount,
}: ReplayedWindow): ReplayedMonday {
  return {
    on: dateOfDay(originDay),
    horizonDays,
    openDeals,
    forecast: {
      jalon: counts.jalon.forecast,
      n0: counts.n0.forecast,
      n1: counts.n1.forecast,
      n4: counts.n4.forecast,
    },
    low: lowCount,
    high: highCount,
    actual: counts.jalon.actual,
  };
}

/** "14", "35d", "eom" -> horizons; null when one of the words is neither a number of days from 1 to 366 nor the end of the month. */
export function parseHorizons(text: string): readonly BacktestHorizon[] | null {
  const horizons = text.split(',').map((word) => horizonOf(word.trim().toLowerCase()));
  const known = horizons.filter((horizon) => horizon !== null);
  return known.length === horizons.length ? known : null;
}

function horizonOf(word: string): BacktestHorizon | null {
  if (word === 'eom') return { kind: 'month_end' };
  const days = /^\d{1,3}d?$/.test(word) ? Number(word.replace('d', '')) : 0;
  return days >= 1 && days <= 366 ? { kind: 'days', days } : null;
}

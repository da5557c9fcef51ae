/** Past Mondays replayed: what would have been forecast, and what happened. forecast-model: section 7. */

import type { ChainMilestone } from '../odds/chain-model.ts';
import { type FittedOdds, fitOdds } from '../odds/fit-odds.ts';
import { ageAt, positionAt, type StateLog, wonDay } from '../odds/history.ts';
import { dateOfDay, dayNumber } from '../odds/history-days.ts';
import { countRange } from '../totals/totals-count-range.ts';
import { type OddsOutcomes, type Outturn, oddsOutcomes } from './accuracy.ts';
import {
  crmLadder,
  everReachedLadder,
  type Ladder,
  sameHorizonLadder,
  type WindowCounter,
  windowCounter,
} from './backtest-baselines.ts';

/** A fixed number of days, or to the end of the month in which the forecast is made. */
export type BacktestHorizon =
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'month_end' };

export interface BacktestInput {
  /** Days counted from 1970-01-01 in the company's zone (`dayCounter`). */
  readonly log: StateLog;
  /**
   * The same deals as they were known at an origin, where more was recorded later than lay before it: the positions are read from
   * it, the wins from `log`. By default `log`, of which nothing is seen that happened at the origin or later.
   */
  readonly logAt?: (originDay: number) => StateLog;
  /** By deal of the log, in minor units of the company currency; null: the deal counts as a win but is in no sum. */
  readonly amountsMinor: readonly (bigint | null)[];
  readonly milestones: readonly ChainMilestone[];
  readonly firstOriginDay: number;
  /** The last day of which everything is known: a window that ends later is not replayed. */
  readonly untilDay: number;
  readonly everyDays: number;
  readonly horizons: readonly BacktestHorizon[];
  /** Deals to learn from at an origin, all by default: the few-data test passes a smaller log. */
  readonly learnFrom?: (originDay: number) => StateLog;
}

/** Who forecasts: Jalon, the CRM's ladder, the measured ladder, the honest naive. */
export type Forecaster = 'jalon' | 'n0' | 'n1' | 'n4';

/** One origin and horizon: what each said of the deals open then, and what came. */
export interface ReplayedWindow {
  readonly originDay: number;
  readonly horizonDays: number;
  readonly openDeals: number;
  /** Open deals without amount: in the counts, in no sum. */
  readonly withoutAmount: number;
  /** Wins among the deals open at the origin, and their amount in minor units. */
  readonly counts: Readonly<Record<Forecaster, Outturn>>;
  readonly amounts: Readonly<Record<Forecaster, Outturn>>;
  /** All wins of the window, those of deals that did not exist at the origin included. */
  readonly withNewDeals: Outturn;
  readonly lowCount: number;
  readonly highCount: number;
  /** Wins known at the origin: how far the common shock reached. */
  readonly knownWins: number;
  /** Odds and outcome of each open deal. */
  readonly outcomes: OddsOutcomes;
}

export interface ReplayedHorizon {
  readonly horizon: BacktestHorizon;
  readonly windows: readonly ReplayedWindow[];
}

/** Everything is estimated anew at each origin, from what lay before it. */
export function replay(input: BacktestInput): readonly ReplayedHorizon[] {
  const replayed = input.horizons.map((horizon) => ({ horizon, windows: [] as ReplayedWindow[] }));
  const milestones = input.milestones.length;
  const counters = new Map<StateLog, WindowCounter>();
  const everyDays = Math.max(1, Math.floor(input.everyDays));
  for (let originDay = input.firstOriginDay; originDay < input.untilDay; originDay += everyDays) {
    const known = input.logAt?.(originDay) ?? input.log;
    const learnt = input.learnFrom?.(originDay) ?? known;
    const odds = fitOdds({ histories: learnt, milestones: input.milestones, originDay });
    const n1 = everReachedLadder(learnt, originDay, milestones);
    const counter = counters.get(learnt) ?? windowCounter(learnt, milestones);
    if (input.learnFrom === undefined) counters.set(learnt, counter);
    for (const { horizon, windows } of replayed) {
      const horizonDays = daysOf(horizon, originDay);
      if (originDay + horizonDays > input.untilDay) continue;
      const ladders = {
        n0: crmLadder(milestones),
        n1,
        n4: sameHorizonLadder(counter, learnt.firstDay, originDay, horizonDays, milestones),
      };
      windows.push(replayWindow(input, known, originDay, horizonDays, odds, ladders));
    }
  }
  return replayed;
}

function daysOf(horizon: BacktestHorizon, originDay: number): number {
  if (horizon.kind === 'days') return horizon.days;
  return dayNumber(dateOfDay(originDay).with({ day: 1 }).add({ months: 1 })) - originDay;
}

function replayWindow(
  input: BacktestInput,
  known: StateLog,
  originDay: number,
  horizonDays: number,
  odds: FittedOdds,
  ladders: Readonly<Record<'n0' | 'n1' | 'n4', Ladder>>,
): ReplayedWindow {
  const said = { jalon: emptySum(), n0: emptySum(), n1: emptySum(), n4: emptySum() };
  const seen: { odds: number; won: boolean }[] = [];
  let actualAmount = 0;
  let actualAll = 0;
  let withoutAmount = 0;
  for (let deal = 0; deal < input.log.deals; deal += 1) {
    const day = wonDay(input.log, deal);
    const won = day !== null && day >= originDay && day < originDay + horizonDays;
    if (won) actualAll += 1;
    const position = positionAt(known, deal, originDay);
    if (position === null || position.state >= input.milestones.length) continue;
    const amountMinor = input.amountsMinor[deal] ?? null;
    if (amountMinor === null) withoutAmount += 1;
    const amount = Number(amountMinor ?? 0n);
    if (won) actualAmount += amount;
    const chance = odds.inDays(position.state, ageAt(position.sinceDay, originDay), horizonDays);
    seen.push({ odds: chance, won });
    addTo(said.jalon, chance, amount);
    for (const naive of ['n0', 'n1', 'n4'] as const)
      addTo(said[naive], ladders[naive][position.state] ?? 0, amount);
  }
  const outcomes = oddsOutcomes(seen);
  const { low, high } = countRange(outcomes.odds, odds.wins);
  const actualCount = seen.filter(({ won }) => won).length;
  return {
    originDay,
    horizonDays,
    openDeals: seen.length,
    withoutAmount,
    counts: outturns((who) => said[who].count, actualCount),
    amounts: outturns((who) => said[who].amount, actualAmount),
    withNewDeals: { forecast: said.jalon.count + odds.newWins(horizonDays), actual: actualAll },
    lowCount: low,
    highCount: high,
    knownWins: odds.wins,
    outcomes,
  };
}

interface Sum {
  count: number;
  amount: number;
}

function emptySum(): Sum {
  return { count: 0, amount: 0 };
}

function addTo(sum: Sum, chance: number, amount: number): void {
  sum.count += chance;
  sum.amount += chance * amount;
}

function outturns(forecastOf: (who: Forecaster) => number, actual: number): Record<Forecaster, Outturn> {
  const of = (who: Forecaster): Outturn => ({ forecast: forecastOf(who), actual });
  return { jalon: of('jalon'), n0: of('n0'), n1: of('n1'), n4: of('n4') };
}

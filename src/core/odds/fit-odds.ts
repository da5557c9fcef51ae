/** The door to the chain: a history, the manager's weights and a day -> what can be said of each open deal. forecast-model: section 2. */

import type { HistoryLabel, OddsReason } from '../forecast/forecast-types.ts';
import { median } from '../values/median.ts';
import { arrivalsBefore, newWins } from './chain-arrivals.ts';
import { type Exposure, exposureBefore } from './chain-exposure.ts';
import {
  bandOf,
  CHAIN_CONSTANTS,
  type ChainConstants,
  type ChainMilestone,
  type ChainShape,
  chainShape,
  FORWARD,
  LOSS,
  moveType,
} from './chain-model.ts';
import { type CellRates, chainRates } from './chain-rates.ts';
import { type HistoryNotes, LOST, positionAt, type StateLog, WON, wonDay } from './history.ts';
import { type HorizonTable, horizonTable, realisticDays } from './horizon-table.ts';
import type { Odds } from './odds.ts';

/** Resolved deals from which the history says more than the weights, and from which it speaks for itself. */
const PARTLY_MEASURED_FROM = 50;
const MEASURED_ABOVE = 200;

export interface FitInput {
  readonly histories: StateLog;
  /** In the order of the model; index = state. */
  readonly milestones: readonly ChainMilestone[];
  /** Same count of days as the log. Events of this day and later are not seen. */
  readonly originDay: number;
  readonly constants?: ChainConstants;
}

/** Odds with the table behind them, for whoever looks up many deals at once. */
export interface FittedOdds extends Odds {
  readonly table: HorizonTable;
  /** What had to be set aside while reading the history: to be shown beside the odds. */
  readonly notes: HistoryNotes;
  /** Milestones at which a deal was seen for a day at least; the odds at the others are the weights alone. */
  readonly seenMilestones: number;
}

/**
 * Reads the history once, then answers by table look-up. Without any history the odds are the manager's weights, spread over the
 * typical days. A deal with nothing verified (milestone -1) has odds 0: only milestones that a customer validated enter a forecast.
 * Once its first milestone is proven it counts like any deal at that milestone; until then it is part of the new business.
 */
export function fitOdds(input: FitInput): FittedOdds {
  const constants = input.constants ?? CHAIN_CONSTANTS;
  const shape = chainShape(input.milestones);
  const exposure = exposureBefore(input.histories, input.originDay, shape, constants);
  const rates = chainRates(exposure, shape, constants);
  const table = horizonTable(rates, shape, constants);
  const arrivals = arrivalsBefore(input.histories, input.originDay, shape, constants);
  const outcomes = outcomesBefore(input.histories, input.originDay);
  const label = historyLabel(outcomes.resolvedDeals);
  let realistic: Int32Array | undefined;
  return {
    ...outcomes,
    label,
    table,
    notes: input.histories.notes,
    seenMilestones: seenMilestones(exposure, shape),
    inDays: (milestone, ageDays, horizonDays) => table.chance(milestone, ageDays, horizonDays),
    realisticDays: (milestone, ageDays) => {
      realistic ??= realisticDays(rates, shape, constants);
      const age = Math.min(table.ages - 1, Math.max(0, Math.floor(ageDays)));
      return realistic[milestone * table.ages + age] || null;
    },
    reason: (milestone, ageDays, horizonDays) => ({
      label,
      resolvedDeals: outcomes.resolvedDeals,
      ageDays,
      horizonDays,
      ...cellReason(rates, exposure.days, shape, constants, milestone, ageDays),
    }),
    newWins: (horizonDays) => newWins(arrivals, table, shape, horizonDays),
  };
}

function seenMilestones({ bands, days }: Exposure, { open }: ChainShape): number {
  return Array.from({ length: open }, (_, milestone) => milestone).filter((milestone) =>
    days.subarray(milestone * bands, (milestone + 1) * bands).some((seen) => seen > 0),
  ).length;
}

/** Fewer than 50 resolved deals: the weights speak; up to 200: both; more: the history. */
function historyLabel(resolvedDeals: number): HistoryLabel {
  if (resolvedDeals < PARTLY_MEASURED_FROM) return 'your_weights';
  return resolvedDeals <= MEASURED_ABOVE ? 'partly_measured' : 'measured';
}

type CellReason = Pick<
  OddsReason,
  'bandFromDays' | 'bandToDays' | 'dailyForward' | 'dailyLost' | 'exposureDays'
>;

/** What was seen where the deal stands: `exposureDays` are days of deals, recent ones counting in full. */
function cellReason(
  rates: CellRates,
  days: Float64Array,
  shape: ChainShape,
  constants: ChainConstants,
  milestone: number,
  ageDays: number,
): CellReason {
  const band = bandOf(constants.bandEdges, ageDays);
  const known = milestone >= 0 && milestone < shape.open;
  const cell = milestone * rates.bands + band;
  const daily = { [FORWARD]: 0, [LOSS]: 0 };
  for (let to = 0; known && to < shape.columns; to += 1) {
    const type = moveType(shape, milestone, to);
    if (type === FORWARD || type === LOSS) daily[type] += rates.daily[cell * shape.columns + to] ?? 0;
  }
  return {
    bandFromDays: constants.bandEdges[band] ?? 0,
    bandToDays: constants.bandEdges[band + 1] ?? null,
    dailyForward: daily[FORWARD],
    dailyLost: daily[LOSS],
    exposureDays: known ? (days[cell] ?? 0) : 0,
  };
}

/** Deals won or lost before the day, and how long the won ones took. */
function outcomesBefore(
  log: StateLog,
  originDay: number,
): Pick<Odds, 'resolvedDeals' | 'wins' | 'medianCycleDays'> {
  let resolvedDeals = 0;
  const cycles: number[] = [];
  for (let deal = 0; deal < log.deals; deal += 1) {
    const state = positionAt(log, deal, originDay)?.state;
    if (state === WON || state === LOST) resolvedDeals += 1;
    if (state === WON) cycles.push((wonDay(log, deal) ?? 0) - (log.days[log.starts[deal] ?? 0] ?? 0));
  }
  return { resolvedDeals, wins: cycles.length, medianCycleDays: median(cycles) };
}

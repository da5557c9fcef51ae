/** Business that does not exist yet. forecast-model: section 2, step 8. */
import type { ChainConstants, ChainShape } from './chain-model.ts';
import { type StateLog, UNMAPPED, UNVERIFIED, WON } from './history.ts';
import type { HorizonTable } from './horizon-table.ts';

/** New deals per day by the state in which they appear; the last place counts those won on the day they appeared. */
export type Arrivals = Float64Array;

/**
 * Deals that came into the chain in the last `arrivalDays` days before `originDay` (fewer when the history is younger): on their first
 * day, or with their first proof, or with a new one after all had expired.
 */
export function arrivalsBefore(
  log: StateLog,
  originDay: number,
  shape: ChainShape,
  constants: ChainConstants,
): Arrivals {
  const arrivals = new Float64Array(shape.open + 1);
  const window = Math.min(constants.arrivalDays, originDay - log.firstDay);
  if (!(window > 0)) return arrivals;
  for (let deal = 0; deal < log.deals; deal += 1) {
    const first = log.starts[deal] ?? 0;
    const end = log.starts[deal + 1] ?? first;
    for (let entry = first; entry < end; entry += 1) {
      const day = log.days[entry] ?? originDay;
      if (day >= originDay) break;
      if (day < originDay - window || !(entry === first || log.states[entry - 1] === UNVERIFIED)) continue;
      const state = log.states[entry] ?? UNMAPPED;
      const place = state === WON ? shape.open : state;
      if (place <= shape.open) arrivals[place] = (arrivals[place] ?? 0) + 1 / window;
    }
  }
  return arrivals;
}

/** Wins to expect within `horizonDays` from deals that arrive during them. */
export function newWins(
  arrivals: Arrivals,
  table: HorizonTable,
  shape: ChainShape,
  horizonDays: number,
): number {
  const days = Math.max(0, Math.floor(horizonDays));
  let wins = days * (arrivals[shape.open] ?? 0);
  for (let state = 0; state < shape.open; state += 1)
    for (let left = 0; left < days; left += 1) wins += (arrivals[state] ?? 0) * table.chance(state, 0, left);
  return wins;
}

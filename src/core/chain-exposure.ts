/** How long deals stayed and where they went. forecast-model: section 2, step 2. */
import { bandOf, type ChainConstants, type ChainShape } from './chain-model.ts';
import { LOST, type StateLog, UNMAPPED, WON } from './history.ts';

/** Weighted counts before an origin. `days[m * bands + b]`: days that deals stood at m at ages of band b; `moves[(m * bands + b) * columns + j]`: moves to j. */
export interface Exposure {
  readonly bands: number;
  readonly days: Float64Array;
  readonly moves: Float64Array;
}

/** Reads what happened before midnight of `originDay`. One pass; the work is events x bands. */
export function exposureBefore(
  log: StateLog,
  originDay: number,
  shape: ChainShape,
  constants: ChainConstants,
): Exposure {
  const bands = constants.bandEdges.length;
  const exposure: Exposure = {
    bands,
    days: new Float64Array(shape.open * bands),
    moves: new Float64Array(shape.open * bands * shape.columns),
  };
  for (let deal = 0; deal < log.deals; deal += 1) {
    const end = log.starts[deal + 1] ?? 0;
    for (let entry = log.starts[deal] ?? 0; entry < end; entry += 1) {
      const day = log.days[entry] ?? 0;
      if (day >= originDay) break;
      const state = log.states[entry] ?? UNMAPPED;
      if (state >= shape.open) continue;
      const nextDay = entry + 1 < end ? (log.days[entry + 1] ?? originDay) : originDay;
      const next = nextDay < originDay ? columnOf(shape, log.states[entry + 1] ?? UNMAPPED) : null;
      const weight = 0.5 ** ((originDay - day) / constants.halfLifeDays);
      addStay(exposure, shape, constants.bandEdges, state, Math.min(nextDay, originDay) - day, next, weight);
    }
  }
  return exposure;
}

/**
 * A stay of `length` days has ages 0..length-1. Each day that ends in a known state is one observation; the last day of a stay
 * that still lasts, or that leads into an unmapped stage (`next` null), is not known yet.
 */
function addStay(
  exposure: Exposure,
  shape: ChainShape,
  edges: readonly number[],
  state: number,
  length: number,
  next: number | null,
  weight: number,
): void {
  const observed = next === null ? length - 1 : length;
  const row = state * exposure.bands;
  for (let band = 0; band < exposure.bands; band += 1) {
    const from = edges[band] ?? 0;
    if (from >= observed) break;
    const until = Math.min(observed, edges[band + 1] ?? observed);
    exposure.days[row + band] = (exposure.days[row + band] ?? 0) + weight * (until - from);
  }
  if (next === null) return;
  const move = (row + bandOf(edges, length - 1)) * shape.columns + next;
  exposure.moves[move] = (exposure.moves[move] ?? 0) + weight;
}

/** Null for a state that the chain does not know. */
function columnOf(shape: ChainShape, state: number): number | null {
  if (state === WON) return shape.won;
  if (state === LOST) return shape.lost;
  return state < shape.open ? state : null;
}

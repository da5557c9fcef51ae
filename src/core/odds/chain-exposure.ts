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
      const moved = nextDay < originDay && log.moved[entry + 1] === 1;
      addStay(exposure, shape, constants.bandEdges, {
        state,
        fromAge: day - (log.since[entry] ?? day),
        days: Math.min(nextDay, originDay) - day,
        next: moved ? columnOf(shape, log.states[entry + 1] ?? UNMAPPED) : null,
        weight: 0.5 ** ((originDay - day) / constants.halfLifeDays),
      });
    }
  }
  return exposure;
}

interface Stay {
  readonly state: number;
  /** Days that the deal had been there when it was first seen there: 0, but for what a snapshot found. */
  readonly fromAge: number;
  readonly days: number;
  /** Null when nothing is known of how it ended. */
  readonly next: number | null;
  readonly weight: number;
}

/**
 * A stay of `days` days has ages fromAge..fromAge+days-1. Each day that ends in a known state is one observation; the last day of a stay
 * that still lasts, or that leads into an unmapped stage or out of what is verified, is not known yet.
 */
function addStay(exposure: Exposure, shape: ChainShape, edges: readonly number[], stay: Stay): void {
  const { state, fromAge, days, next, weight } = stay;
  const end = fromAge + (next === null ? days - 1 : days);
  const row = state * exposure.bands;
  for (let band = bandOf(edges, fromAge); band < exposure.bands; band += 1) {
    const from = Math.max(fromAge, edges[band] ?? 0);
    if (from >= end) break;
    const until = Math.min(end, edges[band + 1] ?? end);
    exposure.days[row + band] = (exposure.days[row + band] ?? 0) + weight * (until - from);
  }
  if (next === null) return;
  const move = (row + bandOf(edges, end - 1)) * shape.columns + next;
  exposure.moves[move] = (exposure.moves[move] ?? 0) + weight;
}

/** Null for a state that the chain does not know. */
function columnOf(shape: ChainShape, state: number): number | null {
  if (state === WON) return shape.won;
  if (state === LOST) return shape.lost;
  return state < shape.open ? state : null;
}

import { LOST, positionAt, type StateLog, WON } from '../odds/history.ts';

/** Deals by milestone that ever reached it before a day. A deal that stood further on has passed it, even when a step was skipped. */
export interface EverReached {
  readonly all: Float64Array;
  readonly resolved: Float64Array;
  readonly won: Float64Array;
}

/** Each deal counts once per milestone. Deals won or lost without ever standing at a milestone count for none. */
export function everReached(log: StateLog, originDay: number, milestones: number): EverReached {
  const counts = {
    all: new Float64Array(milestones),
    resolved: new Float64Array(milestones),
    won: new Float64Array(milestones),
  };
  for (let deal = 0; deal < log.deals; deal += 1) {
    const position = positionAt(log, deal, originDay);
    if (position === null) continue;
    for (let milestone = 0; milestone <= Math.min(position.furthest, milestones - 1); milestone += 1) {
      add(counts.all, milestone);
      if (position.state === WON || position.state === LOST) add(counts.resolved, milestone);
      if (position.state === WON) add(counts.won, milestone);
    }
  }
  return counts;
}

function add(counts: Float64Array, milestone: number): void {
  counts[milestone] = (counts[milestone] ?? 0) + 1;
}

import type { Timekeeper } from '../../connectors/governor.ts';

/** Time that passes only when somebody sleeps: waits of minutes take none, and nothing depends on the machine. */
export interface VirtualTime extends Timekeeper {
  /** Every wait that was asked for, in order. */
  readonly slept: number[];
}

export function virtualTime(chance = 0.5): VirtualTime {
  let nowMs = 0;
  const slept: number[] = [];
  return {
    slept,
    nowMs: () => nowMs,
    random: () => chance,
    sleep: async (durationMs, signal) => {
      signal?.throwIfAborted();
      const wakeMs = nowMs + durationMs;
      slept.push(durationMs);
      await new Promise((resolve) => setImmediate(resolve));
      nowMs = Math.max(nowMs, wakeMs);
    },
  };
}

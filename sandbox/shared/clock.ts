/** The sandbox's own time: that of the clock it was given, moved forward by hand. Without one, it starts at the world's day and runs. */
export class SandboxClock {
  private readonly base: { now(): Temporal.Instant };
  private offsetMs = 0;

  constructor(base: { now(): Temporal.Instant }) {
    this.base = base;
  }

  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.nowMs());
  }

  nowMs(): number {
    return this.base.now().epochMilliseconds + this.offsetMs;
  }

  /** Moves time forward; units up to days, for a day of the sandbox is 24 hours. */
  advance(duration: Temporal.Duration): void {
    this.offsetMs += Math.round(duration.total('millisecond'));
  }
}

export function clockStartingAt(startMs: number): { now(): Temporal.Instant } {
  const zero = performance.now();
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(startMs + Math.floor(performance.now() - zero)),
  };
}

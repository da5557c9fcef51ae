import type { Clock } from './ports/clock.ts';

export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** Runs at the speed of the real clock from `start`: a demo on an old log lives on the day of the log. */
export function clockFrom(start: Temporal.Instant): Clock {
  const offset = start.since(Temporal.Now.instant());
  return { now: () => Temporal.Now.instant().add(offset) };
}

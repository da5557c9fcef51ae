/** From instants to the company's days: one number per local date, daylight saving and all. */

const DAY_MS = 86_400_000;
const EPOCH = Temporal.PlainDate.from('1970-01-01');

/** Days from 1970-01-01 to `date`. */
export function dayNumber(date: Temporal.PlainDate): number {
  return EPOCH.until(date, { largestUnit: 'day' }).days;
}

export function dateOfDay(day: number): Temporal.PlainDate {
  return EPOCH.add({ days: day });
}

/** A span of instants with one offset from UTC. */
interface OffsetSpan {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
}

/** A counter that gives the local day number of an instant. It remembers the spans between clock changes, so that millions are cheap. */
export function dayCounter(zone: string): (instant: Temporal.Instant) => number {
  const spans: OffsetSpan[] = [];
  let last: OffsetSpan | undefined;
  return (instant) => {
    const ms = instant.epochMilliseconds;
    if (last === undefined || ms < last.fromMs || ms >= last.untilMs) {
      last = spans.find((span) => ms >= span.fromMs && ms < span.untilMs) ?? offsetSpan(instant, zone);
      if (!spans.includes(last)) spans.push(last);
    }
    return Math.floor((ms + last.offsetMs) / DAY_MS);
  };
}

function offsetSpan(instant: Temporal.Instant, zone: string): OffsetSpan {
  const local = instant.toZonedDateTimeISO(zone);
  const until = local.getTimeZoneTransition('next');
  // `previous` looks strictly before: one nanosecond later includes a change that falls on the instant itself.
  const from = local.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return {
    fromMs: from?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    untilMs: until?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offsetMs: local.offsetNanoseconds / 1_000_000,
  };
}

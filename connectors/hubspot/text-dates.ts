/** Dates as HubSpot writes them in property values. */
export interface HubspotTextDate {
  readonly at: Temporal.Instant;
  /** The day it falls on for the company: HubSpot shows a close date in the account's zone, not in UTC. */
  readonly day: Temporal.PlainDate;
}

/** Deals of other centuries are typing errors that would drag every period along. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

/** ISO instant, epoch milliseconds, or a bare day -> date; null for no value. A bare day is that day in any zone. */
export function instantFromText(
  text: string | null | undefined,
  zone: string,
): HubspotTextDate | null | 'unreadable' {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return null;
  const date = parse(trimmed, zone);
  return date === null || date.day.year < FIRST_YEAR || date.day.year > LAST_YEAR ? 'unreadable' : date;
}

function parse(text: string, zone: string): HubspotTextDate | null {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      const day = Temporal.PlainDate.from(text);
      return { at: day.toZonedDateTime(zone).toInstant(), day };
    }
    const at = /^-?\d{1,15}$/.test(text)
      ? Temporal.Instant.fromEpochMilliseconds(Number(text))
      : Temporal.Instant.from(text);
    return { at, day: at.toZonedDateTimeISO(zone).toPlainDate() };
  } catch {
    return null;
  }
}

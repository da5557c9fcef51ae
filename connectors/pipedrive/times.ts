/** Dates as Pipedrive writes them: RFC 3339 with Z in v2, "YYYY-MM-DD HH:MM:SS" in UTC without a zone in v1, and zero dates in old data. */

const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

/** null: no value (also "0000-00-00 00:00:00"). */
export function instantOf(text: string | null | undefined): Temporal.Instant | null | 'unreadable' {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '' || trimmed.startsWith('0000-00-00')) return null;
  const v1 = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(trimmed);
  try {
    const instant = Temporal.Instant.from(v1 ? `${trimmed.replace(' ', 'T')}Z` : trimmed);
    const { year } = instant.toZonedDateTimeISO('UTC');
    return year < FIRST_YEAR || year > LAST_YEAR ? 'unreadable' : instant;
  } catch {
    return 'unreadable';
  }
}

/** null where the text is no usable instant: for times that only add to what is known. */
export function knownInstant(text: string | null | undefined): Temporal.Instant | null {
  const instant = instantOf(text);
  return instant === 'unreadable' ? null : instant;
}

export function dayOf(text: string | null | undefined): Temporal.PlainDate | null | 'unreadable' {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '' || trimmed.startsWith('0000-00-00')) return null;
  try {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(trimmed) ? Temporal.PlainDate.from(trimmed) : null;
    return day === null || day.year < FIRST_YEAR || day.year > LAST_YEAR ? 'unreadable' : day;
  } catch {
    return 'unreadable';
  }
}

/** For `updated_since`: whole seconds, because Pipedrive refuses fractions. */
export function secondText(instant: Temporal.Instant): string {
  return instant
    .round({ smallestUnit: 'second', roundingMode: 'floor' })
    .toString({ smallestUnit: 'second' });
}

/**
 * Company calendar: periods, ISO weeks, midnights. Close dates are `Temporal.PlainDate` (a signature has a day, not an hour);
 * instants are UTC; "today" is always an argument, because the core has no clock.
 */

export type PeriodKind = 'month' | 'quarter' | 'year';

/** Half-open span of days: `start` belongs to it, `end` does not. `key` is stable and sorts: "2026-Q4", "2026-11", "2026". */
export interface Period {
  readonly kind: PeriodKind;
  readonly key: string;
  readonly start: Temporal.PlainDate;
  readonly end: Temporal.PlainDate;
}

const MONTHS: Readonly<Record<PeriodKind, number>> = { month: 1, quarter: 3, year: 12 };

/**
 * The period of `kind` that contains `date`, in a fiscal year that starts on the first of `fiscalStartMonth` (1..12).
 * A fiscal year is named after the calendar year in which it ends, as French and British companies do.
 */
export function periodOf(date: Temporal.PlainDate, kind: PeriodKind, fiscalStartMonth = 1): Period {
  const monthsIntoYear = (date.month - fiscalStartMonth + 12) % 12;
  const length = MONTHS[kind];
  const start = date.with({ day: 1 }).subtract({ months: monthsIntoYear % length });
  const end = start.add({ months: length });
  const fiscalStart = date.with({ day: 1 }).subtract({ months: monthsIntoYear });
  const fiscalYear = fiscalStart.add({ months: 11 }).year;
  const quarter = Math.floor(monthsIntoYear / 3) + 1;
  const key = {
    month: `${start.year}-${String(start.month).padStart(2, '0')}`,
    quarter: `${fiscalYear}-Q${quarter}`,
    year: `${fiscalYear}`,
  }[kind];
  return { kind, key, start, end };
}

export function periodContains(period: Period, date: Temporal.PlainDate): boolean {
  return (
    Temporal.PlainDate.compare(period.start, date) <= 0 && Temporal.PlainDate.compare(date, period.end) < 0
  );
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Temporal.PlainDate, to: Temporal.PlainDate): number {
  return epochDayOf(to) - epochDayOf(from);
}

/**
 * Days since 1970-01-01, by the arithmetic of the Gregorian calendar: a forecast of 50,000 deals asks a million times, and
 * `PlainDate.until` makes an object for each answer. March begins the year, so that the leap day is its last day.
 */
export function epochDayOf({ year, month, day }: Temporal.PlainDate): number {
  const marchYear = month > 2 ? year : year - 1;
  const century = Math.floor(marchYear / 100);
  const monthFromMarch = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - century + Math.floor(century / 4);
  return marchYear * 365 + leapDays + Math.floor((153 * monthFromMarch + 2) / 5) + day - 719_469;
}

/** The day on which `instant` falls for the company. */
export function dateIn(zone: string, instant: Temporal.Instant): Temporal.PlainDate {
  return instant.toZonedDateTimeISO(zone).toPlainDate();
}

/** First instant of the day in the zone; on the rare days without a midnight, the first instant that exists. */
export function midnightOf(date: Temporal.PlainDate, zone: string): Temporal.Instant {
  return date.toZonedDateTime({ timeZone: zone }).startOfDay().toInstant();
}

/** "2026-W47": the key of the digest ledger. ISO 8601 weeks start on Monday; the year is the week's, not the day's. */
export function isoWeekOf(date: Temporal.PlainDate): string {
  return `${date.yearOfWeek}-W${String(date.weekOfYear).padStart(2, '0')}`;
}

/** The Monday of the ISO week that contains `date`. */
export function mondayOf(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.subtract({ days: date.dayOfWeek - 1 });
}

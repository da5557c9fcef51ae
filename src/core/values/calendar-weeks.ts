/**
 * 4-4-5 calendars: a year of whole weeks, each quarter of 13 weeks cut into months of 4, 4 and 5. The year begins on the Monday nearest
 * to the first of its fiscal month (for January: the ISO year); in a year of 53 weeks the last month has 6.
 */
import { daysBetween, mondayOf, type Period, type PeriodKind, periodOf } from './calendar.ts';

/** `months`: periods begin on the first of a month. Absent in settings means `months`. */
export type CompanyCalendar = 'months' | '4-4-5';

/** What a company decided about its periods. */
export interface CalendarSettings {
  readonly periodKind: PeriodKind;
  readonly fiscalStartMonth: number;
  readonly calendar?: CompanyCalendar;
}

/** The company's period that contains `date`. */
export function companyPeriodOf(date: Temporal.PlainDate, settings: CalendarSettings): Period {
  const { periodKind, fiscalStartMonth, calendar } = settings;
  return calendar === '4-4-5'
    ? weekPeriodOf(date, periodKind, fiscalStartMonth)
    : periodOf(date, periodKind, fiscalStartMonth);
}

const WEEKS_OF_QUARTER = 13;
const QUARTERS = 4;
/** First week of each month of a quarter; the third lasts to its end. */
const MONTH_WEEKS = [0, 4, 8] as const;

/**
 * The period of a 4-4-5 year that contains `date`. Keys: "2026", "2026-Q4", "2026-P11"; a year is named after the calendar year in which
 * its twelve months would end, as in `periodOf`.
 */
export function weekPeriodOf(date: Temporal.PlainDate, kind: PeriodKind, fiscalStartMonth = 1): Period {
  const year = fiscalYearOf(date, fiscalStartMonth);
  const start = yearStart(year, fiscalStartMonth);
  const end = yearStart(year + 1, fiscalStartMonth);
  const name = fiscalStartMonth === 1 ? year : year + 1;
  if (kind === 'year') return { kind, key: `${name}`, start, end };
  const week = Math.floor(daysBetween(start, date) / 7);
  const quarter = Math.min(QUARTERS - 1, Math.floor(week / WEEKS_OF_QUARTER));
  const quarterStart = start.add({ weeks: quarter * WEEKS_OF_QUARTER });
  const quarterEnd = quarter === QUARTERS - 1 ? end : quarterStart.add({ weeks: WEEKS_OF_QUARTER });
  if (kind === 'quarter')
    return { kind, key: `${name}-Q${quarter + 1}`, start: quarterStart, end: quarterEnd };
  const month = MONTH_WEEKS.findLastIndex((first) => first <= week - quarter * WEEKS_OF_QUARTER);
  const next = MONTH_WEEKS[month + 1];
  return {
    kind,
    key: `${name}-P${String(quarter * 3 + month + 1).padStart(2, '0')}`,
    start: quarterStart.add({ weeks: MONTH_WEEKS[month] ?? 0 }),
    end: next === undefined ? quarterEnd : quarterStart.add({ weeks: next }),
  };
}

/** Monday of the week that holds the fourth of the month: of all Mondays the nearest to the first. */
function yearStart(year: number, fiscalStartMonth: number): Temporal.PlainDate {
  return mondayOf(Temporal.PlainDate.from({ year, month: fiscalStartMonth, day: 4 }));
}

/** The calendar year in which the year of `date` begins, by its nominal first day. */
function fiscalYearOf(date: Temporal.PlainDate, fiscalStartMonth: number): number {
  const begun = (year: number): boolean => daysBetween(yearStart(year, fiscalStartMonth), date) >= 0;
  if (begun(date.year + 1)) return date.year + 1;
  return begun(date.year) ? date.year : date.year - 1;
}

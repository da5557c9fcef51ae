import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysBetween, isoWeekOf, type PeriodKind } from '../../src/core/values/calendar.ts';
import { companyPeriodOf, weekPeriodOf } from '../../src/core/values/calendar-weeks.ts';
import { periodText } from '../../templates/words.ts';
import { day } from '../support/deals.ts';

const span = (date: string, kind: PeriodKind, fiscalStartMonth?: number) => {
  const { key, start, end } = weekPeriodOf(day(date), kind, fiscalStartMonth);
  return [key, start.toString(), end.toString()];
};

describe('a 4-4-5 calendar', () => {
  it('cuts 2026, which has 53 weeks, on Mondays; the last month takes the 53rd', () => {
    expect(span('2026-06-10', 'year')).toEqual(['2026', '2025-12-29', '2027-01-04']);
    expect(span('2026-01-25', 'month')).toEqual(['2026-P01', '2025-12-29', '2026-01-26']);
    expect(span('2026-01-26', 'month')).toEqual(['2026-P02', '2026-01-26', '2026-02-23']);
    expect(span('2026-02-23', 'month')).toEqual(['2026-P03', '2026-02-23', '2026-03-30']);
    expect(span('2026-12-31', 'month')).toEqual(['2026-P12', '2026-11-23', '2027-01-04']);
    expect(span('2026-12-31', 'quarter')).toEqual(['2026-Q4', '2026-09-28', '2027-01-04']);
  });

  it('a day of December may belong to the year after', () => {
    expect(span('2025-12-30', 'quarter')).toEqual(['2026-Q1', '2025-12-29', '2026-03-30']);
    expect(span('2027-01-03', 'year')[0]).toBe('2026');
  });

  it('may begin in any month, on the Monday nearest to its first day', () => {
    expect(span('2026-05-15', 'year', 4)).toEqual(['2027', '2026-03-30', '2027-03-29']);
    expect(span('2026-03-29', 'year', 4)[0]).toBe('2026');
    expect(span('2026-03-30', 'month', 4)).toEqual(['2027-P01', '2026-03-30', '2026-04-27']);
  });

  it('that begins in January has the years of ISO weeks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (days) => {
        const date = day('1970-01-01').add({ days });
        expect(weekPeriodOf(date, 'year').key).toBe(isoWeekOf(date).slice(0, 4));
      }),
    );
  });

  it('holds every day in exactly one period of each kind; periods follow each other and nest', () => {
    const kinds = fc.constantFrom<PeriodKind>('month', 'quarter', 'year');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40_000 }),
        kinds,
        fc.integer({ min: 1, max: 12 }),
        (days, kind, month) => {
          const date = day('1970-01-01').add({ days });
          const period = weekPeriodOf(date, kind, month);
          expect(daysBetween(period.start, date)).toBeGreaterThanOrEqual(0);
          expect(daysBetween(date, period.end)).toBeGreaterThan(0);
          expect(weekPeriodOf(period.end, kind, month).start.equals(period.end)).toBe(true);
          expect(weekPeriodOf(period.end.subtract({ days: 1 }), kind, month)).toEqual(period);
          expect(period.start.dayOfWeek).toBe(1);
          const year = weekPeriodOf(date, 'year', month);
          expect(daysBetween(year.start, period.start)).toBeGreaterThanOrEqual(0);
          expect(daysBetween(period.end, year.end)).toBeGreaterThanOrEqual(0);
          const weeks = daysBetween(period.start, period.end) / 7;
          expect({ month: [4, 5, 6], quarter: [13, 14], year: [52, 53] }[kind]).toContain(weeks);
        },
      ),
    );
  });

  it('is what a company chose; without a choice periods begin on the first of a month', () => {
    const settings = { periodKind: 'month', fiscalStartMonth: 1 } as const;
    expect(companyPeriodOf(day('2026-01-26'), settings).key).toBe('2026-01');
    expect(companyPeriodOf(day('2026-01-26'), { ...settings, calendar: '4-4-5' }).key).toBe('2026-P02');
  });

  it('its months go by number, because they begin in the month before', () => {
    const month = weekPeriodOf(day('2026-01-10'), 'month');
    expect([periodText(month, 'en', 'short'), periodText(month, 'fr', 'long')]).toEqual(['P1', 'P1 2026']);
    expect(periodText(weekPeriodOf(day('2026-01-10'), 'quarter'), 'fr', 'long')).toBe('T1 2026');
  });
});

import { describe, expect, it } from 'vitest';
import {
  dateIn,
  daysBetween,
  isoWeekOf,
  midnightOf,
  mondayOf,
  periodContains,
  periodOf,
} from '../../src/core/values/calendar.ts';
import { day } from '../support/deals.ts';

const span = (date: string, kind: 'month' | 'quarter' | 'year', fiscalStartMonth?: number) => {
  const { key, start, end } = periodOf(day(date), kind, fiscalStartMonth);
  return `${key} ${start} ${end}`;
};

describe('a period', () => {
  it('is the calendar one when the year starts in January', () => {
    expect(span('2026-11-23', 'month')).toBe('2026-11 2026-11-01 2026-12-01');
    expect(span('2026-11-23', 'quarter')).toBe('2026-Q4 2026-10-01 2027-01-01');
    expect(span('2026-11-23', 'year')).toBe('2026 2026-01-01 2027-01-01');
  });

  it('follows a fiscal year, named after the year in which it ends', () => {
    expect(span('2026-11-23', 'quarter', 4)).toBe('2027-Q3 2026-10-01 2027-01-01');
    expect(span('2026-11-23', 'year', 4)).toBe('2027 2026-04-01 2027-04-01');
    expect(span('2026-03-31', 'year', 4)).toBe('2026 2025-04-01 2026-04-01');
    expect(span('2026-01-31', 'quarter', 12)).toBe('2026-Q1 2025-12-01 2026-03-01');
  });

  it('handles the last day of a month, leap years included', () => {
    expect(span('2028-02-29', 'month')).toBe('2028-02 2028-02-01 2028-03-01');
    expect(span('2026-12-31', 'quarter')).toBe('2026-Q4 2026-10-01 2027-01-01');
  });

  it('contains its first day and not the day after its last', () => {
    const quarter = periodOf(day('2026-11-23'), 'quarter');
    expect(periodContains(quarter, day('2026-10-01'))).toBe(true);
    expect(periodContains(quarter, day('2026-12-31'))).toBe(true);
    expect(periodContains(quarter, day('2027-01-01'))).toBe(false);
    expect(periodContains(quarter, day('2026-09-30'))).toBe(false);
  });
});

describe('days', () => {
  it('are counted across months and backwards', () => {
    expect(daysBetween(day('2026-01-31'), day('2026-03-01'))).toBe(29);
    expect(daysBetween(day('2026-03-01'), day('2026-01-31'))).toBe(-29);
  });

  it('begin at midnight of the company and not of the machine', () => {
    expect(midnightOf(day('2026-07-01'), 'Europe/Paris').toString()).toBe('2026-06-30T22:00:00Z');
    expect(dateIn('Europe/Paris', Temporal.Instant.from('2026-06-30T22:00:00Z')).toString()).toBe(
      '2026-07-01',
    );
    expect(dateIn('America/New_York', Temporal.Instant.from('2026-06-30T22:00:00Z')).toString()).toBe(
      '2026-06-30',
    );
  });

  it('begin at the first instant that exists where midnight is skipped', () => {
    expect(midnightOf(day('2018-11-04'), 'America/Sao_Paulo').toString()).toBe('2018-11-04T03:00:00Z');
  });
});

describe('a week', () => {
  it('belongs to the ISO year of its Thursday', () => {
    expect(isoWeekOf(day('2027-01-01'))).toBe('2026-W53');
    expect(isoWeekOf(day('2026-11-23'))).toBe('2026-W48');
    expect(isoWeekOf(day('2024-12-30'))).toBe('2025-W01');
  });

  it('starts on its Monday', () => {
    expect(mondayOf(day('2026-11-29')).toString()).toBe('2026-11-23');
    expect(mondayOf(day('2026-11-23')).toString()).toBe('2026-11-23');
  });
});

import { describe, expect, it } from 'vitest';
import { forecastLines } from '../../src/core/forecast/forecast.ts';
import {
  coversPeriod,
  linesForPeriod,
  newWinsIn,
  offeredPeriods,
  outlookDays,
} from '../../src/core/forecast/outlook.ts';
import { periodOf } from '../../src/core/values/calendar.ts';
import { amount, day, deal, forecastInput, MONDAY, QUARTER } from '../support/deals.ts';

const BY_QUARTER = { periodKind: 'quarter', fiscalStartMonth: 1 } as const;
const DAYS = outlookDays(MONDAY, BY_QUARTER);
const DEALS = [
  deal('1', 's-solution 2026-11-01', amount('1234.57')),
  deal('2', 's-verbal 2026-11-02', amount('3333.33')),
  deal('3', 's-contact 2026-11-03', amount('777.77')),
  deal('4', 's-contact 2026-10-01, s-won 2026-10-20', amount('700')),
  deal('5', 's-contact 2026-10-01', { amount: { kind: 'missing' } }),
  deal('6', 's-contact 2026-02-01, s-won 2026-11-05', amount('9000')),
];
const LINES = forecastLines(forecastInput(DEALS, { outlookDays: DAYS }));
const read = (period: typeof QUARTER) => linesForPeriod(LINES, { asOf: MONDAY, days: DAYS }, period);
const sum = (period: typeof QUARTER) => {
  const lines = read(period);
  return {
    won: lines.reduce((total, line) => total + line.wonInPeriodMinor, 0n),
    expected: lines.reduce((total, line) => total + line.expectedMinor, 0n),
  };
};

describe('a frozen week, read for another period', () => {
  it('offers the current period and the next, with their months', () => {
    const keys = (kind: 'month' | 'quarter' | 'year') =>
      offeredPeriods(MONDAY, { periodKind: kind, fiscalStartMonth: 1 }).map(({ period, months }) => [
        period.key,
        months.length,
      ]);
    expect(keys('quarter')).toEqual([
      ['2026-Q4', 3],
      ['2027-Q1', 3],
    ]);
    expect(keys('year')).toEqual([
      ['2026', 12],
      ['2027', 12],
    ]);
    expect(keys('month')).toEqual([
      ['2026-11', 0],
      ['2026-12', 0],
    ]);
    const weeks = offeredPeriods(MONDAY, { ...BY_QUARTER, calendar: '4-4-5' });
    expect(weeks[0]?.months.map(({ key }) => key)).toEqual(['2026-P10', '2026-P11', '2026-P12']);
  });

  it('keeps one chance per coming first or end of a period, and none for days that are past', () => {
    expect(DAYS.map(String)).toEqual(['2026-12-01', '2027-01-01', '2027-02-01', '2027-03-01', '2027-04-01']);
    const open = LINES.filter(({ standing }) => standing === 'open');
    expect(open.map(({ oddsBy }) => oddsBy?.length)).toEqual(open.map(() => DAYS.length));
  });

  it('says of its own period what it said when it was frozen', () => {
    expect(read(QUARTER)).toEqual(LINES);
  });

  it('adds up: the months of a quarter are the quarter, to the cent, signed and expected', () => {
    for (const { period, months } of offeredPeriods(MONDAY, BY_QUARTER)) {
      const parts = months.map(sum);
      expect(parts.reduce((total, { won }) => total + won, 0n)).toBe(sum(period).won);
      expect(parts.reduce((total, { expected }) => total + expected, 0n)).toBe(sum(period).expected);
    }
    expect(sum(periodOf(day('2026-10-01'), 'month'))).toEqual({ won: 70_000n, expected: 0n });
  });

  it('says of the next quarter what a forecast made for it would have said', () => {
    const next = periodOf(day('2027-01-01'), 'quarter');
    const made = forecastLines(forecastInput(DEALS, { period: next }));
    const figures = (lines: readonly { dealId: string; odds: number; expectedMinor: bigint }[]) =>
      lines.map(({ dealId, odds, expectedMinor }) => [dealId, odds.toFixed(5), Number(expectedMinor)]);
    expect(figures(read(next)).map(([id, odds]) => [id, odds])).toEqual(
      figures(made).map(([id, odds]) => [id, odds]),
    );
    for (const [index, [, , expected]] of figures(read(next)).entries())
      expect(Math.abs(Number(expected) - Number(figures(made)[index]?.[2]))).toBeLessThanOrEqual(1);
  });

  it('refuses a period that nothing was frozen for', () => {
    const far = periodOf(day('2028-01-01'), 'quarter');
    expect(coversPeriod(DAYS, MONDAY, far)).toBe(false);
    expect(coversPeriod(DAYS, MONDAY, QUARTER)).toBe(true);
    expect(() => read(far)).toThrow('2028-01-01');
  });

  it('tells the wins to come from deals that do not exist yet, period by period', () => {
    const outlook = { days: DAYS, newWinsBy: [1, 4, 9, 16, 25], wins: [] };
    expect(newWinsIn(outlook, MONDAY, QUARTER)).toBe(4);
    expect(newWinsIn(outlook, MONDAY, periodOf(day('2027-01-01'), 'quarter'))).toBe(21);
  });
});

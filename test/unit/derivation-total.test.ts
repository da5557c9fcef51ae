import { describe, expect, it } from 'vitest';
import { type TotalStep, totalDerivation } from '../../src/core/forecast/derivation-total.ts';
import { forecastLines } from '../../src/core/forecast/forecast.ts';
import { openLines, summarise } from '../../src/core/forecast/summary.ts';
import type { Locale } from '../../src/core/milestones/milestone.ts';
import { rangeOf } from '../../src/core/totals/totals.ts';
import { totalText } from '../../templates/reliability/total-words.ts';
import { amount, deal, EUR, forecastInput, MONDAY, QUARTER, stageModel } from '../support/deals.ts';

const MODEL = stageModel();
const DEALS = [
  ...Array.from({ length: 30 }, (_, at) =>
    deal(`many-${at}`, 's-verbal 2026-11-10', amount(`${1000 + at}.13`)),
  ),
  deal('1', 's-verbal 2026-11-02', amount('12345.67')),
  deal('2', 's-need 2026-10-12', amount('8000.10')),
  deal('3', 's-need 2026-10-19', amount('4321')),
  deal('4', 's-contact 2026-09-01, s-won 2026-10-20', amount('20000.05')),
  deal('5', 's-contact 2026-10-01', { amount: { kind: 'missing' } }),
];
const TARGET = 9_000_000n;

function steps(): readonly TotalStep[] {
  const lines = forecastLines(forecastInput(DEALS, { model: MODEL }));
  const wonMinor = lines.reduce((sum, line) => sum + line.wonInPeriodMinor, 0n);
  const range = rangeOf({
    deals: openLines(lines).map(({ dealId, grossMinor, odds }) => ({
      dealId,
      amountMinor: grossMinor,
      odds,
    })),
    wonMinor,
    targetMinor: TARGET,
    wins: 31,
  });
  const summary = summarise(lines, {
    asOf: MONDAY,
    period: QUARTER,
    currency: EUR,
    modelVersion: 1,
    milestones: MODEL.milestones,
    targetMinor: TARGET,
    history: { label: 'partly_measured', resolvedDeals: 80 },
    range,
  });
  return totalDerivation({
    summary,
    lines,
    wins: 31,
    newBusiness: { wins: 1.234567, wonDeals: 3, wonMinor: 6_000_015n, amountMinor: 2_469_140n },
    history: { verifiedDeals: 20, stageDeals: 60 },
  });
}

const texts = (locale: Locale): readonly string[] =>
  steps().map((step) =>
    totalText(step, { locale, crm: 'hubspot', currency: EUR, milestones: MODEL.milestones }),
  );
const figures = (text: string): readonly number[] =>
  [...text.matchAll(/[\d,]*\d(?:\.\d+)?/g)].map(([digits]) => Number(digits.replaceAll(',', '')));
const lineWith = (start: string): string => texts('en').find((text) => text.startsWith(start)) ?? '';

describe('how the figures of a period came about', () => {
  it('open deals by milestone, what is in no sum, then the forecast, the gap, the range and what they rest on', () => {
    expect(steps().map(({ kind }) => kind)).toEqual([
      'won',
      'milestone',
      'milestone',
      'excluded',
      'forecast',
      'gap',
      'range',
      'chance',
      'reliability',
      'new_business',
      'rests_on',
      'history',
    ]);
  });

  it('expected by milestone adds up to the forecast, to the cent', () => {
    const expected = steps().reduce(
      (sum, step) => sum + (step.kind === 'milestone' ? step.expectedMinor : 0n),
      0n,
    );
    expect(steps().find(({ kind }) => kind === 'forecast')).toMatchObject({ expectedMinor: expected });
    const [won = 0, open = 0, forecast = 0] = figures(lineWith('Forecast'));
    expect(won + open).toBeCloseTo(forecast, 8);
    const [target = 0, signed = 0, due = 0, gap = 0] = figures(lineWith('Gap'));
    expect(target - signed - due).toBeCloseTo(gap, 8);
  });

  it('the index, the common swing and new business can be computed again from what is printed', () => {
    const [, spread = 0, expected = 1, index = 0] = figures(lineWith('Reliability'));
    expect(index).toBeGreaterThan(10);
    expect(1 - spread / expected).toBeCloseTo(index / 100, 3);
    const [, , , , , share = 0, one = 0, wins = 0, five = 0, sigma = 0] = figures(lineWith('Range'));
    expect(Math.sqrt(share + one / (wins + five))).toBeCloseTo(sigma, 3);
    const [toCome = 0, won = 0, deals = 1, amountShown = 0] = figures(lineWith('New business'));
    expect((toCome * won) / deals).toBeCloseTo(amountShown, 1);
  });

  it('is told in both languages, each label with its number of deals', () => {
    expect(texts('en')).toContain('Chances are partly measured, on 80 closed deals.');
    expect(texts('fr').join('\n')).toContain('sur 80 transactions closes');
    expect(texts('fr')[0]).toBe('Signé dans la période\u00A0: 1 transaction, 20\u00A0000,05\u00A0€');
  });
});

import { describe, expect, it } from 'vitest';
import type { ForecastLine } from '../../src/core/forecast/forecast-types.ts';
import { oddsOutcomes } from '../../src/core/reliability/accuracy.ts';
import { accuracyAt, type MetForecast } from '../../src/core/reliability/frozen-accuracy.ts';
import { periodOutcome } from '../../src/core/reliability/restated.ts';
import { periodOf } from '../../src/core/values/calendar.ts';
import { day, deal, lineOfDeal } from '../support/deals.ts';

/** Section 7 of the model: F = (120, 90, 200, 0), A = (100, 100, 150, 20), and twelve deals. */
const FORECASTS = [120n, 90n, 200n, 0n];
const ACTUALS = [100n, 100n, 150n, 20n];
const TWELVE = oddsOutcomes(
  [
    [0.9, [1, 1, 0]],
    [0.6, [1, 1, 0, 0]],
    [0.3, [0, 1, 0]],
    [0.1, [0, 0]],
  ].flatMap(([odds, outcomes]) =>
    (outcomes as number[]).map((won) => ({ odds: odds as number, won: won === 1 })),
  ),
);

function met(changes: readonly Partial<MetForecast>[] = []): readonly MetForecast[] {
  return FORECASTS.map((forecastMinor, at) => ({
    period: periodOf(day(`2026-0${at + 1}-15`), 'month'),
    asOf: day(`2026-0${at + 1}-01`),
    source: 'snapshot',
    modelVersion: 1,
    forecastMinor,
    lowMinor: forecastMinor - 25n,
    highMinor: forecastMinor + 15n,
    cameMinor: ACTUALS[at] ?? 0n,
    withNewMinor: forecastMinor + 10n,
    managerMinor: null,
    actualMinor: (ACTUALS[at] ?? 0n) + 10n,
    outcomes: at === 0 ? TWELVE : oddsOutcomes([]),
    ...changes[at],
  }));
}

describe('frozen forecasts against what came', () => {
  const judged = accuracyAt(30, met());

  it('give the figures of the model: WAPE .2703, bias +.1081, MAPE .4083', () => {
    expect(judged.wape).toBeCloseTo(100 / 370, 10);
    expect(judged.bias).toBeCloseTo(40 / 370, 10);
    expect(judged.mape).toBeCloseTo(0.40833333, 8);
  });

  it('give Brier .2133 and skill .1223 of the twelve deals', () => {
    expect(judged.brier).toBeCloseTo(0.21333333, 8);
    expect(judged.skill).toBeCloseTo(0.12229, 4);
  });

  it('count the periods whose result fell inside the range', () => {
    expect(judged.coverage).toBe(0.5);
  });

  it('with new deals are measured against all that was signed', () => {
    expect(judged.total.wape).toBeCloseTo(100 / 410, 10);
  });

  it('keep each period, without the odds of single deals', () => {
    expect(judged.periods).toHaveLength(4);
    expect(judged.periods[0]).not.toHaveProperty('outcomes');
  });

  it('stand beside the manager’s only over the periods that the manager froze', () => {
    expect(judged.beside).toBeNull();
    const { beside } = accuracyAt(30, met([{ managerMinor: 100n }, {}, { managerMinor: 170n }]));
    expect(beside?.periods).toBe(2);
    expect(beside?.manager.wape).toBeCloseTo(20 / 270, 10);
    expect(beside?.computed.wape).toBeCloseTo(70 / 270, 10);
  });

  it('of no period are unknown, not perfect', () => {
    const nothing = accuracyAt(90, []);
    expect([nothing.wape, nothing.bias, nothing.coverage, nothing.brier, nothing.skill]).toEqual(
      Array(5).fill(null),
    );
  });
});

describe('signatures that read otherwise later', () => {
  const JUNE = periodOf(day('2026-06-15'), 'month');
  const line = (id: string, won: string | null, changes: Partial<ForecastLine> = {}): ForecastLine => ({
    ...lineOfDeal(deal(id, won === null ? 's-contact 2026-05-01' : `s-contact 2026-05-01, s-won ${won}`), {
      asOf: day('2026-07-13'),
    }),
    ...changes,
  });

  it('stay what the first reading after the end said; the difference is told deal by deal', () => {
    const then = ['1', '2', '3', '4'].map((id) => line(id, '2026-06-10'));
    const today = [
      line('1', '2026-06-10'),
      line('2', '2026-07-02'),
      line('3', null),
      line('5', '2026-06-29'),
    ];
    const outcome = periodOutcome(JUNE, then, today);
    expect(outcome.source).toBe('snapshot');
    expect([outcome.actualMinor, outcome.todayMinor]).toEqual([400_000n, 200_000n]);
    expect(outcome.restated.map(({ dealId, kind, changeMinor }) => [dealId, kind, changeMinor])).toEqual([
      ['2', 'moved', -100_000n],
      ['3', 'undone', -100_000n],
      ['4', 'gone', -100_000n],
      ['5', 'late', 100_000n],
    ]);
    const told = outcome.restated.reduce((sum, { changeMinor }) => sum + changeMinor, 0n);
    expect(outcome.actualMinor + told).toBe(outcome.todayMinor);
  });

  it('tell a changed amount as such', () => {
    const outcome = periodOutcome(
      JUNE,
      [line('1', '2026-06-10')],
      [line('1', '2026-06-10', { grossMinor: 90_000n })],
    );
    expect(outcome.restated).toMatchObject([{ kind: 'amount', changeMinor: -10_000n }]);
  });

  it('come from the records of today where no snapshot was taken', () => {
    const outcome = periodOutcome(JUNE, null, [line('1', '2026-06-10')]);
    expect(outcome).toMatchObject({ source: 'records', actualMinor: 100_000n, restated: [] });
  });
});

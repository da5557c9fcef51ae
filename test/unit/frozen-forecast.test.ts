import { describe, expect, it } from 'vitest';
import {
  checkFrozenForecast,
  type FrozenForecast,
  frozenBy,
} from '../../src/core/forecast/frozen-forecast.ts';
import { asId, type ManagerId, type SnapshotId } from '../../src/core/values/ids.ts';
import { at, day, dealId, EUR } from '../support/deals.ts';

const CLAIRE = asId<ManagerId>('claire');

function frozen(changes: Partial<FrozenForecast> = {}): FrozenForecast {
  return {
    managerId: CLAIRE,
    periodKey: '2026-Q4',
    snapshotId: asId<SnapshotId>('s-1'),
    asOf: day('2026-11-16'),
    computedMinor: 61_200_000n,
    amountMinor: 65_000_000n,
    currency: EUR,
    differences: [
      { dealId: dealId('7'), differenceMinor: 5_000_000n, reason: 'the order was promised for the 30th' },
      { dealId: null, differenceMinor: -1_200_000n, reason: 'two holidays in December' },
    ],
    frozenAt: at('2026-11-16'),
    ...changes,
  };
}

describe('a forecast that a manager freezes', () => {
  it('is accepted when the reasons explain the difference to the cent', () => {
    expect(checkFrozenForecast(frozen())).toEqual({ ok: true, value: frozen() });
    const same = frozen({ amountMinor: 61_200_000n, differences: [] });
    expect(checkFrozenForecast(same).ok).toBe(true);
  });

  it('is refused with what no reason explains', () => {
    const checked = checkFrozenForecast(frozen({ amountMinor: 65_000_001n }));
    expect(checked).toEqual({
      ok: false,
      error: { code: 'FORECAST_FROZEN_DIFFERENCES', unexplainedMinor: 1n },
    });
  });

  it('is refused without a reason, and below zero', () => {
    const silent = frozen({ differences: [{ dealId: null, differenceMinor: 3_800_000n, reason: '  ' }] });
    expect(checkFrozenForecast(silent)).toMatchObject({ error: { code: 'FORECAST_FROZEN_REASON' } });
    expect(checkFrozenForecast(frozen({ amountMinor: -1n }))).toMatchObject({
      error: { code: 'FORECAST_FROZEN_NEGATIVE' },
    });
  });

  it('of a day is the latest that was frozen by then, of the same manager and period', () => {
    const all = [
      frozen({ asOf: day('2026-11-02'), amountMinor: 1n }),
      frozen({ asOf: day('2026-11-16'), amountMinor: 2n }),
      frozen({ asOf: day('2026-11-09'), amountMinor: 3n, managerId: asId<ManagerId>('paul') }),
      frozen({ asOf: day('2026-11-09'), amountMinor: 4n, periodKey: '2027-Q1' }),
    ];
    const on = (text: string) => frozenBy(all, CLAIRE, '2026-Q4', day(text))?.amountMinor ?? null;
    expect([on('2026-11-01'), on('2026-11-02'), on('2026-11-15'), on('2026-12-31')]).toEqual([
      null,
      1n,
      1n,
      2n,
    ]);
  });
});

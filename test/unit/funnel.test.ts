import { describe, expect, it } from 'vitest';
import { funnelBefore } from '../../src/core/gap/funnel.ts';
import { LOST, stateLog, UNMAPPED, WON } from '../../src/core/odds/history.ts';

const log = stateLog([
  [
    { t: 0, state: 0 },
    { t: 4, state: 1 },
    { t: 10, state: WON },
  ],
  [
    { t: 0, state: 0 },
    { t: 8, state: LOST },
  ],
  [
    { t: 1, state: 0 },
    { t: 3, state: UNMAPPED },
    { t: 9, state: 1 },
  ],
  [{ t: 30, state: 1 }],
]);
const amountsMinor = [100_00n, 50_00n, null, 999_00n];

describe('the funnel', () => {
  it('counts, values, conversion from ever reached to won, and days', () => {
    expect(funnelBefore(log, amountsMinor, 20, 2)).toEqual([
      {
        milestone: 0,
        deals: 3,
        valueMinor: 150_00n,
        withoutAmount: 1,
        everReachedToWon: 0.5,
        resolved: 2,
        won: 1,
        medianDays: 6,
      },
      {
        milestone: 1,
        deals: 2,
        valueMinor: 100_00n,
        withoutAmount: 1,
        everReachedToWon: 1,
        resolved: 1,
        won: 1,
        medianDays: 6,
      },
    ]);
  });

  it('knows no conversion and no days where nothing is resolved', () => {
    const [first] = funnelBefore(log, amountsMinor, 1, 2);
    expect(first).toMatchObject({ deals: 2, resolved: 0, everReachedToWon: null, medianDays: null });
  });
});

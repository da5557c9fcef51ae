import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrateWeights } from '../../src/core/reliability/calibration.ts';
import { rangeOf } from '../../src/core/totals/totals.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';

const deals = fc
  .array(
    fc.record({
      amountMinor: fc.oneof(fc.bigInt(0n, 1_000_000n), fc.bigInt(0n, 10n ** 14n)),
      odds: fc.double({ min: 0, max: 1 }),
    }),
    { maxLength: 150 },
  )
  .map((list) => list.map((deal, at) => ({ ...deal, dealId: asId<DealId>(`d${at}`) })));

describe('laws of the range, whatever the deals', () => {
  it('P10 <= P50 <= P90, none below what is won, none above everything won', () => {
    fc.assert(
      fc.property(deals, fc.bigInt(0n, 10n ** 12n), fc.nat(500), (list, wonMinor, wins) => {
        const range = rangeOf({ deals: list, wonMinor, targetMinor: wonMinor + 5_000_000n, wins });
        const all = list.reduce((sum, deal) => sum + deal.amountMinor, wonMinor);
        expect(range.p10Minor >= wonMinor).toBe(true);
        expect(range.p50Minor >= range.p10Minor).toBe(true);
        expect(range.p90Minor >= range.p50Minor).toBe(true);
        // One cell of the grid per deal at most: 16,384 cells hold the whole.
        expect(Number(range.p90Minor) <= Number(all) * 1.02 + 200).toBe(true);
        expect(range.chanceOfTarget).toBeGreaterThanOrEqual(0);
        expect(range.chanceOfTarget).toBeLessThanOrEqual(1);
        expect(range.reliabilityIndex).toBeGreaterThanOrEqual(0);
        expect(range.reliabilityIndex).toBeLessThanOrEqual(1);
        for (const { share } of range.concentration) expect(share > 0 && share <= 1 + 1e-9).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('a higher target never has a better chance', () => {
    fc.assert(
      fc.property(deals, fc.bigInt(0n, 10n ** 13n), fc.bigInt(0n, 10n ** 13n), (list, one, other) => {
        const chance = (targetMinor: bigint) =>
          rangeOf({ deals: list, wonMinor: 0n, targetMinor, wins: 30 }).chanceOfTarget ?? 9;
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(chance(high)).toBeLessThanOrEqual(chance(low) + 1e-12);
      }),
      { numRuns: 25 },
    );
  });
});

describe('laws of the calibrated weights', () => {
  it('they rise with the milestones, lie in their interval, and in 0..1', () => {
    const record = fc
      .record({
        weightBps: fc.integer({ min: 0, max: 10_000 }),
        reached: fc.nat(500),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ weightBps, reached, share }) => ({ weightBps, reached, won: Math.floor(reached * share) }));
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), (records) => {
        let before = 0;
        for (const { calibrated, low, high } of calibrateWeights(records)) {
          if (!(calibrated >= before - 1e-12)) expect.unreachable(`${before} then ${calibrated}`);
          if (!(low <= high && low >= 0 && high <= 1)) expect.unreachable(`${low}..${high}`);
          before = calibrated;
        }
      }),
    );
  });
});

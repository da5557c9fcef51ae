import { describe, expect, it } from 'vitest';
import { momentsOf, normalBelow } from '../../src/core/totals/cornish-fisher.ts';
import { amountGrid, cellFor } from '../../src/core/totals/range-grid.ts';
import {
  coefficientOfVariation,
  concentration,
  floorOfHonesty,
  type OpenDeal,
  rangeOf,
  reliabilityIndex,
} from '../../src/core/totals/totals.ts';
import { countRange } from '../../src/core/totals/totals-count-range.ts';
import { countsUnderShock, poissonBinomial, quantileIndex } from '../../src/core/totals/totals-counts.ts';
import { totalUnderShock } from '../../src/core/totals/totals-mixture.ts';
import { shockedOdds, shockSigma } from '../../src/core/totals/totals-shock.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import { randomFrom } from '../support/random.ts';

function open(...pairs: readonly (readonly [number, number])[]): readonly OpenDeal[] {
  return pairs.map(([amount, odds], at) => ({
    dealId: asId<DealId>(`d${at}`),
    amountMinor: BigInt(amount),
    odds,
  }));
}

/** `deals` log-normal amounts in cents with odds that lean low, the same on every machine. */
function manyDeals(deals: number, seed: number): { amounts: number[]; odds: number[] } {
  const random = randomFrom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const amounts = Array.from({ length: deals }, () => Math.round(1e6 * Math.exp(normal())));
  return { amounts, odds: amounts.map(() => random() ** 2) };
}

describe('how many deals will be won', () => {
  it('two of five deals, each with its own odds', () => {
    expect(poissonBinomial([0.5, 0.3, 0.7, 0.3, 0.9])[2]).toBeCloseTo(0.3167, 10);
  });

  it('the five deals of the vector under the common shock', () => {
    expect(shockSigma(1)).toBeCloseTo(0.42031734, 8);
    const counts = countsUnderShock([0.24689101, 0.09445077, 0.269146, 0.6171865, 0.2388336], 1);
    for (const [k, chance] of [0.158695, 0.37699, 0.310599, 0.126219, 0.025551, 0.001946].entries())
      expect(counts[k]).toBeCloseTo(chance, 6);
    expect([0.1, 0.5, 0.9].map((share) => quantileIndex(counts, share))).toEqual([0, 1, 3]);
    const recent = countsUnderShock([0.25092731, 0.09507578, 0.27191831, 0.62351824, 0.24283381], 1);
    for (const [k, chance] of [0.154226, 0.374101, 0.313559, 0.129466, 0.026597, 0.002049].entries())
      expect(recent[k]).toBeCloseTo(chance, 6);
  });

  it('of thousands of deals the chances still add up to one', () => {
    const sum = countsUnderShock(manyDeals(3000, 1).odds, 50).reduce((total, chance) => total + chance, 0);
    expect(sum).toBeCloseTo(1, 10);
  });

  it('the range of thousands of deals agrees with counting them one by one', () => {
    const odds = Float64Array.from(manyDeals(2500, 2).odds);
    const counts = countsUnderShock(odds, 80);
    expect(countRange(odds, 80)).toEqual({
      low: quantileIndex(counts, 0.1),
      high: quantileIndex(counts, 0.9),
    });
  });

  it('odds of 0, of 1 and odds that are no number leave no gap in the figures', () => {
    for (const level of shockedOdds([0, 1, Number.NaN], 3)) {
      expect(level[0]).toBeLessThan(1e-7);
      expect(level[1]).toBeGreaterThan(1 - 1e-7);
      expect(level[2]).toBeLessThan(1e-7);
    }
  });
});

describe('what the total will be worth', () => {
  const amounts = [100, 60, 40, 200, 50, 30];
  const odds = [0.9, 0.6, 0.6, 0.3, 0.3, 0.1];

  it('the six deals of the vector: expected, spread, range and chances, exact to the last digit printed', () => {
    const { mean, sd } = momentsOf(amounts, odds);
    expect(mean).toBeCloseTo(228, 10);
    expect(sd).toBeCloseTo(105.61, 2);
    const { chances, cell } = amountGrid(amounts, odds, cellFor(amounts));
    expect([0.1, 0.5, 0.9].map((share) => quantileIndex(chances, share) * cell)).toEqual([100, 200, 400]);
    const atLeast = (total: number) =>
      chances.reduce((sum, chance, k) => sum + (k * cell >= total ? chance : 0), 0);
    expect(atLeast(200)).toBeCloseTo(0.5767, 4);
    expect(atLeast(250)).toBeCloseTo(0.3601, 4);
    expect(atLeast(300)).toBeCloseTo(0.2832, 4);
    expect(normalBelow((228 - 200) / 105.61)).toBeCloseTo(0.6045, 3);
  });

  it('an amount that falls between two cells keeps the mean exact', () => {
    const { chances, cell } = amountGrid([7, 13], [0.4, 0.7], 5);
    const mean = chances.reduce((sum, chance, k) => sum + chance * k * cell, 0);
    expect(mean).toBeCloseTo(0.4 * 7 + 0.7 * 13, 10);
  });

  it.each([101, 300, 1000])(
    'of %i deals the fast way agrees with a fine grid within 0.05 percent',
    (deals) => {
      const many = manyDeals(deals, deals);
      const fast = totalUnderShock(many.amounts, many.odds, 200);
      const cell = cellFor(many.amounts, 32_768);
      const grids = shockedOdds(many.odds, 200).map((level) => amountGrid(many.amounts, level, cell));
      const mixture = new Float64Array(grids[0]?.chances.length ?? 0);
      for (const { chances } of grids)
        for (const [k, chance] of chances.entries()) mixture[k] = (mixture[k] ?? 0) + chance / grids.length;
      for (const share of [0.1, 0.5, 0.9]) {
        const exact = quantileIndex(mixture, share) * cell;
        expect(Math.abs(fast.quantile(share) / exact - 1)).toBeLessThan(0.0005);
      }
    },
  );

  it('a thousand equal deals are counted, not smoothed: the range falls on whole deals', () => {
    const total = totalUnderShock(Array(1000).fill(5000), Array(1000).fill(0.3), 100);
    for (const share of [0.1, 0.5, 0.9]) expect(total.quantile(share) % 5000).toBe(0);
  });

  it('one deal of 90 % of the total among many small ones splits the range in two', () => {
    const small = manyDeals(400, 7);
    const sum = small.amounts.reduce((total, amount) => total + amount, 0);
    const total = totalUnderShock([...small.amounts, 9 * sum], [...small.odds, 0.3], 100);
    expect(total.quantile(0.5)).toBeLessThan(sum);
    expect(total.quantile(0.9)).toBeGreaterThan(9 * sum);
    expect(total.chanceAtLeast(5 * sum)).toBeCloseTo(0.3, 1);
  });
});

describe('the range of a period', () => {
  const deals = open([100, 0.9], [60, 0.6], [40, 0.6], [200, 0.3], [50, 0.3], [30, 0.1]);

  it('stands on what is already won', () => {
    const without = rangeOf({ deals, wonMinor: 0n, targetMinor: 200n, wins: 300 });
    const withWon = rangeOf({ deals, wonMinor: 1000n, targetMinor: 1200n, wins: 300 });
    expect(withWon.p50Minor).toBe(without.p50Minor + 1000n);
    expect(withWon.chanceOfTarget).toBe(without.chanceOfTarget);
  });

  it('is the same whatever the order of the deals, and on every run', () => {
    const many = manyDeals(500, 3);
    const list = many.amounts.map((amount, at) => [amount, many.odds[at] ?? 0] as const);
    const one = rangeOf({ deals: open(...list), wonMinor: 5n, targetMinor: 300_000_000n, wins: 9 });
    const shuffled = open(...list).toReversed();
    expect(rangeOf({ deals: shuffled, wonMinor: 5n, targetMinor: 300_000_000n, wins: 9 })).toEqual(one);
  });

  it('of nothing open is what was won; a target of zero is reached, none has no chance', () => {
    const range = rangeOf({ deals: [], wonMinor: 700n, targetMinor: 0n, wins: 0 });
    expect(range).toEqual({
      p10Minor: 700n,
      p50Minor: 700n,
      p90Minor: 700n,
      chanceOfTarget: 1,
      reliabilityIndex: 0,
      concentration: [],
    });
    expect(rangeOf({ deals: [], wonMinor: 0n, targetMinor: null, wins: 0 }).chanceOfTarget).toBeNull();
    expect(rangeOf({ deals: [], wonMinor: 0n, targetMinor: 1n, wins: 0 }).chanceOfTarget).toBe(0);
  });

  it('is not moved by deals worth nothing or without any chance', () => {
    const idle = open([0, 0.5], [100, 0], [100, Number.NaN]);
    expect(rangeOf({ deals: [...deals, ...idle], wonMinor: 0n, targetMinor: 200n, wins: 4 })).toEqual(
      rangeOf({ deals, wonMinor: 0n, targetMinor: 200n, wins: 4 }),
    );
  });

  it('is wider when few wins stand behind it', () => {
    const few = rangeOf({ deals, wonMinor: 0n, targetMinor: 400n, wins: 0 });
    const many = rangeOf({ deals, wonMinor: 0n, targetMinor: 400n, wins: 1000 });
    expect(few.chanceOfTarget ?? 0).toBeGreaterThan(many.chanceOfTarget ?? 1);
  });
});

describe('how reliable a total is', () => {
  it.each([
    [10, 0.3, 0.483],
    [10, 0.8, 0.158],
    [40, 0.3, 0.242],
    [40, 0.8, 0.079],
  ])('%i equal deals at %f: coefficient of variation %f', (deals, odds, wanted) => {
    const equal = open(...Array.from({ length: deals }, () => [5000, odds] as const));
    expect(coefficientOfVariation(equal)).toBeCloseTo(wanted, 3);
    expect(reliabilityIndex(equal)).toBeCloseTo(1 - wanted, 3);
  });

  it('names the deals on which the forecast hangs, largest first', () => {
    const named = concentration(open([900, 0.5], [50, 0.5], [40, 0.5], [300, 0.9]));
    expect(named.map(({ dealId }) => dealId)).toEqual(['d0']);
    expect(named[0]?.share).toBeCloseTo(0.9569, 3);
  });

  it('names five deals at most', () => {
    expect(concentration(open(...Array.from({ length: 40 }, () => [10, 0.5] as const)))).toHaveLength(5);
  });

  it('knows the error that nobody can beat', () => {
    expect(floorOfHonesty(Array(100).fill(0.3))).toBeCloseTo((0.8 * Math.sqrt(21)) / 30, 10);
    expect(floorOfHonesty([])).toBeNull();
  });
});

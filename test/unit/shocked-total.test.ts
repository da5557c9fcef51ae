import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../src/core/totals/cornish-fisher.ts';
import { shockedTotal } from '../../src/core/totals/shocked-total.ts';
import { crowdUnderShock } from '../../src/core/totals/totals-mixture.ts';
import { shockedOdds, shockSigma } from '../../src/core/totals/totals-shock.ts';
import { addSums, SHOCK_SUMS } from '../../src/core/totals/totals-shock-sums.ts';
import { randomFrom } from '../support/random.ts';

const random = randomFrom(11);

/** The quantiles of a book found both ways: every deal shifted at every level, and seven sums. */
function bothWays(deals: number, highestOdds: number, wins: number) {
  const amounts = Float64Array.from({ length: deals }, () => Math.round(1e5 + 1e8 * random() ** 3));
  const odds = Float64Array.from({ length: deals }, () => random() * highestOdds);
  const exact = crowdUnderShock(shockedOdds(odds, wins).map((level) => momentsOf(amounts, level)));
  const sums = new Float64Array(SHOCK_SUMS);
  for (const [deal, amount] of amounts.entries())
    addSums(sums, 0, { odds: odds[deal] ?? 0, amount, square: amount ** 2, cube: amount ** 3 });
  const total = shockedTotal();
  total.take(sums, 0, shockSigma(wins));
  return [0.1, 0.5, 0.9].map((share) => total.quantile(share) / exact.quantile(share) - 1);
}

const worst = (errors: readonly number[]) => Math.max(...errors.map(Math.abs));

describe('a range from seven sums', () => {
  it('is the range of the deals, each shifted by the shock: within .05 % from 50 past wins on', () => {
    for (const deals of [1_000, 20_000])
      for (const wins of [50, 200, 5_000])
        for (const highestOdds of [0.05, 0.3, 0.95])
          expect(
            worst(bothWays(deals, highestOdds, wins)),
            `${deals} deals below ${highestOdds}, ${wins} wins`,
          ).toBeLessThan(5e-4);
  });

  it('stays within 1 % without any past win', () => {
    for (const highestOdds of [0.05, 0.3, 0.95])
      expect(worst(bothWays(1_000, highestOdds, 0))).toBeLessThan(0.01);
  });

  it('of nothing is nothing, and of certainty is the amount', () => {
    const total = shockedTotal();
    total.take(new Float64Array(SHOCK_SUMS), 0, 0.1);
    expect(total.quantile(0.9)).toBe(0);
    const certain = new Float64Array(SHOCK_SUMS);
    addSums(certain, 0, { odds: 1, amount: 500, square: 500 ** 2, cube: 500 ** 3 });
    total.take(certain, 0, 0.1);
    expect([0.1, 0.5, 0.9].map((share) => total.quantile(share))).toEqual([500, 500, 500]);
  });
});

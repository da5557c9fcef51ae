/** How many of these deals will be won. forecast-model: section 4, Poisson-binomial. */
import { shockedOdds } from './totals-shock.ts';

/** Probabilities below this are dropped at both ends, so that thousands of deals stay cheap. */
const NEGLIGIBLE = 1e-18;

/** `[k]`: chance of exactly k wins among independent deals; length = deals + 1. */
export function poissonBinomial(odds: Iterable<number>): Float64Array {
  const chances = Float64Array.from(odds);
  const pmf = new Float64Array(chances.length + 1);
  pmf[0] = 1;
  let low = 0;
  let high = 0;
  for (const p of chances) {
    high += 1;
    for (let k = high; k >= low; k -= 1)
      pmf[k] = (pmf[k] ?? 0) * (1 - p) + (k > low ? (pmf[k - 1] ?? 0) * p : 0);
    while (low < high && (pmf[low] ?? 0) < NEGLIGIBLE) pmf[low++] = 0;
    while (high > low && (pmf[high] ?? 0) < NEGLIGIBLE) pmf[high--] = 0;
  }
  return pmf;
}

/** The same under the common shock: the mean of its ten levels. */
export function countsUnderShock(odds: ArrayLike<number>, wins: number): Float64Array {
  const levels = shockedOdds(odds, wins);
  const mixture = new Float64Array(odds.length + 1);
  for (const level of levels)
    for (const [k, chance] of poissonBinomial(level).entries())
      mixture[k] = (mixture[k] ?? 0) + chance / levels.length;
  return mixture;
}

/** Smallest index at which the accumulated chance reaches `share`. */
export function quantileIndex(pmf: Float64Array, share: number): number {
  let total = 0;
  for (const [k, chance] of pmf.entries()) {
    total += chance;
    if (total >= share - 1e-12) return k;
  }
  return pmf.length - 1;
}

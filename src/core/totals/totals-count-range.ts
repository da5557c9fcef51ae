import { momentsOf } from './cornish-fisher.ts';
import { countsUnderShock, quantileIndex } from './totals-counts.ts';
import { crowdUnderShock } from './totals-mixture.ts';
import { shockedOdds } from './totals-shock.ts';

/** Above this many deals the counts are as smooth as their moments say. */
const COUNTED_DEALS = 1_000;
/** The crowd's quantiles are known to half a unit: counting in thousandths of a deal makes that exact enough. */
const PARTS = 1_000;

/** P10 and P90 of the number of wins under the common shock. */
export function countRange(
  odds: Float64Array,
  wins: number,
): { readonly low: number; readonly high: number } {
  if (odds.length <= COUNTED_DEALS) {
    const counts = countsUnderShock(odds, wins);
    return { low: quantileIndex(counts, 0.1), high: quantileIndex(counts, 0.9) };
  }
  const parts = new Float64Array(odds.length).fill(PARTS);
  const total = crowdUnderShock(shockedOdds(odds, wins).map((level) => momentsOf(parts, level)));
  const deals = (share: number): number => Math.round(total.quantile(share) / PARTS);
  return { low: deals(0.1), high: deals(0.9) };
}

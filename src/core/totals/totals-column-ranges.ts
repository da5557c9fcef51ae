/** P10, P50 and P90 of every owner, every pipeline and the company, in every period, from the sums of one reading. forecast-model: section 4. */
import { shockedTotal } from './shocked-total.ts';
import type { ColumnTotals, OddsGrid, ScopeSums } from './totals-columns.ts';
import { shockSigma } from './totals-shock.ts';
import { SHOCK_SUMS } from './totals-shock-sums.ts';

/** One deal that may carry this share of the variance is too weighty for the crowd's formula (as in totals-mixture.ts). */
const WEIGHTY_SHARE = 0.05;

/** `[scope * periods + k]`, minor units, not rounded. */
export interface ScopeRanges {
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
  /** 1: one deal may outweigh the crowd; take `rangeOf` with the deals themselves. */
  readonly dominated: Uint8Array;
}

export interface ColumnRanges {
  readonly owners: ScopeRanges;
  readonly pipelines: ScopeRanges;
  /** One scope. */
  readonly company: ScopeRanges;
}

/** The shock of an owner and of the company reaches as far as the wins of all books say, that of a pipeline as its own do. */
export function columnRanges(totals: ColumnTotals, grid: OddsGrid): ColumnRanges {
  const allWins = grid.wins.reduce((sum, wins) => sum + wins, 0);
  const companySigma = shockSigma(allWins);
  const spread = largestSpread(grid);
  return {
    owners: rangesOf(totals.owners, spread, () => companySigma),
    pipelines: rangesOf(totals.pipelines, spread, (pipeline) => shockSigma(grid.wins[pipeline] ?? 0)),
    company: rangesOf(totals.company, spread, () => companySigma),
  };
}

/** By period the largest p(1-p) of any cell: no deal's variance is above amount^2 times that. */
function largestSpread({ chances, periods }: OddsGrid): Float64Array {
  const spread = new Float64Array(periods);
  for (let at = 0; at < chances.length; at += periods)
    for (let k = 0; k < periods; k += 1) {
      const odds = chances[at + k] ?? 0;
      const own = odds * (1 - odds);
      if (own > (spread[k] ?? 0)) spread[k] = own;
    }
  return spread;
}

function rangesOf(
  { sums, largestMinor }: ScopeSums,
  spread: Float64Array,
  sigmaOf: (scope: number) => number,
): ScopeRanges {
  const periods = spread.length;
  const ranges = emptyRanges(largestMinor.length * periods);
  const total = shockedTotal();
  for (let scope = 0; scope < largestMinor.length; scope += 1) {
    const sigma = sigmaOf(scope);
    const largest = largestMinor[scope] ?? 0;
    for (let k = 0; k < periods; k += 1) {
      const place = scope * periods + k;
      total.take(sums, place * SHOCK_SUMS, sigma);
      ranges.p10[place] = total.quantile(0.1);
      ranges.p50[place] = total.quantile(0.5);
      ranges.p90[place] = total.quantile(0.9);
      const variance = sums[place * SHOCK_SUMS + 3] ?? 0;
      if (largest * largest * (spread[k] ?? 0) > WEIGHTY_SHARE * variance) ranges.dominated[place] = 1;
    }
  }
  return ranges;
}

function emptyRanges(places: number): ScopeRanges {
  return {
    p10: new Float64Array(places),
    p50: new Float64Array(places),
    p90: new Float64Array(places),
    dominated: new Uint8Array(places),
  };
}

/** From single deals to the period's total: range, chance of the target, what it hangs on. forecast-model: section 4. */
import type { ForecastRange } from '../forecast/forecast-types.ts';
import type { DealId } from '../values/ids.ts';
import { totalUnderShock } from './totals-mixture.ts';

/** An open deal that may be won in the period. `amountMinor` in minor units of the company currency; deals without amount are the caller's to list. */
export interface OpenDeal {
  readonly dealId: DealId;
  readonly amountMinor: bigint;
  /** 0..1; what is no number counts as 0. */
  readonly odds: number;
}

export interface RangeInput {
  readonly deals: readonly OpenDeal[];
  /** Already won in the period: certain. */
  readonly wonMinor: bigint;
  readonly targetMinor: bigint | null;
  /** Wins in the history behind the odds (`Odds.wins`). */
  readonly wins: number;
  /** Fewer cells than the finest grid has, where many ranges are wanted at once: 1,000 err by .05 %. */
  readonly cells?: number;
}

/** At most this many deals are named as carrying the variance, and only until they carry this share together. */
const NAMED_DEALS = 5;
const NAMED_SHARE = 0.5;

/**
 * No chance draws: the same input gives the same bytes, whatever the order of the deals. A deal worth nothing cannot move the total.
 * A target already won, or of zero, has chance 1; without open deals the range is what was won, with reliability 0: nothing is open to rely on.
 */
export function rangeOf(input: RangeInput): ForecastRange {
  const deals = inFixedOrder(input.deals);
  const total = totalUnderShock(
    deals.map((deal) => Number(deal.amountMinor)),
    deals.map((deal) => deal.odds),
    input.wins,
    input.cells,
  );
  const at = (share: number): bigint => input.wonMinor + BigInt(Math.round(total.quantile(share)));
  return {
    p10Minor: at(0.1),
    p50Minor: at(0.5),
    p90Minor: at(0.9),
    chanceOfTarget:
      input.targetMinor === null ? null : total.chanceAtLeast(Number(input.targetMinor - input.wonMinor)),
    reliabilityIndex: reliabilityIndex(deals),
    concentration: concentration(deals),
  };
}

function inFixedOrder(deals: readonly OpenDeal[]): readonly OpenDeal[] {
  return deals
    .filter((deal) => deal.amountMinor > 0n && deal.odds > 0)
    .map(({ dealId, amountMinor, odds }) => ({
      size: Number(amountMinor),
      deal: { dealId, amountMinor, odds: Math.min(1, odds) },
    }))
    .sort((left, right) => right.size - left.size || byText(left.deal.dealId, right.deal.dealId))
    .map(({ deal }) => deal);
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Standard deviation of the open part over its mean, deals taken as independent; null when nothing is expected. */
export function coefficientOfVariation(deals: readonly OpenDeal[]): number | null {
  let mean = 0;
  let variance = 0;
  for (const deal of deals) {
    mean += Number(deal.amountMinor) * deal.odds;
    variance += varianceOf(deal);
  }
  return mean > 0 ? Math.sqrt(variance) / mean : null;
}

/** max(0, 1 - coefficient of variation): grows with many, far-advanced deals. 0 when nothing is expected. */
export function reliabilityIndex(deals: readonly OpenDeal[]): number {
  return Math.max(0, 1 - (coefficientOfVariation(deals) ?? 1));
}

/** The deals that carry the uncertainty, largest first, with their share (0..1) of the variance. */
export function concentration(deals: readonly OpenDeal[]): ForecastRange['concentration'] {
  const weighed = deals.map((deal) => ({ dealId: deal.dealId, variance: varianceOf(deal) }));
  const variance = weighed.reduce((sum, deal) => sum + deal.variance, 0);
  if (variance === 0) return [];
  const named: { dealId: DealId; share: number }[] = [];
  let carried = 0;
  for (const deal of weighed.sort(
    (left, right) => right.variance - left.variance || byText(left.dealId, right.dealId),
  )) {
    if (named.length === NAMED_DEALS || carried >= NAMED_SHARE) break;
    const share = deal.variance / variance;
    if (share === 0) break;
    carried += share;
    named.push({ dealId: deal.dealId, share });
  }
  return named;
}

function varianceOf(deal: OpenDeal): number {
  return Number(deal.amountMinor) ** 2 * deal.odds * (1 - deal.odds);
}

/** Relative error that not even perfect odds could beat: 0.8 sqrt(sum p(1-p)) / sum p. Null when nothing is expected. */
export function floorOfHonesty(odds: readonly number[]): number | null {
  const expected = odds.reduce((sum, p) => sum + p, 0);
  const variance = odds.reduce((sum, p) => sum + p * (1 - p), 0);
  return expected > 0 ? (0.8 * Math.sqrt(variance)) / expected : null;
}

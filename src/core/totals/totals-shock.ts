/** Deals of one company do not close independently: a good month lifts them all. forecast-model: section 4, common shock. */

/** Middles of ten equally likely tenths of a standard normal. */
export const SHOCK_LEVELS: readonly number[] = [
  -1.645, -1.036, -0.674, -0.385, -0.126, 0.126, 0.385, 0.674, 1.036, 1.645,
];

/** Odds are kept this far from 0 and 1 before a logit is taken. */
const ODDS_MARGIN = 1e-9;

/** Spread of the shock on the logit scale: wide with few past wins, never below 0.1. */
export function shockSigma(wins: number): number {
  return Math.sqrt(0.01 + 1 / (Math.max(0, wins) + 5));
}

/** The odds at each level of the shock: `[level][deal]`. Odds that are no number count as 0. */
export function shockedOdds(odds: ArrayLike<number>, wins: number): readonly Float64Array[] {
  const sigma = shockSigma(wins);
  const logits = Float64Array.from(odds, logit);
  return SHOCK_LEVELS.map((level) => logits.map((value) => logistic(value + sigma * level)));
}

export function logit(odds: number): number {
  const kept = odds > ODDS_MARGIN ? Math.min(1 - ODDS_MARGIN, odds) : ODDS_MARGIN;
  return Math.log(kept / (1 - kept));
}

export function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

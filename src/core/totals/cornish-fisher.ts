/** The sum of many deals by its mean, variance and skew. forecast-model: section 4; measured against the exact grid: within 0.05 % from 200 deals on. */

export interface Moments {
  readonly mean: number;
  readonly sd: number;
  readonly skew: number;
}

/** Of the sum of independent deals: each is worth its amount with its odds, else nothing. */
export function momentsOf(amounts: ArrayLike<number>, odds: ArrayLike<number>): Moments {
  let mean = 0;
  let variance = 0;
  let third = 0;
  for (let deal = 0; deal < amounts.length; deal += 1) {
    const amount = amounts[deal] ?? 0;
    const p = odds[deal] ?? 0;
    const spread = amount * amount * p * (1 - p);
    mean += amount * p;
    variance += spread;
    third += amount * spread * (1 - 2 * p);
  }
  const sd = Math.sqrt(variance);
  return { mean, sd, skew: sd > 0 ? third / (variance * sd) : 0 };
}

/**
 * Chance that the sum stays at or below `value`. Cornish-Fisher says that the normal score u stands at u + skew/6 (u^2 - 1) standard
 * deviations; this solves that for u. Beyond the end of a skewed sum there is no solution: the chance is 0 or 1.
 */
export function chanceAtMost(moments: Moments, value: number): number {
  if (moments.sd === 0) return value >= moments.mean ? 1 : 0;
  const score = (value - moments.mean) / moments.sd;
  const bend = moments.skew / 6;
  const root = 1 + 4 * bend * (bend + score);
  if (root < 0) return bend > 0 ? 0 : 1;
  return normalBelow((2 * (bend + score)) / (1 + Math.sqrt(root)));
}

/** Standard normal distribution function, cut to 0 and 1 beyond 6.5 (4e-11). Source: G. Marsaglia, J. Stat. Software 11(4), 2004. */
export function normalBelow(score: number): number {
  if (score < -6.5) return 0;
  if (score > 6.5) return 1;
  let sum = score;
  let term = score;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (score * score) / n;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * score * score) * 0.3989422804014327;
}

/**
 * Quantiles of a crowd's total under the common shock, for tens of thousands of scopes: the mixture of totals-mixture.ts, sought by
 * Newton's method from the Cornish-Fisher guess of the whole mixture instead of by halving. No object is made per scope.
 */
import { SHOCK_LEVELS } from './totals-shock.ts';
import { momentsUnderShift } from './totals-shock-sums.ts';

/** Standard normal quantiles of the shares that are asked for. */
const SCORES: ReadonlyMap<number, number> = new Map([
  [0.1, -1.2815515655446004],
  [0.5, 0],
  [0.9, 1.2815515655446004],
]);

/** In standard deviations of a single level: Newton's error after a step is about the square of the step. */
const SMALL_STEP = 0.01;
const MOST_STEPS = 30;

/** Holds one total at a time. */
export interface ShockedTotal {
  /** The total of the sums at `sums[at]` (totals-shock-sums.ts) under a shock of spread `sigma`. */
  take(sums: Float64Array, at: number, sigma: number): void;
  /** `share` is 0.1, 0.5 or 0.9. */
  quantile(share: number): number;
}

export function shockedTotal(): ShockedTotal {
  const levels = SHOCK_LEVELS.length;
  const means = new Float64Array(levels);
  const sds = new Float64Array(levels);
  /** skew / 6 of each level. */
  const bends = new Float64Array(levels);
  const moments = new Float64Array(3);
  let mean = 0;
  let sd = 0;
  let bend = 0;
  let smallStep = 0;

  const take = (sums: Float64Array, at: number, sigma: number): void => {
    mean = 0;
    for (let level = 0; level < levels; level += 1) {
      momentsUnderShift(sums, at, sigma * (SHOCK_LEVELS[level] ?? 0), moments);
      const own = moments[0] ?? 0;
      const variance = moments[1] ?? 0;
      const third = moments[2] ?? 0;
      means[level] = own;
      sds[level] = Math.sqrt(variance);
      bends[level] = variance > 0 ? third / (6 * variance * Math.sqrt(variance)) : 0;
      mean += own / levels;
    }
    let variance = 0;
    let third = 0;
    for (let level = 0; level < levels; level += 1) {
      const own = (sds[level] ?? 0) ** 2;
      const away = (means[level] ?? 0) - mean;
      variance += (own + away * away) / levels;
      third += (6 * (bends[level] ?? 0) * own * (sds[level] ?? 0) + 3 * away * own + away ** 3) / levels;
    }
    sd = Math.sqrt(variance);
    smallStep = SMALL_STEP * (sds[0] ?? 0);
    bend = sd > 0 ? third / (6 * variance * sd) : 0;
  };

  const quantile = (share: number): number => {
    const score = SCORES.get(share) ?? Number.NaN;
    let total = mean + sd * (score + bend * (score * score - 1));
    let low = Number.NEGATIVE_INFINITY;
    let high = Number.POSITIVE_INFINITY;
    for (let step = 0; step < MOST_STEPS && sd > 0; step += 1) {
      let below = 0;
      let density = 0;
      for (let level = 0; level < levels; level += 1) {
        const own = sds[level] ?? 0;
        const at = (total - (means[level] ?? 0)) / own;
        const skew = bends[level] ?? 0;
        const root = 1 + 4 * skew * (skew + at);
        if (root <= 0) {
          below += skew > 0 ? 0 : 1;
          continue;
        }
        const steep = Math.sqrt(root);
        const normal = (2 * (skew + at)) / (1 + steep);
        const bell = 0.3989422804014327 * Math.exp(-0.5 * normal * normal);
        const tail = bell * upperTail(normal < 0 ? -normal : normal);
        below += normal < 0 ? tail : 1 - tail;
        density += bell / (steep * own);
      }
      const wrong = below / levels - share;
      if (wrong > 0) high = total;
      else low = total;
      const next = total - (wrong * levels) / density;
      const kept =
        next > low && next < high ? next : (Math.max(low, mean - 9 * sd) + Math.min(high, mean + 9 * sd)) / 2;
      const moved = Math.abs(kept - total);
      total = kept;
      if (moved <= smallStep) break;
    }
    return Math.max(0, total);
  };

  return { take, quantile };
}

/** (1 - normal distribution) / density at u >= 0, within 7.5e-8 of the chance. Source: Abramowitz and Stegun, 26.2.17. */
function upperTail(u: number): number {
  const t = 1 / (1 + 0.2316419 * u);
  return t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
}

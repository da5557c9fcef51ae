import { logistic, logit } from '../totals/totals-shock.ts';
import type { OddsOutcomes } from './accuracy.ts';

const STEPS = 50;
const CONVERGED = 1e-10;

/**
 * Calibration slope (Cox): logistic regression of the outcome on the logit of the odds. 1 is ideal; below 1 the odds are too bold,
 * above 1 too timid. Null when there is nothing to regress: no deals, one outcome only, one value of the odds only, or odds that
 * separate the outcomes completely.
 */
export function calibrationSlope({ odds, won }: OddsOutcomes): number | null {
  const scores = odds.map(logit);
  let intercept = 0;
  let slope = 1;
  for (let step = 0; step < STEPS; step += 1) {
    const { gradient, curvature } = likelihoodAt(scores, won, intercept, slope);
    const [g0, g1] = gradient;
    const [c00, c01, c11] = curvature;
    const determinant = c00 * c11 - c01 * c01;
    if (!(determinant > 1e-12 * c00 * c11)) return null;
    const byIntercept = (c11 * g0 - c01 * g1) / determinant;
    const bySlope = (c00 * g1 - c01 * g0) / determinant;
    intercept += byIntercept;
    slope += bySlope;
    if (Math.abs(byIntercept) + Math.abs(bySlope) < CONVERGED) return slope;
  }
  return null;
}

/** First and second derivatives of the log-likelihood (the second with its sign turned). */
function likelihoodAt(
  scores: Float64Array,
  won: Uint8Array,
  intercept: number,
  slope: number,
): { readonly gradient: [number, number]; readonly curvature: [number, number, number] } {
  const gradient: [number, number] = [0, 0];
  const curvature: [number, number, number] = [0, 0, 0];
  for (let deal = 0; deal < scores.length; deal += 1) {
    const score = scores[deal] ?? 0;
    const fitted = logistic(intercept + slope * score);
    const miss = (won[deal] ?? 0) - fitted;
    const weight = fitted * (1 - fitted);
    gradient[0] += miss;
    gradient[1] += miss * score;
    curvature[0] += weight;
    curvature[1] += weight * score;
    curvature[2] += weight * score * score;
  }
  return { gradient, curvature };
}

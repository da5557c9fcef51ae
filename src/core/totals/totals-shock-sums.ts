/**
 * Sums over deals from which the total's mean, variance and third moment follow at every level of the common shock. A shift s of all
 * odds on the logit scale turns p into p + q s + q r s^2/2 + ..., with q = p(1-p) and r = 1 - 2p (the derivatives of the logistic
 * function), so seven sums say how a scope answers to any s. Measured against the shifted odds themselves in
 * test/unit/shocked-total.test.ts.
 */
/** In this order: a p, a q, a q r, a^2 q, a^2 q r, a^3 q, a^3 q r. */
export const SHOCK_SUMS = 7;

/** Adding and taking away 2^52 leaves a whole number, half to even: the rounding of a line at the price of two additions. */
const WHOLE = 2 ** 52;

/** The deals of one owner in one period. */
interface Crowd {
  readonly amountMinor: Float64Array;
  readonly chances: Float64Array;
  readonly from: number;
  readonly deals: number;
  readonly period: number;
}

/** Where its deals look up their odds (cell * periods), and where their lines are added by pipeline (pipeline * periods). */
export interface CrowdPlaces {
  readonly odds: Int32Array;
  readonly pipeline: Int32Array;
}

/**
 * Adds the crowd's sums at `sums[at]` and its rounded lines by pipeline. The innermost loop of a forecast: twelve million times for a
 * million deals and a year. It stands alone, and its sums
 * begin with what an array of doubles holds, so that the engine keeps them in registers: measured, half the time.
 */
export function addCrowd(
  { amountMinor, chances, from, deals, period }: Crowd,
  places: CrowdPlaces,
  expectedByPipeline: Float64Array,
  sums: Float64Array,
  at: number,
): void {
  let expected = sums[at] ?? 0;
  let slope = sums[at + 1] ?? 0;
  let bend = sums[at + 2] ?? 0;
  let variance = sums[at + 3] ?? 0;
  let varianceSlope = sums[at + 4] ?? 0;
  let cube = sums[at + 5] ?? 0;
  let third = sums[at + 6] ?? 0;
  for (let deal = 0; deal < deals; deal += 1) {
    const amount = amountMinor[from + deal] ?? 0;
    const odds = chances[(places.odds[deal] ?? 0) + period] ?? 0;
    const line = amount * odds;
    const rounded = line + WHOLE - WHOLE;
    const aq = line - line * odds;
    const aqr = aq - 2 * aq * odds;
    const aaq = amount * aq;
    const aaqr = amount * aqr;
    const inPipeline = (places.pipeline[deal] ?? 0) + period;
    expectedByPipeline[inPipeline] = (expectedByPipeline[inPipeline] ?? 0) + rounded;
    expected += rounded;
    slope += aq;
    bend += aqr;
    variance += aaq;
    varianceSlope += aaqr;
    cube += amount * aaq;
    third += amount * aaqr;
  }
  sums[at] = expected;
  sums[at + 1] = slope;
  sums[at + 2] = bend;
  sums[at + 3] = variance;
  sums[at + 4] = varianceSlope;
  sums[at + 5] = cube;
  sums[at + 6] = third;
}

/** Deals that share their odds, by the sums of their amounts, squares and cubes. */
export function addSums(
  sums: Float64Array,
  at: number,
  cell: { readonly odds: number; readonly amount: number; readonly square: number; readonly cube: number },
): void {
  const { odds, amount, square, cube } = cell;
  const q = odds * (1 - odds);
  const qr = q * (1 - 2 * odds);
  sums[at] = (sums[at] ?? 0) + amount * odds;
  sums[at + 1] = (sums[at + 1] ?? 0) + amount * q;
  sums[at + 2] = (sums[at + 2] ?? 0) + amount * qr;
  sums[at + 3] = (sums[at + 3] ?? 0) + square * q;
  sums[at + 4] = (sums[at + 4] ?? 0) + square * qr;
  sums[at + 5] = (sums[at + 5] ?? 0) + cube * q;
  sums[at + 6] = (sums[at + 6] ?? 0) + cube * qr;
}

/**
 * Of the total of the sums at `sums[at]`, when every logit is shifted by `shift`: mean, variance and third central moment. The next
 * derivative of the logistic function is q (3 r^2 - 1) / 2; the mean of r over the deals stands for each of them there.
 */
export function momentsUnderShift(sums: Float64Array, at: number, shift: number, into: Float64Array): void {
  const slope = sums[at + 1] ?? 0;
  const bend = sums[at + 2] ?? 0;
  const variance = sums[at + 3] ?? 0;
  const varianceSlope = sums[at + 4] ?? 0;
  const third = sums[at + 6] ?? 0;
  const half = (shift * shift) / 2;
  into[0] = (sums[at] ?? 0) + slope * shift + bend * half + (nextDerivative(slope, bend) * half * shift) / 3;
  into[1] = Math.max(0, variance + varianceSlope * shift + nextDerivative(variance, varianceSlope) * half);
  into[2] = third + nextDerivative(sums[at + 5] ?? 0, third) * shift;
}

/** From sums of w q and w q r that of w q (3 r^2 - 1) / 2, as if r were the same for all. */
function nextDerivative(wq: number, wqr: number): number {
  return wq > 0 ? (3 * (wqr / wq) * wqr - wq) / 2 : 0;
}

/** How right a forecast was. forecast-model: section 7. Every measure is null where its denominator is zero: unknown, not perfect. */

/** One frozen forecast and what happened, in the same unit. */
export interface Outturn {
  readonly forecast: number;
  readonly actual: number;
}

/** One deal's odds and whether it was won in time. */
export interface OddsOutcome {
  readonly odds: number;
  readonly won: boolean;
}

/** Sum of misses over sum of actuals: the headline. */
export function wape(outturns: readonly Outturn[]): number | null {
  return overActuals(outturns, (miss) => Math.abs(miss));
}

/** Signed: above zero means that too much was promised. */
export function signedBias(outturns: readonly Outturn[]): number | null {
  return overActuals(outturns, (miss) => miss);
}

function overActuals(outturns: readonly Outturn[], term: (miss: number) => number): number | null {
  let terms = 0;
  let actuals = 0;
  for (const { forecast, actual } of outturns) {
    terms += term(forecast - actual);
    actuals += actual;
  }
  return actuals > 0 ? terms / actuals : null;
}

/** Mean of the relative misses; a detail only, because small periods weigh as much as large ones. Periods without actual are left out. */
export function mape(outturns: readonly Outturn[]): number | null {
  const known = outturns.filter(({ actual }) => actual > 0);
  if (known.length === 0) return null;
  return (
    known.reduce((sum, { forecast, actual }) => sum + Math.abs(forecast - actual) / actual, 0) / known.length
  );
}

/** Share of the actuals that fell between P10 and P90; ideal .8. */
export function intervalCoverage(
  periods: readonly { readonly low: number; readonly high: number; readonly actual: number }[],
): number | null {
  const inside = periods.filter(({ low, high, actual }) => low <= actual && actual <= high);
  return periods.length > 0 ? inside.length / periods.length : null;
}

/** Mean squared distance between odds and outcome. */
export function brier(verdicts: readonly OddsOutcome[]): number | null {
  if (verdicts.length === 0) return null;
  return verdicts.reduce((sum, { odds, won }) => sum + (odds - (won ? 1 : 0)) ** 2, 0) / verdicts.length;
}

/** 1 - Brier / Brier of always saying the overall share; above 0: the odds know something about single deals. */
export function brierSkill(verdicts: readonly OddsOutcome[]): number | null {
  const score = brier(verdicts);
  const share = verdicts.filter(({ won }) => won).length / verdicts.length;
  return score === null || share === 0 || share === 1 ? null : 1 - score / (share * (1 - share));
}

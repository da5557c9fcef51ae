/** How right a forecast was. forecast-model: section 7. Every measure is null where its denominator is zero: unknown, not perfect. */

/** One frozen forecast and what happened, in the same unit. */
export interface Outturn {
  readonly forecast: number;
  readonly actual: number;
}

/** Odds of deals and, in the same order, 1 for those won in time and 0 for the others. In columns, because a replay holds millions. */
export interface OddsOutcomes {
  readonly odds: Float64Array;
  readonly won: Uint8Array;
}

export function oddsOutcomes(
  deals: readonly { readonly odds: number; readonly won: boolean }[],
): OddsOutcomes {
  return {
    odds: Float64Array.from(deals, ({ odds }) => odds),
    won: Uint8Array.from(deals, ({ won }) => (won ? 1 : 0)),
  };
}

export function joinOutcomes(parts: readonly OddsOutcomes[]): OddsOutcomes {
  const deals = parts.reduce((sum, { odds }) => sum + odds.length, 0);
  const joined = { odds: new Float64Array(deals), won: new Uint8Array(deals) };
  let from = 0;
  for (const { odds, won } of parts) {
    joined.odds.set(odds, from);
    joined.won.set(won, from);
    from += odds.length;
  }
  return joined;
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
export function brier({ odds, won }: OddsOutcomes): number | null {
  if (odds.length === 0) return null;
  return odds.reduce((sum, chance, deal) => sum + (chance - (won[deal] ?? 0)) ** 2, 0) / odds.length;
}

/** 1 - Brier / Brier of always saying the overall share; above 0: the odds know something about single deals. */
export function brierSkill(outcomes: OddsOutcomes): number | null {
  const score = brier(outcomes);
  const share = outcomes.won.reduce((sum, won) => sum + won, 0) / outcomes.won.length;
  return score === null || share === 0 || share === 1 ? null : 1 - score / (share * (1 - share));
}

/** The headline of mail and page as whole displayed steps, derived once: two faces of one forecast never disagree. */
import type { ForecastSummary } from '../src/core/forecast/forecast-types.ts';
import { largestOf, type MoneyScale, magnitude, moneyScale, roundToSteps, wholePercent } from './rounding.ts';

/** won + expected = forecast; forecast + gap = target (gap below zero: above target). In steps of `scale`. */
export interface HeadlineFigures {
  readonly scale: MoneyScale;
  readonly forecast: bigint;
  readonly won: bigint;
  readonly expected: bigint;
  readonly target: bigint | null;
  readonly gap: bigint | null;
  readonly percentOfTarget: bigint | null;
}

export function headlineFigures(summary: ForecastSummary, scale = scaleOf(summary)): HeadlineFigures {
  const { forecastMinor, targetMinor, wonMinor } = summary;
  const forecast = roundToSteps(forecastMinor, scale);
  const won = roundToSteps(wonMinor, scale);
  const target = targetMinor === null ? null : roundToSteps(targetMinor, scale);
  return {
    scale,
    forecast,
    won,
    expected: forecast - won,
    target,
    gap: target === null ? null : target - forecast,
    percentOfTarget: targetMinor === null ? null : wholePercent(forecastMinor, targetMinor),
  };
}

function scaleOf({
  currency,
  forecastMinor,
  targetMinor,
  wonMinor,
  expectedMinor,
}: ForecastSummary): MoneyScale {
  return moneyScale(currency, largestOf([forecastMinor, targetMinor ?? 0n, wonMinor, expectedMinor]));
}

/** Whole percent of the bar's width; the three add up to 100. Without a target, or above it, the forecast is the whole bar. */
export interface BarWidths {
  readonly won: number;
  readonly expected: number;
  readonly gap: number;
}

export function barWidths({ won, expected, forecast, target }: HeadlineFigures): BarWidths {
  const whole = target !== null && target > forecast ? target : forecast;
  const wonWidth = Number(wholePercent(magnitude(won), whole));
  const expectedWidth = Math.min(Number(wholePercent(magnitude(expected), whole)), 100 - wonWidth);
  return { won: wonWidth, expected: expectedWidth, gap: 100 - wonWidth - expectedWidth };
}

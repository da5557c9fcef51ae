/** Forecasts frozen before the end of a period meet its outcome. forecast-model: section 7. Horizons are never averaged. */

import type { Period } from '../values/calendar.ts';
import {
  brier,
  brierSkill,
  intervalCoverage,
  joinOutcomes,
  mape,
  type OddsOutcomes,
  signedBias,
  wape,
} from './accuracy.ts';
import { calibrationSlope } from './accuracy-slope.ts';

/** Days before the end of a period at which its forecast is judged. */
export const ACCURACY_DAYS: readonly number[] = [90, 60, 30, 7];

/** One forecast of one period, and what came. Minor units of the company currency. */
export interface MetFigures {
  readonly period: Period;
  /** The day of which the forecast is: the horizon day, or the snapshot before it. */
  readonly asOf: Temporal.PlainDate;
  /** `replayed`: no snapshot existed, the day was computed afterwards from the histories. */
  readonly source: 'snapshot' | 'replayed';
  readonly modelVersion: number;
  /** Of the deals known on that day: won so far + expected, with its range; and what just these deals brought. */
  readonly forecastMinor: bigint;
  readonly lowMinor: bigint;
  readonly highMinor: bigint;
  readonly cameMinor: bigint;
  /** With what was expected from deals that did not exist yet; null where it could not be said. */
  readonly withNewMinor: bigint | null;
  /** What the manager had frozen by that day; null when nothing. */
  readonly managerMinor: bigint | null;
  /** All that was signed in the period. */
  readonly actualMinor: bigint;
}

export interface MetForecast extends MetFigures {
  /** Odds and outcome of each deal open on that day. */
  readonly outcomes: OddsOutcomes;
}

/** Computed and manager's figure over the same periods, against all that was signed. */
interface SideBySide {
  readonly periods: number;
  readonly manager: { readonly wape: number | null; readonly bias: number | null };
  readonly computed: { readonly wape: number | null; readonly bias: number | null };
}

export interface HorizonAccuracy {
  readonly daysBefore: number;
  readonly periods: readonly MetFigures[];
  /** Of the deals known on the day, against what they brought. */
  readonly wape: number | null;
  readonly bias: number | null;
  readonly mape: number | null;
  readonly coverage: number | null;
  readonly brier: number | null;
  readonly skill: number | null;
  readonly slope: number | null;
  /** New deals included, against all that was signed. */
  readonly total: { readonly wape: number | null; readonly bias: number | null };
  /** Null when the manager froze nothing for any of the periods. */
  readonly beside: SideBySide | null;
}

export function accuracyAt(daysBefore: number, met: readonly MetForecast[]): HorizonAccuracy {
  const known = met.map(({ forecastMinor, cameMinor }) => outturn(forecastMinor, cameMinor));
  const outcomes = joinOutcomes(met.map((forecast) => forecast.outcomes));
  return {
    daysBefore,
    periods: met.map(({ outcomes: _, ...figures }) => figures),
    wape: wape(known),
    bias: signedBias(known),
    mape: mape(known),
    coverage: intervalCoverage(
      met.map(({ lowMinor, highMinor, cameMinor }) => ({
        low: Number(lowMinor),
        high: Number(highMinor),
        actual: Number(cameMinor),
      })),
    ),
    brier: brier(outcomes),
    skill: brierSkill(outcomes),
    slope: calibrationSlope(outcomes),
    total: scoreOf(met.flatMap(({ withNewMinor, actualMinor }) => pair(withNewMinor, actualMinor))),
    beside: besideManager(met),
  };
}

function besideManager(met: readonly MetForecast[]): SideBySide | null {
  const frozen = met.filter(({ managerMinor }) => managerMinor !== null);
  if (frozen.length === 0) return null;
  return {
    periods: frozen.length,
    manager: scoreOf(frozen.flatMap(({ managerMinor, actualMinor }) => pair(managerMinor, actualMinor))),
    computed: scoreOf(
      frozen.map(({ withNewMinor, forecastMinor, actualMinor }) =>
        outturn(withNewMinor ?? forecastMinor, actualMinor),
      ),
    ),
  };
}

type Outturns = Parameters<typeof wape>[0];

function scoreOf(outturns: Outturns): { readonly wape: number | null; readonly bias: number | null } {
  return { wape: wape(outturns), bias: signedBias(outturns) };
}

function pair(forecastMinor: bigint | null, actualMinor: bigint): Outturns {
  return forecastMinor === null ? [] : [outturn(forecastMinor, actualMinor)];
}

function outturn(forecastMinor: bigint, actualMinor: bigint): Outturns[number] {
  return { forecast: Number(forecastMinor), actual: Number(actualMinor) };
}

/** The replay in figures, and what may honestly be said of it. forecast-model: section 7. */
import { brierSkill, intervalCoverage, joinOutcomes, type Outturn, signedBias, wape } from './accuracy.ts';
import { calibrationSlope } from './accuracy-slope.ts';
import type { BacktestHorizon, Forecaster, ReplayedHorizon, ReplayedWindow } from './backtest.ts';

interface ForecasterScore {
  readonly wape: number | null;
  readonly bias: number | null;
}

/** Figures of one horizon; horizons are never averaged. */
export interface HorizonScore {
  readonly horizon: BacktestHorizon;
  readonly windows: number;
  /** Windows that do not overlap: what the figures really rest on. */
  readonly independentWindows: number;
  readonly wins: number;
  readonly counts: Readonly<Record<Forecaster, ForecasterScore>>;
  readonly amounts: Readonly<Record<Forecaster, ForecasterScore>>;
  readonly withNewDeals: ForecasterScore;
  readonly skill: number | null;
  readonly slope: number | null;
  /** Share of the windows whose wins fell between P10 and P90. */
  readonly coverage: number | null;
  readonly withoutAmount: number;
  readonly verdict: BacktestVerdict;
}

/** `too_short`: no claim. Else how the error compares with the honest naive, and which way the forecast leans. */
type BacktestVerdict =
  | { readonly kind: 'too_short'; readonly independentWindows: number; readonly wins: number }
  | {
      readonly kind: 'better' | 'similar' | 'worse';
      /** Error of Jalon over error of the honest naive; below 1 is better. Null when the naive made no error. */
      readonly againstNaive: number | null;
      /** How many times less than the CRM's ladder Jalon missed; null when Jalon made no error. */
      readonly timesBetterThanCrm: number | null;
      readonly leaning: 'even' | 'too_high' | 'too_low';
    };

/** Fewer windows or wins than this prove nothing. */
const FEWEST_WINDOWS = 3;
const FEWEST_WINS = 10;
/** Within this of the naive's error nobody is better. */
const CLEARLY = 0.1;
/** A bias within this is even. */
const EVEN = 0.1;

export function scoreReplay(replayed: readonly ReplayedHorizon[]): readonly HorizonScore[] {
  return replayed.map(({ horizon, windows }) => {
    const outcomes = joinOutcomes(windows.map((window) => window.outcomes));
    const score = {
      horizon,
      windows: windows.length,
      independentWindows: independentWindows(windows),
      wins: windows.reduce((sum, window) => sum + window.counts.jalon.actual, 0),
      counts: perForecaster(windows, (window) => window.counts),
      amounts: perForecaster(windows, (window) => window.amounts),
      withNewDeals: scoreOf(windows.map((window) => window.withNewDeals)),
      skill: brierSkill(outcomes),
      slope: calibrationSlope(outcomes),
      coverage: intervalCoverage(
        windows.map((window) => ({
          low: window.lowCount,
          high: window.highCount,
          actual: window.counts.jalon.actual,
        })),
      ),
      withoutAmount: windows.reduce((most, window) => Math.max(most, window.withoutAmount), 0),
    };
    return { ...score, verdict: verdictOf(score) };
  });
}

function perForecaster(
  windows: readonly ReplayedWindow[],
  outturnsOf: (window: ReplayedWindow) => Readonly<Record<Forecaster, Outturn>>,
): Readonly<Record<Forecaster, ForecasterScore>> {
  const of = (who: Forecaster): ForecasterScore => scoreOf(windows.map((window) => outturnsOf(window)[who]));
  return { jalon: of('jalon'), n0: of('n0'), n1: of('n1'), n4: of('n4') };
}

function scoreOf(outturns: readonly Outturn[]): ForecasterScore {
  return { wape: wape(outturns), bias: signedBias(outturns) };
}

/** The most windows that can be picked without two of them sharing a day. Windows come in order of their origin. */
function independentWindows(windows: readonly ReplayedWindow[]): number {
  let picked = 0;
  let freeFrom = Number.NEGATIVE_INFINITY;
  for (const { originDay, horizonDays } of windows.toSorted(
    (left, right) => left.originDay + left.horizonDays - (right.originDay + right.horizonDays),
  )) {
    if (originDay < freeFrom) continue;
    picked += 1;
    freeFrom = originDay + horizonDays;
  }
  return picked;
}

function verdictOf(score: Pick<HorizonScore, 'independentWindows' | 'wins' | 'counts'>): BacktestVerdict {
  const { independentWindows: independent, wins, counts } = score;
  const { jalon, n0, n4 } = counts;
  if (independent < FEWEST_WINDOWS || wins < FEWEST_WINS || jalon.wape === null || n4.wape === null)
    return { kind: 'too_short', independentWindows: independent, wins };
  const kind =
    jalon.wape < n4.wape * (1 - CLEARLY)
      ? 'better'
      : jalon.wape > n4.wape * (1 + CLEARLY)
        ? 'worse'
        : 'similar';
  const bias = jalon.bias ?? 0;
  return {
    kind,
    againstNaive: n4.wape > 0 ? jalon.wape / n4.wape : null,
    timesBetterThanCrm: jalon.wape > 0 && n0.wape !== null ? n0.wape / jalon.wape : null,
    leaning: bias > EVEN ? 'too_high' : bias < -EVEN ? 'too_low' : 'even',
  };
}

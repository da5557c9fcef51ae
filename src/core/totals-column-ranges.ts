/** Ranges of pipelines and of the whole company from the sums of cells. forecast-model: section 4. */
import type { Moments } from './cornish-fisher.ts';
import type { ColumnTotals, OddsGrid } from './totals-columns.ts';
import { crowdUnderShock } from './totals-mixture.ts';
import { SHOCK_LEVELS, shockSigma } from './totals-shock.ts';

/** Largest share of the variance that one deal may carry for the crowd's formula to hold. */
const DOMINATED_FROM = 0.01;

interface ColumnRange {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  /** One deal may outweigh the crowd: take `rangeOf` with the deals themselves. */
  readonly dominated: boolean;
}

/** Minor units, not rounded. */
export interface ColumnRanges {
  /** The company's range for each period. */
  readonly company: readonly ColumnRange[];
  /** Each pipeline's range for the first period. */
  readonly pipelines: readonly ColumnRange[];
}

export function columnRanges(totals: ColumnTotals, grid: OddsGrid, companyWins: number): ColumnRanges {
  const pipelines = Array.from({ length: grid.pipelines }, (_, pipeline) => pipeline);
  const largest = totals.largestMinor.reduce((most, amount) => Math.max(most, amount), 0);
  return {
    company: Array.from({ length: grid.periods }, (_, period) =>
      rangeOfCells(totals, grid, { from: 0, until: grid.pipelines }, period, companyWins, largest),
    ),
    pipelines: pipelines.map((pipeline) =>
      rangeOfCells(
        totals,
        grid,
        { from: pipeline, until: pipeline + 1 },
        0,
        grid.wins[pipeline] ?? 0,
        totals.largestMinor[pipeline] ?? 0,
      ),
    ),
  };
}

/** Pipelines from `from` up to, not including, `until`. */
interface Books {
  readonly from: number;
  readonly until: number;
}

function rangeOfCells(
  totals: ColumnTotals,
  grid: OddsGrid,
  books: Books,
  period: number,
  wins: number,
  largest: number,
): ColumnRange {
  const sigma = shockSigma(wins);
  const levels = SHOCK_LEVELS.map((level) => momentsAt(totals, grid, books, period, Math.exp(sigma * level)));
  const variance = levels.reduce((sum, { sd }) => sum + (sd * sd) / levels.length, 0);
  const total = crowdUnderShock(levels);
  return {
    p10: total.quantile(0.1),
    p50: total.quantile(0.5),
    p90: total.quantile(0.9),
    dominated: largest * largest * 0.25 > DOMINATED_FROM * variance,
  };
}

/** A shift s on the logit scale turns odds p into p e^s / (1 - p + p e^s): no logarithm per cell. `factor` is e^s. */
function momentsAt(
  totals: ColumnTotals,
  grid: OddsGrid,
  books: Books,
  period: number,
  factor: number,
): Moments {
  const { chances, periods } = grid;
  const { powers } = totals;
  const perBook = grid.milestones * grid.ages;
  let mean = 0;
  let variance = 0;
  let third = 0;
  for (let cell = books.from * perBook; cell < books.until * perBook; cell += 1) {
    const odds = chances[cell * periods + period] ?? 0;
    const lifted = odds * factor;
    const p = lifted / (1 - odds + lifted);
    const spread = p * (1 - p);
    mean += (powers[cell * 3] ?? 0) * p;
    variance += (powers[cell * 3 + 1] ?? 0) * spread;
    third += (powers[cell * 3 + 2] ?? 0) * spread * (1 - 2 * p);
  }
  const sd = Math.sqrt(variance);
  return { mean, sd, skew: sd > 0 ? third / (variance * sd) : 0 };
}

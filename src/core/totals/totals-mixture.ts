/**
 * The distribution of a period's total under the common shock. Deals that weigh are laid on an exact grid, the crowd of small ones is
 * described by mean, variance and skew; the ten levels of the shock are averaged. forecast-model: section 4.
 */
import { chanceAtMost, type Moments, momentsOf } from './cornish-fisher.ts';
import { type AmountGrid, amountGrid, cellFor } from './range-grid.ts';
import { quantileIndex } from './totals-counts.ts';
import { shockedOdds } from './totals-shock.ts';

/** Up to this many deals the grid takes all of them. */
const GRID_DEALS = 100;
/** Above, it still takes all when their amounts share a divisor that makes the grid this cheap (deals x cells)... */
const CHEAP_GRID = 1_000_000;
/** ...and else the deals that carry at least this share of the variance, at most GRID_DEALS of them. */
const WEIGHTY_SHARE = 0.05;
/** Beside a crowd a coarser grid is enough: its steps drown in the crowd's own spread. */
const CELLS_BESIDE_CROWD = 1_024;

export interface TotalDistribution {
  /** Smallest total, in the unit of the amounts, that is not exceeded with chance `share`. */
  quantile(share: number): number;
  chanceAtLeast(total: number): number;
}

/** `amounts` are whole and > 0, `odds` are 0..1, in the same order. `cells` bounds the grid where its finest is not wanted. */
export function totalUnderShock(
  amounts: readonly number[],
  odds: readonly number[],
  wins: number,
  cells?: number,
): TotalDistribution {
  const onGrid = gridDeals(amounts, odds);
  const crowd = amounts.map((_, deal) => deal).filter((deal) => !onGrid.has(deal));
  const gridAmounts = [...onGrid].map((deal) => amounts[deal] ?? 0);
  const crowdAmounts = crowd.map((deal) => amounts[deal] ?? 0);
  const cell = crowd.length === 0 ? cellFor(gridAmounts, cells) : cellFor(gridAmounts, CELLS_BESIDE_CROWD);
  const levels = shockedOdds(odds, wins).map((level) => ({
    grid: amountGrid(
      gridAmounts,
      [...onGrid].map((deal) => level[deal] ?? 0),
      cell,
    ),
    crowd: momentsOf(
      crowdAmounts,
      crowd.map((deal) => level[deal] ?? 0),
    ),
  }));
  return crowd.length === 0 ? gridOnly(levels.map((level) => level.grid)) : withCrowd(levels);
}

/** Indexes of the deals that are too weighty to vanish in a crowd. */
function gridDeals(amounts: readonly number[], odds: readonly number[]): ReadonlySet<number> {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  const all = new Set(amounts.keys());
  if (amounts.length <= GRID_DEALS || (amounts.length * total) / cellFor(amounts) <= CHEAP_GRID) return all;
  const variances = amounts.map((amount, deal) => amount ** 2 * (odds[deal] ?? 0) * (1 - (odds[deal] ?? 0)));
  const weighty = WEIGHTY_SHARE * variances.reduce((sum, variance) => sum + variance, 0);
  const ranked = [...all]
    .filter((deal) => (variances[deal] ?? 0) > weighty)
    .sort((left, right) => (variances[right] ?? 0) - (variances[left] ?? 0) || left - right);
  return new Set(ranked.slice(0, GRID_DEALS));
}

function gridOnly(grids: readonly AmountGrid[]): TotalDistribution {
  const cell = grids[0]?.cell ?? 1;
  const mixture = new Float64Array(grids[0]?.chances.length ?? 1);
  for (const grid of grids)
    for (let k = 0; k < mixture.length; k += 1)
      mixture[k] = (mixture[k] ?? 0) + (grid.chances[k] ?? 0) / grids.length;
  return {
    quantile: (share) => quantileIndex(mixture, share) * cell,
    chanceAtLeast: (total) => {
      const from = Math.ceil(total / cell);
      if (from <= 0) return 1;
      return Math.min(
        1,
        mixture.subarray(from).reduce((sum, chance) => sum + chance, 0),
      );
    },
  };
}

interface MixedLevel {
  readonly grid: AmountGrid;
  readonly crowd: Moments;
}

/** A quantile is sought until it is known to this share of itself. */
const QUANTILE_PRECISION = 1e-7;

/** The same for a crowd alone, described by its moments at each level of the shock. */
export function crowdUnderShock(levels: readonly Moments[]): TotalDistribution {
  return withCrowd(levels.map((crowd) => ({ crowd, grid: { cell: 1, chances: Float64Array.of(1) } })));
}

function withCrowd(levels: readonly MixedLevel[]): TotalDistribution {
  const sparse = levels.map(({ grid, crowd }) => ({ crowd, points: pointsOf(grid) }));
  const atMost = (total: number): number => {
    let sum = 0;
    for (const { crowd, points } of sparse)
      for (const { amount, chance } of points) sum += chance * chanceAtMost(crowd, total - amount);
    return sum / levels.length;
  };
  const most = Math.max(
    ...levels.map(({ grid, crowd }) => grid.cell * grid.chances.length + crowd.mean + 9 * crowd.sd),
  );
  const quantile = (share: number): number => {
    if (atMost(0) >= share) return 0;
    let low = 0;
    let high = most;
    while (high - low > Math.max(0.5, QUANTILE_PRECISION * high)) {
      const middle = (low + high) / 2;
      if (atMost(middle) >= share) high = middle;
      else low = middle;
    }
    return high;
  };
  return { quantile, chanceAtLeast: (total) => (total <= 0 ? 1 : 1 - atMost(total)) };
}

/** Sums less likely than this are left out. */
const NEGLIGIBLE = 1e-10;

function pointsOf(grid: AmountGrid): readonly { readonly amount: number; readonly chance: number }[] {
  const points: { amount: number; chance: number }[] = [];
  for (const [k, chance] of grid.chances.entries())
    if (chance > NEGLIGIBLE) points.push({ amount: k * grid.cell, chance });
  return points;
}

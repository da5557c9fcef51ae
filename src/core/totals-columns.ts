/**
 * The forecast of very many deals: columns that stay in memory are read once. Same odds as deal by deal, each line rounded to the
 * minor unit (in floating point: a line that lies exactly on a half may differ by one unit from the exact arithmetic). Ranges come from sums per cell (pipeline, milestone, age), because deals of one cell share their odds.
 */
import type { FittedOdds } from './fit-odds.ts';
import { quantiseOdds } from './net-amount.ts';

/** One place per open deal in each column. */
export interface DealColumns {
  /** Whole minor units of the company currency; exact below 2^53. */
  readonly amountMinor: Float64Array;
  readonly pipeline: Uint8Array;
  readonly owner: Uint16Array;
  /** Verified milestone; a deal with nothing verified has odds 0 and is not listed. */
  readonly milestone: Uint8Array;
  readonly ageDays: Uint8Array;
}

/** A period by days from today: from `fromDays` (0 for the current one) to `untilDays`, its first day after. */
export interface PeriodSpan {
  readonly fromDays: number;
  readonly untilDays: number;
}

/** Odds of every cell: `chances[cell * periods + k]`, with cell = (pipeline * milestones + milestone) * ages + age. */
export interface OddsGrid {
  readonly pipelines: number;
  readonly milestones: number;
  readonly ages: number;
  readonly periods: number;
  readonly chances: Float64Array;
  /** Wins in the history of each pipeline: how far its common shock reaches. */
  readonly wins: readonly number[];
}

/** Looked up once per forecast. All books share the milestones and the ages. */
export function oddsGrid(
  books: readonly FittedOdds[],
  milestones: number,
  spans: readonly PeriodSpan[],
): OddsGrid {
  const ages = books[0]?.table.ages ?? 1;
  const periods = spans.length;
  const perBook = milestones * ages;
  const chances = new Float64Array(books.length * perBook * periods);
  for (const [pipeline, { table }] of books.entries())
    for (const [k, { fromDays, untilDays }] of spans.entries()) {
      const byEnd = table.row(untilDays);
      const beforeStart = table.row(fromDays);
      for (let cell = 0; cell < perBook; cell += 1)
        chances[(pipeline * perBook + cell) * periods + k] = quantiseOdds(
          (byEnd[cell] ?? 0) - (beforeStart[cell] ?? 0),
        );
    }
  return { pipelines: books.length, milestones, ages, periods, chances, wins: books.map(({ wins }) => wins) };
}

/** What one reading of the columns yields. */
export interface ColumnTotals {
  /** `[owner * periods + k]`: sum of the rounded lines, minor units. */
  readonly expectedMinor: Float64Array;
  /** `[cell * 3 + j]`: sums of amount, amount^2 and amount^3 of the deals in each cell. */
  readonly powers: Float64Array;
  /** Largest amount of each pipeline: whether one deal dominates its range. */
  readonly largestMinor: Float64Array;
}

/** Adding and taking away 2^52 leaves a whole number, half to even: the rounding of a line at the price of two additions. */
const WHOLE = 2 ** 52;

/** Columns must agree with the grid: pipelines, milestones and owners in bounds. Ages beyond the grid share its last. */
export function columnTotals(columns: DealColumns, grid: OddsGrid, owners: number): ColumnTotals {
  const { periods, ages, milestones, chances } = grid;
  const { amountMinor, pipeline, owner, milestone, ageDays } = columns;
  const expectedMinor = new Float64Array(owners * periods);
  const powers = new Float64Array((chances.length / Math.max(1, periods)) * 3);
  const largestMinor = new Float64Array(grid.pipelines);
  for (let deal = 0; deal < amountMinor.length; deal += 1) {
    const amount = amountMinor[deal] ?? 0;
    const book = pipeline[deal] ?? 0;
    const age = ageDays[deal] ?? 0;
    const cell = (book * milestones + (milestone[deal] ?? 0)) * ages + (age < ages ? age : ages - 1);
    const to = (owner[deal] ?? 0) * periods;
    const from = cell * periods;
    for (let k = 0; k < periods; k += 1)
      expectedMinor[to + k] =
        (expectedMinor[to + k] ?? 0) + (amount * (chances[from + k] ?? 0) + WHOLE - WHOLE);
    const square = amount * amount;
    powers[cell * 3] = (powers[cell * 3] ?? 0) + amount;
    powers[cell * 3 + 1] = (powers[cell * 3 + 1] ?? 0) + square;
    powers[cell * 3 + 2] = (powers[cell * 3 + 2] ?? 0) + square * amount;
    if (amount > (largestMinor[book] ?? 0)) largestMinor[book] = amount;
  }
  return { expectedMinor, powers, largestMinor };
}

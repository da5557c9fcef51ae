/**
 * The forecast of very many deals: columns that stay in memory are read once. Same odds as deal by deal, each line rounded to the
 * minor unit (in floating point: a line that lies exactly on a half may differ by one unit from the exact arithmetic). Beside the
 * expected amounts the reading leaves the sums from which every range follows (totals-shock-sums.ts).
 */

import { quantiseOdds } from '../milestones/net-amount.ts';
import type { FittedOdds } from '../odds/fit-odds.ts';
import { addCrowd, addSums, type CrowdPlaces, SHOCK_SUMS } from './totals-shock-sums.ts';

/** One place per open deal in each column, the deals of an owner side by side. */
export interface DealColumns {
  /** Owner o has the deals `ownerStart[o]` up to, not including, `ownerStart[o + 1]`: one place more than there are owners. */
  readonly ownerStart: Uint32Array;
  /** Whole minor units of the company currency; exact below 2^53. */
  readonly amountMinor: Float64Array;
  readonly pipeline: Uint8Array;
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

/** Sums of many scopes: those of scope s in period k begin at `(s * periods + k) * SHOCK_SUMS`; the first of them is the expected amount. */
export interface ScopeSums {
  readonly sums: Float64Array;
  /** Largest amount of each scope: whether one deal may outweigh the others. */
  readonly largestMinor: Float64Array;
}

export interface ColumnTotals {
  readonly owners: ScopeSums;
  readonly pipelines: ScopeSums;
  /** One scope. */
  readonly company: ScopeSums;
}

/** Columns must agree with the grid: pipelines and milestones in bounds. Ages beyond the grid share its last. */
export function columnTotals(columns: DealColumns, grid: OddsGrid): ColumnTotals {
  const { periods, chances, pipelines } = grid;
  const { ownerStart, amountMinor } = columns;
  const ownerCount = ownerStart.length - 1;
  const owners = emptySums(ownerCount, periods);
  const expectedByPipeline = new Float64Array(pipelines * periods);
  const cells = cellSums(chances.length / Math.max(1, periods), pipelines);
  const places = emptyPlaces(mostDeals(ownerStart));
  for (let owner = 0; owner < ownerCount; owner += 1) {
    const from = ownerStart[owner] ?? 0;
    const deals = (ownerStart[owner + 1] ?? 0) - from;
    owners.largestMinor[owner] = placeDeals(columns, grid, from, deals, places, cells);
    for (let k = 0; k < periods; k += 1)
      addCrowd(
        { amountMinor, chances, from, deals, period: k },
        places,
        expectedByPipeline,
        owners.sums,
        (owner * periods + k) * SHOCK_SUMS,
      );
  }
  const byPipeline = pipelineSums(grid, cells, expectedByPipeline);
  return { owners, pipelines: byPipeline, company: companySums(grid, byPipeline) };
}

function emptyPlaces(deals: number): CrowdPlaces {
  return { odds: new Int32Array(deals), pipeline: new Int32Array(deals) };
}

function mostDeals(ownerStart: Uint32Array): number {
  let most = 0;
  for (let owner = 1; owner < ownerStart.length; owner += 1)
    most = Math.max(most, (ownerStart[owner] ?? 0) - (ownerStart[owner - 1] ?? 0));
  return most;
}

/** Deals of one cell share their odds, so its sums of amounts, of their squares and of their cubes say all about them. */
interface CellSums {
  /** `[cell * 3 + j]` */
  readonly powers: Float64Array;
  /** By pipeline. */
  readonly largestMinor: Float64Array;
}

function cellSums(cells: number, pipelines: number): CellSums {
  return { powers: new Float64Array(cells * 3), largestMinor: new Float64Array(pipelines) };
}

/** Reads the columns of one owner, the only time that they are read but for the amount; returns the owner's largest amount. */
function placeDeals(
  { amountMinor, pipeline, milestone, ageDays }: DealColumns,
  { milestones, ages, periods }: OddsGrid,
  from: number,
  deals: number,
  places: CrowdPlaces,
  { powers, largestMinor }: CellSums,
): number {
  let largest = 0;
  for (let at = 0; at < deals; at += 1) {
    const deal = from + at;
    const amount = amountMinor[deal] ?? 0;
    const book = pipeline[deal] ?? 0;
    const age = ageDays[deal] ?? 0;
    const cell = (book * milestones + (milestone[deal] ?? 0)) * ages + (age < ages ? age : ages - 1);
    places.odds[at] = cell * periods;
    places.pipeline[at] = book * periods;
    const square = amount * amount;
    powers[cell * 3] = (powers[cell * 3] ?? 0) + amount;
    powers[cell * 3 + 1] = (powers[cell * 3 + 1] ?? 0) + square;
    powers[cell * 3 + 2] = (powers[cell * 3 + 2] ?? 0) + square * amount;
    if (amount > (largestMinor[book] ?? 0)) largestMinor[book] = amount;
    if (amount > largest) largest = amount;
  }
  return largest;
}

/** The expected amounts are those of the lines, so that owners and pipelines add up to the same company. */
function pipelineSums(grid: OddsGrid, { powers, largestMinor }: CellSums, expected: Float64Array): ScopeSums {
  const { pipelines, milestones, ages, periods, chances } = grid;
  const perBook = milestones * ages;
  const { sums } = emptySums(pipelines, periods);
  for (let cell = 0; cell < pipelines * perBook; cell += 1)
    for (let k = 0; k < periods; k += 1)
      addSums(sums, (Math.floor(cell / perBook) * periods + k) * SHOCK_SUMS, {
        odds: chances[cell * periods + k] ?? 0,
        amount: powers[cell * 3] ?? 0,
        square: powers[cell * 3 + 1] ?? 0,
        cube: powers[cell * 3 + 2] ?? 0,
      });
  for (const [place, minor] of expected.entries()) sums[place * SHOCK_SUMS] = minor;
  return { sums, largestMinor };
}

function companySums({ periods }: OddsGrid, pipelines: ScopeSums): ScopeSums {
  const company = emptySums(1, periods);
  const width = company.sums.length;
  for (const [at, sum] of pipelines.sums.entries())
    company.sums[at % width] = (company.sums[at % width] ?? 0) + sum;
  company.largestMinor[0] = pipelines.largestMinor.reduce((most, amount) => Math.max(most, amount), 0);
  return company;
}

function emptySums(scopes: number, periods: number): ScopeSums {
  return {
    sums: new Float64Array(scopes * periods * SHOCK_SUMS),
    largestMinor: new Float64Array(scopes),
  };
}

/**
 * `npm run bench:forecast`: the weekly forecast of many deals against the bare sum over the same columns and against Postgres.
 * 50 pipelines, 2,000 owners, 12 months. Times are the best of several runs, on whatever machine this is.
 */
import { type FittedOdds, fitOdds } from '../../src/core/fit-odds.ts';
import { LOST, type StateEvent, stateLog, WON } from '../../src/core/history.ts';
import { columnRanges } from '../../src/core/totals-column-ranges.ts';
import { columnTotals, type DealColumns, oddsGrid, type PeriodSpan } from '../../src/core/totals-columns.ts';
import { postgresWeightedSum } from '../support/bench-postgres.ts';
import { randomFrom } from '../support/random.ts';

const PIPELINES = 50;
const OWNERS = 2_000;
const MONTHS = 12;
const ORIGIN = 1_000;
const MILESTONES = [1000, 2500, 4000, 6000].map((weightBps) => ({ weightBps, typicalDays: 14 }));
const SIZES = [10_000, 100_000, 1_000_000];
const RUNS = 15;

/** The columns of the forecast, and the month of the close date, which only a plain weighted sum looks at. */
interface BenchColumns extends DealColumns {
  readonly month: Uint8Array;
}

function columnsOf(deals: number): BenchColumns {
  const random = randomFrom(deals);
  const fill = <Column extends Uint8Array | Uint16Array>(column: Column, below: number): Column => {
    for (let at = 0; at < deals; at += 1) column[at] = Math.floor(random() * below);
    return column;
  };
  const amountMinor = new Float64Array(deals);
  for (let at = 0; at < deals; at += 1) amountMinor[at] = Math.round(2_000_00 + 100_000_00 * random() ** 4);
  return {
    amountMinor,
    pipeline: fill(new Uint8Array(deals), PIPELINES),
    owner: fill(new Uint16Array(deals), OWNERS),
    milestone: fill(new Uint8Array(deals), MILESTONES.length),
    ageDays: fill(new Uint8Array(deals), 150),
    month: fill(new Uint8Array(deals), MONTHS),
  };
}

function historiesOf(deals: number, seed: number): (readonly StateEvent[])[] {
  const random = randomFrom(seed);
  return Array.from({ length: deals }, () => {
    const events: StateEvent[] = [];
    let t = Math.floor(random() * ORIGIN);
    for (let state = 0; state < MILESTONES.length; state += 1) {
      events.push({ t, state });
      t += Math.floor(1 + random() * 25);
      if (random() < 0.25) return [...events, { t, state: LOST }];
    }
    return [...events, { t, state: WON }];
  });
}

function monthSpans(): readonly PeriodSpan[] {
  return Array.from({ length: MONTHS }, (_, month) => ({
    fromDays: month === 0 ? 0 : 9 + 30 * (month - 1),
    untilDays: 9 + 30 * month,
  }));
}

/** What any engine must at least do: read the columns, weigh each amount, sum by owner and month. */
function bareRollup(columns: BenchColumns, weights: Float64Array): Float64Array {
  const cells = new Float64Array(OWNERS * MONTHS);
  const { amountMinor, milestone, owner, month } = columns;
  for (let deal = 0; deal < amountMinor.length; deal += 1) {
    const cell = (owner[deal] ?? 0) * MONTHS + (month[deal] ?? 0);
    cells[cell] =
      (cells[cell] ?? 0) + Math.round((amountMinor[deal] ?? 0) * (weights[milestone[deal] ?? 0] ?? 0));
  }
  return cells;
}

/** One number: the least that touches every column of the forecast. */
function bareSum(columns: BenchColumns, weights: Float64Array): number {
  const { amountMinor, milestone, owner, pipeline, ageDays } = columns;
  let sum = 0;
  for (let deal = 0; deal < amountMinor.length; deal += 1)
    sum +=
      (amountMinor[deal] ?? 0) * (weights[milestone[deal] ?? 0] ?? 0) +
      (owner[deal] ?? 0) +
      (pipeline[deal] ?? 0) +
      (ageDays[deal] ?? 0);
  return sum;
}

function bestOf<Result>(work: () => Result, runs = RUNS): { readonly ms: number; readonly result: Result } {
  let best = Number.POSITIVE_INFINITY;
  let result = work();
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    result = work();
    best = Math.min(best, performance.now() - start);
  }
  return { ms: best, result };
}

/** The first run also pays for the garbage of building the input, so the better of two further ones is told. */
function timed<Result>(label: string, work: () => Result): Result {
  const { ms, result } = bestOf(work, 2);
  console.log(`${label}: ${ms.toFixed(0)} ms`);
  return result;
}

function megabytes(): string {
  return `${Math.round(process.memoryUsage().rss / 1e6)} MB resident`;
}

function benchFit(): readonly FittedOdds[] {
  const histories = historiesOf(3_000_000, 5);
  const events = histories.reduce((sum, history) => sum + history.length, 0);
  console.log(`fit: ${histories.length} deals, ${events} stage events, ${megabytes()}`);
  const log = timed('  events to daily columns', () => stateLog(histories));
  timed('  fit of all of them at one origin', () =>
    fitOdds({ histories: log, milestones: MILESTONES, originDay: ORIGIN }),
  );
  console.log(`  ${megabytes()}`);
  const perPipeline = histories.length / PIPELINES;
  return timed(`  ${PIPELINES} pipelines, columns and fit`, () =>
    Array.from({ length: PIPELINES }, (_, pipeline) =>
      fitOdds({
        histories: stateLog(histories.slice(pipeline * perPipeline, (pipeline + 1) * perPipeline)),
        milestones: MILESTONES,
        originDay: ORIGIN,
      }),
    ),
  );
}

async function benchForecast(deals: number, books: readonly FittedOdds[]): Promise<void> {
  const columns = columnsOf(deals);
  const weights = Float64Array.from(MILESTONES, ({ weightBps }) => weightBps / 10_000);
  const sum = bestOf(() => bareSum(columns, weights));
  const rollup = bestOf(() => bareRollup(columns, weights));
  const grid = oddsGrid(books, MILESTONES.length, monthSpans());
  const wins = books.reduce((total, book) => total + book.wins, 0);
  const totals = bestOf(() => columnTotals(columns, grid, OWNERS));
  const ranges = bestOf(() => columnRanges(totals.result, grid, wins));
  const ours = totals.ms + ranges.ms;
  const postgres = await postgresWeightedSum(columns, weights);
  const row = (label: string, ms: number): string =>
    `  ${label.padEnd(58)}${ms.toFixed(2).padStart(10)} ms  ${(ms / rollup.ms).toFixed(1).padStart(7)} x rollup ${(ms / sum.ms).toFixed(1).padStart(7)} x sum`;
  console.log(`${deals} deals, ${PIPELINES} pipelines, ${OWNERS} owners, ${MONTHS} months`);
  console.log(row('bare sum: one weighted total over the columns', sum.ms));
  console.log(row('bare rollup: weighted, by owner and close month', rollup.ms));
  console.log(row('Jalon: odds and expected by owner and month', totals.ms));
  console.log(row('Jalon: P10/P50/P90 of the company by month, of each pipeline', ranges.ms));
  console.log(row('Jalon, both', ours));
  console.log(
    postgres === null
      ? '  Postgres: none found (DATABASE_URL, or Postgres 15 binaries)'
      : row('Postgres: the plain weighted sum by owner and month', postgres.ms),
  );
  const company = ranges.result.company[0];
  console.log(
    `  this month: P10 ${show(company?.p10)}, P50 ${show(company?.p50)}, P90 ${show(company?.p90)}; ${megabytes()}`,
  );
}

function show(minor = 0): string {
  return Math.round(minor / 100).toLocaleString('en');
}

const books = benchFit();
timed('odds of 50 pipelines for a year, looked up', () => oddsGrid(books, MILESTONES.length, monthSpans()));
for (const size of SIZES) await benchForecast(size, books);

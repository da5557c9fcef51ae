/**
 * `npm run bench:forecast`: the weekly forecast of many deals against the bare sum over the same columns and against Postgres.
 * 50 pipelines, 2,000 owners, 12 months. Times are this thread's own, so that the ratios hold on a busy machine
 * too; that of Postgres is what the client waits for, the best of four.
 *
 * "The bare sum over the same columns" is one pass that reads every column the forecast reads, weighs each amount by its milestone
 * and adds: to one total (the least there is to do), and to a total per owner and per pipeline (the least that a report is).
 * Both say nothing of any month; the forecast answers for twelve, with a range for every owner, every pipeline and the company in each.
 */
import { type FittedOdds, fitOdds } from '../../src/core/odds/fit-odds.ts';
import { LOST, type StateEvent, stateLog, WON } from '../../src/core/odds/history.ts';
import { type ColumnRanges, columnRanges } from '../../src/core/totals/totals-column-ranges.ts';
import {
  columnTotals,
  type DealColumns,
  oddsGrid,
  type PeriodSpan,
} from '../../src/core/totals/totals-columns.ts';
import { postgresWeightedSum } from '../support/bench-postgres.ts';
import { randomFrom } from '../support/random.ts';

const PIPELINES = 50;
const OWNERS = 2_000;
const MONTHS = 12;
const ORIGIN = 1_000;
const MILESTONES = [1000, 2500, 4000, 6000].map((weightBps) => ({ weightBps, typicalDays: 14 }));
const SIZES = [10_000, 100_000, 1_000_000];
/** Long enough for the clock of a thread, which on some machines counts in steps of 4 ms. */
const ENOUGH_MS = 500;

/** The columns of the forecast, and the month of the close date, which only a plain weighted sum looks at. */
interface BenchColumns extends DealColumns {
  readonly month: Uint8Array;
}

function columnsOf(deals: number): BenchColumns {
  const random = randomFrom(deals);
  const fill = <Column extends Uint8Array | Float64Array>(column: Column, next: () => number): Column => {
    for (let at = 0; at < deals; at += 1) column[at] = Math.floor(next());
    return column;
  };
  const below = (limit: number) => () => random() * limit;
  return {
    ownerStart: ownersOf(deals, random),
    amountMinor: fill(new Float64Array(deals), () => 2_000_00 + 100_000_00 * random() ** 4),
    pipeline: fill(new Uint8Array(deals), below(PIPELINES)),
    milestone: fill(new Uint8Array(deals), below(MILESTONES.length)),
    ageDays: fill(new Uint8Array(deals), below(150)),
    month: fill(new Uint8Array(deals), below(MONTHS)),
  };
}

/** Every deal gets an owner by chance; where the deals of each begin. */
function ownersOf(deals: number, random: () => number): Uint32Array {
  const ownerStart = new Uint32Array(OWNERS + 1);
  for (let deal = 0; deal < deals; deal += 1) {
    const next = 1 + Math.floor(random() * OWNERS);
    ownerStart[next] = (ownerStart[next] ?? 0) + 1;
  }
  for (let owner = 1; owner <= OWNERS; owner += 1)
    ownerStart[owner] = (ownerStart[owner] ?? 0) + (ownerStart[owner - 1] ?? 0);
  return ownerStart;
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

/** One number: the least that touches every column of the forecast. */
function bareSum(columns: BenchColumns, weights: Float64Array): number {
  const { ownerStart, amountMinor, milestone, pipeline, ageDays } = columns;
  let sum = 0;
  for (let owner = 0; owner < OWNERS; owner += 1)
    for (let deal = ownerStart[owner] ?? 0; deal < (ownerStart[owner + 1] ?? 0); deal += 1)
      sum +=
        (amountMinor[deal] ?? 0) * (weights[milestone[deal] ?? 0] ?? 0) +
        (pipeline[deal] ?? 0) +
        (ageDays[deal] ?? 0);
  return sum;
}

/** A total per owner and per pipeline: the least that a report is. */
function bareReport(columns: BenchColumns, weights: Float64Array): Float64Array {
  const { ownerStart, amountMinor, milestone, pipeline, ageDays } = columns;
  const totals = new Float64Array(OWNERS + PIPELINES);
  for (let owner = 0; owner < OWNERS; owner += 1)
    for (let deal = ownerStart[owner] ?? 0; deal < (ownerStart[owner + 1] ?? 0); deal += 1) {
      const line = (amountMinor[deal] ?? 0) * (weights[milestone[deal] ?? 0] ?? 0) + (ageDays[deal] ?? 0);
      const book = OWNERS + (pipeline[deal] ?? 0);
      totals[owner] = (totals[owner] ?? 0) + line;
      totals[book] = (totals[book] ?? 0) + line;
    }
  return totals;
}

/** The question that the SQL answers, on columns: weighted, rounded by line, by owner and month of the close date. */
function bareRollup(columns: BenchColumns, weights: Float64Array): Float64Array {
  const cells = new Float64Array(OWNERS * MONTHS);
  const { ownerStart, amountMinor, milestone, month } = columns;
  for (let owner = 0; owner < OWNERS; owner += 1)
    for (let deal = ownerStart[owner] ?? 0; deal < (ownerStart[owner + 1] ?? 0); deal += 1) {
      const cell = owner * MONTHS + (month[deal] ?? 0);
      cells[cell] =
        (cells[cell] ?? 0) + Math.round((amountMinor[deal] ?? 0) * (weights[milestone[deal] ?? 0] ?? 0));
    }
  return cells;
}

/** Milliseconds of this thread's own time per run: what other work on the machine takes is not counted. */
function timeOf<Result>(
  work: () => Result,
  enoughMs = ENOUGH_MS,
): { readonly ms: number; readonly result: Result } {
  // Two runs for the engine to compile, and to pay for the garbage of building the input.
  work();
  let result = work();
  let runs = 0;
  let ms = 0;
  const start = process.threadCpuUsage();
  while (ms < enoughMs) {
    result = work();
    runs += 1;
    const { user, system } = process.threadCpuUsage(start);
    ms = (user + system) / 1_000;
  }
  return { ms: ms / runs, result };
}

function timed<Result>(label: string, work: () => Result): Result {
  const { ms, result } = timeOf(work, 1);
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
  const sum = timeOf(() => bareSum(columns, weights));
  const report = timeOf(() => bareReport(columns, weights));
  const rollup = timeOf(() => bareRollup(columns, weights));
  const grid = oddsGrid(books, MILESTONES.length, monthSpans());
  const totals = timeOf(() => columnTotals(columns, grid));
  const ranges = timeOf(() => columnRanges(totals.result, grid));
  const postgres = await postgresWeightedSum({ ...columns, owner: ownerColumn(columns) }, weights);
  const row = (label: string, ms: number): string =>
    `  ${label.padEnd(66)}${ms.toFixed(2).padStart(9)} ms ${(ms / sum.ms).toFixed(1).padStart(7)} x sum ${(ms / report.ms).toFixed(1).padStart(7)} x report`;
  console.log(`${deals} deals, ${PIPELINES} pipelines, ${OWNERS} owners, ${MONTHS} months`);
  console.log(row('bare sum over the same columns: one total', sum.ms));
  console.log(row('bare report over the same columns: a total per owner and pipeline', report.ms));
  console.log(row('bare rollup: by owner and close month, what the SQL asks', rollup.ms));
  console.log(row('Jalon, one reading: odds, expected by owner, pipeline and month', totals.ms));
  console.log(
    row(`Jalon, ${rangeCount(ranges.result)} ranges P10/P50/P90: owners, pipelines, company`, ranges.ms),
  );
  console.log(row('Jalon, both', totals.ms + ranges.ms));
  console.log(
    postgres === null
      ? '  Postgres: none found (DATABASE_URL, or Postgres 15 binaries)'
      : row('Postgres: the plain weighted sum by owner and month, no odds, no range', postgres.ms),
  );
  const { p10, p50, p90 } = ranges.result.company;
  const weighty = ranges.result.owners.dominated.reduce((count, flag) => count + flag, 0);
  console.log(
    `  this month: P10 ${show(p10[0])}, P50 ${show(p50[0])}, P90 ${show(p90[0])}; ${weighty} owner-months hang on one deal; ${megabytes()}`,
  );
}

function rangeCount({ owners, pipelines, company }: ColumnRanges): number {
  return owners.p50.length + pipelines.p50.length + company.p50.length;
}

function ownerColumn({ ownerStart, amountMinor }: BenchColumns): Uint16Array {
  const owners = new Uint16Array(amountMinor.length);
  for (let owner = 0; owner < OWNERS; owner += 1)
    owners.fill(owner, ownerStart[owner], ownerStart[owner + 1]);
  return owners;
}

function show(minor = 0): string {
  return Math.round(minor / 100).toLocaleString('en');
}

const books = benchFit();
timed('odds of 50 pipelines for a year, looked up', () => oddsGrid(books, MILESTONES.length, monthSpans()));
for (const size of SIZES) await benchForecast(size, books);

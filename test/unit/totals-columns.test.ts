import { describe, expect, it } from 'vitest';
import type { ForecastRange } from '../../src/core/forecast/forecast-types.ts';
import { expected, quantiseOdds } from '../../src/core/milestones/net-amount.ts';
import { fitOdds } from '../../src/core/odds/fit-odds.ts';
import { LOST, stateLog, WON } from '../../src/core/odds/history.ts';
import { rangeOf } from '../../src/core/totals/totals.ts';
import { columnRanges, type ScopeRanges } from '../../src/core/totals/totals-column-ranges.ts';
import { columnTotals, oddsGrid, type ScopeSums } from '../../src/core/totals/totals-columns.ts';
import { SHOCK_SUMS } from '../../src/core/totals/totals-shock-sums.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import { randomFrom } from '../support/random.ts';

const MILESTONES = [1000, 4000, 6000].map((weightBps) => ({ weightBps, typicalDays: 10 }));
const SPANS = [
  { fromDays: 0, untilDays: 20 },
  { fromDays: 20, untilDays: 51 },
];
const DEALS = 3_000;

const history = (shift: number) =>
  stateLog(
    Array.from({ length: 120 }, (_, at) => [
      { t: at, state: 0 },
      { t: at + 4 + shift, state: 2 },
      { t: at + 15, state: at % (2 + shift) === 0 ? WON : LOST },
    ]),
  );
const books = [0, 3].map((shift) =>
  fitOdds({ histories: history(shift), milestones: MILESTONES, originDay: 200 }),
);

const random = randomFrom(42);
const below = (limit: number) => Math.floor(random() * limit);
/** One owner without a deal, some with few, some with many. */
const ownerStart = Uint32Array.from([0, 0, 30, 130, 330, 700, 1_500, DEALS]);
const OWNERS = ownerStart.length - 1;
const columns = {
  ownerStart,
  amountMinor: Float64Array.from({ length: DEALS }, () => 1 + below(9_999_999)),
  pipeline: Uint8Array.from({ length: DEALS }, () => below(2)),
  milestone: Uint8Array.from({ length: DEALS }, () => below(3)),
  ageDays: Uint8Array.from({ length: DEALS }, () => below(200)),
};
const ownerOf = (deal: number) => ownerStart.findLastIndex((start) => start <= deal);
const allDeals = Array.from({ length: DEALS }, (_, deal) => deal);

function oddsOf(deal: number, period: number): number {
  const book = books[columns.pipeline[deal] ?? 0];
  const span = SPANS[period];
  if (book === undefined || span === undefined) return expect.unreachable('no such pipeline or period');
  const [milestone, age] = [columns.milestone[deal] ?? 0, columns.ageDays[deal] ?? 0];
  return quantiseOdds(
    book.inDays(milestone, age, span.untilDays) - book.inDays(milestone, age, span.fromDays),
  );
}

const grid = oddsGrid(books, MILESTONES.length, SPANS);
const totals = columnTotals(columns, grid);
const ranges = columnRanges(totals, grid);
const places = (scope: number, period: number) => scope * SPANS.length + period;
const expectedOf = ({ sums }: ScopeSums, place: number) => sums[place * SHOCK_SUMS] ?? Number.NaN;

/** Of these deals, one by one, on the exact path. */
const rangeOfDeals = (deals: readonly number[], period: number, wins: number) =>
  rangeOf({
    deals: deals.map((deal) => ({
      dealId: asId<DealId>(`d${deal}`),
      amountMinor: BigInt(columns.amountMinor[deal] ?? 0),
      odds: oddsOf(deal, period),
    })),
    wonMinor: 0n,
    targetMinor: null,
    wins,
  });

function expectWithin(tolerance: number, found: ScopeRanges, place: number, exact: ForecastRange): void {
  for (const share of ['p10', 'p50', 'p90'] as const)
    expect(Math.abs((found[share][place] ?? 0) / Number(exact[`${share}Minor`]) - 1), share).toBeLessThan(
      tolerance,
    );
}

describe('the forecast of many deals at once', () => {
  it('is the sum of the lines, owner by owner, pipeline by pipeline and period by period', () => {
    for (const period of SPANS.keys()) {
      const owners = new Map<number, bigint>();
      const pipelines = new Map<number, bigint>();
      for (const deal of allDeals) {
        const line = expected(BigInt(columns.amountMinor[deal] ?? 0), oddsOf(deal, period));
        const [owner, pipeline] = [ownerOf(deal), columns.pipeline[deal] ?? 0];
        owners.set(owner, (owners.get(owner) ?? 0n) + line);
        pipelines.set(pipeline, (pipelines.get(pipeline) ?? 0n) + line);
      }
      for (const [owner, sum] of owners)
        expect(Math.abs(expectedOf(totals.owners, places(owner, period)) - Number(sum))).toBeLessThanOrEqual(
          2,
        );
      for (const [pipeline, sum] of pipelines)
        expect(
          Math.abs(expectedOf(totals.pipelines, places(pipeline, period)) - Number(sum)),
        ).toBeLessThanOrEqual(2);
    }
  });

  it('adds up: owners and pipelines come to the same company, to the cent', () => {
    for (const period of SPANS.keys()) {
      const sumOf = (scopes: ScopeSums, count: number) =>
        Array.from({ length: count }, (_, scope) => expectedOf(scopes, places(scope, period))).reduce(
          (sum, minor) => sum + minor,
          0,
        );
      const company = expectedOf(totals.company, period);
      expect(company).toBeGreaterThan(0);
      expect([sumOf(totals.owners, OWNERS), sumOf(totals.pipelines, 2)]).toEqual([company, company]);
    }
  });

  it('has the ranges that the deals themselves have: within .05 % for the company, each pipeline and each owner of 800 deals', () => {
    const allWins = books.reduce((sum, { wins }) => sum + wins, 0);
    for (const period of SPANS.keys()) {
      expectWithin(0.0005, ranges.company, period, rangeOfDeals(allDeals, period, allWins));
      for (const [pipeline, { wins }] of books.entries()) {
        const own = allDeals.filter((deal) => columns.pipeline[deal] === pipeline);
        expectWithin(0.0005, ranges.pipelines, places(pipeline, period), rangeOfDeals(own, period, wins));
      }
      for (let owner = 5; owner < OWNERS; owner += 1) {
        const own = allDeals.filter((deal) => ownerOf(deal) === owner);
        expectWithin(0.0005, ranges.owners, places(owner, period), rangeOfDeals(own, period, allWins));
      }
    }
    expect(ranges.company.dominated).toEqual(Uint8Array.of(0, 0));
  });

  it('gives the same bytes on every run', () => {
    const again = columnRanges(columnTotals(columns, grid), grid);
    expect(again).toEqual(ranges);
  });

  it('says when one deal is too large for the crowd', () => {
    const largest = 400;
    const amountMinor = columns.amountMinor.with(largest, 1e12);
    const found = columnRanges(columnTotals({ ...columns, amountMinor }, grid), grid);
    const pipeline = columns.pipeline[largest] ?? 0;
    expect(found.company.dominated[0]).toBe(1);
    expect(found.pipelines.dominated[places(pipeline, 0)]).toBe(1);
    expect(found.pipelines.dominated[places(1 - pipeline, 0)]).toBe(0);
    expect(found.owners.dominated[places(ownerOf(largest), 0)]).toBe(1);
    expect(found.owners.dominated[places(OWNERS - 1, 0)]).toBe(0);
  });

  it('of no deals is nothing', () => {
    const none = {
      ownerStart: new Uint32Array(3),
      amountMinor: new Float64Array(),
      pipeline: new Uint8Array(),
      milestone: new Uint8Array(),
      ageDays: new Uint8Array(),
    };
    const found = columnRanges(columnTotals(none, grid), grid);
    for (const { p10, p50, p90 } of [found.company, found.owners, found.pipelines])
      for (const quantiles of [p10, p50, p90]) expect(quantiles.every((minor) => minor === 0)).toBe(true);
  });
});

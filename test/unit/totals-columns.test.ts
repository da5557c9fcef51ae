import { describe, expect, it } from 'vitest';
import { fitOdds } from '../../src/core/fit-odds.ts';
import { LOST, stateLog, WON } from '../../src/core/history.ts';
import { asId, type DealId } from '../../src/core/ids.ts';
import { expected, quantiseOdds } from '../../src/core/net-amount.ts';
import { rangeOf } from '../../src/core/totals.ts';
import { columnRanges } from '../../src/core/totals-column-ranges.ts';
import { columnTotals, oddsGrid } from '../../src/core/totals-columns.ts';
import { randomFrom } from '../support/random.ts';

const MILESTONES = [1000, 4000, 6000].map((weightBps) => ({ weightBps, typicalDays: 10 }));
const SPANS = [
  { fromDays: 0, untilDays: 20 },
  { fromDays: 20, untilDays: 51 },
];
const OWNERS = 7;
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
const columns = {
  amountMinor: Float64Array.from({ length: DEALS }, () => 1 + below(9_999_999)),
  pipeline: Uint8Array.from({ length: DEALS }, () => below(2)),
  owner: Uint16Array.from({ length: DEALS }, () => below(OWNERS)),
  milestone: Uint8Array.from({ length: DEALS }, () => below(3)),
  ageDays: Uint8Array.from({ length: DEALS }, () => below(200)),
};

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
const totals = columnTotals(columns, grid, OWNERS);

describe('the forecast of many deals at once', () => {
  it('is the sum of the lines, owner by owner and period by period', () => {
    const lines = new Map<number, bigint>();
    for (let deal = 0; deal < DEALS; deal += 1)
      for (const period of SPANS.keys()) {
        const place = (columns.owner[deal] ?? 0) * SPANS.length + period;
        const line = expected(BigInt(columns.amountMinor[deal] ?? 0), oddsOf(deal, period));
        lines.set(place, (lines.get(place) ?? 0n) + line);
      }
    for (const [place, sum] of lines)
      expect(Math.abs((totals.expectedMinor[place] ?? 0) - Number(sum))).toBeLessThanOrEqual(2);
  });

  it('has the range that the deals themselves have', () => {
    const ranges = columnRanges(totals, grid, 60);
    for (const period of SPANS.keys()) {
      const range = rangeOf({
        deals: Array.from({ length: DEALS }, (_, deal) => ({
          dealId: asId<DealId>(`d${deal}`),
          amountMinor: BigInt(columns.amountMinor[deal] ?? 0),
          odds: oddsOf(deal, period),
        })),
        wonMinor: 0n,
        targetMinor: null,
        wins: 60,
      });
      const found = ranges.company[period];
      expect(found?.dominated).toBe(false);
      expect((found?.p10 ?? 0) / Number(range.p10Minor)).toBeCloseTo(1, 4);
      expect((found?.p50 ?? 0) / Number(range.p50Minor)).toBeCloseTo(1, 4);
      expect((found?.p90 ?? 0) / Number(range.p90Minor)).toBeCloseTo(1, 4);
    }
    expect(ranges.pipelines).toHaveLength(2);
  });

  it('says when one deal is too large for the crowd', () => {
    const amountMinor = columns.amountMinor.with(5, 1e12);
    const ranges = columnRanges(columnTotals({ ...columns, amountMinor }, grid, OWNERS), grid, 60);
    expect(ranges.company[0]?.dominated).toBe(true);
    expect(ranges.pipelines[columns.pipeline[5] ?? 0]?.dominated).toBe(true);
    expect(ranges.pipelines[1 - (columns.pipeline[5] ?? 0)]?.dominated).toBe(false);
  });

  it('of no deals is nothing', () => {
    const none = {
      amountMinor: new Float64Array(),
      pipeline: new Uint8Array(),
      owner: new Uint16Array(),
      milestone: new Uint8Array(),
      ageDays: new Uint8Array(),
    };
    const ranges = columnRanges(columnTotals(none, grid, OWNERS), grid, 60);
    expect(ranges.company[0]).toMatchObject({ p10: 0, p50: 0, p90: 0 });
  });
});

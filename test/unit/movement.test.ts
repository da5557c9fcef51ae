import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { forecastLines } from '../../src/core/forecast/forecast.ts';
import { type MovementInput, movementBetween, withFewerRows } from '../../src/core/review/movement.ts';
import { asId, type OwnerId, type PipelineId } from '../../src/core/values/ids.ts';
import { amount, day, deal, dealId, forecastInput, MONDAY, QUARTER, stageModel } from '../support/deals.ts';

const model = stageModel();
const linesOf = (asOf: string, deals: readonly Deal[]) =>
  forecastLines(forecastInput(deals, { asOf: day(asOf), period: QUARTER }));

/** Last Monday's deals against this Monday's; the same deals when only one list is given. */
function moved(
  before: readonly Deal[],
  after: readonly Deal[] = before,
  changes: Partial<MovementInput> = {},
) {
  return movementBetween({
    before: linesOf('2026-11-16', before),
    after: linesOf(MONDAY.toString(), after),
    milestones: model.milestones,
    maxRows: 5,
    ...changes,
  });
}

const kinds = (...sides: Parameters<typeof moved>) => moved(...sides).rows.map((row) => row.kind);

describe('what moved', () => {
  it('is named by what happened to the deal', () => {
    expect(kinds([deal('d', 's-verbal 2026-11-02, s-won 2026-11-18')])).toEqual(['signed']);
    expect(kinds([deal('d', 's-verbal 2026-11-02, s-lost 2026-11-18')])).toEqual(['lost']);
    expect(kinds([deal('d', 's-need 2026-11-02, s-solution 2026-11-18')])).toEqual(['advanced']);
    expect(kinds([deal('d', 's-solution 2026-11-02, s-need 2026-11-18')])).toEqual(['fell_back']);
    expect(kinds([deal('d', 's-need 2026-11-18')])).toEqual(['new']);
    expect(kinds([deal('d', 's-need 2026-11-02')], [])).toEqual(['removed']);
    expect(kinds([deal('d', 's-need 2026-11-02, s-other 2026-11-18')])).toEqual(['removed']);
    expect(kinds([deal('d', 's-lost 2026-11-02, s-need 2026-11-18')])).toEqual(['new']);
    expect(kinds([deal('d', 's-won 2026-11-02, s-verbal 2026-11-18')])).toEqual(['fell_back']);
    expect(kinds([deal('d', 's-need 2026-11-02')])).toEqual(['odds']);
  });

  it('names a deal signed within the week by its signature, though it was not there before', () => {
    expect(kinds([deal('d', 's-need 2026-11-17, s-won 2026-11-18')])).toEqual(['signed']);
  });

  it('names the close date, the amount and the owner in this order', () => {
    const was = deal('d', 's-need 2026-11-02', { closeDate: day('2026-12-01') });
    const later = { ...was, closeDate: day('2026-12-20'), ...amount('900'), ownerId: asId<OwnerId>('o-9') };
    expect(kinds([was], [later])).toEqual(['pushed_out']);
    expect(kinds([later], [was])).toEqual(['pulled_in']);
    expect(kinds([was], [{ ...later, closeDate: was.closeDate }])).toEqual(['amount']);
    expect(kinds([was], [{ ...was, ownerId: asId<OwnerId>('o-9') }])).toEqual(['owner']);
    expect(kinds([was], [{ ...was, amount: { kind: 'missing' } }])).toEqual(['amount']);
  });

  it('tells a deal that changed hands from one that is gone or new', () => {
    const hers = [deal('d', 's-need 2026-11-02')];
    const account = { before: new Set([dealId('d')]), after: new Set([dealId('d')]) };
    expect(kinds(hers, [], { account })).toEqual(['owner']);
    expect(kinds([], hers, { account })).toEqual(['owner']);
    expect(kinds(hers, [], { account: { ...account, after: new Set() } })).toEqual(['removed']);
  });

  it('leaves out deals whose part did not change', () => {
    expect(moved([deal('d', 's-won 2026-10-15'), deal('l', 's-lost 2026-10-15')])).toMatchObject({
      rows: [],
      otherDeals: 0,
      othersMinor: 0n,
      startMinor: 100_000n,
      endMinor: 100_000n,
    });
  });

  it('shows the largest changes and adds up the rest in one row', () => {
    const before = [
      deal('a', 's-verbal 2026-11-02', amount('5000')),
      deal('b', 's-need 2026-11-02', amount('700')),
    ];
    const after = [
      deal('a', 's-verbal 2026-11-02, s-won 2026-11-18', amount('5000')),
      ...before.slice(1),
      deal('c', 's-need 2026-11-18', amount('800')),
      deal('e', 's-need 2026-11-18', amount('400')),
    ];
    const movement = moved(before, after, { maxRows: 2 });
    expect(movement.rows).toEqual([
      { dealId: 'a', dealName: 'Deal a', kind: 'signed', changeMinor: 408_000n },
      { dealId: 'c', dealName: 'Deal c', kind: 'new', changeMinor: 6_240n },
    ]);
    expect(movement).toMatchObject({ otherDeals: 2, othersMinor: 3_120n - 980n });
    const shown = movement.rows.reduce((total, row) => total + row.changeMinor, movement.othersMinor);
    expect(movement.startMinor + shown).toBe(movement.endMinor);
  });

  it('adds up by kind, every change in one, in the order of rank', () => {
    const before = [
      deal('a', 's-verbal 2026-11-02', amount('5000')),
      deal('b', 's-need 2026-11-02', amount('700')),
      deal('x', 's-need 2026-11-02', amount('900')),
    ];
    const after = [
      deal('a', 's-verbal 2026-11-02, s-won 2026-11-18', amount('5000')),
      deal('b', 's-need 2026-11-02, s-lost 2026-11-18', amount('700')),
      deal('c', 's-need 2026-11-18', amount('800')),
      deal('e', 's-need 2026-11-18', amount('400')),
      deal('x', 's-need 2026-11-02', amount('900')),
    ];
    const { kinds: totals = [], ...movement } = moved(before, after, { maxRows: 1 });
    expect(totals.map(({ kind, deals }) => [kind, deals])).toEqual([
      ['signed', 1],
      ['lost', 1],
      ['new', 2],
      ['odds', 1],
    ]);
    const changes = totals.reduce((sum, { changeMinor }) => sum + changeMinor, 0n);
    expect(movement.startMinor + changes).toBe(movement.endMinor);
  });

  it('tells the same sum with fewer rows: what a mail leaves out joins the others', () => {
    const deals = Array.from({ length: 8 }, (_, index) =>
      deal(`d${index}`, `s-verbal 2026-11-02, s-${index % 2 === 0 ? 'won' : 'lost'} 2026-11-18`),
    );
    const long = moved(deals, deals, { maxRows: 7 });
    const short = withFewerRows(long, 3);
    expect(short).toEqual(moved(deals, deals, { maxRows: 3 }));
    expect([short.rows.length, short.otherDeals]).toEqual([3, 5]);
  });

  it('counts a pipeline that was left out since as removed', () => {
    const subject = [deal('d', 's-need 2026-11-02')];
    const without = { ...model, excludedPipelines: [asId<PipelineId>('p-1')] };
    const after = forecastLines(forecastInput(subject, { model: without }));
    expect(kinds(subject, [], { after })).toEqual(['removed']);
  });

  it('adds up even between two periods', () => {
    const deals = [deal('a', 's-won 2026-11-02', amount('5000')), deal('b', 's-need 2026-11-02')];
    const movement = movementBetween({
      before: linesOf('2026-12-28', deals),
      after: forecastLines(forecastInput(deals, { asOf: day('2027-01-04') })),
      milestones: model.milestones,
      maxRows: 5,
    });
    expect(movement.rows.map(({ kind, changeMinor }) => [kind, changeMinor])).toEqual([
      ['odds', -500_000n],
      ['odds', 16_600n],
    ]);
    expect(movement.endMinor - movement.startMinor).toBe(-483_400n);
  });
});

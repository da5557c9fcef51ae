import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { closeDateAt, closeDatePushes, standingOf } from '../../src/core/deals/standing.ts';
import { midnightOf } from '../../src/core/values/calendar.ts';
import { at, day, deal, stageModel, ZONE } from '../support/deals.ts';

const model = stageModel();
const midnight = (date: string) => midnightOf(day(date), ZONE);

const stand = (stages: string, asOf = '2026-11-23') => {
  const found = standingOf(deal('d', stages), model, midnight(asOf));
  return found && `${found.standing} ${found.declared} ${found.closedAt?.toString().slice(0, 10) ?? '-'}`;
};

describe('where a deal stands', () => {
  it('is what its last stage means', () => {
    expect(stand('s-contact 2026-01-05, s-need 2026-02-05')).toBe('open 1 -');
    expect(stand('s-contact 2026-01-05, s-won 2026-02-05')).toBe('won -1 2026-02-05');
    expect(stand('s-contact 2026-01-05, s-lost 2026-02-05')).toBe('lost -1 2026-02-05');
  });

  it('is unmapped when the model does not know the stage, and never a milestone in its place', () => {
    expect(stand('s-need 2026-01-05, s-other 2026-02-05')).toBe('unmapped -1 -');
    expect(stand('s-other 2026-01-05, s-need 2026-02-05')).toBe('open 1 -');
  });

  it('is not changed by a stage that says nothing', () => {
    expect(stand('s-solution 2026-01-05, s-hold 2026-02-05')).toBe('open 2 -');
    expect(stand('s-won 2026-01-05, s-hold 2026-02-05')).toBe('won -1 2026-01-05');
    expect(stand('s-hold 2026-01-05')).toBe('open -1 -');
  });

  it('was another one on a past Monday', () => {
    const stages = 's-contact 2026-01-05, s-verbal 2026-02-05, s-lost 2026-03-05';
    expect(stand(stages, '2026-01-05')).toBeNull();
    expect(stand(stages, '2026-01-06')).toBe('open 0 -');
    expect(stand(stages, '2026-03-05')).toBe('open 3 -');
    expect(stand(stages, '2026-03-06')).toBe('lost -1 2026-03-05');
  });

  it('ignores what happened at midnight or later of the company', () => {
    expect(stand('s-contact 2026-01-05, s-won 2026-11-22T23:00:00Z')).toBe('open 0 -');
    expect(stand('s-contact 2026-01-05, s-won 2026-11-22T22:59:59.999Z')).toBe('won -1 2026-11-22');
  });

  it('is open again after a reopening, whether it was lost or won', () => {
    expect(stand('s-need 2026-01-05, s-lost 2026-02-05, s-contact 2026-03-05')).toBe('open 0 -');
    expect(stand('s-verbal 2026-01-05, s-won 2026-02-05, s-verbal 2026-03-05')).toBe('open 3 -');
  });

  it('closes at the first of two won stages in a row, and at the second win when it was open in between', () => {
    expect(stand('s-won 2026-01-05, s-invoiced 2026-02-05')).toBe('won -1 2026-01-05');
    expect(stand('s-won 2026-01-05, s-verbal 2026-02-05, s-won 2026-03-05')).toBe('won -1 2026-03-05');
  });

  it('without any history is its present stage since its creation', () => {
    const bare: Deal = { ...deal('d', 's-need 2026-01-05'), stageHistory: [] };
    expect(standingOf(bare, model, midnight('2026-11-23'))?.runs).toEqual([
      { state: { kind: 'milestone', milestone: 1 }, enteredAt: at('2026-01-05') },
    ]);
    expect(standingOf(bare, model, midnight('2026-01-05'))).toBeNull();
  });
});

describe('a close date', () => {
  const moved = (...steps: readonly (readonly [string, string | null])[]): Deal => ({
    ...deal('d', 's-need 2026-01-05'),
    closeDate: day('2026-09-30'),
    closeDateHistory: steps.map(([on, to]) => ({
      changedAt: at(on),
      closeDate: to === null ? null : day(to),
    })),
  });

  it('is pushed only by a move to a later day', () => {
    const pushed = moved(
      ['2026-01-05', '2026-03-31'],
      ['2026-02-05', '2026-06-30'],
      ['2026-03-05', '2026-05-31'],
      ['2026-04-05', null],
      ['2026-05-05', '2026-09-30'],
    );
    expect(closeDatePushes(pushed, midnight('2026-11-23'))).toBe(2);
    expect(closeDatePushes(pushed, midnight('2026-05-05'))).toBe(1);
  });

  it('on a past Monday is what it was then', () => {
    const pushed = moved(['2026-01-05', '2026-03-31'], ['2026-05-05', '2026-09-30']);
    expect(closeDateAt(pushed, midnight('2026-02-01'))?.toString()).toBe('2026-03-31');
    expect(closeDateAt(pushed, midnight('2026-01-05'))).toBeNull();
    expect(closeDateAt(pushed, midnight('2026-11-23'))?.toString()).toBe('2026-09-30');
  });

  it('without a history is the one the CRM shows', () => {
    expect(closeDateAt(moved(), midnight('2026-11-23'))?.toString()).toBe('2026-09-30');
  });
});

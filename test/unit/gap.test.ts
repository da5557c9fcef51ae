import { describe, expect, it } from 'vitest';
import { coverage, type GapInput, gapPlan, velocity } from '../../src/core/gap/gap.ts';
import { rankActions } from '../../src/core/gap/gap-actions.ts';
import { fitOdds } from '../../src/core/odds/fit-odds.ts';
import { stateLog } from '../../src/core/odds/history.ts';
import { asId, type DealId, type MilestoneKey } from '../../src/core/values/ids.ts';

/** forecast-model section 5: gap 120 k, 20 k a deal, 5 % eventually, 2 % in time. */
const INPUT: GapInput = {
  targetMinor: 500_000_00n,
  wonMinor: 300_000_00n,
  expectedMinor: 80_000_00n,
  averageWonMinor: 20_000_00n,
  firstInTime: 0.02,
  firstEventually: 0.05,
  meanContacts: null,
};

describe('what closes the gap', () => {
  it('six deals, 120 prospects eventually, 300 in time, seven contacts each until measured', () => {
    expect(gapPlan(INPUT)).toEqual({
      gapMinor: 120_000_00n,
      deals: 6,
      prospectsInTime: 300,
      prospectsEventually: 120,
      contacts: 2100,
      contactsPerProspect: 7,
      contactsAreMeasured: false,
      onlyOpenDealsHelp: false,
    });
  });

  it('measured contacts take the place of the rule of thumb', () => {
    expect(gapPlan({ ...INPUT, meanContacts: 4.5 })).toMatchObject({
      contacts: 1350,
      contactsAreMeasured: true,
    });
  });

  it('new prospects cannot close a gap for which they come too late', () => {
    expect(gapPlan({ ...INPUT, firstInTime: 0.0004 })).toMatchObject({
      prospectsInTime: null,
      contacts: null,
      prospectsEventually: 120,
      onlyOpenDealsHelp: true,
    });
  });

  it.each([
    ['a target of zero', { targetMinor: 0n }],
    ['a target already reached', { wonMinor: 600_000_00n }],
  ])('%s leaves no gap', (_, change) => {
    expect(gapPlan({ ...INPUT, ...change })).toMatchObject({
      gapMinor: 0n,
      deals: 0,
      prospectsInTime: 0,
      prospectsEventually: 0,
      contacts: 0,
      onlyOpenDealsHelp: false,
    });
  });

  it('without a won deal the number of deals is unknown, not infinite', () => {
    expect(gapPlan({ ...INPUT, averageWonMinor: null })).toMatchObject({
      deals: null,
      prospectsInTime: null,
      contacts: null,
    });
    expect(gapPlan({ ...INPUT, averageWonMinor: 0n }).deals).toBeNull();
    expect(gapPlan({ ...INPUT, firstEventually: 0 }).prospectsEventually).toBeNull();
  });

  it('a rest of one cent needs one more deal', () => {
    expect(gapPlan({ ...INPUT, expectedMinor: 79_999_99n }).deals).toBe(7);
  });
});

describe('coverage and velocity', () => {
  it('coverage is open pipeline over what is still to be won', () => {
    expect(coverage(300_00n, 200_00n, 50_00n)).toBe(2);
    expect(coverage(300_00n, 50_00n, 50_00n)).toBeNull();
  });

  it('velocity is unknown while no deal was won', () => {
    expect(velocity(40, 0.25, 20_000_00n, 50)).toBe(400_000);
    expect(velocity(40, 0.25, 20_000_00n, null)).toBeNull();
    expect(velocity(40, 0.25, 20_000_00n, 0)).toBeNull();
  });
});

describe('which proof to get next', () => {
  const weights = [1000, 2500, 4000, 6000].map((weightBps) => ({ weightBps, typicalDays: 10 }));
  const context = {
    odds: fitOdds({ histories: stateLog([]), milestones: weights, originDay: 100 }),
    horizonDays: 30,
    milestones: ['contact', 'need', 'solution', 'verbal'].map((key) => ({
      key: asId<MilestoneKey>(key),
      typicalDays: 10,
    })),
  };
  const deal = (id: string, amountMinor: bigint, milestone: number, ageDays: number) => ({
    dealId: asId<DealId>(id),
    amountMinor,
    milestone,
    ageDays,
  });

  it('names the next milestone and ranks by gain per day of effort', () => {
    const actions = rankActions(
      [deal('small', 1_000_00n, 2, 5), deal('late', 50_000_00n, 2, 9), deal('fresh', 50_000_00n, 2, 0)],
      context,
    );
    expect(actions.map(({ dealId, milestone, effortDays }) => [dealId, milestone, effortDays])).toEqual([
      ['late', 'verbal', 1],
      ['fresh', 'verbal', 10],
      ['small', 'verbal', 5],
    ]);
    const [first] = actions;
    const gain = context.odds.inDays(3, 0, 30) - context.odds.inDays(2, 9, 30);
    expect(Number(first?.gainMinor)).toBeCloseTo(gain * 50_000_00, 0);
  });

  it('does not call a deal that has used up its usual time one day away from its proof', () => {
    const [action] = rankActions([deal('stuck', 50_000_00n, 2, 300)], context);
    expect(action?.effortDays).toBe(10);
  });

  it('a deal with nothing proven starts with the first milestone; one at the last has none left', () => {
    const actions = rankActions([deal('none', 10_000_00n, -1, 3), deal('done', 10_000_00n, 3, 3)], context);
    expect(actions.map(({ dealId, milestone }) => [dealId, milestone])).toEqual([['none', 'contact']]);
  });

  it('in a period already over no proof gains anything', () => {
    expect(rankActions([deal('a', 10_000_00n, 1, 3)], { ...context, horizonDays: 0 })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { ChainMilestone } from '../../src/core/odds/chain-model.ts';
import { fitOdds } from '../../src/core/odds/fit-odds.ts';
import { LOST, type StateEvent, stateLog, UNMAPPED, WON } from '../../src/core/odds/history.ts';

const milestones: readonly ChainMilestone[] = [1000, 2500, 4000, 6000].map((weightBps) => ({
  weightBps,
  typicalDays: 10,
}));

function fitted(histories: readonly (readonly StateEvent[])[], weights = milestones, originDay = 500) {
  return fitOdds({ histories: stateLog(histories), milestones: weights, originDay });
}

function expectSound(odds: ReturnType<typeof fitted>, count = milestones.length): void {
  for (let milestone = -1; milestone <= count; milestone += 1)
    for (const age of [-5, 0, 1, 45, 120, 5000, Number.NaN])
      for (const horizon of [-3, 0, 1, 30, 365, 1e6, Number.NaN]) {
        const chance = odds.inDays(milestone, age, horizon);
        if (!(chance >= 0 && chance <= 1)) expect.unreachable(`${milestone}, ${age}, ${horizon}: ${chance}`);
        const { dailyForward, dailyLost } = odds.reason(milestone, age, horizon);
        if (!(dailyForward + dailyLost >= 0 && dailyForward + dailyLost <= 1)) expect.unreachable('rates');
      }
  expect(Number.isFinite(odds.newWins(365))).toBe(true);
}

describe('histories as they come', () => {
  it('a hundred thousand events on one deal are read, day by day', () => {
    const events = Array.from({ length: 100_000 }, (_, at) => ({ t: at / 250, state: at % 4 }));
    const odds = fitted([events]);
    expectSound(odds);
    expect(odds.resolvedDeals).toBe(0);
  });

  it('a pipeline without a win leans on the weights, and each loss lowers the odds', () => {
    const losses = (count: number) =>
      Array.from({ length: count }, (_, at) => [
        { t: at, state: 0 },
        { t: at + 5, state: 3 },
        { t: at + 30, state: LOST },
      ]);
    const odds = [0, 10, 100, 400].map((count) => fitted(losses(count)));
    const chances = odds.map((fit) => fit.inDays(3, 20, 90));
    expect(chances).toEqual(chances.toSorted((left, right) => right - left));
    expect(chances.at(-1)).toBeGreaterThan(0);
    expect(odds.at(-1)?.wins).toBe(0);
    expect(odds.at(-1)?.medianCycleDays).toBeNull();
  });

  it('a history of wins only does not promise certainty', () => {
    const odds = fitted(
      Array.from({ length: 400 }, (_, at) => [
        { t: at, state: 0 },
        { t: at + 1, state: WON },
      ]),
    );
    expectSound(odds);
    expect(odds.inDays(0, 0, 1)).toBeLessThanOrEqual(0.98);
  });

  it('deals that end on the day they begin give rates of the weights, and arrivals', () => {
    const odds = fitted(
      Array.from({ length: 112 }, (_, at) => [{ t: 388 + at, state: at % 2 ? WON : LOST }]),
    );
    expectSound(odds);
    expect(odds.inDays(1, 0, 30)).toBe(fitted([]).inDays(1, 0, 30));
    expect(odds.newWins(10)).toBeCloseTo(5, 10);
  });

  it.each([
    ['no events at all', []],
    ['events that are all in the future', [[{ t: 600, state: 1 }]]],
    ['only unmapped stages', [[{ t: 5, state: UNMAPPED }]]],
    ['a milestone that the model does not have', [[{ t: 5, state: 77 }]]],
    ['an empty history', [[]]],
  ])('%s leave the odds to the weights', (_, histories) => {
    const odds = fitted(histories);
    expectSound(odds);
    expect(odds.inDays(2, 3, 60)).toBe(fitted([]).inDays(2, 3, 60));
    expect(odds.newWins(30)).toBe(0);
  });

  it.each([
    ['weights that do not rise', [6000, 2500, 2500, 100]],
    ['weights of zero', [0, 0, 0, 0]],
    ['weights of one hundred', [10_000, 10_000, 10_000, 10_000]],
    ['a single milestone', [5000]],
    ['no milestone', []],
  ])('%s give no nonsense', (_, weights) => {
    const list = weights.map((weightBps) => ({ weightBps, typicalDays: 0 }));
    expectSound(fitted([[{ t: 1, state: 0 }]], list), list.length);
    expectSound(fitted([], list), list.length);
  });

  it('a deal in a period already over, or of no length, has no chance left in it', () => {
    const odds = fitted([]);
    expect([odds.inDays(3, 0, 0), odds.inDays(3, 0, -10)]).toEqual([0, 0]);
  });

  it('a side state such as "on hold" is left to the second milestone', () => {
    const odds = fitted([], [...milestones, { weightBps: 2000, typicalDays: 30, side: true }]);
    expectSound(odds, 5);
    expect(odds.inDays(4, 0, 3000)).toBeCloseTo(0.2, 6);
  });
});

describe('a deal with nothing verified', () => {
  const odds = fitted([]);

  it('has odds 0 and no date: only milestones that a customer validated enter a forecast', () => {
    expect(odds.inDays(-1, 10, 365)).toBe(0);
    expect(odds.realisticDays(-1, 10)).toBeNull();
    expect(odds.reason(-1, 10, 365)).toMatchObject({ dailyForward: 0, dailyLost: 0, exposureDays: 0 });
  });
});

describe('the realistic close', () => {
  it('is the first day with half of the odds of two years', () => {
    const odds = fitted([]);
    for (const milestone of [0, 1, 2, 3])
      for (const age of [0, 40, 120]) {
        const days = odds.realisticDays(milestone, age) ?? 0;
        const half = odds.inDays(milestone, age, 730) / 2;
        expect(odds.inDays(milestone, age, days)).toBeGreaterThanOrEqual(half);
        expect(odds.inDays(milestone, age, days - 1)).toBeLessThan(half);
      }
  });

  it('is later for deals at an earlier milestone', () => {
    const odds = fitted([]);
    const days = [0, 1, 2, 3].map((milestone) => odds.realisticDays(milestone, 0) ?? 0);
    expect(days).toEqual(days.toSorted((left, right) => right - left));
  });
});

describe('what the odds rest on', () => {
  it.each([
    [49, 'your_weights'],
    [50, 'partly_measured'],
    [200, 'partly_measured'],
    [201, 'measured'],
  ])('%i resolved deals: %s', (count, label) => {
    const histories = Array.from({ length: count }, () => [
      { t: 0, state: 0 },
      { t: 9, state: LOST },
    ]);
    expect(fitted(histories).label).toBe(label);
  });

  it('is told with the days it was seen in', () => {
    const history = [
      { t: 495, state: 0 },
      { t: 499, state: LOST },
    ];
    const reason = fitted([history, history]).reason(0, 3, 30);
    expect(reason).toMatchObject({ bandFromDays: 3, bandToDays: 7, ageDays: 3, horizonDays: 30 });
    expect(reason.exposureDays).toBeGreaterThan(1.9);
    expect(reason.dailyLost).toBeGreaterThan(fitted([]).reason(0, 3, 30).dailyLost);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exposureBefore } from '../../src/core/odds/chain-exposure.ts';
import { CHAIN_CONSTANTS, chainShape } from '../../src/core/odds/chain-model.ts';
import { chainRates } from '../../src/core/odds/chain-rates.ts';
import { fitOdds } from '../../src/core/odds/fit-odds.ts';
import { LOST, type StateEvent, stateLog, UNMAPPED, WON } from '../../src/core/odds/history.ts';

const ORIGIN = 200;
const state = fc.constantFrom(0, 1, 2, 3, WON, LOST, UNMAPPED);
const event = fc.record({ t: fc.double({ min: -20, max: 260, noNaN: true }), state });
const histories = fc.array(fc.array(event, { maxLength: 12 }), { maxLength: 30 });
const milestones = fc.array(
  fc.record({
    weightBps: fc.integer({ min: 0, max: 10_000 }),
    typicalDays: fc.integer({ min: 0, max: 400 }),
  }),
  { minLength: 4, maxLength: 4 },
);

function fitted(
  events: readonly (readonly StateEvent[])[],
  model: readonly { weightBps: number; typicalDays: number }[],
) {
  return fitOdds({ histories: stateLog(events), milestones: model, originDay: ORIGIN });
}

const QUESTIONS = [0, 1, 2, 3].flatMap((milestone) =>
  [0, 5, 40, 200].map((age) => [milestone, age] as const),
);

describe('laws of the odds, whatever the history', () => {
  it('what happens on the day of the forecast or later changes nothing', () => {
    fc.assert(
      fc.property(histories, fc.array(event, { maxLength: 8 }), milestones, (past, future, model) => {
        const later = future.map((one) => ({ ...one, t: ORIGIN + Math.abs(one.t) }));
        const before = fitted(past, model);
        const after = fitted([...past.map((history) => [...history, ...later]), later], model);
        for (const [milestone, age] of QUESTIONS)
          expect(after.inDays(milestone, age, 90)).toBe(before.inDays(milestone, age, 90));
        expect(after.newWins(60)).toBe(before.newWins(60));
        expect(after.resolvedDeals).toBe(before.resolvedDeals);
        expect(after.wins).toBe(before.wins);
      }),
      { numRuns: 60 },
    );
  });

  it('odds lie between 0 and 1 and never fall when the horizon grows', () => {
    fc.assert(
      fc.property(histories, milestones, (past, model) => {
        const odds = fitted(past, model);
        for (const [milestone, age] of QUESTIONS) {
          let before = 0;
          for (let horizon = 0; horizon <= 400; horizon += 1) {
            const chance = odds.inDays(milestone, age, horizon);
            if (!(chance >= before && chance <= 1)) expect.unreachable(`${before} then ${chance}`);
            before = chance;
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('on no day do the chances to leave a milestone exceed the cap', () => {
    fc.assert(
      fc.property(histories, milestones, (past, model) => {
        const shape = chainShape(model);
        const rates = chainRates(
          exposureBefore(stateLog(past), ORIGIN, shape, CHAIN_CONSTANTS),
          shape,
          CHAIN_CONSTANTS,
        );
        for (let cell = 0; cell < shape.open * rates.bands; cell += 1) {
          const row = rates.daily.subarray(cell * shape.columns, (cell + 1) * shape.columns);
          const sum = row.reduce((total, rate) => total + rate, 0);
          if (!(sum <= CHAIN_CONSTANTS.dailyCap + 1e-12) || row.some((rate) => !(rate >= 0)))
            expect.unreachable(`leaves with ${sum}`);
        }
      }),
    );
  });

  it('without data the odds of the long run are the weights', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { minLength: 4, maxLength: 4 }),
        (weights) => {
          const rising = weights.toSorted((left, right) => left - right);
          const odds = fitted(
            [],
            rising.map((weightBps) => ({ weightBps, typicalDays: 5 })),
          );
          for (const [milestone, weightBps] of rising.entries())
            expect(odds.inDays(milestone, 0, 3000)).toBeCloseTo(weightBps / 10_000, 8);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('the order of the deals, and of the events of a deal, is irrelevant', () => {
    fc.assert(
      fc.property(histories, milestones, fc.nat(), (past, model, seed) => {
        const distinct = past.map((history) => [...new Map(history.map((one) => [one.t, one])).values()]);
        const shuffled = distinct
          .map((history, at) => ({ history: history.toReversed(), key: (at * 7919 + seed) % 101 }))
          .toSorted((left, right) => left.key - right.key)
          .map(({ history }) => history);
        const one = fitted(distinct, model);
        const other = fitted(shuffled, model);
        for (const [milestone, age] of QUESTIONS)
          expect(Math.abs(one.inDays(milestone, age, 90) - other.inDays(milestone, age, 90))).toBeLessThan(
            1e-12,
          );
      }),
      { numRuns: 60 },
    );
  });

  it('the same input gives the same bytes', () => {
    fc.assert(
      fc.property(histories, milestones, (past, model) => {
        const bytes = () => [...fitted(past, model).table.row(120)];
        expect(bytes()).toEqual(bytes());
      }),
      { numRuns: 30 },
    );
  });
});

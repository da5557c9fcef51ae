import { describe, expect, it } from 'vitest';
import { exposureBefore } from '../../src/core/odds/chain-exposure.ts';
import { CHAIN_CONSTANTS, type ChainConstants, chainShape } from '../../src/core/odds/chain-model.ts';
import { chainRates } from '../../src/core/odds/chain-rates.ts';
import { fitOdds } from '../../src/core/odds/fit-odds.ts';
import { stateLog } from '../../src/core/odds/history.ts';
import { chainVector, constantsOfVector, milestonesOfVector } from '../support/chain-vector.ts';

/** forecast-model section 9: figures on which two independent implementations agree. */
const shape = chainShape(milestonesOfVector);
const log = stateLog(chainVector);
const timeless: ChainConstants = { ...constantsOfVector, halfLifeDays: Number.POSITIVE_INFINITY };
const exposure = exposureBefore(log, 40, shape, timeless);

function row(values: Float64Array, at: number, length: number): number[] {
  return [...values.slice(at * length, (at + 1) * length)];
}

function expectRow(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [at, value] of wanted.entries()) expect(Math.abs((found[at] ?? 9) - value)).toBeLessThan(6e-7);
}

describe('what the history shows', () => {
  it('counts the days that deals stood at each milestone by age, open deals included', () => {
    expect([0, 1, 2].map((state) => row(exposure.days, state, 3))).toEqual([
      [26, 23, 0],
      [40, 36, 0],
      [21, 13, 0],
    ]);
  });

  it('counts the moves by milestone, age and destination', () => {
    const moves = (state: number, band: number) => row(exposure.moves, state * 3 + band, 5);
    expect(moves(0, 0)).toEqual([0, 3, 0, 0, 1]);
    expect(moves(0, 1)).toEqual([0, 0, 0, 0, 1]);
    expect(moves(1, 0)).toEqual([0, 0, 2, 0, 0]);
    expect(moves(1, 1)).toEqual([0, 0, 1, 0, 1]);
    expect(moves(2, 1)).toEqual([0, 1, 0, 1, 0]);
  });

  it('mixes what was seen with what the weights say: milestone rates, ageing curve, cell rates', () => {
    const rates = chainRates(exposure, shape, timeless);
    expectRow(row(rates.milestone, 0, 5), [0, 0.050505, 0, 0, 0.050505]);
    expectRow(row(rates.milestone, 1, 5), [0, 0, 0.048611, 0, 0.022817]);
    expectRow(row(rates.milestone, 2, 5), [0, 0.011905, 0, 0.059524, 0.011905]);
    expectRow(row(rates.ageing, 0, 3), [1.075669, 0.670267, 0.888889]);
    expectRow(row(rates.ageing, 1, 3), [0.703553, 0.966696, 1.392265]);
    expectRow(row(rates.ageing, 2, 3), [1, 1, 1]);
    expectRow(row(rates.daily, 3, 5), [0, 0, 0.051486, 0, 0.009927]);
    expectRow(row(rates.daily, 4, 5), [0, 0, 0.032349, 0, 0.023707]);
  });
});

describe.each([
  {
    halfLifeDays: Number.POSITIVE_INFINITY,
    p7: [0.02652624, 0.0027271, 0.03981108, 0.2608984, 0.02652624],
    p30: [0.24689101, 0.09445077, 0.269146, 0.6171865, 0.2388336],
    sum: 1.46650789,
    fresh: 0.11384582,
  },
  {
    halfLifeDays: 180,
    p7: [0.02731333, 0.00280234, 0.0406273, 0.26171176, 0.02731333],
    p30: [0.25092731, 0.09507578, 0.27191831, 0.62351824, 0.24283381],
    sum: 1.48427345,
    fresh: 0.11381459,
  },
])('odds of the five open deals, half-life $halfLifeDays days', ({ halfLifeDays, p7, p30, sum, fresh }) => {
  const odds = fitOdds({
    histories: log,
    milestones: milestonesOfVector,
    originDay: 40,
    constants: { ...constantsOfVector, halfLifeDays },
  });
  const open = [
    [1, 15],
    [0, 29],
    [1, 3],
    [2, 17],
    [1, 11],
  ] as const;

  it('agree to eight digits within 7 and within 30 days', () => {
    for (const [at, [milestone, age]] of open.entries()) {
      expect(odds.inDays(milestone, age, 7)).toBeCloseTo(p7[at] ?? 9, 8);
      expect(odds.inDays(milestone, age, 30)).toBeCloseTo(p30[at] ?? 9, 8);
    }
  });

  it('agree in their sum and for a deal just begun', () => {
    const total = open.reduce((all, [milestone, age]) => all + odds.inDays(milestone, age, 30), 0);
    expect(total).toBeCloseTo(sum, 8);
    expect(odds.inDays(0, 0, 30)).toBeCloseTo(fresh, 8);
  });
});

describe('without any history', () => {
  const odds = fitOdds({
    histories: stateLog([]),
    milestones: milestonesOfVector,
    originDay: 40,
    constants: constantsOfVector,
  });

  it('the odds of a month follow from the weights and the typical days', () => {
    for (const [state, chance] of [0.11772975, 0.40815249, 0.76608707].entries())
      expect(odds.inDays(state, 0, 30)).toBeCloseTo(chance, 8);
  });

  it('the odds of the long run are the weights of the manager', () => {
    for (const [state, weight] of [0.2, 0.5, 0.8].entries())
      expect(odds.inDays(state, 0, 2000)).toBeCloseTo(weight, 8);
  });

  it('says so', () => {
    expect(odds.label).toBe('your_weights');
    expect(odds.resolvedDeals).toBe(0);
    expect(odds.medianCycleDays).toBeNull();
    expect(odds.newWins(30)).toBe(0);
  });

  it('the constants are those of the method', () => {
    expect(CHAIN_CONSTANTS).toEqual({
      bandEdges: [0, 1, 3, 7, 14, 30, 60, 120],
      priorMoves: 5,
      ageingMoves: 2,
      cellMoves: 5,
      halfLifeDays: 180,
      dailyCap: 0.98,
      arrivalDays: 112,
    });
  });
});

/** Daily rates of each milestone and age, measured where there is something to measure and leaning on the manager's weights where not. */
import type { Exposure } from './chain-exposure.ts';
import {
  type ChainConstants,
  type ChainShape,
  MOVE_TYPES,
  moveType,
  nextState,
  priorForward,
} from './chain-model.ts';

/** `daily[(m * bands + b) * columns + j]`: chance that a deal at m, at an age of band b, stands at j a day later. Row sums <= cap. */
export interface CellRates {
  readonly bands: number;
  readonly daily: Float64Array;
}

/** The three layers of the estimate, kept apart so that each can be looked at. */
export interface ChainRates extends CellRates {
  readonly milestone: Float64Array;
  readonly ageing: Float64Array;
}

export function chainRates(exposure: Exposure, shape: ChainShape, constants: ChainConstants): ChainRates {
  const milestone = milestoneRates(exposure, shape, constants);
  const ageing = ageingCurve(exposure, shape, milestone, constants);
  return {
    bands: exposure.bands,
    milestone,
    ageing,
    daily: cellRates(exposure, shape, milestone, ageing, constants),
  };
}

/** `[m * columns + j]`: moves per day whatever the age, with `priorMoves` moves spread as the weights say over the typical days. */
function milestoneRates(exposure: Exposure, shape: ChainShape, constants: ChainConstants): Float64Array {
  const { open, columns } = shape;
  const rates = new Float64Array(open * columns);
  for (let state = 0; state < open; state += 1) {
    const prior = priorMoves(shape, state);
    let days = constants.priorMoves * Math.max(1, shape.milestones[state]?.typicalDays ?? 1);
    for (let band = 0; band < exposure.bands; band += 1)
      days += exposure.days[state * exposure.bands + band] ?? 0;
    for (let to = 0; to < columns; to += 1) {
      let moves = constants.priorMoves * (prior[to] ?? 0);
      for (let band = 0; band < exposure.bands; band += 1)
        moves += exposure.moves[(state * exposure.bands + band) * columns + to] ?? 0;
      rates[state * columns + to] = moves / days;
    }
  }
  return rates;
}

/** Where a deal goes next according to the weights alone; sums to 1. */
function priorMoves(shape: ChainShape, state: number): Float64Array {
  const prior = new Float64Array(shape.columns);
  const forward = priorForward(shape, state);
  prior[nextState(shape, state)] = forward;
  prior[shape.lost] = 1 - forward;
  return prior;
}

/** `[b * MOVE_TYPES + type]`: how much faster or slower than the average deals of that age move, all milestones together. */
function ageingCurve(
  exposure: Exposure,
  shape: ChainShape,
  milestone: Float64Array,
  constants: ChainConstants,
): Float64Array {
  const curve = new Float64Array(exposure.bands * MOVE_TYPES);
  for (let band = 0; band < exposure.bands; band += 1) {
    const seen = new Float64Array(MOVE_TYPES).fill(constants.ageingMoves);
    const expected = new Float64Array(MOVE_TYPES).fill(constants.ageingMoves);
    for (let state = 0; state < shape.open; state += 1) {
      const cell = state * exposure.bands + band;
      for (let to = 0; to < shape.columns; to += 1) {
        const type = moveType(shape, state, to);
        seen[type] = (seen[type] ?? 0) + (exposure.moves[cell * shape.columns + to] ?? 0);
        expected[type] =
          (expected[type] ?? 0) + (exposure.days[cell] ?? 0) * (milestone[state * shape.columns + to] ?? 0);
      }
    }
    for (let type = 0; type < MOVE_TYPES; type += 1)
      curve[band * MOVE_TYPES + type] = (seen[type] ?? 0) / (expected[type] ?? 1);
  }
  return curve;
}

function cellRates(
  exposure: Exposure,
  shape: ChainShape,
  milestone: Float64Array,
  ageing: Float64Array,
  constants: ChainConstants,
): Float64Array {
  const daily = new Float64Array(exposure.moves.length);
  for (let cell = 0; cell < shape.open * exposure.bands; cell += 1) {
    const state = Math.floor(cell / exposure.bands);
    const band = cell % exposure.bands;
    const prior = Float64Array.from({ length: shape.columns }, (_, to) => {
      const factor = ageing[band * MOVE_TYPES + moveType(shape, state, to)] ?? 1;
      return (milestone[state * shape.columns + to] ?? 0) * factor;
    });
    const hazard = sum(prior);
    const days = (exposure.days[cell] ?? 0) + constants.cellMoves / hazard;
    const row = prior.map(
      (rate, to) =>
        ((exposure.moves[cell * shape.columns + to] ?? 0) + (constants.cellMoves * rate) / hazard) / days,
    );
    const leaving = sum(row);
    const scale = leaving > constants.dailyCap ? constants.dailyCap / leaving : 1;
    daily.set(
      row.map((rate) => rate * scale),
      cell * shape.columns,
    );
  }
  return daily;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

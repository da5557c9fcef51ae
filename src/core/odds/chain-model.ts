/** The states of the chain, what the manager believes of them, and every constant of the method. forecast-model: section 2. */
import type { WeightBps } from '../milestones/milestone.ts';

/** Measured once on several real histories and held for all; not tuned to any one of them. */
export interface ChainConstants {
  /** First day of each band of ages; the last band has no end. */
  readonly bandEdges: readonly number[];
  /** Moves that the manager's weights count for, per milestone. */
  readonly priorMoves: number;
  /** Moves that "no ageing" counts for, per band and type of move. */
  readonly ageingMoves: number;
  /** Moves that the milestone's rate times the ageing curve counts for, per milestone and band. */
  readonly cellMoves: number;
  /** A stay that began this many days earlier counts half as much. Infinity: all count the same. */
  readonly halfLifeDays: number;
  /** Highest chance to leave a milestone on one day. */
  readonly dailyCap: number;
  /** Window over which the arrival of new deals is counted. */
  readonly arrivalDays: number;
}

export const CHAIN_CONSTANTS: ChainConstants = {
  bandEdges: [0, 1, 3, 7, 14, 30, 60, 120],
  priorMoves: 5,
  ageingMoves: 2,
  cellMoves: 5,
  halfLifeDays: 180,
  dailyCap: 0.98,
  arrivalDays: 112,
};

/** An open state as the manager sees it. `side`: a parking place such as "on hold", listed after the milestones. */
export interface ChainMilestone {
  readonly weightBps: WeightBps;
  readonly typicalDays: number;
  readonly side?: boolean;
}

/** Kinds of move that share one ageing curve. */
export const FORWARD = 0;
export const LOSS = 1;
const BACK = 2;
export const MOVE_TYPES = 3;

/** Columns of a row of moves: open states 0..M-1, then WON, then LOST. */
export interface ChainShape {
  readonly milestones: readonly ChainMilestone[];
  readonly open: number;
  readonly won: number;
  readonly lost: number;
  readonly columns: number;
}

export function chainShape(milestones: readonly ChainMilestone[]): ChainShape {
  const open = milestones.length;
  return { milestones, open, won: open, lost: open + 1, columns: open + 2 };
}

/** The state that follows: the next milestone, WON after the last; a side state leads back to the second milestone. */
export function nextState(shape: ChainShape, state: number): number {
  const ladder = shape.milestones.filter((milestone) => milestone.side !== true).length;
  if (shape.milestones[state]?.side === true) return ladder > 1 ? 1 : 0;
  return state + 1 < ladder ? state + 1 : shape.won;
}

export function moveType(shape: ChainShape, from: number, to: number): number {
  if (to === shape.lost) return LOSS;
  if (to === shape.won) return FORWARD;
  if (shape.milestones[to]?.side === true) return BACK;
  return shape.milestones[from]?.side === true || to > from ? FORWARD : BACK;
}

/** Chance to move on rather than be lost, as the weights imply it: weight here / weight there; 0 where there weighs nothing. */
export function priorForward(shape: ChainShape, state: number): number {
  const next = nextState(shape, state);
  const here = weightOf(shape, state);
  const there = next === shape.won ? 1 : weightOf(shape, next);
  return there > 0 ? Math.min(1, here / there) : 0;
}

/** 0..1. */
function weightOf(shape: ChainShape, state: number): number {
  return (shape.milestones[state]?.weightBps ?? 0) / 10_000;
}

/** Index of the band that holds `ageDays`. */
export function bandOf(edges: readonly number[], ageDays: number): number {
  let band = 0;
  while (band + 1 < edges.length && ageDays >= (edges[band + 1] ?? 0)) band += 1;
  return band;
}

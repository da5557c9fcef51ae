/**
 * Reading a deal's stage history through the model, as of an instant. Whatever the CRM dates at or after that instant does not exist:
 * the same function reads today and a past Monday.
 */

import { type MilestoneModel, meaningOf, milestoneIndexOf } from '../milestones/milestone.ts';
import type { StageId } from '../values/ids.ts';
import type { CloseDateChange, Deal, StageEntry } from './deal.ts';

/** `milestone` is the place in the model. A stage the mapping does not know is a state of its own: we do not know where the deal was. */
type DealState =
  | { readonly kind: 'milestone'; readonly milestone: number }
  | { readonly kind: 'won' | 'lost' | 'unmapped' };

/** The deal was in `state` from `enteredAt` until the next run. */
export interface StateRun {
  readonly state: DealState;
  readonly enteredAt: Temporal.Instant;
}

export interface DealStanding {
  readonly standing: 'open' | 'won' | 'lost' | 'unmapped';
  /** Stage on the day asked. */
  readonly stageId: StageId;
  /** Place of the declared milestone in the model; -1: none (closed, unmapped, or only `keep` stages so far). */
  readonly declared: number;
  /** Won or lost: when the present closed state began. */
  readonly closedAt: Temporal.Instant | null;
  readonly runs: readonly StateRun[];
}

/**
 * Where the deal stood just before `asOfInstant`; null when it did not exist yet. The last stage that is not `keep` decides, so:
 * a deal won and reopened is open; a deal won, then moved to another won stage, closed when it was first won of that run;
 * a deal won twice with an open time between closed at the second win.
 */
export function standingOf(
  deal: Deal,
  model: MilestoneModel,
  asOfInstant: Temporal.Instant,
): DealStanding | null {
  const entries = entriesBefore(deal, asOfInstant);
  const lastEntry = entries.at(-1);
  if (lastEntry === undefined) return null;
  const runs = runsOf(entries, model);
  const last = runs.at(-1);
  const closed = last !== undefined && (last.state.kind === 'won' || last.state.kind === 'lost');
  return {
    standing: last === undefined ? 'open' : standingIn(last.state),
    stageId: lastEntry.stageId,
    declared: last?.state.kind === 'milestone' ? last.state.milestone : -1,
    closedAt: closed ? last.enteredAt : null,
    runs,
  };
}

/** States of the deal before `asOfInstant`, oldest first: `keep` stages skipped, repeats of a state merged. */
export function stateRuns(
  deal: Deal,
  model: MilestoneModel,
  asOfInstant: Temporal.Instant,
): readonly StateRun[] {
  return runsOf(entriesBefore(deal, asOfInstant), model);
}

/** Start of the present uninterrupted time at milestone `index` or beyond; null when the deal is not there now. */
export function reachedAt(runs: readonly StateRun[], index: number): Temporal.Instant | null {
  let since: Temporal.Instant | null = null;
  for (const run of runs) {
    const beyond =
      run.state.kind === 'won' || (run.state.kind === 'milestone' && run.state.milestone >= index);
    since = beyond ? (since ?? run.enteredAt) : null;
  }
  return since;
}

/**
 * Runs as the odds count them, in days: a state that was left on the day it was entered is no stay, and a step there and back within a
 * day is none. `dayOf` gives the company's day of an instant.
 */
export function dailyRuns(
  runs: readonly StateRun[],
  dayOf: (instant: Temporal.Instant) => number,
): readonly StateRun[] {
  const daily: StateRun[] = [];
  runs.forEach((run, position) => {
    const next = runs[position + 1];
    if (next !== undefined && dayOf(next.enteredAt) === dayOf(run.enteredAt)) return;
    const before = daily.at(-1);
    if (before === undefined || !sameState(before.state, run.state)) daily.push(run);
  });
  return daily;
}

/** The close date as it read just before `asOfInstant`. */
export function closeDateAt(deal: Deal, asOfInstant: Temporal.Instant): Temporal.PlainDate | null {
  const known = changesBefore(deal.closeDateHistory, asOfInstant);
  return known.length === deal.closeDateHistory.length ? deal.closeDate : (known.at(-1)?.closeDate ?? null);
}

/** Times the close date was moved to a later day. Setting it first, or bringing it forward, is no push. */
export function closeDatePushes(deal: Deal, asOfInstant: Temporal.Instant): number {
  let pushes = 0;
  let current: Temporal.PlainDate | null = null;
  for (const { closeDate } of changesBefore(deal.closeDateHistory, asOfInstant)) {
    if (closeDate === null) continue;
    if (current !== null && Temporal.PlainDate.compare(closeDate, current) > 0) pushes += 1;
    current = closeDate;
  }
  return pushes;
}

function standingIn(state: DealState): DealStanding['standing'] {
  return state.kind === 'milestone' ? 'open' : state.kind;
}

/** A deal that came without any history (its connector flags it) has been in its present stage since its creation, as far as we know. */
function entriesBefore(deal: Deal, asOfInstant: Temporal.Instant): readonly StageEntry[] {
  const history: readonly StageEntry[] =
    deal.stageHistory.length > 0 ? deal.stageHistory : [{ stageId: deal.stageId, enteredAt: deal.createdAt }];
  const firstAfter = history.findIndex((entry) => !isBefore(entry.enteredAt, asOfInstant));
  return firstAfter === -1 ? history : history.slice(0, firstAfter);
}

function changesBefore(
  changes: readonly CloseDateChange[],
  asOfInstant: Temporal.Instant,
): readonly CloseDateChange[] {
  return changes.filter((change) => isBefore(change.changedAt, asOfInstant));
}

function runsOf(entries: readonly StageEntry[], model: MilestoneModel): readonly StateRun[] {
  const runs: StateRun[] = [];
  for (const { stageId, enteredAt } of entries) {
    const state = stateOf(model, stageId);
    const last = runs.at(-1);
    if (state === null || (last !== undefined && sameState(last.state, state))) continue;
    runs.push({ state, enteredAt });
  }
  return runs;
}

/** null: the stage says nothing. */
function stateOf(model: MilestoneModel, stageId: StageId): DealState | null {
  const meaning = meaningOf(model, stageId);
  if (meaning === null) return { kind: 'unmapped' };
  if (meaning.kind === 'keep') return null;
  if (meaning.kind !== 'milestone') return { kind: meaning.kind };
  const milestone = milestoneIndexOf(model.milestones, meaning.key);
  return milestone === -1 ? { kind: 'unmapped' } : { kind: 'milestone', milestone };
}

function sameState(left: DealState, right: DealState): boolean {
  return left.kind === right.kind && milestoneIn(left) === milestoneIn(right);
}

function milestoneIn(state: DealState): number {
  return state.kind === 'milestone' ? state.milestone : -1;
}

function isBefore(instant: Temporal.Instant, limit: Temporal.Instant): boolean {
  return instant.epochMilliseconds < limit.epochMilliseconds;
}

import type { Deal } from './deal.ts';
import { LOST, type StateEvent, UNMAPPED, WON } from './history.ts';
import type { MilestoneModel, StageMeaning } from './milestone.ts';

/** Turns a deal's stage history into states of the chain. */
export type HistoryReader = (deal: Deal) => readonly StateEvent[];

/**
 * Reads stages by the mapping of `model`; `dayOf` counts days in the company's zone (`dayCounter`). A stage marked `keep` says nothing;
 * an unmapped stage, or one mapped to a milestone that the model no longer has, takes the deal out of the chain while it lasts.
 */
export function historyReader(
  model: MilestoneModel,
  dayOf: (instant: Temporal.Instant) => number,
): HistoryReader {
  const index = new Map(model.milestones.map((milestone, at) => [milestone.key, at]));
  const states = new Map(
    Object.entries(model.mapping).map(([stageId, meaning]) => [stageId, stateOf(meaning, index)]),
  );
  return (deal) => {
    const events: StateEvent[] = [];
    for (const entry of byInstant(deal)) {
      const state = states.has(entry.stageId) ? states.get(entry.stageId) : UNMAPPED;
      if (state !== undefined && state !== null) events.push({ t: dayOf(entry.enteredAt), state });
    }
    return events;
  };
}

/** Null for `keep`. */
function stateOf(meaning: StageMeaning, index: ReadonlyMap<string, number>): number | null {
  switch (meaning.kind) {
    case 'won':
      return WON;
    case 'lost':
      return LOST;
    case 'keep':
      return null;
    case 'milestone':
      return index.get(meaning.key) ?? UNMAPPED;
  }
}

/** Local time runs backwards for an hour each autumn, so the order is that of the instants. */
function byInstant(deal: Deal): Deal['stageHistory'] {
  const { stageHistory } = deal;
  const sorted = stageHistory.every(
    (entry, at) => at === 0 || epochMs(stageHistory[at - 1]) <= entry.enteredAt.epochMilliseconds,
  );
  return sorted ? stageHistory : stageHistory.toSorted((left, right) => epochMs(left) - epochMs(right));
}

function epochMs(entry: Deal['stageHistory'][number] | undefined): number {
  return entry?.enteredAt.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
}

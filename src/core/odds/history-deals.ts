import type { Deal } from '../deals/deal.ts';
import type { MilestoneModel, StageMeaning } from '../milestones/milestone.ts';
import { LOST, type StateEvent, UNMAPPED, UNVERIFIED, WON } from './history.ts';
import { dayNumber } from './history-days.ts';
import { joinRecorded, type RecordedState } from './history-recorded.ts';
import { NOTHING_RECORDED, type VerifiedChange, type VerifiedHistory } from './verified-history.ts';

/** Turns what is known of a deal's past into states of the chain. */
export type HistoryReader = (deal: Deal) => readonly StateEvent[];

/**
 * Reads stages by the mapping of `model`; `dayOf` counts days in the company's zone (`dayCounter`). A stage marked `keep` says nothing;
 * an unmapped stage, or one mapped to a milestone that the model no longer has, takes the deal out of the chain while it lasts.
 * From the first recording of `verified` on, what was verified takes the place of the stage (`joinRecorded`).
 */
export function historyReader(
  model: MilestoneModel,
  dayOf: (instant: Temporal.Instant) => number,
  verified: VerifiedHistory = NOTHING_RECORDED,
): HistoryReader {
  const index = new Map(model.milestones.map((milestone, at) => [milestone.key, at]));
  const states = new Map(
    Object.entries(model.mapping).map(([stageId, meaning]) => [stageId, stateOf(meaning, index)]),
  );
  const recordedStates = recordedReader(verified, index);
  const recordingDays = verified.recordings.map(({ asOf }) => dayNumber(asOf));
  const stagesOf = (deal: Deal): readonly StateEvent[] => {
    const events: StateEvent[] = [];
    for (const entry of byInstant(deal)) {
      const state = states.has(entry.stageId) ? states.get(entry.stageId) : UNMAPPED;
      if (state !== undefined && state !== null) events.push({ t: dayOf(entry.enteredAt), state });
    }
    return events;
  };
  if (recordingDays.length === 0) return stagesOf;
  return (deal) => joinRecorded(stagesOf(deal), recordedStates(deal), recordingDays);
}

function recordedReader(
  { recordings, changes }: VerifiedHistory,
  index: ReadonlyMap<string, number>,
): (deal: Deal) => readonly RecordedState[] {
  const versions = new Map(recordings.map(({ asOf, modelVersion }) => [dayNumber(asOf), modelVersion]));
  const stateOfChange = ({ milestone }: VerifiedChange): number =>
    milestone === null ? UNVERIFIED : (index.get(milestone) ?? UNMAPPED);
  const byDeal = Map.groupBy(changes, ({ dealId }) => dealId);
  return ({ id }) =>
    (byDeal.get(id) ?? []).map((change) => {
      const day = dayNumber(change.asOf);
      const seenBefore = change.seenBefore && dayNumber(change.seenBefore);
      return {
        day,
        seenBefore,
        state: stateOfChange(change),
        since: change.since && dayNumber(change.since),
        sameModel: seenBefore !== null && versions.get(seenBefore) === versions.get(day),
      };
    });
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

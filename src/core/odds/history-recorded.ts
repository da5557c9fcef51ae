/** Stages until the first recording, verified milestones from then on: one history of a deal. forecast-model: section 2. */
import { type StateEvent, UNVERIFIED, WON } from './history.ts';

/** A change of what was verified of an open deal, in the days and states of the chain. */
export interface RecordedState {
  /** Midnight of the recording that told it. */
  readonly day: number;
  /** The recording before in which the deal was open; null when it had been in none. */
  readonly seenBefore: number | null;
  /** An open milestone, UNVERIFIED, or UNMAPPED for a milestone that the model no longer has. */
  readonly state: number;
  /** Day on which the last of the proofs it needs came. */
  readonly since: number | null;
  /** False when the model changed since the recording before: the rules moved, and not the customer. */
  readonly sameModel: boolean;
}

/**
 * Rules. Until the first recording the stages speak; from its eve on, what was verified. Wins, losses and stages without meaning are
 * the CRM's at all times, with the day that it gives them. A deal that is born, or opens again, after the first recording has nothing verified until a
 * recording says otherwise. A change is dated on the day of its proof; when that day lies before the recording before (a proof
 * entered late, a proof that expired), on the eve of the recording that told it, so that nothing recorded later changes what was known
 * at an earlier recording. Its age counts from the day of the proof at all times.
 * No move is counted where only the measure changed: at the first recording of a deal, at another version of the model, and
 * when newer proofs of the same milestone take over.
 */
export function joinRecorded(
  stages: readonly StateEvent[],
  recorded: readonly RecordedState[],
  recordingDays: readonly number[],
): readonly StateEvent[] {
  const [firstDay] = recordingDays;
  if (firstDay === undefined) return stages;
  const said = closingsFrom(stages, firstDay);
  const openings = said.filter(({ t, state }) => t >= firstDay && state === UNVERIFIED).map(({ t }) => t);
  const changes = recorded.flatMap((one, at) =>
    isOpenAt(stages, one.day) ? [changeOf(one, recorded[at - 1], openings, recordingDays)] : [],
  );
  const back = openings.flatMap((day) => stillVerified(day, stages, recorded, recordingDays));
  // The sort is stable: of one day, what a snapshot recorded comes after what the stage said.
  return [...said, ...changes, ...back].sort((left, right) => left.t - right.t);
}

/** Stages before `firstDay`; from then on only those that close a deal, and UNVERIFIED where one opens. */
function closingsFrom(stages: readonly StateEvent[], firstDay: number): readonly StateEvent[] {
  return stages.flatMap((event, at) => {
    if (event.t < firstDay || event.state >= WON) return [event];
    const opens = (stages[at - 1]?.state ?? WON) >= WON;
    return opens ? [{ t: event.t, state: UNVERIFIED }] : [];
  });
}

/** By the stages known today: a loss that was dated back is a loss on its day, whatever was recorded after it. */
function isOpenAt(stages: readonly StateEvent[], day: number): boolean {
  return (stages.findLast(({ t }) => t < day)?.state ?? 0) < WON;
}

function changeOf(
  { day, seenBefore, state, since, sameModel }: RecordedState,
  before: RecordedState | undefined,
  openings: readonly number[],
  recordingDays: readonly number[],
): StateEvent {
  const opened = openings.findLast((opening) => opening < day) ?? Number.NEGATIVE_INFINITY;
  const unseenFrom = Math.max(recordingDays.findLast((recording) => recording < day) ?? day, opened);
  const t = since !== null && since >= unseenFrom && since < day ? since : day - 1;
  const moved = seenBefore !== null && sameModel && state !== before?.state;
  return { t, state, recorded: { since: Math.min(since ?? t, t), moved } };
}

/** A deal that closed and opened again between two recordings, which both say the same: it is back where it was. */
function stillVerified(
  opening: number,
  stages: readonly StateEvent[],
  recorded: readonly RecordedState[],
  recordingDays: readonly number[],
): readonly StateEvent[] {
  const day = recordingDays.find((recording) => recording > opening);
  const last = recorded.findLast((one) => day !== undefined && one.day <= day);
  if (day === undefined || last === undefined || last.day === day || !isOpenAt(stages, day)) return [];
  const t = Math.max(opening, day - 1);
  return [{ t, state: last.state, recorded: { since: Math.min(last.since ?? t, t), moved: false } }];
}

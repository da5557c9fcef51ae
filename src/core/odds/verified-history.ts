/** What the weekly snapshots recorded of each deal: its verified milestone, Monday after Monday. forecast-model: section 2. */
import { daysBetween } from '../values/calendar.ts';
import type { DealId, MilestoneKey } from '../values/ids.ts';

/** One snapshot. Evidence rules belong to a version of the model: what they prove changes with it. */
export interface Recording {
  readonly asOf: Temporal.PlainDate;
  readonly modelVersion: number;
}

/** From the recording of `asOf` on, until the next change, the open deal stood like this. */
export interface VerifiedChange {
  readonly dealId: DealId;
  readonly asOf: Temporal.PlainDate;
  /** The recording before in which the deal was open; null when it had been in none. */
  readonly seenBefore: Temporal.PlainDate | null;
  /** Null: nothing was proven. */
  readonly milestone: MilestoneKey | null;
  readonly since: Temporal.PlainDate | null;
}

/** Oldest first; the changes of each deal too. Only open deals are recorded: wins and losses have their own day in the CRM. */
export interface VerifiedHistory {
  readonly recordings: readonly Recording[];
  readonly changes: readonly VerifiedChange[];
}

export const NOTHING_RECORDED: VerifiedHistory = { recordings: [], changes: [] };

/**
 * What was recorded by the midnight that begins `asOf`, the recording of that midnight included. Nothing while no earlier one exists:
 * a first snapshot alone knows where deals stand, and not yet how they move.
 */
export function knownOn(history: VerifiedHistory, asOf: Temporal.PlainDate): VerifiedHistory {
  const [first] = history.recordings;
  if (first === undefined || daysBetween(first.asOf, asOf) <= 0) return NOTHING_RECORDED;
  const known = (row: { readonly asOf: Temporal.PlainDate }): boolean => daysBetween(row.asOf, asOf) >= 0;
  if (history.recordings.every(known)) return history;
  return { recordings: history.recordings.filter(known), changes: history.changes.filter(known) };
}

/** What a reading of the evidence says of an open deal. */
export interface VerifiedReading {
  readonly dealId: DealId;
  readonly milestone: MilestoneKey | null;
  readonly since: Temporal.PlainDate | null;
}

/** The history as it will read once the snapshot of `recording.asOf` is frozen: `readings` take the place of what was recorded that day. */
export function withReading(
  history: VerifiedHistory,
  recording: Recording,
  readings: Iterable<VerifiedReading>,
): VerifiedHistory {
  const isEarlier = (row: { readonly asOf: Temporal.PlainDate }): boolean =>
    daysBetween(row.asOf, recording.asOf) > 0;
  const recordings = history.recordings.filter(isEarlier);
  const last = recordings.at(-1);
  if (last === undefined) return NOTHING_RECORDED;
  const earlier = history.changes.filter(isEarlier);
  const lastOf = new Map(earlier.map((change) => [change.dealId, change]));
  const changes = [...readings].flatMap(({ dealId, milestone, since }): VerifiedChange[] => {
    const known = lastOf.get(dealId);
    if (known !== undefined && known.milestone === milestone && isSameDay(known.since, since)) return [];
    const seenBefore = known === undefined ? null : last.asOf;
    return [{ dealId, asOf: recording.asOf, seenBefore, milestone, since }];
  });
  return { recordings: [...recordings, recording], changes: [...earlier, ...changes] };
}

function isSameDay(left: Temporal.PlainDate | null, right: Temporal.PlainDate | null): boolean {
  return left === null || right === null ? left === right : left.equals(right);
}

/** Writes that the CRM refused lately, with these very values: asking again at each run would change nothing. Parked, and told. */
import type { DealId } from '../values/ids.ts';
import type { DealWrite, RefusedWrite } from './write-back.ts';

/** How long a refusal stands while the values that we want stay the same. Then the CRM is asked once more: its rules may have changed. */
const PARKED_HOURS = 7 * 24;

/** Refusals that the next run mends by itself: the missing property is made before anything is written. */
const MENDED = new Set(['PROPERTY_MISSING']);

export interface ParkedWrite {
  readonly dealId: DealId;
  readonly code: string;
  readonly refusedAt: Temporal.Instant;
  readonly until: Temporal.Instant;
}

export interface DueWrites {
  readonly due: readonly DealWrite[];
  readonly parked: readonly ParkedWrite[];
}

export function withoutParked(
  writes: readonly DealWrite[],
  refused: ReadonlyMap<DealId, RefusedWrite>,
  now: Temporal.Instant,
): DueWrites {
  const due: DealWrite[] = [];
  const parked: ParkedWrite[] = [];
  for (const write of writes) {
    const standing = standingRefusal(write, refused.get(write.dealId), now);
    if (standing === null) due.push(write);
    else parked.push(standing);
  }
  return { due, parked };
}

function standingRefusal(
  { dealId, values }: DealWrite,
  refused: RefusedWrite | undefined,
  now: Temporal.Instant,
): ParkedWrite | null {
  if (refused === undefined || MENDED.has(refused.code)) return null;
  const same =
    values.size === refused.values.size &&
    [...values].every(([key, value]) => refused.values.get(key) === value);
  const until = refused.at.add({ hours: PARKED_HOURS });
  if (!same || Temporal.Instant.compare(now, until) >= 0) return null;
  return { dealId, code: refused.code, refusedAt: refused.at, until };
}

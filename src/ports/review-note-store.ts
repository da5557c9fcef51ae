/** What a weekly review made of a deal. */

import type { ReviewMark } from '../core/review/review.ts';
import type { ConnectionId, DealId } from '../core/values/ids.ts';

/** One trace of a weekly review on one deal. `isoWeek` like "2026-W47". */
export interface ReviewNote {
  readonly dealId: DealId;
  readonly isoWeek: string;
  readonly mark: ReviewMark;
  /** Of a note; empty with every other mark. */
  readonly text: string;
  readonly by: string;
  readonly at: Temporal.Instant;
}

/** Append-only; the database refuses changes. */
export interface ReviewNoteStore {
  add(connectionId: ConnectionId, note: ReviewNote): Promise<void>;
  /** Newest first, at most `limit` in all. */
  ofDeals(
    connectionId: ConnectionId,
    dealIds: readonly DealId[],
    limit: number,
  ): Promise<readonly ReviewNote[]>;
}

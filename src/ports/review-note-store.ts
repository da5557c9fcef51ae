/** Notes of the weekly review. */
import type { ConnectionId, DealId } from '../core/ids.ts';

/** One note of a weekly review about one deal. `isoWeek` like "2026-W47". */
export interface ReviewNote {
  readonly dealId: DealId;
  readonly isoWeek: string;
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

/** The ledger of digests. */
import type { ConnectionId, ManagerId, SnapshotId } from '../core/values/ids.ts';

export type DigestState =
  | 'planned'
  | 'claimed'
  | 'handing_over'
  | 'sent'
  | 'uncertain'
  | 'failed'
  | 'skipped';

export interface DigestRow {
  readonly id: string;
  readonly connectionId: ConnectionId;
  readonly managerId: ManagerId;
  readonly isoWeek: string;
  readonly snapshotId: SnapshotId;
  readonly plannedAt: Temporal.Instant;
  readonly state: DigestState;
  readonly reason: string | null;
  readonly fence: number;
  readonly sentAt: Temporal.Instant | null;
  readonly late: boolean;
}

/** One row per (tenant, manager, ISO week), for ever: the reason why no mail is doubled. */
export interface DigestStore {
  /** Inserts if the week is still free; returns the row that holds the week, new or old. */
  plan(
    digest: Pick<DigestRow, 'connectionId' | 'managerId' | 'isoWeek' | 'snapshotId' | 'plannedAt' | 'late'>,
  ): Promise<DigestRow>;
  /** A week that is free or `planned` becomes `skipped`; any other stays as it is. Returns the row that holds the week. */
  skip(
    digest: Pick<DigestRow, 'connectionId' | 'managerId' | 'isoWeek' | 'snapshotId' | 'plannedAt' | 'late'>,
    reason: string,
  ): Promise<DigestRow>;
  /** planned (or claimed under a lapsed lease) -> claimed with a new fence; null when it is not ours to send. A row found in `handing_over` becomes `uncertain`. */
  claim(id: string, now: Temporal.Instant, leaseMs: number): Promise<DigestRow | null>;
  /** claimed -> handing_over; false when the fence is stale. Commit before the mail is handed to the server. `late` as of this moment; absent: on time. */
  handOver(id: string, fence: number, late?: boolean): Promise<boolean>;
  /** claimed -> skipped: the last look before the hand-over found a reason. False when the fence is stale. */
  drop(id: string, fence: number, why: { readonly reason: string; readonly late: boolean }): Promise<boolean>;
  /** A person's "send again": sent, uncertain, failed or skipped -> planned. Null when the row has changed since `fence` was read. */
  reopen(id: string, fence: number): Promise<DigestRow | null>;
  /** handing_over -> sent | uncertain | failed, or back to planned when the mail provably did not leave. */
  close(
    id: string,
    fence: number,
    state: 'sent' | 'uncertain' | 'failed' | 'planned',
    facts: { readonly reason: string | null; readonly at: Temporal.Instant },
  ): Promise<boolean>;
  get(id: string): Promise<DigestRow | null>;
  /** Newest week first; all rows without a filter. */
  list(
    connectionId: ConnectionId,
    filter?: { readonly isoWeek?: string; readonly states?: readonly DigestState[] },
  ): Promise<readonly DigestRow[]>;
}

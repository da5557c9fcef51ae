/**
 * The store: all truth. One implementation speaks SQL (src/store), on embedded PGlite or on Postgres, the same on both.
 * Every method of `TenantStore` runs inside the transaction and the tenant that `inTenant` opened.
 */
import type { TenantId } from '../core/values/ids.ts';
import type { AuditLog } from './audit-log.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { DigestStore } from './digest-store.ts';
import type { EffectStore } from './effect-store.ts';
import type { ReceiptStore } from './receipt-store.ts';
import type { RecordStore } from './record-store.ts';
import type { FrozenForecastStore, ReliabilityStore } from './reliability-store.ts';
import type { ReviewNoteStore } from './review-note-store.ts';
import type { SettingsStore } from './settings-store.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { WebhookInbox } from './webhook-inbox.ts';

export interface Store {
  /**
   * One transaction as one tenant. Row-level security hides everybody else's rows, whatever the SQL forgets. `work` speaks to the store and to
   * nothing else: a conflict or a lost connection runs it again. Not to be called inside itself. Throws StoreError when the database is away.
   */
  inTenant<T>(tenantId: TenantId, work: (tenant: TenantStore) => Promise<T>): Promise<T>;
  readonly system: SystemStore;
  /** "evaluation mode" for the embedded engine, null on a real server. */
  readonly label: string | null;
  close(): Promise<void>;
}

/** The little that crosses tenants: the sweep, the scheduler and the start of a process. Reads run under their own database role. */
export interface SystemStore {
  createTenant(tenant: { readonly id: TenantId; readonly name: string }): Promise<void>;
  tenants(): Promise<readonly TenantId[]>;
  /** Effects due at `now` (pending, or claimed under a lease that ran out), oldest first. */
  dueEffects(
    now: Temporal.Instant,
    limit: number,
  ): Promise<readonly { readonly tenantId: TenantId; readonly effectId: string }[]>;
  /** Earliest time at which something becomes due; null when nothing waits. */
  nextDueAt(): Promise<Temporal.Instant | null>;
  /**
   * Lets every lease on an effect or a digest run out at `now`. Only for the one process of an embedded database, at its start: whoever held
   * them is dead. On a server others may be alive, and leases run out by themselves. Returns how many leases ended.
   */
  releaseDeadLeases(now: Temporal.Instant): Promise<number>;
  /** Answers when the database is reachable and migrated. */
  ready(): Promise<{ readonly schemaVersion: number }>;
}

export interface TenantStore {
  readonly connections: ConnectionStore;
  readonly records: RecordStore;
  readonly settings: SettingsStore;
  readonly snapshots: SnapshotStore;
  readonly reliability: ReliabilityStore;
  readonly frozenForecasts: FrozenForecastStore;
  readonly receipts: ReceiptStore;
  readonly digests: DigestStore;
  readonly effects: EffectStore;
  readonly reviewNotes: ReviewNoteStore;
  readonly inbox: WebhookInbox;
  readonly audit: AuditLog;
}

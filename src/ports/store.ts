/**
 * The store: all truth. One implementation speaks SQL (src/store), on embedded PGlite or on Postgres, the same on both.
 * Every method of `TenantStore` runs inside the transaction and the tenant that `inTenant` opened.
 */
import type { CompanyCalendar } from '../core/calendar-weeks.ts';
import type { CrmKind } from '../core/crm.ts';
import type { CurrencyCode } from '../core/currency.ts';
import type {
  Activity,
  ActivityKind,
  Contact,
  Deal,
  Directory,
  ExchangeRate,
  Owner,
  Pipeline,
  Rejection,
} from '../core/deal.ts';
import type { AccuracyBar, DigestQuestion, Movement, SettledCount } from '../core/digest-types.ts';
import type { Confirmation } from '../core/evidence.ts';
import type { ForecastLine, ForecastSummary, PaceNorm, Standing } from '../core/forecast-types.ts';
import type { ConnectionId, DealId, ManagerId, OwnerId, SnapshotId, TenantId } from '../core/ids.ts';
import type { Manager, Target } from '../core/manager.ts';
import type { MilestoneModel } from '../core/milestone.ts';
import type { DealProduct, Product } from '../core/product.ts';
import type { DealWrite, PropertyKey, PropertyValue, RefusedWrite } from '../core/write-back.ts';
import type { OwnWriteSpan, PullCursor, PullPage, WriteOutcome } from './connector.ts';
import type { FrozenForecastStore, ReliabilityStore } from './reliability-store.ts';

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

export interface ConnectionRow {
  readonly id: ConnectionId;
  readonly crm: CrmKind;
  readonly externalAccountId: string;
  readonly label: string;
  readonly state: 'active' | 'reconnect_needed' | 'paused';
  readonly lastPulledAt: Temporal.Instant | null;
}

export interface ConnectionStore {
  save(connection: ConnectionRow): Promise<void>;
  get(id: ConnectionId): Promise<ConnectionRow | null>;
  list(): Promise<readonly ConnectionRow[]>;
}

/** CRM records as last pulled. */
export interface RecordStore {
  landDirectory(connectionId: ConnectionId, directory: Directory, at: Temporal.Instant): Promise<void>;
  directory(connectionId: ConnectionId): Promise<Directory | null>;
  cursor(connectionId: ConnectionId): Promise<PullCursor | null>;
  /**
   * Page, rejections and cursor in this transaction. Upserts by (connection, id), never older over newer (`updatedAt`); replaces a deal's
   * history only with its deal. A tombstone hides its deal; a newer deal brings it back. `pullId` marks what this pull has seen.
   */
  landPage(connectionId: ConnectionId, pullId: string, page: PullPage): Promise<void>;
  /** After a pull that started from nothing: deals it has not seen are gone from the CRM. Returns how many were hidden. */
  hideUnseen(connectionId: ConnectionId, pullId: string, at: Temporal.Instant): Promise<number>;
  resetCursor(connectionId: ConnectionId): Promise<void>;
  /** Deals present in the CRM, with their histories, ordered by id. */
  deals(connectionId: ConnectionId): Promise<readonly Deal[]>;
  deal(connectionId: ConnectionId, dealId: DealId): Promise<Deal | null>;
  /** Those of the deals asked that are held, hidden ones too: what `PullRequest.knownDeals` is answered with. */
  knownDeals(connectionId: ConnectionId, dealIds: readonly DealId[]): Promise<ReadonlyMap<DealId, Deal>>;
  dealCounts(
    connectionId: ConnectionId,
  ): Promise<{ readonly present: number; readonly hidden: number; readonly stageEntries: number }>;
  /** One deal with what belongs to it; null when it is not present in the CRM. Activities oldest first, confirmations in the order they were given. */
  dealFile(connectionId: ConnectionId, dealId: DealId): Promise<DealFile | null>;
  /** What one person logged from `from` up to, not including, `to`, counted; kinds without any are absent. */
  activityMix(
    connectionId: ConnectionId,
    ownerId: OwnerId,
    from: Temporal.Instant,
    to: Temporal.Instant,
  ): Promise<readonly ActivityCount[]>;
  /** Activities linked to deals that are present, oldest first. */
  activities(connectionId: ConnectionId): Promise<readonly Activity[]>;
  contacts(connectionId: ConnectionId): Promise<readonly Contact[]>;
  products(connectionId: ConnectionId): Promise<readonly Product[]>;
  /** Lines of deals that are present, by deal. */
  dealProducts(connectionId: ConnectionId): Promise<readonly DealProduct[]>;
  /** Per deal in the order they were given: of two about one milestone, the later is in force. */
  confirmations(connectionId: ConnectionId): Promise<ReadonlyMap<DealId, readonly Confirmation[]>>;
  confirm(
    connectionId: ConnectionId,
    dealId: DealId,
    confirmation: Confirmation,
    by: string,
    at: Temporal.Instant,
  ): Promise<void>;
  /** Rejections that still stand: a record that was read since is no longer rejected. */
  rejections(connectionId: ConnectionId): Promise<readonly Rejection[]>;
}

export interface ActivityCount {
  readonly kind: ActivityKind;
  readonly withCustomer: boolean;
  readonly count: number;
}

/** What the page of one deal is made of. */
export interface DealFile {
  readonly deal: Deal;
  readonly activities: readonly Activity[];
  readonly contacts: readonly Contact[];
  readonly confirmations: readonly RecordedConfirmation[];
}

/** A confirmation with who gave it, and when it was recorded. */
export interface RecordedConfirmation extends Confirmation {
  readonly by: string;
  readonly at: Temporal.Instant;
}

/** What people decided. Versions are appended, never changed. */
export interface SettingsStore {
  /** Appends and returns the version number (1, 2, ...); an identical model returns the version in force. */
  saveModel(
    connectionId: ConnectionId,
    model: MilestoneModel,
    by: string,
    reason: string,
    at: Temporal.Instant,
  ): Promise<number>;
  /** The version in force, or the one asked for. */
  model(connectionId: ConnectionId, version?: number): Promise<MilestoneModel | null>;
  /** Managers, targets, rates: the whole list each time. Who is not in it any more is gone from the next read; earlier lists stay on record. */
  saveManagers(managers: readonly Manager[]): Promise<void>;
  managers(): Promise<readonly Manager[]>;
  saveTargets(targets: readonly Target[]): Promise<void>;
  targets(): Promise<readonly Target[]>;
  /** Rates kept by the admin; those of the CRM come with the directory. */
  saveRates(rates: readonly ExchangeRate[]): Promise<void>;
  rates(): Promise<readonly ExchangeRate[]>;
  saveCompany(company: CompanySettings): Promise<void>;
  company(): Promise<CompanySettings | null>;
}

export interface CompanySettings {
  readonly zone: string;
  readonly currency: CurrencyCode;
  readonly locale: 'fr' | 'en';
  readonly fiscalStartMonth: number;
  readonly periodKind: 'month' | 'quarter' | 'year';
  /** Absent: periods begin on the first of a month. */
  readonly calendar?: CompanyCalendar;
  /** `plan_only` until a person has seen the first plan and said yes: nothing is written to the CRM before. */
  readonly writeBack: 'plan_only' | 'on';
}

/** What a snapshot froze beside its deals. Plain core values; stored as canonical JSON. */
export interface SnapshotHeader {
  readonly id: SnapshotId;
  readonly connectionId: ConnectionId;
  readonly asOf: Temporal.PlainDate;
  readonly takenAt: Temporal.Instant;
  readonly company: CompanySettings;
  readonly model: MilestoneModel;
  readonly managers: readonly Manager[];
  readonly targets: readonly Target[];
  readonly rates: readonly ExchangeRate[];
  readonly owners: readonly Owner[];
  readonly pipelines: readonly Pipeline[];
  readonly rejections: number;
  readonly dataReadAt: Temporal.Instant;
}

/** Summary of the whole connection (managerId null) or of one manager, as computed at the snapshot. Immutable like it. */
export interface StoredForecast {
  readonly managerId: ManagerId | null;
  /** All deals of the snapshot by where they stand, also those closed too long ago to have a line. */
  readonly standings: Readonly<Record<Standing, number>>;
  /** Since the snapshot before, or since a past Monday replayed from the histories where there is no snapshot of this period yet. */
  readonly movement: Movement | null;
  readonly comparedWith: { readonly asOf: Temporal.PlainDate; readonly kind: 'snapshot' | 'replay' } | null;
  readonly norms: readonly PaceNorm[];
  /** Oldest month first. */
  readonly accuracy: readonly AccuracyBar[];
  /** Of a manager's forecast: the questions of this week, and what became of those of last week's mail. */
  readonly questions?: readonly DigestQuestion[];
  readonly lastQuestions?: SettledCount | null;
  readonly summary: ForecastSummary;
}

/** Append-only: the database refuses updates and deletes of what is in here. */
export interface SnapshotStore {
  /** Frozen once per (connection, asOf): a second call with another content returns the first snapshot's id and changes nothing. */
  freeze(header: SnapshotHeader, deals: readonly Deal[]): Promise<SnapshotId>;
  header(id: SnapshotId): Promise<SnapshotHeader | null>;
  deals(id: SnapshotId): Promise<readonly Deal[]>;
  latest(connectionId: ConnectionId): Promise<SnapshotHeader | null>;
  /** The newest snapshot whose date is before `asOf`. */
  before(connectionId: ConnectionId, asOf: Temporal.PlainDate): Promise<SnapshotHeader | null>;
  list(
    connectionId: ConnectionId,
  ): Promise<readonly { readonly id: SnapshotId; readonly asOf: Temporal.PlainDate }[]>;
  /** Once per snapshot, lines and summaries together; a repeat changes nothing. */
  saveForecast(
    id: SnapshotId,
    lines: readonly ForecastLine[],
    forecasts: readonly StoredForecast[],
  ): Promise<void>;
  /** `limit`/`offset` page through lines: open deals first, then by net amount, largest first. */
  lines(
    id: SnapshotId,
    page?: { readonly limit: number; readonly offset: number },
  ): Promise<readonly ForecastLine[]>;
  forecasts(id: SnapshotId): Promise<readonly StoredForecast[]>;
}

/** What we know that the CRM holds of our own properties. */
export interface ReceiptStore {
  /** Values last acknowledged per deal. */
  acknowledged(
    connectionId: ConnectionId,
  ): Promise<ReadonlyMap<DealId, ReadonlyMap<PropertyKey, PropertyValue>>>;
  /** Marks these writes as on their way, before the call. */
  begin(connectionId: ConnectionId, writes: readonly DealWrite[], at: Temporal.Instant): Promise<void>;
  /** Writes begun without a known end: to be read back before anything else is written to these deals. */
  unsettled(connectionId: ConnectionId): Promise<readonly DealWrite[]>;
  /** One receipt per outcome. `written` acknowledges the begun values; `refused` keeps the refusal for the admin; `uncertain` stays unsettled; `not_arrived` forgets the begun write. */
  settle(connectionId: ConnectionId, outcomes: readonly WriteOutcome[], at: Temporal.Instant): Promise<void>;
  /** These properties were made anew in the CRM, so it holds no value of them: nothing counts as acknowledged any more. */
  forget(connectionId: ConnectionId, keys: readonly PropertyKey[]): Promise<void>;
  refusals(
    connectionId: ConnectionId,
  ): Promise<readonly { readonly dealId: DealId; readonly code: string; readonly at: Temporal.Instant }[]>;
  /** Values that the CRM refused and that no later write has replaced, per deal. */
  refusedWrites(connectionId: ConnectionId): Promise<ReadonlyMap<DealId, RefusedWrite>>;
  /** Own writes whose modified time in the CRM is at or after `since`. */
  ownWrites(connectionId: ConnectionId, since: Temporal.Instant): Promise<OwnWriteSpan | null>;
  /** Number of property values acknowledged since the beginning. */
  writtenCount(connectionId: ConnectionId): Promise<number>;
}

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

/** Work to be done, committed with the change that calls for it. */
export interface EffectRow {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  /** Ids and dates only. */
  readonly payload: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'claimed' | 'done' | 'parked';
  readonly dueAt: Temporal.Instant;
  readonly attempts: number;
  readonly fence: number;
  readonly lastError: string | null;
}

export interface EffectStore {
  /** A second row with the same (kind, key) is the same work: returns the id of the first, whatever its state. */
  add(effect: {
    readonly kind: string;
    readonly key: string;
    readonly payload: Readonly<Record<string, string>>;
    readonly dueAt: Temporal.Instant;
  }): Promise<string>;
  /** Takes the lease and a new fence; null when it is done, parked, not yet due, or held by somebody alive. */
  claim(id: string, now: Temporal.Instant, leaseMs: number): Promise<EffectRow | null>;
  /** Prolongs the lease of a long run; false when another worker holds it: stop. */
  extend(id: string, fence: number, now: Temporal.Instant, leaseMs: number): Promise<boolean>;
  /** False when the fence is stale: the caller's transaction must then roll back. */
  done(id: string, fence: number): Promise<boolean>;
  retry(id: string, fence: number, dueAt: Temporal.Instant, error: string): Promise<boolean>;
  park(id: string, fence: number, error: string): Promise<boolean>;
  /** A person's "try again": parked -> pending, with its attempts counted from 0. */
  unpark(id: string, now: Temporal.Instant): Promise<boolean>;
  get(id: string): Promise<EffectRow | null>;
  list(filter: {
    readonly state?: EffectRow['state'];
    readonly kind?: string;
  }): Promise<readonly EffectRow[]>;
}

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

export interface WebhookInbox {
  /** Durable before the answer. False for a duplicate. */
  record(event: {
    readonly connectionId: ConnectionId;
    readonly dedupeKey: string;
    readonly receivedAt: Temporal.Instant;
    readonly raw: string;
  }): Promise<boolean>;
  take(
    connectionId: ConnectionId,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly raw: string }[]>;
  done(ids: readonly string[]): Promise<void>;
}

export interface AuditLog {
  /** Append-only; the database refuses changes. */
  append(entry: {
    readonly at: Temporal.Instant;
    readonly by: string;
    readonly action: string;
    readonly subject: string;
    readonly before: unknown;
    readonly after: unknown;
  }): Promise<void>;
  list(limit: number): Promise<
    readonly {
      readonly at: Temporal.Instant;
      readonly by: string;
      readonly action: string;
      readonly subject: string;
    }[]
  >;
}

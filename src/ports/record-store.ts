/** CRM records as last pulled, and what managers confirmed about them. */
import type { Activity, ActivityKind, Contact, Deal, Directory, Rejection } from '../core/deals/deal.ts';
import type { DealProduct, Product } from '../core/deals/product.ts';
import type { Confirmation } from '../core/milestones/evidence.ts';
import type { ConnectionId, DealId, OwnerId } from '../core/values/ids.ts';
import type { DealsPage, PullCursor, PullPage } from './connector.ts';

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
  /** Like a page, but of deals that were read out of turn: the cursor stays. `pullId`: of a pull from nothing that goes on, else any. */
  landDeals(connectionId: ConnectionId, pullId: string, content: DealsPage): Promise<void>;
  /** After a pull that started from nothing: deals it has not seen are gone from the CRM. Returns how many were hidden. */
  hideUnseen(connectionId: ConnectionId, pullId: string, at: Temporal.Instant): Promise<number>;
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

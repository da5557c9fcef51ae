import type {
  Activity,
  Company,
  Contact,
  Deal,
  DealTombstone,
  Directory,
  Rejection,
} from '../core/deals/deal.ts';
import type { DealProduct, Product } from '../core/deals/product.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { DealId, DealProductId } from '../core/values/ids.ts';
import type { DealWrite, PropertyKey, PropertySpec, PropertyValue } from '../core/write-back/write-back.ts';
import type { Logger } from './logger.ts';
import type { DealHint, WebhookReader, WebhookRegistration, WebhookTarget } from './webhooks.ts';

/** What every connector offers. `open` makes no call; the first method called does. */
export interface Connector {
  readonly kind: CrmKind;
  readonly webhooks: WebhookReader;
  open(options: ConnectorOptions): CrmSession;
}

export interface ConnectorOptions {
  /** Resolved for each call, so that a rotated token is used at once. */
  readonly accessToken: () => Promise<string>;
  /** Origin of the API; the vendor's own when absent. The sandbox gives its address here. */
  readonly baseUrl?: string;
  /** Identifies our own app in change sources, for echo detection; absent with a plain token. */
  readonly appId?: string;
  readonly logger: Logger;
  /** Stops waiting and calling; a session never outlives it. */
  readonly signal?: AbortSignal;
  readonly limits?: ConnectorLimits;
}

/** Overrides of the vendor's published limits, per connection. */
export interface ConnectorLimits {
  readonly callsPerTenSeconds?: number;
  readonly searchesPerSecond?: number;
  readonly timeoutMs?: number;
  readonly maxAttempts?: number;
  /** How far behind the present a search index may lag: an incremental pull stops this long before now. */
  readonly indexLagMs?: number;
  /** How far an incremental pull reaches back before its cursor. */
  readonly overlapMs?: number;
  /** Pipedrive: tokens that plan and seats give the company per day; read from reply headers where these are sent. */
  readonly dailyTokens?: number;
  /** Pipedrive: share of the day's tokens that history and write-back may use up, everybody's use counted; the rest is left to other apps. Default 5000. */
  readonly dailyShareBps?: number;
  /** Pipedrive: the part of that share which history may take; the rest is kept for writing. Default 5000. */
  readonly historyShareBps?: number;
}

/** One conversation with one CRM account. Methods throw `ConnectorError` and nothing else. */
export interface CrmSession {
  readDirectory(): Promise<Directory>;
  /** Pages until the account is read. Each page carries the cursor to store *with* it, in one transaction; a null cursor starts over. */
  pull(request: PullRequest): AsyncIterable<PullPage>;
  /** Deals by id, in full: what a webhook named. */
  readDeals(request: DealsRequest): AsyncIterable<DealsPage>;
  /** Asks the CRM to tell of changed deals. Idempotent: what is there is found again. */
  registerWebhook(target: WebhookTarget): Promise<WebhookRegistration>;
  /** Takes back every webhook that leads to this address; how many there were. */
  removeWebhooks(url: string): Promise<number>;
  /**
   * Creates the property group and the properties that are missing; reports those that exist with another type. Idempotent.
   * `announce` hears which are missing before the first is created, and is waited for.
   */
  ensureProperties(
    specs: readonly PropertySpec[],
    announce?: (missing: readonly PropertyKey[]) => Promise<void>,
  ): Promise<PropertyReport>;
  /** Yields batches of outcomes, one outcome per deal asked; a bad deal never stops its neighbours. */
  write(writes: readonly DealWrite[]): AsyncIterable<readonly WriteOutcome[]>;
  /** Present values of our own properties: asked before a write whose reply was lost is repeated. Deals that are gone are absent. */
  readBack(
    dealIds: readonly DealId[],
    keys: readonly PropertyKey[],
  ): Promise<ReadonlyMap<DealId, PresentProperties>>;
  /** Writes of at most this many deals travel in one round of calls. */
  readonly writeBatchSize: number;
  usage(): CallUsage;
}

export interface PresentProperties {
  readonly values: ReadonlyMap<PropertyKey, PropertyValue>;
  readonly modifiedAt: Temporal.Instant;
}

export interface PullRequest {
  readonly cursor: PullCursor | null;
  /** CRM properties, beside our own, that evidence rules of the model look at. */
  readonly evidenceProperties: readonly string[];
  /** Our own latest write-back as the CRM's clock saw it: an incremental pull need not read its echo deal by deal. */
  readonly ownWrites: OwnWriteSpan | null;
  /**
   * Deals as the caller holds them, hidden ones too; those it does not know are absent. For a CRM that sells history by the deal: a connector
   * then asks only for what is new. Absent: every changed deal's history is asked for again.
   */
  readonly knownDeals?: (dealIds: readonly DealId[]) => Promise<ReadonlyMap<DealId, Deal>>;
}

export interface DealsRequest extends Pick<PullRequest, 'evidenceProperties' | 'ownWrites' | 'knownDeals'> {
  readonly hints: readonly DealHint[];
}

/** All receipts with a modified time in [from, to]; `count` deals were written in it. */
export interface OwnWriteSpan {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  /** Modified time that the CRM answered, per deal. */
  readonly modifiedAt: ReadonlyMap<DealId, Temporal.Instant>;
}

/** Opaque to everybody but the connector that wrote it; plain JSON. */
export type PullCursor = { readonly [key: string]: unknown };

export interface PullPage {
  /** The lane that read it ("deals", "companies", "archived deals"): for progress and accounts, not for logic. */
  readonly lane: string;
  readonly deals: readonly Deal[];
  readonly tombstones: readonly DealTombstone[];
  readonly companies: readonly Company[];
  readonly contacts: readonly Contact[];
  readonly activities: readonly Activity[];
  readonly products?: readonly Product[];
  readonly dealProducts?: readonly DealProduct[];
  /** All lines that these deals have now, by id: any other line of theirs is gone. */
  readonly dealProductIds?: readonly { readonly dealId: DealId; readonly ids: readonly DealProductId[] }[];
  readonly rejections: readonly Rejection[];
  readonly cursor: PullCursor;
  /** Estimated records of this pull when the CRM tells it: for the progress line. */
  readonly expected?: number;
}

/** Deals read again by id. Those that the CRM does not show any more, and does not call deleted either, are absent: the next whole reading decides. */
export type DealsPage = Omit<PullPage, 'cursor' | 'lane' | 'expected'>;

export interface PropertyReport {
  readonly created: readonly PropertyKey[];
  readonly existing: readonly PropertyKey[];
  /** These cannot be written: wrong type, archived, read-only. The rest is written all the same. */
  readonly unusable: readonly { readonly key: PropertyKey; readonly problem: PropertyProblem }[];
}

export type PropertyProblem = 'wrong_type' | 'archived' | 'read_only' | 'not_permitted' | 'missing';

export type WriteOutcome =
  | {
      readonly dealId: DealId;
      readonly kind: 'written';
      /** The deal's modified time that our write left. Null when read back: somebody may have changed the deal since. */
      readonly modifiedAt: Temporal.Instant | null;
      /**
       * The modified time before our write, from a CRM whose readings leave our own writes out. The write hides nothing only if the store
       * knows that time; otherwise the deal is read again.
       */
      readonly seenBefore?: Temporal.Instant;
    }
  | {
      readonly dealId: DealId;
      readonly kind: 'refused';
      readonly code: WriteRefusal;
      readonly message: string;
    }
  /** The reply never came: read back before trying again. */
  | { readonly dealId: DealId; readonly kind: 'uncertain' }
  /** Read back after a lost reply: the CRM never got it. The attempt is forgotten, the next plan holds it again. */
  | { readonly dealId: DealId; readonly kind: 'not_arrived' }
  /** Not sent: our share of the CRM's daily budget is used up. Forgotten like `not_arrived`; worth planning again from `resumesAt` on. */
  | { readonly dealId: DealId; readonly kind: 'postponed'; readonly resumesAt: Temporal.Instant };

export type WriteRefusal =
  | 'DEAL_GONE'
  | 'VALUE_REFUSED'
  | 'PROPERTY_MISSING'
  | 'PROPERTY_READ_ONLY'
  | 'RULE_OF_ACCOUNT'
  | 'OTHER';

export interface CallUsage {
  /** Calls by lane of the vendor's limits ("list", "search", "associations", "write"...). */
  readonly callsByLane: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly retries: number;
  readonly rateLimited: number;
  /** Pipedrive only. */
  readonly tokens?: number;
  readonly budget?: DailyBudget;
}

/** A CRM's budget of the day as far as it is known: from its headers, else from what was configured and spent by this session. */
export interface DailyBudget {
  readonly dailyTokens: number;
  /** Left for everybody. */
  readonly leftTokens: number;
  /** Left of our share: for writing, and of that for history. */
  readonly leftForWritesTokens: number;
  readonly leftForHistoryTokens: number;
  readonly resetsAt: Temporal.Instant;
}

export type RetryAdvice = { readonly kind: 'never' } | { readonly kind: 'after'; readonly delayMs: number };
export type WhoMustAct = 'nobody' | 'admin' | 'operator' | 'developer';

/** The one error of a connector. `code` has a row in docs/errors.md; the message holds no secret, name or amount. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly code: ConnectorErrorCode;
  readonly retry: RetryAdvice;
  readonly whoMustAct: WhoMustAct;
  readonly status: number | null;

  constructor(
    code: ConnectorErrorCode,
    message: string,
    facts: { retry: RetryAdvice; whoMustAct: WhoMustAct; status?: number | null; cause?: unknown },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.retry = facts.retry;
    this.whoMustAct = facts.whoMustAct;
    this.status = facts.status ?? null;
  }
}

export type ConnectorErrorCode =
  | 'CRM_UNAUTHORISED'
  | 'CRM_FORBIDDEN'
  | 'CRM_RATE_LIMITED'
  | 'CRM_DAILY_LIMIT'
  | 'CRM_LOCKED'
  | 'CRM_UNAVAILABLE'
  | 'CRM_TIMEOUT'
  | 'CRM_UNREACHABLE'
  | 'CRM_UNREADABLE'
  | 'CRM_REFUSED'
  | 'CRM_STOPPED';

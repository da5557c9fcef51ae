/** What a job may use. Adapters arrive here as ports; the composition root decides which. */

import type { Locale } from '../src/core/milestones/milestone.ts';
import type { DigestLinks } from '../src/core/review/digest-types.ts';
import type { CrmKind } from '../src/core/values/crm.ts';
import type { ConnectionId, DealId, ManagerId, TenantId } from '../src/core/values/ids.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { ConnectionRow } from '../src/ports/connection-store.ts';
import type { CrmSession } from '../src/ports/connector.ts';
import type { EffectRow } from '../src/ports/effect-store.ts';
import type { Logger } from '../src/ports/logger.ts';
import type { MailAddress, Mailer } from '../src/ports/mailer.ts';
import type { Store, TenantStore } from '../src/ports/store.ts';
import type { WebhookTarget } from '../src/ports/webhooks.ts';
import type { Replay } from './replay-past.ts';

export interface JobContext {
  readonly store: Store;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly openSession: (connection: ConnectionRow, signal: AbortSignal) => CrmSession;
  readonly mailFrom: MailAddress;
  readonly links: LinkMaker;
  /** Where the CRM's webhooks of a connection are taken, and the secret they carry; null without a public address. Absent: no webhooks. */
  readonly webhookTarget?: (connection: Pick<ConnectionRow, 'id' | 'crm'>) => WebhookTarget | null;
  readonly progress: Progress;
  readonly replay: Replay;
  /** Who is told by mail when a digest is missing; absent or null: the admin that the company names. */
  readonly alertEmail?: string | null;
  /** Tells a monitor that a Monday went well; false when it did not take the word. Absent: nobody listens. */
  readonly heartbeat?: (signal: AbortSignal) => Promise<boolean>;
}

/** Addresses of our own pages and of CRM records. */
export interface LinkMaker {
  deal(crm: CrmKind, accountId: string, dealId: DealId): string;
  digest(request: {
    readonly tenantId: TenantId;
    readonly managerId: ManagerId;
    readonly digestId: string;
    /** Day of the snapshot: its pages are the week's, also when the mail is opened later. */
    readonly asOf: Temporal.PlainDate;
    readonly locale: Locale;
  }): Omit<DigestLinks, 'deals'>;
  /** The page with the history of the manager's digests. */
  digestPage(managerId: ManagerId | null): string;
}

/** Tells a watching terminal how far a job is. Counts only. */
export type Progress = (step: {
  readonly job: JobKind;
  readonly connectionId: ConnectionId;
  readonly done: number;
  readonly expected?: number;
  readonly unit: 'records' | 'deals' | 'writes' | 'mails';
}) => void;

export type JobKind =
  | 'pull'
  | 'webhooks'
  | 'webhook_setup'
  | 'snapshot'
  | 'backtest'
  | 'write_back'
  | 'digest_plan'
  | 'digest_send'
  | 'digest_test'
  | 'digest_alert'
  | 'heartbeat';

/** Work that a finished job calls for, committed in the transaction that marks it done. */
export interface NextEffect {
  readonly kind: JobKind;
  readonly key: string;
  readonly payload: Readonly<Record<string, string>>;
  /** Now when absent. Never further than a CRM's budget day: what depends on a zone is decided by the minute tick. */
  readonly dueAt?: Temporal.Instant;
}

/** One run of one job, under a lease. */
export interface JobRun {
  readonly tenantId: TenantId;
  readonly effect: EffectRow;
  /** Fires when the lease is lost or the process stops: make no further call. */
  readonly signal: AbortSignal;
  /**
   * A transaction that commits only while we hold the lease: a worker that was thought dead cannot write after its successor started.
   */
  readonly commit: <T>(work: (tenant: TenantStore) => Promise<T>) => Promise<T>;
  /** A transaction that only reads. */
  readonly read: <T>(work: (tenant: TenantStore) => Promise<T>) => Promise<T>;
}

/** Every job may run twice with the same result. It returns the work that follows. */
export interface Job {
  readonly kind: JobKind;
  run(context: JobContext, run: JobRun): Promise<readonly NextEffect[]>;
}

/** A job cannot go on for a reason that trying again will not mend. `code` has a row in docs/errors.md; the message names the place: ids only. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A job cannot go on now and may later; the wait comes from the outbox. `code` has a row in docs/errors.md; the message names the place. */
export class JobDelayed extends Error {
  override readonly name = 'JobDelayed';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Not now: another run does the same work on the same account. No failure, so it counts towards nothing. */
export class JobBusy extends Error {
  override readonly name = 'JobBusy';
  readonly delayMs: number;

  constructor(delayMs: number) {
    super('another run of this kind is at work on the connection');
    this.delayMs = delayMs;
  }
}

/** Payloads hold texts only; a missing one is a bug of whoever wrote the effect. */
export function payloadOf(effect: EffectRow, name: string): string {
  const text = effect.payload[name];
  if (text === undefined) throw new JobError('EFFECT_PAYLOAD', `${effect.kind}.${name}`);
  return text;
}

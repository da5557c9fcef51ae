/** What a command may use. The composition root (src/main.ts) builds it; commands know no adapter. */
import type { JobContext, JobKind } from '../../jobs/context.ts';
import type { Config } from '../config.ts';
import type { Deal } from '../core/deals/deal.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { TenantId } from '../core/values/ids.ts';
import type { WebhookCounts } from '../http/webhook-door.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { CallUsage, ConnectorLimits, CrmSession } from '../ports/connector.ts';
import type { Queue } from '../ports/queue.ts';
import type { Store } from '../ports/store.ts';
import type { Terminal } from './terminal.ts';

export interface App {
  readonly config: Config;
  readonly terminal: Terminal;
  /** Opens store, queue and mailer for this process; the caller closes them. */
  open(options?: OpenOptions): Promise<Services>;
  startSandbox(options: SandboxOptions): Promise<SandboxHandle>;
  startMailSink(folder: string): Promise<MailSinkHandle>;
  /** Throws when the folder holds no log that can be read; the error's `code` is LOG_UNREADABLE. */
  readEventLog(folder: string): LoggedCompany;
}

/** An event log as a replay wants it. Stage ids are the stage names of the log. */
export interface LoggedCompany {
  readonly companyYaml: string;
  readonly companyFile: string;
  readonly deals: readonly Deal[];
  /** Day of the last event in the log's zone; perhaps only a part of it. */
  readonly lastDay: Temporal.PlainDate;
  /** Rows without a place in time: in no figure. */
  readonly unplacedRows: number;
}

export interface OpenOptions {
  readonly crm?: CrmKind;
  readonly dataDir?: string;
  readonly clock?: Clock;
  readonly smtpUrl?: string;
  /** Address and token of an account in place of the configured one: the sandbox. */
  readonly account?: { readonly baseUrl: string; readonly token: string };
  /** In place of the vendor's published ones. */
  readonly limits?: ConnectorLimits;
  readonly progress?: JobContext['progress'];
}

export interface Services {
  readonly store: Store;
  readonly queue: Queue;
  readonly context: JobContext;
  readonly tenantId: TenantId;
  readonly crm: CrmKind;
  session(connection: ConnectionRow): CrmSession;
  /** Calls made to the CRM by this process so far. */
  usage(): CallUsage;
  /** What became of the webhooks that came in since this process began. */
  readonly webhookCounts: Readonly<WebhookCounts>;
  /** The CRM's daily budget as the company file tells it. */
  useBudget(budget: ConnectorLimits): void;
  /** Adds the effect and answers it here, with all that follows from it; resolves when nothing of it is left to do now. */
  perform(effect: {
    readonly kind: JobKind;
    readonly key: string;
    readonly payload: Readonly<Record<string, string>>;
  }): Promise<PerformReport>;
  /** Workers and sweep until `close`; with `schedule`, the Monday tick too. */
  startWorking(options: { readonly schedule: boolean }): Promise<void>;
  /** Serves the pages; resolves with their address. */
  listen(port?: number): Promise<string>;
  close(): Promise<void>;
}

/** Effects that ended otherwise than done: what a person must know. */
export interface PerformReport {
  readonly unfinished: readonly {
    readonly kind: string;
    readonly state: string;
    readonly error: string | null;
    readonly dueAt: Temporal.Instant;
  }[];
}

export interface SandboxOptions {
  readonly crm: CrmKind;
  readonly locale: 'fr' | 'en';
  /** Folder of an event log; the seeded company when absent. */
  readonly log: string | null;
  /** The account as it stood at the beginning of this day (log) or at 08:00 (company), in its own zone. */
  readonly asOf: Temporal.PlainDate | null;
  /** Mondays before that day at which the account begins to be looked at; 0 when absent. */
  readonly weeksBefore?: number;
  readonly port?: number;
  readonly latencyMs?: number;
  readonly journalFile?: string;
  /** Pipedrive: the clock of its burst limit runs this many times as fast. */
  readonly burstSpeed?: number;
}

export interface SandboxHandle {
  readonly url: string;
  readonly token: string;
  readonly crm: CrmKind;
  readonly startsAt: Temporal.Instant;
  /** The account's own clock; the product shares it in the demo. */
  readonly clock: Clock;
  readonly asOf: Temporal.PlainDate;
  /** The company file that belongs to the account. */
  readonly companyYaml: string;
  summary(): SandboxSummary;
  /** Moves the account's clock forward; nobody touches the account meanwhile. */
  advance(duration: Temporal.Duration): void;
  /** Lets a week pass at once: what people do in the account until then happens. Returns how long that week was. */
  liveOneWeek(): Temporal.Duration;
  close(): Promise<void>;
}

export interface SandboxSummary {
  readonly calls: number;
  readonly callsByLane: Readonly<Record<string, number>>;
  readonly callsByPath: Readonly<Record<string, number>>;
  readonly rateLimited: number;
  /** Highest share of each bucket that was used within its window, 0..1. */
  readonly peakShareByBucket: Readonly<Record<string, number>>;
  readonly valuesWritten: number;
  /** Pipedrive only. */
  readonly tokens?: number;
}

export interface MailSinkHandle {
  readonly url: string;
  readonly folder: string;
  count(): number;
  files(): readonly string[];
  close(): Promise<void>;
}

import { createHubspotConnector } from '../../connectors/hubspot/index.ts';
import { createPipedriveConnector } from '../../connectors/pipedrive/index.ts';
import type { FaultRule as HubspotFault } from '../../sandbox/hubspot/fault-board.ts';
import type { JournalEntry as HubspotEntry } from '../../sandbox/hubspot/journal.ts';
import { startHubspotSandbox } from '../../sandbox/hubspot/server.ts';
import type { FaultRule as PipedriveFault } from '../../sandbox/pipedrive/faults.ts';
import type { JournalEntry as PipedriveEntry } from '../../sandbox/pipedrive/journal.ts';
import { startPipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import type { RecordKind } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import type { Connector, ConnectorLimits, CrmSession } from '../../src/ports/connector.ts';
import type { WebhookReader, WebhookTarget } from '../../src/ports/webhooks.ts';
import { type LogBook, logBook } from './log-book.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

/** What can go wrong between us and any CRM, in one vocabulary; each bench translates. */
export type Trouble =
  | 'unauthorised'
  | 'rate_limited'
  | 'day_used_up'
  | 'server_error'
  | 'html_502'
  | 'truncated_json'
  | 'empty_reply'
  | 'reset'
  | 'write_reply_lost';

/** One connector against its own sandbox: the same handles for all, so that one suite can hold them to the same promises. */
export interface ConnectorBench {
  readonly kind: CrmKind;
  readonly world: World;
  readonly log: LogBook;
  /** Waits of all sessions: they take no real time. */
  readonly time: VirtualTime;
  readonly token: string;
  session(options?: { readonly limits?: ConnectorLimits; readonly token?: string }): CrmSession;
  edit: {
    set(kind: RecordKind, id: string, fields: Readonly<Record<string, string>>): void;
    archive(kind: RecordKind, id: string): void;
    merge(kind: RecordKind, winnerId: string, loserId: string): void;
  };
  /** Has the CRM tell of changed deals, the way its admin would set it up; resolves with a function that waits until all was sent. */
  tellOfChanges(target: WebhookTarget): Promise<() => Promise<void>>;
  readonly webhooks: WebhookReader;
  /** Id under which the CRM shows a deal of the world. */
  dealId(worldId: string): string;
  nowMs(): number;
  advance(duration: Temporal.DurationLike): void;
  trouble(kind: Trouble, times?: number | null): void;
  calm(): void;
  calls(): number;
  /** Paths called so far, ids as variables. */
  paths(): readonly string[];
  /** Names of every property or key that any write has touched. */
  keysWritten(): readonly string[];
  writes(): { readonly total: number; readonly doubled: number };
  close(): Promise<void>;
}

type Open = (world: World) => Promise<ConnectorBench>;

/** A new connector adds its bench here. The suite fails for a connector without one. */
export const benches: Readonly<Record<CrmKind, Open>> = { hubspot: openHubspot, pipedrive: openPipedrive };

/** What both local CRMs offer. */
interface LocalCrm<Rule, Entry> {
  readonly url: string;
  readonly token: string;
  readonly world: World;
  readonly clock: { nowMs(): number };
  readonly edit: ConnectorBench['edit'];
  readonly faults: { add(rule: Rule): number; clear(): void };
  readonly journal: { entries(): readonly Entry[] };
  readonly webhooks: { readonly onTheWay: { settled(): Promise<void> } };
  advance(duration: Temporal.DurationLike): void;
  written(): { readonly total: number; readonly doubled: readonly unknown[] };
  close(): Promise<void>;
}

/** What is one CRM's own. */
interface Own<Rule, Entry> {
  readonly connector: Connector;
  readonly time: VirtualTime;
  readonly limits: ConnectorLimits;
  /** The sandbox's word for each trouble. */
  readonly troubles: Readonly<Record<Trouble, Rule>>;
  readonly isWrite: (entry: Entry) => boolean;
  readonly dealId: (worldId: string) => string;
  /** Asks for webhooks the way an admin would. */
  readonly tell: (target: WebhookTarget, session: CrmSession) => Promise<unknown>;
}

function benchOf<
  Rule extends object,
  Entry extends { readonly path: string; readonly keys?: readonly string[] },
>(crm: LocalCrm<Rule, Entry>, own: Own<Rule, Entry>): ConnectorBench {
  const log = logBook();
  const entries = () => crm.journal.entries();
  const session: ConnectorBench['session'] = ({ limits, token } = {}) =>
    own.connector.open({
      accessToken: async () => token ?? crm.token,
      baseUrl: crm.url,
      logger: log,
      limits: { ...own.limits, ...limits },
    });
  return {
    kind: own.connector.kind,
    world: crm.world,
    log,
    time: own.time,
    token: crm.token,
    session,
    edit: crm.edit,
    webhooks: own.connector.webhooks,
    tellOfChanges: async (target) => {
      await own.tell(target, session());
      return () => crm.webhooks.onTheWay.settled();
    },
    dealId: own.dealId,
    nowMs: () => crm.clock.nowMs(),
    advance: (duration) => crm.advance(duration),
    trouble: (kind, times = 1) => void crm.faults.add({ ...own.troubles[kind], times }),
    calm: () => crm.faults.clear(),
    calls: () => entries().length,
    paths: () => entries().map(({ path }) => path),
    keysWritten: () => entries().flatMap((entry) => (own.isWrite(entry) ? (entry.keys ?? []) : [])),
    writes: () => ({ total: crm.written().total, doubled: crm.written().doubled.length }),
    close: () => crm.close(),
  };
}

/** The same word in both sandboxes. */
const ALIKE = {
  unauthorised: { kind: 'unauthorised' },
  day_used_up: { kind: 'rate_daily' },
  server_error: { kind: 'error_500' },
  html_502: { kind: 'bad_gateway' },
  truncated_json: { kind: 'truncated_json' },
  empty_reply: { kind: 'empty_ok' },
  reset: { kind: 'reset' },
} as const;

async function openHubspot(world: World): Promise<ConnectorBench> {
  const wide = { tenSecondly: 1_000_000, searchPerSecond: 1_000_000, associationsPerTenSeconds: 1_000_000 };
  const sandbox = await startHubspotSandbox({ world, limits: wide });
  const time = virtualTime();
  return benchOf<HubspotFault, HubspotEntry>(sandbox, {
    connector: createHubspotConnector(time),
    time,
    limits: { searchesPerSecond: 1_000_000 },
    troubles: {
      ...ALIKE,
      rate_limited: { kind: 'rate_ten_secondly' },
      write_reply_lost: { kind: 'reply_lost', path: '/batch/update' },
    },
    isWrite: ({ lane }) => lane === 'write',
    dealId: (worldId) => worldId,
    tell: async ({ url, secret }) => sandbox.webhooks.subscribe({ url, clientSecret: secret }),
  });
}

async function openPipedrive(world: World): Promise<ConnectorBench> {
  const wide = { burst: 1_000_000, dailyTokens: 1_000_000_000 };
  const sandbox = await startPipedriveSandbox({ world, limits: wide });
  const time = virtualTime();
  return benchOf<PipedriveFault, PipedriveEntry>(sandbox, {
    connector: createPipedriveConnector(time),
    time,
    limits: {},
    troubles: {
      ...ALIKE,
      rate_limited: { kind: 'rate_burst' },
      write_reply_lost: { kind: 'reply_lost', method: 'PATCH' },
    },
    isWrite: ({ method }) => method === 'PATCH',
    dealId: (worldId) => sandbox.idOf('deal', worldId),
    tell: (target, session) => session.registerWebhook(target),
  });
}

import { createHubspotConnector } from '../../connectors/hubspot/index.ts';
import { createPipedriveConnector } from '../../connectors/pipedrive/index.ts';
import { startHubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { startPipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import type { RecordKind } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { CrmKind } from '../../src/core/crm.ts';
import type { ConnectorLimits, CrmSession } from '../../src/ports/connector.ts';
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

async function openHubspot(world: World): Promise<ConnectorBench> {
  const wide = { tenSecondly: 1_000_000, searchPerSecond: 1_000_000, associationsPerTenSeconds: 1_000_000 };
  const sandbox = await startHubspotSandbox({ world, limits: wide });
  const time = virtualTime();
  const log = logBook();
  const connector = createHubspotConnector(time);
  const kinds = {
    unauthorised: { kind: 'unauthorised' },
    rate_limited: { kind: 'rate_ten_secondly' },
    day_used_up: { kind: 'rate_daily' },
    server_error: { kind: 'error_500' },
    html_502: { kind: 'bad_gateway' },
    truncated_json: { kind: 'truncated_json' },
    empty_reply: { kind: 'empty_ok' },
    reset: { kind: 'reset' },
    write_reply_lost: { kind: 'reply_lost', path: '/batch/update' },
  } as const;
  return {
    kind: 'hubspot',
    world,
    log,
    time,
    token: sandbox.token,
    session: ({ limits, token } = {}) =>
      connector.open({
        accessToken: async () => token ?? sandbox.token,
        baseUrl: sandbox.url,
        logger: log,
        limits: { searchesPerSecond: 1_000_000, ...limits },
      }),
    edit: sandbox.edit,
    webhooks: connector.webhooks,
    tellOfChanges: async ({ url, secret }) => {
      sandbox.webhooks.subscribe({ url, clientSecret: secret });
      return () => sandbox.webhooks.onTheWay.settled();
    },
    dealId: (worldId) => worldId,
    nowMs: () => sandbox.clock.nowMs(),
    advance: (duration) => sandbox.advance(duration),
    trouble: (kind, times = 1) => void sandbox.faults.add({ ...kinds[kind], times }),
    calm: () => sandbox.faults.clear(),
    calls: () => sandbox.journal.entries().length,
    paths: () => sandbox.journal.entries().map(({ path }) => path),
    keysWritten: () =>
      sandbox.journal.entries().flatMap((entry) => (entry.lane === 'write' ? (entry.keys ?? []) : [])),
    writes: () => ({ total: sandbox.written().total, doubled: sandbox.written().doubled.length }),
    close: () => sandbox.close(),
  };
}

async function openPipedrive(world: World): Promise<ConnectorBench> {
  const sandbox = await startPipedriveSandbox({
    world,
    limits: { burst: 1_000_000, dailyTokens: 1_000_000_000 },
  });
  const time = virtualTime();
  const log = logBook();
  const connector = createPipedriveConnector(time);
  const kinds = {
    unauthorised: { kind: 'unauthorised' },
    rate_limited: { kind: 'rate_burst' },
    day_used_up: { kind: 'rate_daily' },
    server_error: { kind: 'error_500' },
    html_502: { kind: 'bad_gateway' },
    truncated_json: { kind: 'truncated_json' },
    empty_reply: { kind: 'empty_ok' },
    reset: { kind: 'reset' },
    write_reply_lost: { kind: 'reply_lost', method: 'PATCH' },
  } as const;
  return {
    kind: 'pipedrive',
    world,
    log,
    time,
    token: sandbox.token,
    session: ({ limits, token } = {}) =>
      connector.open({
        accessToken: async () => token ?? sandbox.token,
        baseUrl: sandbox.url,
        logger: log,
        ...(limits && { limits }),
      }),
    edit: sandbox.edit,
    webhooks: connector.webhooks,
    tellOfChanges: async (target) => {
      await connector
        .open({ accessToken: async () => sandbox.token, baseUrl: sandbox.url, logger: log })
        .registerWebhook(target);
      return () => sandbox.webhooks.onTheWay.settled();
    },
    dealId: (worldId) => sandbox.idOf('deal', worldId),
    nowMs: () => sandbox.clock.nowMs(),
    advance: (duration) => sandbox.advance(duration),
    trouble: (kind, times = 1) => void sandbox.faults.add({ ...kinds[kind], times }),
    calm: () => sandbox.faults.clear(),
    calls: () => sandbox.journal.entries().length,
    paths: () => sandbox.journal.entries().map(({ path }) => path),
    keysWritten: () =>
      sandbox.journal.entries().flatMap((entry) => (entry.method === 'PATCH' ? (entry.keys ?? []) : [])),
    writes: () => ({ total: sandbox.written().total, doubled: sandbox.written().doubled.length }),
    close: () => sandbox.close(),
  };
}

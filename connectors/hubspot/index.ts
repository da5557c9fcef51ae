/** HubSpot behind the connector port. The door of this folder: nobody else imports what is inside. */
import { hash } from 'node:crypto';
import type {
  Connector,
  ConnectorOptions,
  CrmSession,
  DealsPage,
  DealsRequest,
  PullPage,
  PullRequest,
} from '../../src/ports/connector.ts';
import { ConnectorError } from '../../src/ports/connector.ts';
import { whatIsPermitted } from '../asking.ts';
import { type GovernorPool, hostTime, type Timekeeper } from '../governor.ts';
import { createTransport, type Transport } from '../transport.ts';
import { createHubspotApi, HUBSPOT_ORIGIN } from './api.ts';
import { readCursor } from './cursor.ts';
import { DETAIL_CHUNK, dealDetails } from './deal-details.ts';
import {
  type DirectoryMemory,
  directoryMemory,
  type HubspotDirectory,
  readHubspotDirectory,
} from './directory.ts';
import { hubspotRateReading, judgeHubspotReply } from './errors.ts';
import { hubspotBuckets } from './limits.ts';
import { evidenceNames } from './object-reading.ts';
import { ensureHubspotProperties } from './properties.ts';
import { pullChanges } from './pull-changes.ts';
import { pullFull } from './pull-full.ts';
import { hubspotWebhooks } from './webhooks.ts';
import { readBackDeals, WRITES_AT_ONCE, writeDeals } from './write-back.ts';

/** Late rows of the search index and clocks apart: an incremental pull reaches back this far. */
const OVERLAP_MS = 600_000;
/** "A few moments", says HubSpot: rows younger than this are left to the next pull. */
const INDEX_LAG_MS = 30_000;

export function createHubspotConnector(time: Timekeeper = hostTime): Connector {
  const memory: ProcessMemory = { time, directory: directoryMemory(), governors: new Map() };
  return { kind: 'hubspot', webhooks: hubspotWebhooks, open: (options) => openSession(options, memory) };
}

/** What outlives a session, for as long as the process runs. */
interface ProcessMemory {
  readonly time: Timekeeper;
  readonly directory: DirectoryMemory;
  readonly governors: GovernorPool;
}

export const hubspot: Connector = createHubspotConnector();

function openSession(options: ConnectorOptions, memory: ProcessMemory): CrmSession {
  const transport = hubspotTransport(options, memory);
  const api = createHubspotApi(transport, options.baseUrl ?? HUBSPOT_ORIGIN);
  let directory: Promise<HubspotDirectory> | null = null;
  const readDirectory = async (): Promise<HubspotDirectory> =>
    readHubspotDirectory(api, memory.directory, await accountKey(options), transport.vendorNow);

  async function* pull(request: PullRequest): AsyncGenerator<PullPage, void, void> {
    directory ??= readDirectory();
    const { facts } = await directory;
    const now = nowOf(transport);
    const cursor = readCursor(request.cursor, now.epochMilliseconds);
    const evidenceProperties = evidenceNames(request.evidenceProperties);
    const optional = whatIsPermitted(options.logger);
    const reading = { api, facts, evidenceProperties, optional, seen: new Map<string, number>() };
    const overlapMs = options.limits?.overlapMs ?? OVERLAP_MS;
    if (cursor?.mode === 'changes') {
      const indexLagMs = options.limits?.indexLagMs ?? INDEX_LAG_MS;
      yield* pullChanges({ ...reading, now, overlapMs, indexLagMs, ownWrites: request.ownWrites }, cursor);
    } else {
      yield* pullFull({ ...reading, nowMs: now.epochMilliseconds, overlapMs }, cursor);
    }
  }

  async function* readDeals({
    hints,
    evidenceProperties,
  }: DealsRequest): AsyncGenerator<DealsPage, void, void> {
    if (hints.length === 0) return;
    directory ??= readDirectory();
    const { facts } = await directory;
    const optional = whatIsPermitted(options.logger);
    const seen = new Map<string, number>();
    const names = evidenceNames(evidenceProperties);
    const reading = { api, facts, evidenceProperties: names, optional, seen };
    const ids = hints.map(({ dealId }) => dealId);
    for (let start = 0; start < ids.length; start += DETAIL_CHUNK) {
      const chunk = ids.slice(start, start + DETAIL_CHUNK);
      for await (const { content } of dealDetails(chunk, reading, nowOf(transport))) yield content;
    }
  }

  return {
    readDirectory: async () => {
      directory = readDirectory();
      return (await directory).directory;
    },
    pull,
    readDeals,
    // Subscriptions of an app are part of its project files; its API for them serves legacy public apps only.
    registerWebhook: async () => 'by_app',
    removeWebhooks: async () => 0,
    ensureProperties: (specs, announce) => ensureHubspotProperties(api, specs, announce),
    write: (writes) => writeDeals(api, writes),
    readBack: (dealIds, keys) => readBackDeals(api, dealIds, keys),
    writeBatchSize: WRITES_AT_ONCE,
    usage: transport.usage,
  };
}

/** Tells accounts apart before the first call: a token opens one account. Only its digest is kept. */
async function accountKey({ accessToken, baseUrl }: ConnectorOptions): Promise<string> {
  return `${baseUrl ?? HUBSPOT_ORIGIN} ${hash('sha256', await accessToken())}`;
}

function hubspotTransport(options: ConnectorOptions, memory: ProcessMemory): Transport {
  const { accessToken, logger, signal, limits } = options;
  return createTransport({
    dialect: {
      name: 'hubspot',
      authorise: async () => ({ authorization: `Bearer ${await accessToken()}`, 'user-agent': 'jalon' }),
      judge: judgeHubspotReply,
      reading: hubspotRateReading,
    },
    buckets: hubspotBuckets(limits),
    pool: memory.governors,
    time: memory.time,
    logger,
    ...(signal === undefined ? {} : { signal }),
    ...(limits?.timeoutMs === undefined ? {} : { timeoutMs: limits.timeoutMs }),
    ...(limits?.maxAttempts === undefined ? {} : { maxAttempts: limits.maxAttempts }),
  });
}

/** Cursors are made of HubSpot's time alone: the clock of this machine may be wrong. */
function nowOf(transport: Transport): Temporal.Instant {
  const now = transport.vendorNow();
  if (now !== null) return now;
  const facts = { retry: { kind: 'never' }, whoMustAct: 'operator' } as const;
  throw new ConnectorError('CRM_UNREADABLE', 'hubspot: replies carry no Date header', facts);
}

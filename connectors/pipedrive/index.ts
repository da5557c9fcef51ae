/** The Pipedrive connector's door. */
import { hash } from 'node:crypto';
import type { PropertyKey, PropertySpec } from '../../src/core/write-back/write-back.ts';
import {
  type CallUsage,
  type Connector,
  ConnectorError,
  type ConnectorOptions,
  type CrmSession,
  type DealsPage,
  type DealsRequest,
  type PullRequest,
} from '../../src/ports/connector.ts';
import { once, whatIsPermitted } from '../asking.ts';
import { hostTime, type Timekeeper } from '../governor.ts';
import { createTransport, type Dialect, type Transport } from '../transport.ts';
import { createPipedriveApi, PIPEDRIVE_ORIGIN, type PipedriveApi } from './api.ts';
import { firstCursor, openRound, readCursor } from './cursor.ts';
import {
  type AccountFacts,
  type PipedriveDirectory,
  readPipedriveDirectory,
  readRoleField,
} from './directory.ts';
import { judgePipedriveReply, pipedriveRateReading } from './errors.ts';
import { codesOf, findField, fits } from './fields.ts';
import { pipedriveBuckets } from './limits.ts';
import { type OwnField, prepareFields } from './properties.ts';
import { pullAll } from './pull.ts';
import { readDealsAgain } from './read-deals.ts';
import { KNOWS_NOTHING, type Reading } from './reading.ts';
import type { PipedriveField } from './schema.ts';
import { openTokenLedger, type TokenLedger } from './tokens.ts';
import { pipedriveWebhooks, registerPipedriveWebhook, removePipedriveWebhooks } from './webhooks.ts';
import { readBackDeals, WRITE_BATCH, writeDeals } from './write-back.ts';

export const pipedrive: Connector = createPipedriveConnector(hostTime);

/** A test brings a time of its own, in which waits last nothing. */
export function createPipedriveConnector(time: Timekeeper): Connector {
  const memory: FactsMemory = { facts: new Map(), nowMs: time.nowMs };
  return {
    kind: 'pipedrive',
    webhooks: pipedriveWebhooks,
    open: (options) => openSession(options, time, memory),
  };
}

/** What is known of an account, for webhooks that come many times an hour: reading the directory costs 62 tokens. */
interface FactsMemory {
  readonly facts: Map<string, { readonly facts: AccountFacts; readonly readAtMs: number }>;
  nowMs(): number;
}

/** The regular reading refreshes it; a stage that is newer than this is put right by the next one. */
const FACTS_KEPT_MS = 3_600_000;

/** Pipedrive's clock stands in whole seconds and its lists are not behind; the overlap covers rows that were being written meanwhile. */
const OVERLAP_MS = 600_000;

interface Session {
  readonly options: ConnectorOptions;
  readonly transport: Transport;
  readonly ledger: TokenLedger;
  readonly api: PipedriveApi;
  readonly memory: FactsMemory;
  /** Read once per session, by whoever needs it first. */
  directory: Promise<PipedriveDirectory> | null;
  usable: ReadonlyMap<PropertyKey, OwnField> | null;
  /** Deal fields as listed for a write that came without `ensureProperties`. */
  listedFields: Promise<readonly PipedriveField[]> | null;
}

function openSession(options: ConnectorOptions, time: Timekeeper, memory: FactsMemory): CrmSession {
  const session = newSession(options, time, memory);
  return {
    readDirectory: async () => {
      session.directory = readAndRemember(session);
      return (await session.directory).directory;
    },
    pull: (request) => pullFrom(session, request),
    readDeals: (request) => readAgain(session, request),
    registerWebhook: (target) => registerPipedriveWebhook(session.api, target),
    removeWebhooks: (url) => removePipedriveWebhooks(session.api, url),
    ensureProperties: async (specs, announce) => {
      const locale = await localeOf(session);
      const prepared = await prepareFields(session.api, specs, locale, options.logger, announce);
      session.usable = prepared.usable;
      return prepared.report;
    },
    write: async function* (writes) {
      if (writes.length === 0) return;
      const keys = new Set(writes.flatMap((write) => [...write.values.keys()]));
      const usable = await usableFields(session, [...keys]);
      yield* writeDeals({ ...session, usable, now: () => nowOf(session) }, writes);
    },
    readBack: async (dealIds, keys) => {
      if (dealIds.length === 0) return new Map();
      const usable = await usableFields(session, keys);
      return await readBackDeals({ ...session, usable }, dealIds, keys);
    },
    writeBatchSize: WRITE_BATCH,
    usage: () => usageOf(session),
  };
}

function newSession(options: ConnectorOptions, time: Timekeeper, memory: FactsMemory): Session {
  const ledger = openTokenLedger(options.limits);
  const { signal, limits, logger } = options;
  const transport = createTransport({
    dialect: dialectOf(options, ledger),
    buckets: pipedriveBuckets(limits),
    time,
    logger,
    ...(signal && { signal }),
    ...(limits?.timeoutMs !== undefined && { timeoutMs: limits.timeoutMs }),
    ...(limits?.maxAttempts !== undefined && { maxAttempts: limits.maxAttempts }),
  });
  const api = createPipedriveApi(transport, ledger, options.baseUrl ?? PIPEDRIVE_ORIGIN);
  return { options, transport, ledger, api, memory, directory: null, usable: null, listedFields: null };
}

function dialectOf({ accessToken }: ConnectorOptions, ledger: TokenLedger): Dialect {
  return {
    name: 'pipedrive',
    authorise: async () => authorisation(await accessToken()),
    judge: (reply) => judgePipedriveReply(reply, ledger),
    reading: (reply) => {
      ledger.learn(reply);
      return pipedriveRateReading(reply);
    },
  };
}

/** A personal API token is 40 hexadecimal characters; an OAuth access token is longer and of another form. */
function authorisation(token: string): Readonly<Record<string, string>> {
  return /^[0-9a-f]{40}$/i.test(token) ? { 'x-api-token': token } : { authorization: `Bearer ${token}` };
}

/** Cursors and budgets are made of Pipedrive's time alone: the clock of this machine may be wrong. */
function nowOf({ transport }: Session): Temporal.Instant {
  const now = transport.vendorNow();
  if (now !== null) return now;
  const facts = { retry: { kind: 'never' }, whoMustAct: 'operator' } as const;
  throw new ConnectorError('CRM_UNREADABLE', 'pipedrive: replies carry no Date header', facts);
}

/** Nothing is known of the day before the first reply. */
function usageOf({ transport, ledger }: Session): CallUsage {
  const now = transport.vendorNow();
  const usage = { ...transport.usage(), tokens: ledger.spentTokens };
  return now === null ? usage : { ...usage, budget: ledger.budget(now) };
}

async function localeOf(session: Session): Promise<'fr' | 'en'> {
  if (session.directory !== null) return (await session.directory).facts.locale;
  return (await session.api.me()).language?.language_code === 'fr' ? 'fr' : 'en';
}

async function* pullFrom(
  session: Session,
  request: Parameters<CrmSession['pull']>[0],
): ReturnType<CrmSession['pull']> {
  session.directory ??= readAndRemember(session);
  const { facts } = await session.directory;
  const nowMs = nowOf(session).epochMilliseconds;
  const found = readCursor(request.cursor, nowMs);
  const cursor = found === null ? firstCursor(nowMs) : openRound(found, nowMs);
  yield* pullAll(readingOf(session, facts, request), cursor);
}

function readingOf(
  session: Session,
  facts: AccountFacts,
  request: Pick<PullRequest, 'evidenceProperties' | 'ownWrites' | 'knownDeals'>,
): Reading {
  return {
    ...session,
    facts,
    evidence: codesOf(facts.dealFields, request.evidenceProperties),
    overlapMs: session.options.limits?.overlapMs ?? OVERLAP_MS,
    ownWrites: request.ownWrites,
    roleField: once(() => readRoleField(session.api)),
    optional: whatIsPermitted(session.options.logger),
    knownDeals: request.knownDeals ?? KNOWS_NOTHING,
  };
}

async function* readAgain(session: Session, request: DealsRequest): AsyncGenerator<DealsPage, void, void> {
  if (request.hints.length === 0) return;
  const { memory } = session;
  const remembered = memory.facts.get(await accountKey(session.options));
  const isFresh = remembered !== undefined && memory.nowMs() - remembered.readAtMs < FACTS_KEPT_MS;
  if (!isFresh) session.directory ??= readAndRemember(session);
  const facts = isFresh ? remembered.facts : (await session.directory)?.facts;
  if (facts !== undefined) yield* readDealsAgain(readingOf(session, facts, request), request.hints);
}

async function readAndRemember(session: Session): Promise<PipedriveDirectory> {
  const read = await readPipedriveDirectory(session.api);
  const { facts, nowMs } = session.memory;
  facts.set(await accountKey(session.options), { facts: read.facts, readAtMs: nowMs() });
  return read;
}

/** Tells accounts apart before the first call. Only the token's digest is kept. */
async function accountKey({ accessToken, baseUrl }: ConnectorOptions): Promise<string> {
  return `${baseUrl ?? PIPEDRIVE_ORIGIN} ${hash('sha256', await accessToken())}`;
}

/** What `ensureProperties` prepared; without it, our fields as the account has them, known by their mark. */
async function usableFields(
  session: Session,
  keys: readonly PropertyKey[],
): Promise<ReadonlyMap<PropertyKey, OwnField>> {
  if (session.usable !== null) return session.usable;
  session.listedFields ??= session.api.dealFields();
  const fields = await session.listedFields;
  return new Map(keys.flatMap((key) => ownField(fields, key)));
}

function ownField(
  fields: readonly PipedriveField[],
  key: PropertyKey,
): readonly (readonly [PropertyKey, OwnField])[] {
  const field = findField(fields, key);
  return field === null ? [] : [[key, { spec: specByField(key, field), field }] as const];
}

function specByField(key: PropertyKey, field: PipedriveField): PropertySpec {
  const types: PropertySpec['type'][] = ['enumeration', 'number', 'money', 'date', 'text'];
  const label = { en: field.field_name, fr: field.field_name };
  const blank = { key, label, description: { en: '', fr: '' } };
  const options = (field.options ?? []).map((option) => ({
    value: option.label,
    label: { en: option.label, fr: option.label },
  }));
  const type = types.find((candidate) => fits(field, { ...blank, type: candidate })) ?? 'text';
  return { ...blank, type, options };
}

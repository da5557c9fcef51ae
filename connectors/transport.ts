/**
 * Every call that a connector makes leaves through here: rate limits, deadline, size cap, retries with full jitter, accounts, and
 * errors that carry neither token nor body. A connector says what a status means (`Dialect`); this file knows no vendor.
 */
import { createHash } from 'node:crypto';
import { type CallUsage, ConnectorError } from '../src/ports/connector.ts';
import type { Logger } from '../src/ports/logger.ts';
import {
  type Governor,
  type GovernorPool,
  governorsOf,
  type RateLimits,
  type RateReading,
  type Timekeeper,
} from './governor.ts';
import { describe, type OutboundCall, type Outcome, setbackOf, type Verdict } from './setback.ts';
import { exchange, type InboundReply } from './wire.ts';

export type { OutboundCall, Verdict } from './setback.ts';
export { LostReply } from './setback.ts';

/** A vendor's manners. */
export interface Dialect {
  readonly name: string;
  authorise(): Promise<Readonly<Record<string, string>>>;
  judge(reply: InboundReply): Verdict;
  reading(reply: InboundReply): RateReading | null;
}

export interface TransportOptions {
  readonly dialect: Dialect;
  readonly buckets: RateLimits;
  /** Shared by all conversations of a process with one account; absent: this one has its own. */
  readonly pool?: GovernorPool;
  readonly time: Timekeeper;
  readonly logger: Logger;
  readonly signal?: AbortSignal;
  /** One attempt; default 12 s. */
  readonly timeoutMs?: number;
  /** All attempts of one call; default 5. */
  readonly maxAttempts?: number;
}

export interface Transport {
  call(outbound: OutboundCall): Promise<InboundReply>;
  /** The vendor's own clock as of its latest reply (HTTP Date, whole seconds); null before the first. */
  vendorNow(): Temporal.Instant | null;
  usage(): CallUsage;
}

/** A call with all its attempts and waits ends within this. */
const TOTAL_MS = 30_000;
const ATTEMPT_MS = 12_000;
/** A shorter attempt would only be a reply lost on purpose. */
const LEAST_ATTEMPT_MS = 1_000;
const LEAST_PAUSE_MS = 1_000;
const MAX_ATTEMPTS = 5;
const BACKOFF_BASE_MS = 400;
const BACKOFF_CAP_MS = 8_000;

export function createTransport(options: TransportOptions): Transport {
  const { dialect, time, logger, signal } = options;
  const attemptMs = options.timeoutMs ?? ATTEMPT_MS;
  const maxAttempts = options.maxAttempts ?? MAX_ATTEMPTS;
  const pool: GovernorPool = options.pool ?? new Map();
  const accounts = { callsByLane: {} as Record<string, number>, calls: 0, retries: 0, rateLimited: 0 };
  let vendorDate: Temporal.Instant | null = null;

  const governorOf = (bucket: string, auth: Auth): Governor => {
    const governor = governorsOf(pool, auth.caller, options.buckets, time).get(bucket);
    if (governor === undefined) throw new Error(`no rate limit is named ${bucket}`);
    return governor;
  };

  const authorise = async (outbound: OutboundCall, renewed: boolean): Promise<Auth> => {
    const headers = await dialect.authorise();
    const account = JSON.stringify([new URL(outbound.url).origin, headers]);
    const caller = createHash('sha256').update(account).digest('base64');
    return { headers, caller, renewed };
  };

  /**
   * Waits for a slot, then asks once; null when the time of the call has run out meanwhile. That time starts with the first slot: our own
   * politeness is no delay of the vendor.
   */
  const attempt = async (
    outbound: OutboundCall,
    auth: Auth,
    sinceMs: number | null,
  ): Promise<Attempt | null> => {
    const governor = governorOf(outbound.bucket, auth);
    const slot = await governor.enter(signal);
    try {
      const startedMs = sinceMs ?? time.nowMs();
      const leftMs = TOTAL_MS - (time.nowMs() - startedMs);
      if (leftMs < LEAST_ATTEMPT_MS) return null;
      count(outbound.lane);
      const request = { ...outbound, headers: { ...outbound.headers, ...auth.headers } };
      const result = await exchange(request, Math.min(attemptMs, leftMs), signal);
      if (result.kind === 'failure') return { startedMs, outcome: result };
      return { startedMs, outcome: judged(result.reply, governor) };
    } finally {
      slot.left();
    }
  };

  const count = (lane: string): void => {
    accounts.calls += 1;
    accounts.callsByLane[lane] = (accounts.callsByLane[lane] ?? 0) + 1;
  };

  const judged = (reply: InboundReply, governor: Governor): Outcome => {
    vendorDate = dateOf(reply) ?? vendorDate;
    const reading = dialect.reading(reply);
    if (reading !== null) governor.learn(reading);
    const verdict = dialect.judge(reply);
    if (reply.status === 429) accounts.rateLimited += 1;
    if (verdict.kind === 'retry' && verdict.pausesBucket) governor.pause(verdict.waitMs ?? LEAST_PAUSE_MS);
    else governor.recovered();
    return { kind: 'verdict', verdict, reply };
  };

  const call = async (outbound: OutboundCall): Promise<InboundReply> => {
    let auth = await authorise(outbound, false);
    let sinceMs: number | null = null;
    let last: ConnectorError | null = null;
    for (let tries = 1; ; tries += 1) {
      const made = await attempt(outbound, auth, sinceMs);
      if (made === null) throw last ?? new Error('a call ran out of time before it began');
      const { outcome, startedMs } = made;
      sinceMs = startedMs;
      if (outcome.kind === 'verdict' && outcome.verdict.kind === 'deliver') return outcome.reply;
      if (outcome.kind === 'verdict' && outcome.verdict.kind === 'renew_token') {
        auth = await renewed(auth, outbound, outcome.reply.status);
        continue;
      }
      const setback = setbackOf(outcome, outbound, dialect.name);
      const waitMs = setback.floorMs + backoffMs(tries, time);
      last = setback.error(waitMs);
      const spentMs = time.nowMs() - startedMs + waitMs;
      if (!setback.again || tries >= maxAttempts || spentMs >= TOTAL_MS) throw last;
      accounts.retries += 1;
      const facts = { lane: outbound.lane, code: setback.code, tries, waitMs: Math.round(waitMs) };
      logger.warn('crm call repeated', facts);
      await time.sleep(waitMs, signal);
    }
  };

  /** A 401 is answered once, and only with another token: hammering with the same one counts against the app. */
  const renewed = async (auth: Auth, outbound: OutboundCall, status: number): Promise<Auth> => {
    const next = auth.renewed ? auth : await authorise(outbound, true);
    if (next.caller !== auth.caller) return next;
    throw new ConnectorError(
      'CRM_UNAUTHORISED',
      `${describe(outbound, dialect.name)}: the token is not accepted`,
      {
        retry: { kind: 'never' },
        whoMustAct: 'admin',
        status,
      },
    );
  };

  return {
    call: (outbound) => call(outbound).catch((error: unknown) => rethrow(error, signal, dialect.name)),
    vendorNow: () => vendorDate,
    usage: () => ({ ...accounts, callsByLane: { ...accounts.callsByLane } }),
  };
}

interface Attempt {
  readonly startedMs: number;
  readonly outcome: Outcome;
}

interface Auth {
  readonly headers: Readonly<Record<string, string>>;
  /** Digest of origin and headers: tells callers apart without keeping their tokens. */
  readonly caller: string;
  readonly renewed: boolean;
}

/** Full jitter: anywhere between nothing and the exponential cap, so that many clients do not come back together. */
function backoffMs(tries: number, time: Timekeeper): number {
  return time.random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** tries);
}

function dateOf(reply: InboundReply): Temporal.Instant | null {
  const epochMs = Date.parse(reply.headers['date'] ?? '');
  return Number.isNaN(epochMs) ? null : Temporal.Instant.fromEpochMilliseconds(epochMs);
}

function rethrow(error: unknown, signal: AbortSignal | undefined, vendor: string): never {
  if (error instanceof ConnectorError) throw error;
  if (signal?.aborted) {
    throw new ConnectorError('CRM_STOPPED', `${vendor}: stopped on request`, {
      retry: { kind: 'after', delayMs: 0 },
      whoMustAct: 'nobody',
    });
  }
  throw error;
}

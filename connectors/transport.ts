/**
 * Every call that a connector makes leaves through here: rate limits, deadline, size cap, retries with full jitter, accounts, and
 * errors that carry neither token nor body. A connector says what a status means (`Dialect`); this file knows no vendor.
 */
import {
  type CallUsage,
  ConnectorError,
  type ConnectorErrorCode,
  type WhoMustAct,
} from '../src/ports/connector.ts';
import type { Logger } from '../src/ports/logger.ts';
import {
  type Governor,
  governWindow,
  type RateLimit,
  type RateReading,
  type Timekeeper,
} from './governor.ts';
import { exchange, type Failure, type InboundReply } from './wire.ts';

export interface OutboundCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Under which name it is counted: "list", "search", "write"... */
  readonly lane: string;
  /** Which of the vendor's limits it is charged to. */
  readonly bucket: string;
  /** False for a write: when its reply is lost nobody knows whether it took effect, and it is not sent a second time. */
  readonly repeatable: boolean;
}

/** What a reply means. `waitMs` is the shortest wait the vendor asks for; null: backoff alone. `pausesBucket`: others wait too. */
export type Verdict =
  | { readonly kind: 'deliver' }
  | { readonly kind: 'renew_token' }
  | {
      readonly kind: 'retry';
      readonly code: ConnectorErrorCode;
      readonly waitMs: number | null;
      readonly pausesBucket: boolean;
      /** The vendor refused before doing anything: even a write may be sent again. */
      readonly untouched: boolean;
    }
  | {
      readonly kind: 'fail';
      readonly code: ConnectorErrorCode;
      readonly message: string;
      readonly whoMustAct: WhoMustAct;
      readonly retryAfterMs: number | null;
    };

/** A vendor's manners. */
export interface Dialect {
  readonly name: string;
  authorise(): Promise<Readonly<Record<string, string>>>;
  judge(reply: InboundReply): Verdict;
  reading(reply: InboundReply): RateReading | null;
}

export interface TransportOptions {
  readonly dialect: Dialect;
  readonly buckets: Readonly<Record<string, RateLimit & { readonly ceiling?: number }>>;
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

/** The write may or may not have taken effect: read back before writing again. */
export class LostReply extends ConnectorError {}

/** A call with all its attempts and waits ends within this. */
const TOTAL_MS = 30_000;
const ATTEMPT_MS = 12_000;
const MAX_ATTEMPTS = 5;
const BACKOFF_BASE_MS = 400;
const BACKOFF_CAP_MS = 8_000;

export function createTransport(options: TransportOptions): Transport {
  const { dialect, time, logger, signal } = options;
  const attemptMs = options.timeoutMs ?? ATTEMPT_MS;
  const maxAttempts = options.maxAttempts ?? MAX_ATTEMPTS;
  const governors = new Map<string, Governor>(
    Object.entries(options.buckets).map(([name, limit]) => [name, governWindow(limit, time, limit.ceiling)]),
  );
  const accounts = { callsByLane: {} as Record<string, number>, calls: 0, retries: 0, rateLimited: 0 };
  let vendorDate: Temporal.Instant | null = null;

  const governorOf = (bucket: string): Governor => {
    const governor = governors.get(bucket);
    if (governor === undefined) throw new Error(`no rate limit is named ${bucket}`);
    return governor;
  };

  /** Waits for a slot, then asks once. The clock of a call starts with its first slot: our own politeness is no delay of the vendor. */
  const attempt = async (outbound: OutboundCall, auth: Auth, sinceMs: number | null): Promise<Attempt> => {
    const governor = governorOf(outbound.bucket);
    const slot = await governor.enter(signal);
    const startedMs = sinceMs ?? time.nowMs();
    const leftMs = TOTAL_MS - (time.nowMs() - startedMs);
    count(outbound.lane);
    const result = await exchange(
      { ...outbound, headers: { ...outbound.headers, ...auth.headers } },
      Math.min(attemptMs, leftMs),
      signal,
    ).finally(slot.left);
    if (result.kind === 'failure') return { startedMs, outcome: result };
    return { startedMs, outcome: judged(result.reply, governor) };
  };

  const count = (lane: string): void => {
    accounts.calls += 1;
    accounts.callsByLane[lane] = (accounts.callsByLane[lane] ?? 0) + 1;
  };

  const judged = (reply: InboundReply, governor: Governor): Outcome => {
    vendorDate = dateOf(reply) ?? vendorDate;
    const reading = dialect.reading(reply);
    if (reading !== null) governor.learn(reading);
    if (reply.status === 429) accounts.rateLimited += 1;
    else governor.recovered();
    return { kind: 'verdict', verdict: dialect.judge(reply), reply };
  };

  const call = async (outbound: OutboundCall): Promise<InboundReply> => {
    let auth: Auth = { headers: await dialect.authorise(), renewed: false };
    let sinceMs: number | null = null;
    for (let tries = 1; ; tries += 1) {
      const { outcome, startedMs } = await attempt(outbound, auth, sinceMs);
      sinceMs = startedMs;
      if (outcome.kind === 'verdict' && outcome.verdict.kind === 'deliver') return outcome.reply;
      if (outcome.kind === 'verdict' && outcome.verdict.kind === 'renew_token') {
        auth = await renewed(auth, outbound, outcome.reply.status);
        continue;
      }
      const setback = setbackOf(outcome, outbound, dialect.name);
      const waitMs = setback.floorMs + backoffMs(tries, time);
      if (setback.pausesBucket) governorOf(outbound.bucket).pause(waitMs);
      const spentMs = time.nowMs() - startedMs + waitMs;
      if (!setback.again || tries >= maxAttempts || spentMs >= TOTAL_MS) throw setback.error(waitMs);
      accounts.retries += 1;
      logger.warn('crm call repeated', {
        lane: outbound.lane,
        code: setback.code,
        tries,
        waitMs: Math.round(waitMs),
      });
      await time.sleep(waitMs, signal);
    }
  };

  /** A 401 is answered once, and only with another token: hammering with the same one counts against the app. */
  const renewed = async (auth: Auth, outbound: OutboundCall, status: number): Promise<Auth> => {
    const headers = auth.renewed ? auth.headers : await dialect.authorise();
    if (JSON.stringify(headers) !== JSON.stringify(auth.headers)) return { headers, renewed: true };
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
  readonly renewed: boolean;
}

type Outcome =
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly reply: InboundReply }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** An attempt that did not succeed: whether and how soon to try again, and the error if that is the end. */
interface Setback {
  readonly code: ConnectorErrorCode;
  readonly again: boolean;
  readonly floorMs: number;
  readonly pausesBucket: boolean;
  error(waitMs: number): ConnectorError;
}

function setbackOf(outcome: Outcome, outbound: OutboundCall, vendor: string): Setback {
  const where = describe(outbound, vendor);
  if (outcome.kind === 'failure') {
    const { code, detail, unsent } = outcome.failure;
    return setback(code, `${where}: ${detail}`, {
      sure: unsent,
      outbound,
      floorMs: 0,
      pausesBucket: false,
      status: null,
    });
  }
  const { verdict, reply } = outcome;
  if (verdict.kind === 'retry') {
    const { code, waitMs, pausesBucket, untouched } = verdict;
    const message = `${where}: status ${reply.status}`;
    return setback(code, message, {
      sure: untouched,
      outbound,
      floorMs: waitMs ?? 0,
      pausesBucket,
      status: reply.status,
    });
  }
  if (verdict.kind !== 'fail') throw new Error(`a ${verdict.kind} verdict is no setback`);
  const { code, message, whoMustAct, retryAfterMs } = verdict;
  const retry =
    retryAfterMs === null
      ? ({ kind: 'never' } as const)
      : ({ kind: 'after', delayMs: retryAfterMs } as const);
  const error = new ConnectorError(code, `${where}: ${message}`, { retry, whoMustAct, status: reply.status });
  return { code, again: false, floorMs: 0, pausesBucket: false, error: () => error };
}

function setback(
  code: ConnectorErrorCode,
  message: string,
  facts: {
    sure: boolean;
    outbound: OutboundCall;
    floorMs: number;
    pausesBucket: boolean;
    status: number | null;
  },
): Setback {
  const lost = !facts.outbound.repeatable && !facts.sure;
  const Kind = lost ? LostReply : ConnectorError;
  return {
    code,
    again: !lost,
    floorMs: facts.floorMs,
    pausesBucket: facts.pausesBucket,
    error: (waitMs) =>
      new Kind(code, message, {
        retry: { kind: 'after', delayMs: Math.max(Math.round(waitMs), 1_000) },
        whoMustAct: 'nobody',
        status: facts.status,
      }),
  };
}

/** Full jitter: anywhere between nothing and the exponential cap, so that many clients do not come back together. */
function backoffMs(tries: number, time: Timekeeper): number {
  return time.random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** tries);
}

/** Method and path: no query, no host, no header, no body. */
function describe(outbound: OutboundCall, vendor: string): string {
  return `${vendor} ${outbound.method} ${new URL(outbound.url).pathname}`;
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

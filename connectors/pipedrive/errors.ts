/** Pipedrive's replies that are not what was asked for: what each means, who must act, and when to come back. */
import * as z from 'zod';
import { ConnectorError, type WriteRefusal } from '../../src/ports/connector.ts';
import type { RateReading } from '../governor.ts';
import type { Verdict } from '../transport.ts';
import { fail, MESSAGE_LENGTH, redirected, tooManyCalls, unavailable, wholeNumber } from '../verdicts.ts';
import type { InboundReply } from '../wire.ts';
import { DEAREST_CALL_TOKENS } from './limits.ts';
import { nextReset, type TokenLedger } from './tokens.ts';

const envelopeSchema = z.object({
  error: z.string().optional(),
  error_info: z.string().nullish(),
  code: z.string().optional(),
  message: z.string().optional(),
});
type Envelope = z.infer<typeof envelopeSchema>;

function envelopeOf(json: unknown): Envelope {
  const parsed = envelopeSchema.safeParse(json);
  return parsed.success ? parsed.data : {};
}

/** Pipedrive said no for good to this request (400, 402 to 404, 410, 415, 422). `reason` is for the caller's decisions, never for a log. */
export class PipedriveRefusal extends ConnectorError {
  readonly reason: string;
  readonly planCap: string | null;

  constructor(path: string, reply: InboundReply) {
    const envelope = envelopeOf(reply.json);
    super('CRM_REFUSED', `pipedrive ${path}: status ${reply.status} ${envelope.code ?? ''}`.trimEnd(), {
      retry: { kind: 'never' },
      whoMustAct: 'developer',
      status: reply.status,
    });
    this.reason = (envelope.error ?? envelope.message ?? `status ${reply.status}`).slice(0, MESSAGE_LENGTH);
    this.planCap = envelope.code?.startsWith('feature_capping') ? envelope.code : null;
  }
}

/** Length of the burst window. */
const BURST_MS = 2_000;
/** Cloudflare's block after abuse: nobody documents how long, so it is left alone for a while. */
const BLOCKED_MS = 120_000;

export function judgePipedriveReply(reply: InboundReply, ledger: TokenLedger): Verdict {
  const { status } = reply;
  if (status === 429) return judgeRateLimit(reply, ledger);
  if (status === 401) return { kind: 'renew_token' };
  if (status === 403) return judgeForbidden(reply);
  if (status >= 500) return unavailable(waitMs(reply));
  if (status >= 300 && status < 400) return redirected(status);
  if (status === 402) return fail('CRM_FORBIDDEN', 'the account is not open', 'admin', null);
  return { kind: 'deliver' };
}

/** x-ratelimit-*: optional like all of Pipedrive's headers. */
export function pipedriveRateReading(reply: InboundReply): RateReading | null {
  const calls = wholeNumber(reply.headers['x-ratelimit-limit']);
  const remaining = wholeNumber(reply.headers['x-ratelimit-remaining']);
  if (calls === null) return null;
  return remaining === null ? { calls } : { calls, remaining };
}

/** Burst or day: the replies look alike, only the tokens left tell, from the headers or from our own ledger. */
function judgeRateLimit(reply: InboundReply, ledger: TokenLedger): Verdict {
  const left = wholeNumber(reply.headers['x-daily-ratelimit-token-remaining']);
  const burstLeft = wholeNumber(reply.headers['x-ratelimit-remaining']);
  const dayIsSpent = left === null ? ledger.isSpent() : left < DEAREST_CALL_TOKENS && burstLeft !== 0;
  if (dayIsSpent || left === 0) {
    ledger.exhaust();
    return fail('CRM_DAILY_LIMIT', 'the tokens of the day are used up', 'admin', untilResetMs(reply));
  }
  return tooManyCalls(waitMs(reply) ?? BURST_MS);
}

/** A page of Cloudflare is the answer to too many calls; JSON with a plan's cap is the request's own affair; the rest is a missing right. */
function judgeForbidden(reply: InboundReply): Verdict {
  if (reply.json === undefined)
    return fail('CRM_RATE_LIMITED', 'access blocked for a while', 'operator', BLOCKED_MS);
  if (envelopeOf(reply.json).code !== undefined) return { kind: 'deliver' };
  return fail('CRM_FORBIDDEN', 'not permitted: a scope or a permission is missing', 'admin', null);
}

function untilResetMs(reply: InboundReply): number {
  const epochMs = Date.parse(reply.headers['date'] ?? '');
  if (Number.isNaN(epochMs)) return 3_600_000;
  const now = Temporal.Instant.fromEpochMilliseconds(epochMs);
  return Math.round(now.until(nextReset(now)).total('millisecond'));
}

/** Seconds. `x-ratelimit-reset` comes with every reply, so it asks for patience only in a 429. */
function waitMs(reply: InboundReply): number | null {
  const reset = reply.status === 429 ? wholeNumber(reply.headers['x-ratelimit-reset']) : null;
  const seconds = wholeNumber(reply.headers['retry-after']) ?? reset;
  return seconds === null ? null : seconds * 1_000;
}

/** Words of a refusal. The first row that matches decides. */
const REFUSALS: readonly { readonly sign: RegExp; readonly code: WriteRefusal }[] = [
  { sign: /[0-9a-f]{40}' is not allowed/, code: 'PROPERTY_MISSING' },
  { sign: /not found|deleted/i, code: 'DEAL_GONE' },
  { sign: /required/i, code: 'RULE_OF_ACCOUNT' },
  { sign: /Validation failed|must be|invalid/i, code: 'VALUE_REFUSED' },
];

export function refusalOf(refusal: PipedriveRefusal): { code: WriteRefusal; message: string } {
  if (refusal.status === 404 || refusal.status === 410) return { code: 'DEAL_GONE', message: refusal.reason };
  if (refusal.status === 403) return { code: 'RULE_OF_ACCOUNT', message: refusal.planCap ?? refusal.reason };
  const code = REFUSALS.find((row) => row.sign.test(refusal.reason))?.code ?? 'OTHER';
  return { code, message: refusal.reason };
}

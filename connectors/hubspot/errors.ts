/** HubSpot's replies that are not what was asked for: what each means, who must act, and when to come back. */
import * as z from 'zod';
import { ConnectorError, type WriteRefusal } from '../../src/ports/connector.ts';
import type { RateReading } from '../governor.ts';
import type { Verdict } from '../setback.ts';
import {
  fail,
  LONGEST_WAIT_MS,
  MESSAGE_LENGTH,
  redirected,
  tooManyCalls,
  unavailable,
  wholeNumber,
} from '../verdicts.ts';
import type { InboundReply } from '../wire.ts';

/** Every field is optional in real replies: developers.hubspot.com/docs/developer-tooling/platform/error-handling. */
const problemSchema = z.object({
  message: z.string().optional(),
  code: z.string().optional(),
  category: z.string().optional(),
  subCategory: z.unknown().optional(),
  context: z.record(z.string(), z.unknown()).optional(),
});
const envelopeSchema = problemSchema.extend({
  errorType: z.string().optional(),
  policyName: z.string().optional(),
  errors: z.array(problemSchema).optional(),
});

export type HubspotProblem = z.infer<typeof problemSchema>;
export type HubspotEnvelope = z.infer<typeof envelopeSchema>;

function envelopeOf(json: unknown): HubspotEnvelope {
  const parsed = envelopeSchema.safeParse(json);
  return parsed.success ? parsed.data : {};
}

/** HubSpot said no for good to this request (400, 404, 409, 413, 414). `envelope` is for the caller's decisions, never for a log. */
export class HubspotRefusal extends ConnectorError {
  readonly envelope: HubspotEnvelope;

  constructor(path: string, reply: InboundReply) {
    const envelope = envelopeOf(reply.json);
    super('CRM_REFUSED', `hubspot ${path}: status ${reply.status} ${envelope.category ?? ''}`.trimEnd(), {
      retry: { kind: 'never' },
      whoMustAct: 'developer',
      status: reply.status,
    });
    this.envelope = envelope;
  }
}

/** A lock is held for 2 s (423). */
const LOCK_MS = 2_000;
const TEN_SECONDS_MS = 10_000;
const ONE_SECOND_MS = 1_000;
/** The daily budget comes back at midnight of the account; asking hourly costs nothing that matters. */
const DAILY_RETRY_MS = 3_600_000;
/** TLS between Cloudflare and HubSpot is broken: no retry mends it (error-handling page: contact support). */
const BROKEN_TLS = new Set([525, 526]);

export function judgeHubspotReply(reply: InboundReply): Verdict {
  const { status } = reply;
  if (status === 429) return judgeRateLimit(reply);
  if (status === 401) return { kind: 'renew_token' };
  if (status === 403) return forbidden(reply);
  if (status === 423) return locked(reply, LOCK_MS);
  if (status === 477) return locked(reply, retryAfterMs(reply) ?? LOCK_MS);
  if (BROKEN_TLS.has(status)) return fail('CRM_UNAVAILABLE', `status ${status}`, 'operator', DAILY_RETRY_MS);
  if (status >= 500) return unavailable(retryAfterMs(reply));
  if (status >= 300 && status < 400) return redirected(status);
  return { kind: 'deliver' };
}

/** X-HubSpot-RateLimit-*: absent on search replies; the daily ones are absent for OAuth apps. */
export function hubspotRateReading(reply: InboundReply): RateReading | null {
  const calls = wholeNumber(reply.headers['x-hubspot-ratelimit-max']);
  const remaining = wholeNumber(reply.headers['x-hubspot-ratelimit-remaining']);
  if (calls === null) return null;
  return remaining === null ? { calls } : { calls, remaining };
}

/** Codes seen in `errors[].code`, in `category`, and as words of a message. The first row that matches decides. */
const REFUSALS: readonly { readonly sign: RegExp; readonly code: WriteRefusal }[] = [
  { sign: /OBJECT_NOT_FOUND|NOT_FOUND|does not exist or was (deleted|merged)/, code: 'DEAL_GONE' },
  { sign: /PROPERTY_DOESNT_EXIST|Property \S+ does not exist|PROPERTY_ARCHIVED/, code: 'PROPERTY_MISSING' },
  { sign: /READ_ONLY|read[- ]only/i, code: 'PROPERTY_READ_ONLY' },
  { sign: /REQUIRED|CONDITIONAL|association permission/i, code: 'RULE_OF_ACCOUNT' },
  { sign: /INVALID|VALIDATION_ERROR|not valid/, code: 'VALUE_REFUSED' },
];

/** `texts`: codes, categories and messages of one problem, most telling first. */
export function refusalOf(problems: readonly HubspotProblem[]): { code: WriteRefusal; message: string } {
  const texts = problems.flatMap((problem) => [problem.code, problem.category, problem.message]);
  const all = texts.filter((text) => text !== undefined).join(' ');
  const code = REFUSALS.find((row) => row.sign.test(all))?.code ?? 'OTHER';
  const message = problems.find((problem) => problem.message !== undefined)?.message ?? code;
  return { code, message: message.slice(0, MESSAGE_LENGTH) };
}

function judgeRateLimit(reply: InboundReply): Verdict {
  const envelope = envelopeOf(reply.json);
  const message = envelope.message ?? '';
  if (envelope.policyName === 'DAILY' || /daily limit/i.test(message)) {
    return fail(
      'CRM_DAILY_LIMIT',
      'the daily limit of the account is used up',
      'admin',
      retryAfterMs(reply) ?? DAILY_RETRY_MS,
    );
  }
  const perSecond =
    envelope.policyName === 'SECONDLY' || /\bsecondly limit/i.test(message.replace(/ten[ _]secondly/i, ''));
  return tooManyCalls(retryAfterMs(reply) ?? (perSecond ? ONE_SECOND_MS : TEN_SECONDS_MS));
}

function locked(reply: InboundReply, waitMs: number): Verdict {
  if (waitMs > LONGEST_WAIT_MS) return fail('CRM_LOCKED', `locked (${reply.status})`, 'nobody', waitMs);
  return { kind: 'retry', code: 'CRM_LOCKED', waitMs, pausesBucket: false, untouched: true };
}

function forbidden(reply: InboundReply): Verdict {
  const scopes = (envelopeOf(reply.json).errors ?? []).flatMap((problem) => {
    const named = problem.context?.['requiredGranularScopes'];
    return Array.isArray(named) ? named.filter((scope) => typeof scope === 'string') : [];
  });
  const detail = scopes.length > 0 ? `missing scope ${scopes.join(', ')}` : 'not permitted';
  return fail('CRM_FORBIDDEN', detail, 'admin', null);
}

/** Seconds; documented for 477 only, honoured wherever it is sent. */
function retryAfterMs(reply: InboundReply): number | null {
  const seconds = wholeNumber(reply.headers['retry-after']);
  return seconds === null ? null : seconds * 1_000;
}

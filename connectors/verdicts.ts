/** Parts of a vendor's judgement of replies (`Dialect.judge`) that are the same for all. */
import type { Verdict } from './setback.ts';

/** Longer waits are the job's to organise, not the call's. */
export const LONGEST_WAIT_MS = 20_000;
/** Of a vendor's message: enough for a person to understand, too little for a page of markup. */
export const MESSAGE_LENGTH = 400;

type Failed = Extract<Verdict, { kind: 'fail' }>;

export function fail(
  code: Failed['code'],
  message: string,
  whoMustAct: Failed['whoMustAct'],
  retryAfterMs: number | null,
): Failed {
  return { kind: 'fail', code, message, whoMustAct, retryAfterMs };
}

/** The vendor is in trouble: even a write that it may have taken is not sent again by the call itself. */
export function unavailable(waitMs: number | null): Verdict {
  const code = 'CRM_UNAVAILABLE';
  if (waitMs !== null && waitMs > LONGEST_WAIT_MS) return fail(code, 'unavailable', 'nobody', waitMs);
  return { kind: 'retry', code, waitMs, pausesBucket: false, untouched: false };
}

/** Too many calls: everybody in this bucket waits, and nothing was done. */
export function tooManyCalls(waitMs: number): Verdict {
  if (waitMs > LONGEST_WAIT_MS) return fail('CRM_RATE_LIMITED', 'too many calls', 'nobody', waitMs);
  return { kind: 'retry', code: 'CRM_RATE_LIMITED', waitMs, pausesBucket: true, untouched: true };
}

/** A redirect of an API is a proxy or a sign-in page. */
export function redirected(status: number): Verdict {
  return fail('CRM_UNREADABLE', `redirected (${status})`, 'operator', null);
}

/** A figure of a header; null when it is none. */
export function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,12}$/.test(text.trim()) ? Math.max(0, Number(text)) : null;
}

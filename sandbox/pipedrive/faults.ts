import type { FaultRuleOf } from '../shared/fault-board.ts';

/**
 * Faults that can be switched on, one rule each. Those marked "taken" happen after the request has been carried out: a write is then in the
 * account although its caller never learns of it.
 */
const FAULT_KINDS = [
  'unauthorised', // 401
  'forbidden', // 403, scope
  'plan_capped', // 403 with the code of a plan's cap
  'rate_burst', // 429 with tokens left
  'rate_daily', // 429 with none left
  'cloudflare', // 403, HTML
  'error_500', // JSON
  'bad_gateway', // 502, HTML
  'maintenance', // 503, JSON
  'empty_error', // 500 without a body
  'empty_ok', // taken; 200 without a body
  'truncated_json', // taken; half of the answer, properly ended
  'reset', // the socket breaks before anything is done
  'reply_lost', // taken; the socket breaks before the answer
  'slow', // taken; the answer comes after delayMs
  'hang', // nothing until the sandbox closes
  'invalid', // 400 of the whole request
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export type FaultRule = FaultRuleOf<FaultKind>;

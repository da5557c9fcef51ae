import { FaultBoard, type FaultRuleOf } from '../shared/fault-board.ts';
import type { Lane } from './rate-limits.ts';

/**
 * Faults that can be switched on, one rule each. Those marked "taken" happen after the request has been carried out: a write is then in the
 * account although its caller never learns of it.
 */
export const FAULT_KINDS = [
  'unauthorised', // 401
  'expired', // 401, the category of an expired OAuth token
  'forbidden', // 403 MISSING_SCOPES
  'conflict', // 409
  'locked', // 423
  'rate_ten_secondly', // 429 with policyName
  'rate_search', // 429 with category, without policyName
  'rate_daily', // 429 DAILY
  'migrating', // 477 with Retry-After
  'error_500', // JSON
  'bad_gateway', // 502, HTML
  'unavailable', // 503, JSON
  'unknown_520', // HTML
  'timeout_524', // HTML
  'empty_error', // 500 without body and without content type
  'empty_ok', // taken; 200 without body and without content type
  'truncated_json', // taken; half of the answer, properly ended
  'reset', // the socket breaks before anything is done
  'reset_mid_body', // taken; the socket breaks in the middle of the answer
  'reply_lost', // taken; the socket breaks before the answer
  'hang', // nothing, for delayMs or until the sandbox closes
  'slow', // taken; the answer comes after delayMs
  'slow_drip', // taken; the answer comes byte by byte over delayMs
  'batch_refused', // 400 for the whole call
  'bad_value_refuses_batch', // no fault by itself: one bad value refuses a whole batch even with trace ids
  'refuse_record', // no fault by itself: writes to the records in `ids` break a rule of the account
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Kinds that change how writes are judged instead of hitting a call. */
const STANDING: readonly FaultKind[] = ['bad_value_refuses_batch', 'refuse_record'];

export interface FaultRule extends FaultRuleOf<FaultKind> {
  readonly lane?: Lane;
  /** Seconds, for `migrating`. */
  readonly retryAfterSeconds?: number;
  /** Ids for `refuse_record`. */
  readonly ids?: readonly string[];
}

export class HubspotFaultBoard extends FaultBoard<FaultRule> {
  /** True while a rule of this kind stands. */
  holds(kind: FaultKind): boolean {
    return this.rules.some((standing) => standing.rule.kind === kind && !this.isSpent(standing));
  }

  /** True while writes to this record break a rule of the account; each question counts as one hit. */
  refusesRecord(id: string): boolean {
    const standing = this.rules.find(
      (one) => one.rule.kind === 'refuse_record' && !this.isSpent(one) && (one.rule.ids ?? []).includes(id),
    );
    if (standing === undefined) return false;
    this.count(standing);
    return true;
  }

  protected override hitsNoCall({ kind }: FaultRule): boolean {
    return STANDING.includes(kind);
  }
}

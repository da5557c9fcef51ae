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

export interface FaultRule {
  readonly kind: FaultKind;
  /** Only calls of this lane, this method, this part of the path; all when absent. */
  readonly lane?: Lane;
  readonly method?: string;
  readonly path?: string;
  /** Matching calls that pass first. Default 0. */
  readonly skip?: number;
  /** Calls hit before the rule is spent. Default 1; null for ever. */
  readonly times?: number | null;
  /** Chance that a matching call is hit, 0..1, drawn from the board's seed. Default 1. */
  readonly chance?: number;
  readonly delayMs?: number;
  /** Seconds, for `migrating`. */
  readonly retryAfterSeconds?: number;
  /** Ids for `refuse_record`. */
  readonly ids?: readonly string[];
}

interface Standing {
  readonly id: number;
  readonly rule: FaultRule;
  skipped: number;
  hits: number;
}

export interface FaultReport {
  readonly id: number;
  readonly rule: FaultRule;
  readonly hits: number;
  readonly spent: boolean;
}

export class FaultBoard {
  private rules: Standing[] = [];
  private readonly counts = new Map<FaultKind, number>();
  private nextId = 1;
  private state: number;

  constructor(seed = 1) {
    this.state = seed;
  }

  /** Switches a fault on; the number returned switches it off. */
  add(rule: FaultRule): number {
    const id = this.nextId;
    this.nextId += 1;
    this.rules.push({ id, rule, skipped: 0, hits: 0 });
    return id;
  }

  remove(id: number): void {
    this.rules = this.rules.filter((rule) => rule.id !== id);
  }

  clear(): void {
    this.rules = [];
  }

  /** The fault that hits this call, if any; the first rule that applies wins. */
  draw(call: { readonly lane: Lane; readonly method: string; readonly path: string }): FaultRule | null {
    for (const standing of this.rules) {
      const { rule } = standing;
      if (STANDING.includes(rule.kind) || spent(standing) || !applies(rule, call)) continue;
      if (standing.skipped < (rule.skip ?? 0)) {
        standing.skipped += 1;
        continue;
      }
      if (rule.chance !== undefined && this.random() >= rule.chance) continue;
      standing.hits += 1;
      this.counts.set(rule.kind, (this.counts.get(rule.kind) ?? 0) + 1);
      return rule;
    }
    return null;
  }

  /** True while a rule of this kind stands. */
  holds(kind: FaultKind): boolean {
    return this.rules.some((standing) => standing.rule.kind === kind && !spent(standing));
  }

  /** True while writes to this record break a rule of the account; each question counts as one hit. */
  refusesRecord(id: string): boolean {
    const standing = this.rules.find(
      (one) => one.rule.kind === 'refuse_record' && !spent(one) && (one.rule.ids ?? []).includes(id),
    );
    if (standing === undefined) return false;
    standing.hits += 1;
    this.counts.set('refuse_record', (this.counts.get('refuse_record') ?? 0) + 1);
    return true;
  }

  /** How often each kind has hit, also by rules that are gone. */
  hits(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  list(): readonly FaultReport[] {
    return this.rules.map((standing) => ({
      id: standing.id,
      rule: standing.rule,
      hits: standing.hits,
      spent: spent(standing),
    }));
  }

  /** mulberry32: the same seed gives the same faults. */
  private random(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

function spent(standing: Standing): boolean {
  const usual = STANDING.includes(standing.rule.kind) ? null : 1;
  const times = standing.rule.times === undefined ? usual : standing.rule.times;
  return times !== null && standing.hits >= times;
}

function applies(
  rule: FaultRule,
  call: { readonly lane: Lane; readonly method: string; readonly path: string },
): boolean {
  return (
    (rule.lane === undefined || rule.lane === call.lane) &&
    (rule.method === undefined || rule.method === call.method) &&
    (rule.path === undefined || call.path.includes(rule.path))
  );
}

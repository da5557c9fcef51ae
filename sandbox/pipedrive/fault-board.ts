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
  'hang', // nothing until the sandbox closes
  'invalid', // 400 of the whole request
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultRule {
  readonly kind: FaultKind;
  /** Only calls of this method, this part of the path; all when absent. */
  readonly method?: string;
  readonly path?: string;
  /** Matching calls that pass first. Default 0. */
  readonly skip?: number;
  /** Calls hit before the rule is spent. Default 1; null for ever. */
  readonly times?: number | null;
}

interface Standing {
  readonly id: number;
  readonly rule: FaultRule;
  skipped: number;
  hits: number;
}

export class FaultBoard {
  private rules: Standing[] = [];
  private readonly counts = new Map<FaultKind, number>();
  private nextId = 1;

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
  draw(call: { readonly method: string; readonly path: string }): FaultRule | null {
    for (const standing of this.rules) {
      const { rule } = standing;
      if (isSpent(standing) || !applies(rule, call)) continue;
      if (standing.skipped < (rule.skip ?? 0)) {
        standing.skipped += 1;
        continue;
      }
      standing.hits += 1;
      this.counts.set(rule.kind, (this.counts.get(rule.kind) ?? 0) + 1);
      return rule;
    }
    return null;
  }

  /** How often each kind has hit, also by rules that are gone. */
  hits(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }
}

function isSpent({ rule, hits }: Standing): boolean {
  return rule.times !== null && hits >= (rule.times ?? 1);
}

function applies(rule: FaultRule, call: { readonly method: string; readonly path: string }): boolean {
  const sameMethod = rule.method === undefined || rule.method === call.method;
  return sameMethod && (rule.path === undefined || call.path.includes(rule.path));
}

/** Faults that can be switched on, one rule each. What a kind does to a call is the vendor's face's affair. */
export interface FaultRuleOf<Kind extends string> {
  readonly kind: Kind;
  /** Only calls of this lane, this method, this part of the path; all when absent. */
  readonly lane?: string;
  readonly method?: string;
  readonly path?: string;
  /** Matching calls that pass first. Default 0. */
  readonly skip?: number;
  /** Calls hit before the rule is spent. Default 1; null for ever. */
  readonly times?: number | null;
  /** Chance that a matching call is hit, 0..1, drawn from the board's seed. Default 1. */
  readonly chance?: number;
  readonly delayMs?: number;
}

interface Standing<Rule> {
  readonly id: number;
  readonly rule: Rule;
  skipped: number;
  hits: number;
}

interface FaultReport<Rule> {
  readonly id: number;
  readonly rule: Rule;
  readonly hits: number;
  readonly spent: boolean;
}

interface Call {
  readonly lane?: string;
  readonly method: string;
  readonly path: string;
}

export class FaultBoard<Rule extends FaultRuleOf<string>> {
  protected rules: Standing<Rule>[] = [];
  private readonly counts = new Map<string, number>();
  private nextId = 1;
  private state: number;

  constructor(seed = 1) {
    this.state = seed;
  }

  /** Switches a fault on; the number returned switches it off. */
  add(rule: Rule): number {
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
  draw(call: Call): Rule | null {
    for (const standing of this.rules) {
      const { rule } = standing;
      if (this.hitsNoCall(rule) || this.isSpent(standing) || !applies(rule, call)) continue;
      if (standing.skipped < (rule.skip ?? 0)) {
        standing.skipped += 1;
        continue;
      }
      if (rule.chance !== undefined && this.random() >= rule.chance) continue;
      this.count(standing);
      return rule;
    }
    return null;
  }

  /** How often each kind has hit, also by rules that are gone. */
  hits(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  list(): readonly FaultReport<Rule>[] {
    return this.rules.map((standing) => ({
      id: standing.id,
      rule: standing.rule,
      hits: standing.hits,
      spent: this.isSpent(standing),
    }));
  }

  /** True for a rule that changes how calls are judged instead of hitting one. */
  protected hitsNoCall(_rule: Rule): boolean {
    return false;
  }

  protected isSpent({ rule, hits }: Standing<Rule>): boolean {
    const usual = this.hitsNoCall(rule) ? null : 1;
    const times = rule.times === undefined ? usual : rule.times;
    return times !== null && hits >= times;
  }

  protected count(standing: Standing<Rule>): void {
    standing.hits += 1;
    const { kind } = standing.rule;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  /** mulberry32: the same seed gives the same faults. */
  private random(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

function applies(rule: FaultRuleOf<string>, call: Call): boolean {
  return (
    (rule.lane === undefined || rule.lane === call.lane) &&
    (rule.method === undefined || rule.method === call.method) &&
    (rule.path === undefined || call.path.includes(rule.path))
  );
}

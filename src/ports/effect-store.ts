/** Work to be done, as rows. */

/** Work to be done, committed with the change that calls for it. */
export interface EffectRow {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  /** Ids and dates only. */
  readonly payload: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'claimed' | 'done' | 'parked';
  readonly dueAt: Temporal.Instant;
  /** While it is claimed. */
  readonly leaseUntil: Temporal.Instant | null;
  readonly attempts: number;
  /** Processes that ended, without a word, while they held it. */
  readonly deaths: number;
  readonly fence: number;
  readonly lastError: string | null;
}

export interface EffectStore {
  /** A second row with the same (kind, key) is the same work: returns the id of the first, whatever its state. */
  add(effect: {
    readonly kind: string;
    readonly key: string;
    readonly payload: Readonly<Record<string, string>>;
    readonly dueAt: Temporal.Instant;
  }): Promise<string>;
  /** Takes the lease and a new fence; null when it is done, parked, not yet due, or held by somebody alive. Taken from a dead process, it has one death more. */
  claim(id: string, now: Temporal.Instant, leaseMs: number): Promise<EffectRow | null>;
  /** Prolongs the lease of a long run; false when another worker holds it: stop. */
  extend(id: string, fence: number, now: Temporal.Instant, leaseMs: number): Promise<boolean>;
  /** False when the fence is stale: the caller's transaction must then roll back. */
  done(id: string, fence: number): Promise<boolean>;
  retry(id: string, fence: number, dueAt: Temporal.Instant, error: string): Promise<boolean>;
  park(id: string, fence: number, error: string): Promise<boolean>;
  /** A person's "try again": parked -> pending, with its attempts and deaths counted from 0. */
  unpark(id: string, now: Temporal.Instant): Promise<boolean>;
  get(id: string): Promise<EffectRow | null>;
  list(filter: {
    readonly state?: EffectRow['state'];
    readonly kind?: string;
  }): Promise<readonly EffectRow[]>;
}

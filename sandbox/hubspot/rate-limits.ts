/** HubSpot's rate buckets (hubspot.md section 3): each kind of call draws on its own, all share the day. */

export type Lane = 'list' | 'read' | 'write' | 'search' | 'associations' | 'directory' | 'setup' | 'other';
export type BucketName = 'burst' | 'search' | 'associations' | 'daily';

export interface RateLimits {
  /** Calls of ordinary endpoints per rolling 10 s: 190 for a private app on Professional and Enterprise, 110 for a public app. */
  readonly tenSecondly: number;
  /** Searches per rolling second, over the whole account. */
  readonly searchPerSecond: number;
  /** Association batches per rolling 10 s. */
  readonly associationsPerTenSeconds: number;
  /** Calls per day of the account; null for a public app, which has none and gets no daily headers. */
  readonly daily: number | null;
}

export const PRIVATE_APP_LIMITS: RateLimits = {
  tenSecondly: 190,
  searchPerSecond: 5,
  associationsPerTenSeconds: 150,
  daily: 650_000,
};

/** Starts that lie in the last `windowMs`. A refused call takes no place. */
class RollingBucket {
  readonly limit: number;
  readonly windowMs: number;
  peak = 0;
  private starts: number[] = [];

  constructor(limit: number, windowMs: number) {
    this.limit = limit;
    this.windowMs = windowMs;
  }

  take(nowMs: number): boolean {
    this.forget(nowMs);
    if (this.starts.length >= this.limit) return false;
    this.starts.push(nowMs);
    this.peak = Math.max(this.peak, this.starts.length);
    return true;
  }

  remaining(nowMs: number): number {
    this.forget(nowMs);
    return this.limit - this.starts.length;
  }

  private forget(nowMs: number): void {
    const gone = this.starts.findIndex((start) => start > nowMs - this.windowMs);
    this.starts = gone < 0 ? [] : gone === 0 ? this.starts : this.starts.slice(gone);
  }
}

export interface BucketUse {
  readonly limit: number | null;
  /** Most calls that were inside one window, and their share of the limit in per cent. */
  readonly peak: number;
  readonly sharePercent: number | null;
}

/** Counts real time, not the sandbox's: a client waits in real seconds. `monotonicMs` lets a test hold it still. */
export class RateGate {
  readonly limits: RateLimits;
  private readonly monotonicMs: () => number;
  private readonly burst: RollingBucket;
  private readonly search: RollingBucket;
  private readonly associations: RollingBucket;
  private day = '';
  private usedToday = 0;

  constructor(limits: RateLimits, monotonicMs: () => number) {
    this.limits = limits;
    this.monotonicMs = monotonicMs;
    this.burst = new RollingBucket(limits.tenSecondly, 10_000);
    this.search = new RollingBucket(limits.searchPerSecond, 1_000);
    this.associations = new RollingBucket(limits.associationsPerTenSeconds, 10_000);
  }

  /** Null when the call may pass, else the bucket that is empty. `day` is the account's own day, on which the daily count starts anew. */
  admit(lane: Lane, day: string): BucketName | null {
    if (day !== this.day) {
      this.day = day;
      this.usedToday = 0;
    }
    if (this.limits.daily !== null && this.usedToday >= this.limits.daily) return 'daily';
    const name = bucketOf(lane);
    if (!this.bucket(name).take(this.monotonicMs())) return name;
    this.usedToday += 1;
    return null;
  }

  /** Search answers carry none. */
  headers(lane: Lane): Readonly<Record<string, string>> {
    const name = bucketOf(lane);
    if (name === 'search') return {};
    const bucket = this.bucket(name);
    const shared = {
      'X-HubSpot-RateLimit-Max': String(bucket.limit),
      'X-HubSpot-RateLimit-Remaining': String(bucket.remaining(this.monotonicMs())),
      'X-HubSpot-RateLimit-Interval-Milliseconds': String(bucket.windowMs),
    };
    if (this.limits.daily === null) return shared;
    return {
      ...shared,
      'X-HubSpot-RateLimit-Daily': String(this.limits.daily),
      'X-HubSpot-RateLimit-Daily-Remaining': String(this.limits.daily - this.usedToday),
    };
  }

  use(): Readonly<Record<BucketName, BucketUse>> {
    const of = (bucket: RollingBucket) => useOf(bucket.limit, bucket.peak);
    return {
      burst: of(this.burst),
      search: of(this.search),
      associations: of(this.associations),
      daily: useOf(this.limits.daily, this.usedToday),
    };
  }

  private bucket(name: Exclude<BucketName, 'daily'>): RollingBucket {
    return { burst: this.burst, search: this.search, associations: this.associations }[name];
  }
}

function bucketOf(lane: Lane): Exclude<BucketName, 'daily'> {
  return lane === 'search' || lane === 'associations' ? lane : 'burst';
}

function useOf(limit: number | null, peak: number): BucketUse {
  return { limit, peak, sharePercent: limit === null ? null : Math.round((1000 * peak) / limit) / 10 };
}

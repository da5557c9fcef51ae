import type { SandboxClock } from '../shared/clock.ts';

export type Plan = 'lite' | 'growth' | 'premium' | 'ultimate';

/** crm/pipedrive.md section 7: tokens per seat and day, and requests per rolling 2 s of one token. */
const PLANS: Readonly<
  Record<Plan, { readonly multiplier: number; readonly apiBurst: number; readonly oauthBurst: number }>
> = {
  lite: { multiplier: 1, apiBurst: 20, oauthBurst: 80 },
  growth: { multiplier: 2, apiBurst: 40, oauthBurst: 160 },
  premium: { multiplier: 5, apiBurst: 100, oauthBurst: 400 },
  ultimate: { multiplier: 7, apiBurst: 120, oauthBurst: 480 },
};

const TOKENS_PER_SEAT = 30_000;
const WINDOW_MS = 2_000;
const DAY_MS = 86_400_000;
/** Requests sent in spite of 429, within one window, after which Cloudflare shuts the door to an API token. */
const ABUSE_AFTER = 20;
const BLOCK_MS = 10_000;

export interface PipedriveLimits {
  readonly plan: Plan;
  readonly seats: number;
  /** Instead of what plan and seats give. */
  readonly burst?: number;
  readonly dailyTokens?: number;
  /** The clock of the burst window runs this many times as fast as the host's: waiting is simulated. Default 1. */
  readonly burstSpeed?: number;
  /** Which headers replies carry; the daily ones are undocumented and "may be missing". */
  readonly headers: 'all' | 'burst' | 'none';
}

export type Admission =
  | { readonly kind: 'admitted'; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly kind: 'over_burst' | 'over_day' | 'blocked';
      readonly headers: Readonly<Record<string, string>>;
    };

/** The company's token ledger and each token's rolling window. Bursts follow the host's time: a sandbox day may pass in no time. */
export class LimitKeeper {
  private readonly limits: PipedriveLimits;
  private readonly clock: SandboxClock;
  private readonly windows = new Map<string, number[]>();
  private readonly refusals = new Map<string, number[]>();
  private readonly blockedUntil = new Map<string, number>();
  private day = -1;
  tokensToday = 0;
  tokensEver = 0;

  constructor(limits: PipedriveLimits, clock: SandboxClock) {
    this.limits = limits;
    this.clock = clock;
  }

  get dailyTokens(): number {
    const { dailyTokens, plan, seats } = this.limits;
    return dailyTokens ?? TOKENS_PER_SEAT * PLANS[plan].multiplier * seats;
  }

  admit(token: string, cost: number): Admission {
    const nowMs = performance.now();
    this.turnDay();
    const apiToken = isApiToken(token);
    if ((this.blockedUntil.get(token) ?? 0) > nowMs) return { kind: 'blocked', headers: {} };
    const window = this.windowOf(this.windows, token, nowMs);
    const burst = this.burstOf(apiToken);
    if (window.length >= burst) return this.refuse('over_burst', token, apiToken, window, nowMs);
    if (this.tokensToday + cost > this.dailyTokens)
      return this.refuse('over_day', token, apiToken, window, nowMs);
    window.push(nowMs);
    this.tokensToday += cost;
    this.tokensEver += cost;
    return { kind: 'admitted', headers: this.headers(burst, window, nowMs) };
  }

  private burstOf(apiToken: boolean): number {
    const plan = PLANS[this.limits.plan];
    const burst = this.limits.burst ?? (apiToken ? plan.apiBurst : plan.oauthBurst);
    return burst * (this.limits.burstSpeed ?? 1);
  }

  private refuse(
    kind: 'over_burst' | 'over_day',
    token: string,
    apiToken: boolean,
    window: readonly number[],
    nowMs: number,
  ): Admission {
    const refusals = this.windowOf(this.refusals, token, nowMs);
    refusals.push(nowMs);
    if (apiToken && refusals.length > ABUSE_AFTER) this.blockedUntil.set(token, nowMs + BLOCK_MS);
    return { kind, headers: this.headers(this.burstOf(apiToken), window, nowMs) };
  }

  private headers(burst: number, window: readonly number[], nowMs: number): Readonly<Record<string, string>> {
    if (this.limits.headers === 'none') return {};
    const oldest = window[0] ?? nowMs;
    const shown = {
      'x-ratelimit-limit': String(burst),
      'x-ratelimit-remaining': String(Math.max(0, burst - window.length)),
      'x-ratelimit-reset': String(Math.max(1, Math.ceil((oldest + WINDOW_MS - nowMs) / 1000))),
    };
    if (this.limits.headers === 'burst') return shown;
    return {
      ...shown,
      'x-daily-ratelimit-token-limit': String(this.dailyTokens),
      'x-daily-ratelimit-token-remaining': String(this.dailyTokens - this.tokensToday),
    };
  }

  private windowOf(windows: Map<string, number[]>, token: string, nowMs: number): number[] {
    const kept = (windows.get(token) ?? []).filter((at) => at > nowMs - WINDOW_MS);
    windows.set(token, kept);
    return kept;
  }

  private turnDay(): void {
    const day = Math.floor(this.clock.nowMs() / DAY_MS);
    if (day !== this.day) this.tokensToday = 0;
    this.day = day;
  }
}

/** An API token is 40 hexadecimal characters; everything else is an OAuth access token. */
function isApiToken(token: string): boolean {
  return /^[0-9a-f]{40}$/.test(token);
}

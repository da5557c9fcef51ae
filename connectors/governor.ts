/** Keeps a connection inside a vendor's rate limit: calls wait here for a slot of a rolling window. */

/** Time as the transport sees it: monotonic milliseconds, a sleep that can be cut short, and chance. Tests bring their own. */
export interface Timekeeper {
  nowMs(): number;
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

export const hostTime: Timekeeper = {
  nowMs: () => performance.now(),
  sleep: sleepOnHost,
  random: () => Math.random(),
};

/** At most `calls` in any `perMs`. */
export interface RateLimit {
  readonly calls: number;
  readonly perMs: number;
}

/** What a reply says of the limit it was counted against. */
export interface RateReading {
  readonly calls?: number;
  readonly remaining?: number;
}

export interface Governor {
  /** Resolves when a call may start; the caller calls `left` once its reply is in or lost. */
  enter(signal?: AbortSignal): Promise<{ left(): void }>;
  /** Follows the vendor's own figures: its limit, and calls that other apps have made on it. */
  learn(reading: RateReading): void;
  /** Nobody starts before this long from now: the vendor said "too many". Said again and again, the pause grows to 10 s. */
  pause(durationMs: number): void;
  /** A reply that was not "too many": full speed again. */
  recovered(): void;
}

/** Governors by the name of their limit. */
export type Governors = ReadonlyMap<string, Governor>;

/**
 * Governors of the accounts that a process speaks to, by what identifies the caller to the vendor: two conversations with one account
 * share its limits.
 */
export type GovernorPool = Map<string, Governors>;

export type RateLimits = Readonly<Record<string, RateLimit & { readonly ceiling?: number }>>;

/** Tokens change; their governors are forgotten oldest first. */
const POOL_SIZE = 1_000;

export function governorsOf(
  pool: GovernorPool,
  caller: string,
  limits: RateLimits,
  time: Timekeeper,
): Governors {
  const known = pool.get(caller);
  if (known !== undefined) return known;
  const governors = new Map(
    Object.entries(limits).map(([name, limit]) => [name, governWindow(limit, time, limit.ceiling)]),
  );
  const oldest = pool.size >= POOL_SIZE ? pool.keys().next().value : undefined;
  if (oldest !== undefined) pool.delete(oldest);
  pool.set(caller, governors);
  return governors;
}

/** Longer than the vendor's window by this much, against clocks that tick differently. */
const GUARD_MS = 25;
const LONGEST_PAUSE_MS = 10_000;

/**
 * A rolling window. A slot is held from the start of its call until one window after its *reply*: the vendor counted the call
 * somewhere in between, so that no jitter of the network or of our own event loop can put one call too many in its window.
 * After a pause one call goes ahead alone, and the others follow when it has come back well: a vendor that keeps refusing meets
 * one call per pause, not a crowd.
 * `ceiling` is the customer's own wish; the vendor's figure may lower it, never raise it.
 */
export function governWindow(
  limit: RateLimit,
  time: Timekeeper,
  ceiling = Number.POSITIVE_INFINITY,
): Governor {
  const windowMs = limit.perMs + GUARD_MS;
  let calls = Math.min(limit.calls, ceiling);
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  let slots: Slot[] = [];
  /** Times in a row that the vendor said "too many". */
  let refusals = 0;
  let queue: Promise<unknown> = Promise.resolve();
  let wake: () => void = () => undefined;

  const freeAt = (nowMs: number): number => {
    const probing = refusals > 0 && slots.some((slot) => slot.freeAtMs === Number.POSITIVE_INFINITY);
    if (probing) return Number.POSITIVE_INFINITY;
    return slots.length < calls ? nowMs : nthSmallest(slots, slots.length - calls);
  };

  const waitForSlot = async (signal?: AbortSignal): Promise<Slot> => {
    for (;;) {
      signal?.throwIfAborted();
      const nowMs = time.nowMs();
      slots = slots.filter((slot) => slot.freeAtMs > nowMs);
      const startAtMs = Math.max(freeAt(nowMs), pausedUntilMs);
      if (startAtMs <= nowMs) break;
      if (startAtMs === Number.POSITIVE_INFINITY) await new Promise<void>((resolve) => (wake = resolve));
      else await time.sleep(startAtMs - nowMs, signal);
    }
    const slot: Slot = { freeAtMs: Number.POSITIVE_INFINITY };
    slots.push(slot);
    return slot;
  };

  return {
    async enter(signal) {
      const turn = queue.then(() => waitForSlot(signal));
      queue = turn.catch(() => undefined);
      const slot = await turn;
      return {
        left() {
          slot.freeAtMs = time.nowMs() + windowMs;
          wake();
        },
      };
    },
    learn({ calls: vendorCalls, remaining }) {
      if (vendorCalls !== undefined && vendorCalls > 0) calls = Math.min(vendorCalls, ceiling);
      if (remaining === undefined) return;
      const usedByOthers = (vendorCalls ?? calls) - remaining - slots.length;
      const freeAtMs = time.nowMs() + windowMs;
      for (let other = 0; other < usedByOthers; other += 1) slots.push({ freeAtMs });
    },
    pause(durationMs) {
      const growing = Math.min(durationMs * 2 ** refusals, Math.max(durationMs, LONGEST_PAUSE_MS));
      pausedUntilMs = Math.max(pausedUntilMs, time.nowMs() + growing);
      refusals += 1;
    },
    recovered() {
      refusals = 0;
      wake();
    },
  };
}

interface Slot {
  freeAtMs: number;
}

function nthSmallest(slots: readonly Slot[], index: number): number {
  const ordered = slots.map((slot) => slot.freeAtMs).sort((a, b) => a - b);
  return ordered[index] ?? Number.POSITIVE_INFINITY;
}

function sleepOnHost(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, durationMs);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

import type { TenantId } from '../core/ids.ts';

/** All that travels through a queue: the name of a row in the outbox. What is to be done is read from the store. */
export interface Doorbell {
  readonly tenantId: TenantId;
  readonly effectId: string;
}

/** The queue wakes a worker soon; it owes nothing else. Losing every ring delays work until the next sweep, no more. */
export interface Queue {
  /** Ringing twice for one effect is harmless. Fails within seconds, never hangs, when the backend is away. */
  ring(doorbells: readonly Doorbell[]): Promise<void>;
  /** Calls `answer` for each ring, at least once, at most `concurrency` at a time. */
  listen(answer: (doorbell: Doorbell) => Promise<void>, options: { concurrency: number }): Promise<void>;
  /** Waiting rings, for health and metrics. */
  depth(): Promise<number>;
  /** Stops taking rings, lets running answers end, frees every connection. */
  close(): Promise<void>;
}

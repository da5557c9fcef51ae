import type { TenantId } from '../core/values/ids.ts';

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

/** `QUEUE_UNREACHABLE`: the backend does not answer in time. `QUEUE_EVICTION`: Redis may throw rings away. `QUEUE_REFUSED`: it answers no. */
export type QueueErrorCode = 'QUEUE_UNREACHABLE' | 'QUEUE_EVICTION' | 'QUEUE_REFUSED';

/** The one error of a queue. `code` has a row in docs/errors.md; the message holds no address and no secret; `place` says what was found, in no language. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  readonly code: QueueErrorCode;
  readonly place: string;

  constructor(
    code: QueueErrorCode,
    message: string,
    options?: { readonly cause?: unknown; readonly place?: string },
  ) {
    super(message, options);
    this.code = code;
    this.place = options?.place ?? '';
  }
}

import type { WorkerOptions } from 'bullmq';
import type { Logger } from '../ports/logger.ts';
import { type Doorbell, type Queue, QueueError } from '../ports/queue.ts';
import { codeOf, withinDeadline } from './deadline.ts';
import { doorbellOf, type RingJob, ringJob } from './ring.ts';

/** What both backends offer once they are open. */
export interface Backend {
  readonly producer: Producer;
  startWorker(answerJob: AnswerJob, options: AnswerOptions): Worker;
  /** Tells an idle worker of this process that a ring is there, where the backend's own notification cannot. */
  wake(): void;
  /** Frees what the backend itself opened, at once, whatever state the connections are in. */
  release(): Promise<void>;
}

type AnswerJob = (job: { readonly data: unknown }) => Promise<void>;

interface Producer {
  addBulk(jobs: RingJob[]): Promise<unknown>;
  getWaitingCount(): Promise<number>;
  close(): Promise<void>;
}

interface Worker {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

interface QueueTimes {
  /** Longest wait of `ring`, `depth` and of opening. */
  readonly timeoutMs: number;
}

export const DEFAULT_TIMES: QueueTimes = { timeoutMs: 4_000 };

/** Rings of one `addBulk`: bounds the size of a single statement or script call. */
const RINGS_PER_CALL = 500;

/**
 * Worker settings of every backend. A killed process loses its lock after `lockDuration`; the two sweeps of the stalled check find
 * the ring again at most 10 s later. `attempts` do not count stalls (BullMQ): only `maxStalledCount` does, and it must never end a ring.
 */
const ANSWER_OPTIONS = {
  lockDuration: 15_000,
  stalledInterval: 5_000,
  maxStalledCount: 1_000_000,
  runRetryDelay: 1_000,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
} as const satisfies Partial<WorkerOptions>;

type AnswerOptions = typeof ANSWER_OPTIONS & { readonly concurrency: number };

export function queueOn(backend: Backend, times: QueueTimes, logger: Logger | undefined): Queue {
  const answering = new Set<Promise<void>>();
  let worker: Worker | null = null;
  let closing: Promise<void> | null = null;

  const refuseWhenClosed = (): void => {
    if (closing !== null) {
      throw new QueueError('QUEUE_REFUSED', 'The queue is closed.');
    }
  };

  return {
    async ring(doorbells) {
      refuseWhenClosed();
      for (let from = 0; from < doorbells.length; from += RINGS_PER_CALL) {
        const jobs = doorbells.slice(from, from + RINGS_PER_CALL).map(ringJob);
        await withinDeadline(backend.producer.addBulk(jobs), times.timeoutMs, 'ring');
      }
      backend.wake();
    },
    async listen(answer, { concurrency }) {
      refuseWhenClosed();
      if (worker !== null) {
        throw new Error('This queue is already listened to: open another one.');
      }
      worker = backend.startWorker((job) => tracked(answering, answerSafely(job, answer, logger)), {
        ...ANSWER_OPTIONS,
        concurrency,
      });
      await withinDeadline(worker.waitUntilReady(), times.timeoutMs, 'listen');
    },
    async depth() {
      refuseWhenClosed();
      return withinDeadline(backend.producer.getWaitingCount(), times.timeoutMs, 'depth');
    },
    close() {
      closing ??= closeAll(backend, worker, answering, times.timeoutMs);
      return closing;
    },
  };
}

/** A failed answer is logged and dropped: the effect is still due in the store and the sweep rings again. */
async function answerSafely(
  job: { readonly data: unknown },
  answer: (doorbell: Doorbell) => Promise<void>,
  logger: Logger | undefined,
): Promise<void> {
  const doorbell = doorbellOf(job);
  if (doorbell === null) {
    logger?.warn('a queue message is no ring: dropped');
    return;
  }
  try {
    await answer(doorbell);
  } catch (error) {
    const cause = error instanceof Error ? error.name : typeof error;
    logger?.error('an answer failed: left to the sweep', {
      effectId: doorbell.effectId,
      error: cause,
      code: codeOf(error),
    });
  }
}

async function tracked(running: Set<Promise<void>>, answer: Promise<void>): Promise<void> {
  running.add(answer);
  try {
    await answer;
  } finally {
    running.delete(answer);
  }
}

/** Answers may run as long as they need; the backend, once they have ended, may not: it can be away. */
async function closeAll(
  backend: Backend,
  worker: Worker | null,
  answering: ReadonlySet<Promise<void>>,
  timeoutMs: number,
): Promise<void> {
  const workerClosed = worker?.close() ?? Promise.resolve();
  while (answering.size > 0) {
    await Promise.all(answering);
  }
  await endWithin(workerClosed, timeoutMs);
  await endWithin(backend.producer.close(), timeoutMs);
  await endWithin(backend.release(), timeoutMs);
}

/** Waits for an end that a lost backend may never report; nothing is left to be done about it. */
async function endWithin(ending: Promise<unknown>, timeoutMs: number): Promise<void> {
  await withinDeadline(ending, timeoutMs, 'close').catch(() => undefined);
}

/** Reports an outage once, not at each of its hundred failed calls. */
export function outageReporter(logger: Logger | undefined): {
  readonly failed: (error: unknown) => void;
  readonly recovered: () => void;
} {
  let away = false;
  return {
    failed(error) {
      if (!away) {
        logger?.warn('the queue backend does not answer', { code: codeOf(error) });
      }
      away = true;
    },
    recovered() {
      if (away) {
        logger?.info('the queue backend answers again');
      }
      away = false;
    },
  };
}

/** Brings back what the queue forgot: everything due in the outbox is rung again. Wiping the queue costs one sweep interval. */
import type { Queue } from '../src/ports/queue.ts';
import type { JobContext } from './context.ts';
import { ringSafely } from './worker.ts';

const BATCH = 500;

export async function sweep(
  context: Pick<JobContext, 'store' | 'clock' | 'logger'>,
  queue: Pick<Queue, 'ring'>,
): Promise<number> {
  const due = await context.store.system.dueEffects(context.clock.now(), BATCH);
  await ringSafely(context, queue, due);
  return due.length;
}

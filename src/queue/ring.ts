import { createHash } from 'node:crypto';
import type { BulkJobOptions, Job } from 'bullmq';
import { asId, type TenantId } from '../core/values/ids.ts';
import type { Doorbell } from '../ports/queue.ts';

/** Name of the one queue; BullMQ forbids ":" in it. */
export const QUEUE_NAME = 'doorbells';

export type RingJob = { readonly name: 'ring'; readonly data: Doorbell; readonly opts: BulkJobOptions };

/**
 * A ring as a BullMQ job. A fixed `jobId` would be a trap: while the first job is active, or kept after a failure, a ring for a new
 * attempt is swallowed without a word. Deduplication with `keepLastIfActive` merges rings that wait, and keeps one ring that comes
 * during an answer until that answer has ended. The key goes with the job, and a key whose job was lost is recognised and replaced.
 */
export function ringJob(doorbell: Doorbell): RingJob {
  const { tenantId, effectId } = doorbell;
  return {
    name: 'ring',
    data: { tenantId, effectId },
    opts: {
      deduplication: { id: ringKey(doorbell), keepLastIfActive: true },
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}

/** One short text without ":" per (tenant, effect), whatever characters the ids hold. */
function ringKey({ tenantId, effectId }: Doorbell): string {
  return createHash('sha256')
    .update(JSON.stringify([tenantId, effectId]))
    .digest('hex')
    .slice(0, 40);
}

/** Null for a job that is no ring: somebody else wrote into our queue. */
export function doorbellOf(job: Pick<Job<unknown>, 'data'>): Doorbell | null {
  const { data } = job;
  if (typeof data !== 'object' || data === null || !('tenantId' in data) || !('effectId' in data)) {
    return null;
  }
  const { tenantId, effectId } = data;
  return typeof tenantId === 'string' && typeof effectId === 'string'
    ? { tenantId: asId<TenantId>(tenantId), effectId }
    : null;
}

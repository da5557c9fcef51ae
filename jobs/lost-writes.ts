/**
 * A reply that never came leaves writes without a receipt. Ask the CRM before anything is written: what arrived is acknowledged, what did
 * not is planned again, so a value is never written twice.
 */
import type { ConnectionId } from '../src/core/values/ids.ts';
import type { DealWrite } from '../src/core/write-back/write-back.ts';
import type { CrmSession, PresentProperties, WriteOutcome } from '../src/ports/connector.ts';
import type { JobContext, JobRun } from './context.ts';

/** The session knows its properties by now: some CRMs show a value only to who knows its field. */
export async function settleLostWrites(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  session: CrmSession,
  unsettled: readonly DealWrite[],
): Promise<void> {
  for (let start = 0; start < unsettled.length; start += session.writeBatchSize) {
    const batch = unsettled.slice(start, start + session.writeBatchSize);
    const keys = [...new Set(batch.flatMap((write) => [...write.values.keys()]))];
    const present = await session.readBack(
      batch.map((write) => write.dealId),
      keys,
    );
    const outcomes = batch.map((write) => outcomeOfReading(write, present.get(write.dealId)));
    await run.commit((tenant) => tenant.receipts.settle(connectionId, outcomes, context.clock.now()));
    context.logger.info('lost replies read back', { connection: connectionId, deals: batch.length });
  }
}

function outcomeOfReading(
  { dealId, values }: DealWrite,
  present: PresentProperties | undefined,
): WriteOutcome {
  if (present === undefined)
    return { dealId, kind: 'refused', code: 'DEAL_GONE', message: 'not found when read back' };
  const arrived = [...values].every(([key, value]) => (present.values.get(key) ?? '') === value);
  return arrived ? { dealId, kind: 'written', modifiedAt: null } : { dealId, kind: 'not_arrived' };
}

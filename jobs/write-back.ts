/** Writes our properties to the CRM: a diff against what it last acknowledged, one receipt per deal, and no write repeated blindly. */
import { asId, type ConnectionId } from '../src/core/ids.ts';
import type { MilestoneModel } from '../src/core/milestone.ts';
import { propertySpecs } from '../src/core/property-specs.ts';
import type { DealWrite, PropertyKey } from '../src/core/write-back.ts';
import type { CrmSession, PresentProperties, PropertyReport, WriteOutcome } from '../src/ports/connector.ts';
import { type Job, type JobContext, JobError, type JobRun, payloadOf } from './context.ts';
import { planWriteBack } from './write-back-plan.ts';

export const writeBack: Job = {
  kind: 'write_back',
  async run(context, run) {
    const connectionId = asId<ConnectionId>(payloadOf(run.effect, 'connectionId'));
    const connection = await run.read((tenant) => tenant.connections.get(connectionId));
    if (connection === null) throw new JobError('CONNECTION_UNKNOWN', connectionId);
    const session = context.openSession(connection, run.signal);
    await settleWhatWasLost(context, run, connectionId, session);
    const plan = await run.read((tenant) => planWriteBack(tenant, connectionId, context.clock.now()));
    if (plan.writes.length === 0) return [];
    const usable = await prepareProperties(context, run, connectionId, session, plan.model);
    const writes = withoutKeys(plan.writes, usable);
    await writeInBatches(context, run, connectionId, session, writes);
    return [];
  },
};

/**
 * A reply that never came leaves writes without a receipt. Ask the CRM before anything else: what arrived is acknowledged, what did not is
 * planned again, so a value is never written twice.
 */
async function settleWhatWasLost(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  session: CrmSession,
): Promise<void> {
  const unsettled = await run.read((tenant) => tenant.receipts.unsettled(connectionId));
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
  return arrived
    ? { dealId, kind: 'written', modifiedAt: present.modifiedAt }
    : { dealId, kind: 'not_arrived' };
}

/** Properties that exist with another type, or are read-only, are left out and told; the others are written all the same. */
async function prepareProperties(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  session: CrmSession,
  model: MilestoneModel,
): Promise<ReadonlySet<PropertyKey>> {
  const report = await session.ensureProperties(propertySpecs(model));
  if (report.created.length + report.unusable.length > 0)
    await recordReport(context, run, connectionId, report);
  return new Set(report.unusable.map((property) => property.key));
}

async function recordReport(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  report: PropertyReport,
): Promise<void> {
  for (const { key, problem } of report.unusable) {
    context.logger.warn('property cannot be written', { connection: connectionId, property: key, problem });
  }
  await run.commit((tenant) =>
    tenant.audit.append({
      at: context.clock.now(),
      by: 'jalon',
      action: 'crm_properties',
      subject: connectionId,
      before: null,
      after: { created: report.created, unusable: report.unusable },
    }),
  );
}

function withoutKeys(writes: readonly DealWrite[], unusable: ReadonlySet<PropertyKey>): DealWrite[] {
  if (unusable.size === 0) return [...writes];
  return writes
    .map((write) => ({ ...write, values: new Map([...write.values].filter(([key]) => !unusable.has(key))) }))
    .filter((write) => write.values.size > 0);
}

/** Each batch is marked as on its way before the call and settled after it: at any kill we know which deals to ask about. */
async function writeInBatches(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  session: CrmSession,
  writes: readonly DealWrite[],
): Promise<void> {
  let settled = 0;
  let refused = 0;
  for (let start = 0; start < writes.length; start += session.writeBatchSize) {
    const batch = writes.slice(start, start + session.writeBatchSize);
    await run.commit((tenant) => tenant.receipts.begin(connectionId, batch, context.clock.now()));
    for await (const outcomes of session.write(batch)) {
      await run.commit((tenant) => tenant.receipts.settle(connectionId, outcomes, context.clock.now()));
      settled += outcomes.length;
      refused += outcomes.filter((outcome) => outcome.kind === 'refused').length;
    }
    context.progress({
      job: 'write_back',
      connectionId,
      done: settled,
      expected: writes.length,
      unit: 'writes',
    });
  }
  context.logger.info('written back', { connection: connectionId, deals: settled, refused });
}

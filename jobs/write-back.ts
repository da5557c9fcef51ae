/** Writes our properties to the CRM: a diff against what it last acknowledged, one receipt per deal, and no write repeated blindly. */
import { asId, type ConnectionId } from '../src/core/ids.ts';
import type { MilestoneModel } from '../src/core/milestone.ts';
import { propertySpecs } from '../src/core/property-specs.ts';
import type { DealWrite, PropertyKey } from '../src/core/write-back.ts';
import type { CrmSession, PresentProperties, PropertyReport, WriteOutcome } from '../src/ports/connector.ts';
import { type Job, type JobContext, JobError, type JobRun, type NextEffect, payloadOf } from './context.ts';
import { planWriteBack } from './write-back-plan.ts';

/** A CRM that lost a reply is given a moment before it is asked what arrived. */
const READ_BACK_AFTER = { seconds: 60 };

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
    const written = await writeInBatches(context, run, connectionId, session, writes);
    return whatFollows(context, run, connectionId, written);
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
  const entry = { at: context.clock.now(), by: 'jalon', before: null };
  await run.commit(async (tenant) => {
    if (report.created.length > 0)
      await tenant.audit.append({
        ...entry,
        action: 'properties_created',
        subject: connectionId,
        after: report.created,
      });
    for (const { key, problem } of report.unusable)
      await tenant.audit.append({ ...entry, action: `property.${problem}`, subject: key, after: connectionId });
  });
}

function withoutKeys(writes: readonly DealWrite[], unusable: ReadonlySet<PropertyKey>): DealWrite[] {
  if (unusable.size === 0) return [...writes];
  return writes
    .map((write) => ({ ...write, values: new Map([...write.values].filter(([key]) => !unusable.has(key))) }))
    .filter((write) => write.values.size > 0);
}

/** What a run of writing came to. */
interface Written {
  readonly settled: number;
  readonly refused: number;
  readonly uncertain: number;
  readonly postponed: number;
  /** When the CRM's budget allows the postponed ones. */
  readonly resumesAt: Temporal.Instant | null;
}

/** Each batch is marked as on its way before the call and settled after it: at any kill we know which deals to ask about. */
async function writeInBatches(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  session: CrmSession,
  writes: readonly DealWrite[],
): Promise<Written> {
  const all: WriteOutcome[] = [];
  for (let start = 0; start < writes.length; start += session.writeBatchSize) {
    const batch = writes.slice(start, start + session.writeBatchSize);
    await run.commit((tenant) => tenant.receipts.begin(connectionId, batch, context.clock.now()));
    for await (const outcomes of session.write(batch)) {
      await run.commit((tenant) => tenant.receipts.settle(connectionId, outcomes, context.clock.now()));
      all.push(...outcomes);
    }
    context.progress({
      job: 'write_back',
      connectionId,
      done: all.length,
      expected: writes.length,
      unit: 'writes',
    });
    // The budget of the day is used up: every further batch would only be told the same.
    if (all.some((outcome) => outcome.kind === 'postponed')) break;
  }
  const written = countOutcomes(all, writes.length);
  const { settled, refused, uncertain, postponed } = written;
  context.logger.info('written back', {
    connection: connectionId,
    deals: settled,
    refused,
    uncertain,
    postponed,
  });
  return written;
}

function countOutcomes(outcomes: readonly WriteOutcome[], planned: number): Written {
  const count = (kind: WriteOutcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const postponed = outcomes.find((outcome) => outcome.kind === 'postponed');
  return {
    settled: count('written'),
    refused: count('refused'),
    uncertain: count('uncertain'),
    postponed: postponed === undefined ? 0 : planned - (outcomes.length - count('postponed')),
    resumesAt: postponed?.resumesAt ?? null,
  };
}

/** Lost replies are read back soon; what the budget did not allow goes on when it is renewed, and pages say how much that is. */
function whatFollows(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  written: Written,
): NextEffect[] {
  const again = (
    reason: string,
    dueAt: Temporal.Instant,
    payload: Readonly<Record<string, string>>,
  ): NextEffect => ({
    kind: 'write_back',
    key: `${reason}/${run.effect.id}`,
    payload: { connectionId, ...payload },
    dueAt,
  });
  const next: NextEffect[] = [];
  if (written.uncertain > 0) next.push(again('read-back', context.clock.now().add(READ_BACK_AFTER), {}));
  if (written.resumesAt !== null)
    next.push(again('budget', written.resumesAt, { postponed: String(written.postponed) }));
  return next;
}

/** Writes our properties to the CRM: a diff against what it last acknowledged, one receipt per deal, and no write repeated blindly. */

import type { MilestoneModel } from '../src/core/milestones/milestone.ts';
import { asId, type ConnectionId } from '../src/core/values/ids.ts';
import { withoutParked } from '../src/core/write-back/parked-writes.ts';
import { propertySpecs } from '../src/core/write-back/property-specs.ts';
import type { DealWrite, PropertyKey } from '../src/core/write-back/write-back.ts';
import type { CrmSession, PropertyReport } from '../src/ports/connector.ts';
import { type Job, type JobContext, JobError, type JobRun, type NextEffect, payloadOf } from './context.ts';
import { settleLostWrites } from './lost-writes.ts';
import { waitForTurn } from './one-at-a-time.ts';
import { planWriteBack } from './write-back-plan.ts';
import { type Written, writeInBatches } from './write-batches.ts';

/** A CRM that lost a reply is given a moment before it is asked what arrived. */
const READ_BACK_AFTER = { seconds: 60 };

export const writeBack: Job = {
  kind: 'write_back',
  async run(context, run) {
    const connectionId = asId<ConnectionId>(payloadOf(run.effect, 'connectionId'));
    await waitForTurn(run, connectionId);
    const connection = await run.read((tenant) => tenant.connections.get(connectionId));
    if (connection === null) throw new JobError('CONNECTION_UNKNOWN', connectionId);
    const session = context.openSession(connection, run.signal);
    const written = await bringUpToDate(context, run, connectionId, session);
    return written === null ? [] : whatFollows(context, run, connectionId, written);
  },
};

/** Null when there was nothing to write, which costs no call; lost replies are asked about first, for they change what is to be written. */
async function bringUpToDate(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  session: CrmSession,
): Promise<Written | null> {
  const now = context.clock.now();
  const readPlan = () => run.read((tenant) => planWriteBack(tenant, connectionId, now));
  const unsettled = await run.read((tenant) => tenant.receipts.unsettled(connectionId));
  const first = await readPlan();
  if (unsettled.length === 0 && first.writes.length === 0) return null;
  const { unusable, created } = await prepareProperties(context, run, connectionId, session, first.model);
  await settleLostWrites(context, run, connectionId, session, unsettled);
  const plan = unsettled.length === 0 && created === 0 ? first : await readPlan();
  const { due } = withoutParked(withoutKeys(plan.writes, unusable), plan.refused, now);
  return due.length === 0 ? null : await writeInBatches(context, run, connectionId, session, due);
}

/** Properties that exist with another type, or are read-only, are left out and told; the others are written all the same. */
async function prepareProperties(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  session: CrmSession,
  model: MilestoneModel,
): Promise<{ readonly unusable: ReadonlySet<PropertyKey>; readonly created: number }> {
  const report = await session.ensureProperties(propertySpecs(model), (missing) =>
    announceProperties(context, run, connectionId, missing),
  );
  if (report.created.length + report.unusable.length > 0)
    await recordReport(context, run, connectionId, report);
  return {
    unusable: new Set(report.unusable.map((property) => property.key)),
    created: report.created.length,
  };
}

/**
 * Before the CRM is asked: a process that dies between the creation and its entry leaves the intention. A property that was made anew is
 * empty, so whatever was once acknowledged of it is written again.
 */
async function announceProperties(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  missing: readonly PropertyKey[],
): Promise<void> {
  await run.commit(async (tenant) => {
    await tenant.receipts.forget(connectionId, missing);
    await tenant.audit.append({
      at: context.clock.now(),
      by: 'jalon',
      action: 'properties_missing',
      subject: connectionId,
      before: null,
      after: missing,
    });
  });
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
    if (report.created.length > 0) {
      await tenant.audit.append({
        ...entry,
        action: 'properties_created',
        subject: connectionId,
        after: report.created,
      });
    }
    for (const { key, problem } of report.unusable)
      await tenant.audit.append({
        ...entry,
        action: `property.${problem}`,
        subject: key,
        after: connectionId,
      });
  });
}

function withoutKeys(writes: readonly DealWrite[], unusable: ReadonlySet<PropertyKey>): DealWrite[] {
  if (unusable.size === 0) return [...writes];
  return writes
    .map((write) => ({ ...write, values: new Map([...write.values].filter(([key]) => !unusable.has(key))) }))
    .filter((write) => write.values.size > 0);
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

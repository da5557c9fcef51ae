/** Reads the CRM into the store, page by page: rows, rejections and cursor commit together, so a crash repeats a page and skips none. */

import type { EvidenceRule, MilestoneModel } from '../src/core/milestones/milestone.ts';
import { dateIn } from '../src/core/values/calendar.ts';
import { asId, type ConnectionId, type DealId } from '../src/core/values/ids.ts';
import type { ConnectionRow } from '../src/ports/connection-store.ts';
import type { CrmSession, PullCursor } from '../src/ports/connector.ts';
import type { TenantStore } from '../src/ports/store.ts';
import { dueBacktest } from './backtest.ts';
import { type Job, type JobContext, JobError, type JobRun, type NextEffect, payloadOf } from './context.ts';
import { waitForTurn } from './one-at-a-time.ts';
import { resumeAfterReconnection } from './reconnection.ts';

/** What is stored as the cursor: the connector's own, and which pull began from nothing, so that its end may tell what is gone. */
type CursorEnvelope = { readonly pullId: string; readonly fromNothing: boolean; readonly crm: PullCursor };

/** Echoes are looked for this long before the last pull: more than any overlap a connector uses. */
const ECHO_REACH_HOURS = 2;

export const pull: Job = {
  kind: 'pull',
  async run(context, run) {
    const connectionId = asId<ConnectionId>(payloadOf(run.effect, 'connectionId'));
    await waitForTurn(run, connectionId);
    const connection = await openConnection(run, connectionId);
    const session = context.openSession(connection, run.signal);
    const startedAt = context.clock.now();
    const directory = await session.readDirectory();
    await run.commit((tenant) => tenant.records.landDirectory(connectionId, directory, startedAt));
    await landPages(context, run, connection, session);
    const usage = session.usage();
    context.logger.info('pulled', {
      connection: connectionId,
      calls: usage.calls,
      retries: usage.retries,
      rateLimited: usage.rateLimited,
    });
    return await finish(context, run, connection, startedAt);
  },
};

/** One that waits to be reconnected may be read: that is how a new token shows that it works. */
async function openConnection(run: JobRun, id: ConnectionId): Promise<ConnectionRow> {
  const connection = await run.read((tenant) => tenant.connections.get(id));
  if (connection === null) throw new JobError('CONNECTION_UNKNOWN', id);
  if (connection.state === 'paused') throw new JobError('CONNECTION_NOT_ACTIVE', id);
  return connection;
}

async function landPages(
  context: JobContext,
  run: JobRun,
  connection: ConnectionRow,
  session: CrmSession,
): Promise<void> {
  const { id } = connection;
  const { envelope, ownWrites, evidenceProperties } = await run.read(async (tenant) => {
    const model = await tenant.settings.model(id);
    const since = connection.lastPulledAt?.subtract({ hours: ECHO_REACH_HOURS });
    return {
      envelope: startOf(run, (await tenant.records.cursor(id)) as CursorEnvelope | null),
      ownWrites: since === undefined ? null : await tenant.receipts.ownWrites(id, since),
      evidenceProperties: model === null ? [] : evidencePropertiesOf(model),
    };
  });
  const pullId = envelope?.fromNothing ? envelope.pullId : run.effect.id;
  const fromNothing = envelope?.fromNothing ?? true;
  let crm: PullCursor | null = envelope?.crm ?? null;
  let records = 0;
  const knownDeals = (dealIds: readonly DealId[]) =>
    run.read((tenant) => tenant.records.knownDeals(id, dealIds));
  for await (const page of session.pull({ cursor: crm, evidenceProperties, ownWrites, knownDeals })) {
    crm = page.cursor;
    const cursor: CursorEnvelope = { pullId, fromNothing, crm };
    await run.commit((tenant) => tenant.records.landPage(id, pullId, { ...page, cursor }));
    records += page.deals.length + page.companies.length + page.contacts.length + page.activities.length;
    const expected = page.expected === undefined ? {} : { expected: page.expected };
    context.progress({ job: 'pull', connectionId: id, done: records, unit: 'records', ...expected });
  }
  if (fromNothing && crm !== null) await closeFullPull(context, run, id, { pullId, fromNothing: false, crm });
}

/** The reading of everything that was begun and has not ended; null when there is none. */
export async function pullInProgress(tenant: TenantStore, id: ConnectionId): Promise<string | null> {
  const envelope = (await tenant.records.cursor(id)) as CursorEnvelope | null;
  return envelope?.fromNothing ? envelope.pullId : null;
}

/**
 * Where to go on. A whole reading (`whole: yes`) begins from nothing once, also when it is killed and runs again: it finds what no
 * incremental reading can, such as a deal that was destroyed, a link that changed alone, or an edit hidden in our own echo.
 */
function startOf(run: JobRun, stored: CursorEnvelope | null): CursorEnvelope | null {
  const begunByUs = stored?.pullId === run.effect.id;
  return run.effect.payload['whole'] === 'yes' && !begunByUs ? null : stored;
}

/** A pull that began from nothing has seen every deal there is: what it has not seen left the CRM while nobody watched. */
async function closeFullPull(
  context: JobContext,
  run: JobRun,
  id: ConnectionId,
  cursor: CursorEnvelope,
): Promise<void> {
  const hidden = await run.commit(async (tenant) => {
    const gone = await tenant.records.hideUnseen(id, cursor.pullId, context.clock.now());
    await tenant.records.landPage(id, cursor.pullId, {
      lane: 'end',
      deals: [],
      tombstones: [],
      companies: [],
      contacts: [],
      activities: [],
      rejections: [],
      cursor,
    });
    return gone;
  });
  if (hidden > 0) context.logger.info('deals gone from the CRM', { connection: id, deals: hidden });
}

async function finish(
  context: JobContext,
  run: JobRun,
  connection: ConnectionRow,
  startedAt: Temporal.Instant,
): Promise<NextEffect[]> {
  await run.commit(async (tenant) => {
    await tenant.connections.save({ ...connection, state: 'active', lastPulledAt: startedAt });
    await resumeAfterReconnection(tenant, connection, context.clock.now());
  });
  const now = context.clock.now();
  return await run.read((tenant) => whatFollows(tenant, run, connection, now));
}

/**
 * A reading of the schedule brings the CRM up to date too; Monday's also freezes the week. Nothing is written before a person said yes to
 * the first plan. While the past was never replayed a reading calls for it; Monday's leaves that to the snapshot, so that no digest is late.
 */
async function whatFollows(
  tenant: TenantStore,
  run: JobRun,
  { id }: ConnectionRow,
  now: Temporal.Instant,
): Promise<NextEffect[]> {
  const { payload, id: pullId } = run.effect;
  const { asOf, run: occasion } = payload;
  const next: NextEffect[] = [];
  if (asOf !== undefined) next.push({ kind: 'snapshot', key: `${id}/${asOf}`, payload });
  const company = await tenant.settings.company();
  const mayWrite = company?.writeBack === 'on';
  if (occasion !== undefined && mayWrite)
    next.push({ kind: 'write_back', key: `after/${pullId}`, payload: { connectionId: id } });
  const canReplay = asOf === undefined && company !== null && (await tenant.settings.model(id)) !== null;
  if (canReplay && (await tenant.reliability.latest(id)) === null)
    next.push(...(await dueBacktest(tenant, id, dateIn(company.zone, now))));
  return next;
}

/** CRM properties that the rules of the model look at, beside Jalon's own. */
export function evidencePropertiesOf(model: MilestoneModel): string[] {
  const isProperty = (rule: EvidenceRule) => rule.kind === 'property_filled';
  const named = model.milestones.flatMap((milestone) =>
    milestone.evidence.filter(isProperty).map((rule) => rule.property),
  );
  const own = model.milestones.map((milestone) => `jalon_evidence_${milestone.key}`);
  return [...new Set([...own, 'jalon_verbal_commitment_on', ...named])].sort();
}

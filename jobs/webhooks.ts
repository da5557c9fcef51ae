/** Works off what the CRM told: the deals it named are read again through the connector. Lost, doubled or reordered webhooks change nothing. */
import { asId, type ConnectionId, type DealId } from '../src/core/values/ids.ts';
import type { ConnectionRow } from '../src/ports/connection-store.ts';
import type { OwnWriteSpan } from '../src/ports/connector.ts';
import type { TenantStore } from '../src/ports/store.ts';
import type { DealHint } from '../src/ports/webhooks.ts';
import { type Job, type JobContext, JobError, type JobRun, type NextEffect, payloadOf } from './context.ts';
import { waitForTurn } from './one-at-a-time.ts';
import { evidencePropertiesOf, pullInProgress } from './pull.ts';

/** What comes within a minute is read together; a busy account costs at most this many runs an hour. */
const SLOT_MS = 60_000;
const BATCH = 5_000;
/** Longer than any CRM repeats a delivery (HubSpot: 24 hours). */
const REMEMBERED = { hours: 72 };
/** Receipts are looked for this long before the present: an echo comes back within minutes. */
const ECHO_REACH = { hours: 24 };

/** The run that will work off what arrives now. Committed with the arrival. */
export function webhookWork(
  connectionId: ConnectionId,
  now: Temporal.Instant,
): NextEffect & { dueAt: Temporal.Instant } {
  const slot = Math.floor(now.epochMilliseconds / SLOT_MS);
  return {
    kind: 'webhooks',
    key: `${connectionId}/${slot}`,
    payload: { connectionId },
    dueAt: Temporal.Instant.fromEpochMilliseconds((slot + 1) * SLOT_MS),
  };
}

export const webhooks: Job = {
  kind: 'webhooks',
  async run(context, run) {
    const id = asId<ConnectionId>(payloadOf(run.effect, 'connectionId'));
    await waitForTurn(run, id);
    const connection = await run.read((tenant) => tenant.connections.get(id));
    if (connection === null) throw new JobError('CONNECTION_UNKNOWN', id);
    for (;;) {
      const waiting = await run.read((tenant) => tenant.inbox.take(id, BATCH));
      // A connection that is paused, or was never read, learns everything from its next reading.
      const isRead = connection.state === 'active' && connection.lastPulledAt !== null;
      if (isRead)
        await readAgain(
          context,
          run,
          connection,
          waiting.map(({ raw }) => JSON.parse(raw) as DealHint),
        );
      await run.commit(async (tenant) => {
        await tenant.inbox.done(waiting.map((event) => event.id));
        await tenant.inbox.forget(id, context.clock.now().subtract(REMEMBERED));
      });
      if (waiting.length < BATCH) return [];
    }
  },
};

async function readAgain(
  context: JobContext,
  run: JobRun,
  connection: ConnectionRow,
  told: readonly DealHint[],
): Promise<void> {
  const { id } = connection;
  const since = context.clock.now().subtract(ECHO_REACH);
  const { ownWrites, evidenceProperties, pullId } = await run.read(async (tenant) => ({
    ownWrites: await tenant.receipts.ownWrites(id, since),
    evidenceProperties: await evidenceOf(tenant, id),
    // A reading of everything that was interrupted will hide what it has not seen: what is read now, it has.
    pullId: (await pullInProgress(tenant, id)) ?? run.effect.id,
  }));
  const hints = worthReading(told, ownWrites);
  const knownDeals = (ids: readonly DealId[]) => run.read((tenant) => tenant.records.knownDeals(id, ids));
  const session = context.openSession(connection, run.signal);
  for await (const content of session.readDeals({ hints, evidenceProperties, ownWrites, knownDeals }))
    await run.commit((tenant) => tenant.records.landDeals(id, pullId, content));
  const { calls } = session.usage();
  context.logger.info('webhooks worked off', {
    connection: id,
    told: told.length,
    deals: hints.length,
    calls,
  });
}

async function evidenceOf(tenant: TenantStore, id: ConnectionId): Promise<readonly string[]> {
  const model = await tenant.settings.model(id);
  return model === null ? [] : evidencePropertiesOf(model);
}

/** One hint per deal. Left out: a change that our own receipt dates to the second, for that is our write coming back. */
export function worthReading(told: readonly DealHint[], ownWrites: OwnWriteSpan | null): readonly DealHint[] {
  const byDeal = new Map<DealId, DealHint>();
  for (const hint of told) {
    const written = ownWrites?.modifiedAt.get(hint.dealId);
    const isEcho =
      hint.modifiedAt !== null && written?.equals(Temporal.Instant.from(hint.modifiedAt)) === true;
    if (isEcho) continue;
    const mergedInto = hint.mergedInto ?? byDeal.get(hint.dealId)?.mergedInto ?? null;
    byDeal.set(hint.dealId, { ...hint, mergedInto });
  }
  return [...byDeal.values()];
}

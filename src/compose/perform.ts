/** Runs one effect and all that follows from it, here or by the workers of this process, until nothing of it is left to do now. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobContext } from '../../jobs/context.ts';
import { answer } from '../../jobs/worker.ts';
import type { PerformReport, Services } from '../cli/app.ts';
import type { TenantId } from '../core/values/ids.ts';
import type { EffectRow } from '../ports/effect-store.ts';
import type { Doorbell, Queue } from '../ports/queue.ts';

type Effect = Parameters<Services['perform']>[0];

const LOOK_AGAIN_MS = 50;
const LEFT_BEHIND = 100;

export async function performEffect(
  context: JobContext,
  queue: Queue,
  tenantId: TenantId,
  effect: Effect,
  working: boolean,
): Promise<PerformReport> {
  const effectId = await context.store.inTenant(tenantId, (tenant) =>
    tenant.effects.add({ ...effect, dueAt: context.clock.now() }),
  );
  const rung = working
    ? await byWorkers(context, queue, { tenantId, effectId })
    : await here(context, { tenantId, effectId });
  const rows = await context.store.inTenant(
    tenantId,
    async (tenant) => await Promise.all([...rung].map((id) => tenant.effects.get(id))),
  );
  const unfinished = rows.filter((row): row is EffectRow => row !== null && row.state !== 'done');
  return {
    unfinished: unfinished.map(({ kind, state, lastError, dueAt }) => ({
      kind,
      state,
      error: lastError,
      dueAt,
    })),
  };
}

/** One after the other in this call: what a command does. Work that a killed process left behind is done too. */
async function here(context: JobContext, first: Doorbell): Promise<ReadonlySet<string>> {
  const waiting = [first];
  const rung = new Set<string>();
  const collect = {
    ring: async (doorbells: readonly Doorbell[]) => {
      waiting.push(...doorbells);
    },
  };
  while (waiting.length > 0) {
    for (let doorbell = waiting.shift(); doorbell !== undefined; doorbell = waiting.shift()) {
      rung.add(doorbell.effectId);
      await answer(context, collect, doorbell);
    }
    const due = await context.store.system.dueEffects(context.clock.now(), LEFT_BEHIND);
    waiting.push(...due.filter(({ effectId }) => !rung.has(effectId)));
  }
  return rung;
}

/** Rings the real queue and watches the outbox: what the service does. */
async function byWorkers(context: JobContext, queue: Queue, first: Doorbell): Promise<ReadonlySet<string>> {
  const { store, clock } = context;
  const rung = new Set([first.effectId]);
  await queue.ring([first]);
  for (;;) {
    await sleep(LOOK_AGAIN_MS);
    const open = await store.inTenant(first.tenantId, async (tenant) => [
      ...(await tenant.effects.list({ state: 'pending' })),
      ...(await tenant.effects.list({ state: 'claimed' })),
    ]);
    for (const row of open) rung.add(row.id);
    const now = clock.now();
    const busy = open.some((row) => row.state === 'claimed' || Temporal.Instant.compare(row.dueAt, now) <= 0);
    if (!busy) return rung;
  }
}

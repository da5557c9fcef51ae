/** Answers doorbells: claims the effect, runs its job under a lease, commits what follows. The only place that maps errors to the outbox. */
import { ConnectorError } from '../src/ports/connector.ts';
import type { EffectRow } from '../src/ports/effect-store.ts';
import type { Doorbell, Queue } from '../src/ports/queue.ts';
import type { TenantStore } from '../src/ports/store.ts';
import { StoreError } from '../src/ports/store-error.ts';
import { JobBusy, type JobContext, JobDelayed, JobError, type JobRun, type NextEffect } from './context.ts';
import { spareOthers } from './deaths.ts';
import { askForReconnection } from './reconnection.ts';
import { jobs } from './registry.ts';

/** Long enough for a slow page, short enough that a killed worker's work starts again within the minute. */
const LEASE_MS = 45_000;
const HEARTBEAT_MS = 12_000;
/** 5 tries with doubling waits reach about 8 minutes; then a person looks. */
const MAX_ATTEMPTS = 5;
const FIRST_WAIT_MS = 15_000;

class LeaseLost extends Error {}

export type AnswerResult = 'done' | 'not_ours' | 'retry' | 'parked';

/** Runs the effect if it is due and free. Never throws: what went wrong is in the outbox row. */
export async function answer(
  context: JobContext,
  queue: Pick<Queue, 'ring'>,
  doorbell: Doorbell,
): Promise<AnswerResult> {
  const { tenantId, effectId } = doorbell;
  const effect = await context.store.inTenant(tenantId, (tenant) =>
    tenant.effects.claim(effectId, context.clock.now(), LEASE_MS),
  );
  if (effect === null) return 'not_ours';
  const lease = holdLease(context, doorbell, effect);
  try {
    const next = await runJob(context, doorbell, effect, lease.signal);
    const ids = await finish(context, doorbell, effect, next);
    await ringSafely(
      context,
      queue,
      ids.map((id) => ({ tenantId, effectId: id })),
    );
    return 'done';
  } catch (error) {
    return await giveBack(context, doorbell, effect, error);
  } finally {
    lease.stop();
  }
}

async function runJob(
  context: JobContext,
  { tenantId }: Doorbell,
  effect: EffectRow,
  signal: AbortSignal,
): Promise<readonly NextEffect[]> {
  const job = jobs.get(effect.kind);
  if (job === undefined) throw new JobError('EFFECT_UNKNOWN', effect.kind);
  const run: JobRun = {
    tenantId,
    effect,
    signal,
    read: (work) => context.store.inTenant(tenantId, work),
    commit: (work) =>
      context.store.inTenant(tenantId, async (tenant) => {
        await keepLease(context, tenant, effect);
        return await work(tenant);
      }),
  };
  await spareOthers(run, context.clock.now());
  return await job.run(context, run);
}

async function finish(
  context: JobContext,
  { tenantId }: Doorbell,
  effect: EffectRow,
  next: readonly NextEffect[],
): Promise<string[]> {
  return await context.store.inTenant(tenantId, async (tenant) => {
    if (!(await tenant.effects.done(effect.id, effect.fence))) throw new LeaseLost();
    const ids: string[] = [];
    for (const { kind, key, payload, dueAt = context.clock.now() } of next)
      ids.push(await tenant.effects.add({ kind, key, payload, dueAt }));
    return ids;
  });
}

async function keepLease(context: JobContext, tenant: TenantStore, effect: EffectRow): Promise<void> {
  if (!(await tenant.effects.extend(effect.id, effect.fence, context.clock.now(), LEASE_MS)))
    throw new LeaseLost();
}

/** Prolongs the lease while the job waits for a CRM; aborts the job when somebody else took over. */
function holdLease(
  context: JobContext,
  { tenantId }: Doorbell,
  effect: EffectRow,
): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const timer = setInterval(() => {
    context.store
      .inTenant(tenantId, (tenant) => keepLease(context, tenant, effect))
      .catch((error: unknown) => {
        if (error instanceof LeaseLost) controller.abort(error);
        // A database that is away for a moment is no reason to stop: the next commit checks the lease again.
      });
  }, HEARTBEAT_MS);
  return {
    signal: controller.signal,
    stop: () => {
      clearInterval(timer);
    },
  };
}

async function giveBack(
  context: JobContext,
  { tenantId }: Doorbell,
  effect: EffectRow,
  error: unknown,
): Promise<AnswerResult> {
  if (error instanceof LeaseLost) return 'not_ours';
  const failure = failureOf(error, effect.attempts);
  const facts = { kind: effect.kind, effect: effect.id, code: failure.code, attempts: effect.attempts };
  const { delayMs } = failure;
  if (delayMs === null) {
    context.logger.error('effect parked', facts);
    await context.store.inTenant(tenantId, async (tenant) => {
      const ours = await tenant.effects.park(effect.id, effect.fence, failure.text);
      if (ours && failure.code === 'CRM_UNAUTHORISED') await askForReconnection(tenant, effect);
    });
    return 'parked';
  }
  context.logger.warn('effect will be tried again', { ...facts, delayMs });
  const dueAt = context.clock.now().add({ milliseconds: delayMs });
  await context.store.inTenant(tenantId, (tenant) =>
    tenant.effects.retry(effect.id, effect.fence, dueAt, failure.text),
  );
  return 'retry';
}

/**
 * `delayMs` null: parked until a person acts. A rate limit is obeyed for as long as it lasts; it is no failure. `text` is "CODE: place", from
 * which a face makes the sentence of the reader's language.
 */
function failureOf(error: unknown, attempts: number): { code: string; text: string; delayMs: number | null } {
  if (error instanceof ConnectorError) {
    const text = `${error.code}: ${error.message}`;
    if (error.retry.kind === 'never') return { code: error.code, text, delayMs: null };
    const patient = error.code === 'CRM_RATE_LIMITED' || error.code === 'CRM_DAILY_LIMIT';
    const spent = !patient && attempts >= MAX_ATTEMPTS;
    return {
      code: error.code,
      text,
      delayMs: spent ? null : Math.max(error.retry.delayMs, backoffMs(attempts)),
    };
  }
  if (error instanceof JobBusy) return { code: 'EFFECT_BUSY', text: 'EFFECT_BUSY', delayMs: error.delayMs };
  if (error instanceof JobError)
    return { code: error.code, text: `${error.code}: ${error.message}`, delayMs: null };
  const { code, place } = passing(error);
  const text = `${code}: ${place}`.slice(0, 500);
  return { code, text, delayMs: attempts >= MAX_ATTEMPTS ? null : backoffMs(attempts) };
}

function passing(error: unknown): { code: string; place: string } {
  if (error instanceof JobDelayed) return { code: error.code, place: error.message };
  if (error instanceof StoreError) return { code: error.code, place: error.place };
  const place = error instanceof Error ? `${error.name}: ${error.message}` : 'thrown value';
  return { code: 'UNEXPECTED', place };
}

function backoffMs(attempts: number): number {
  return FIRST_WAIT_MS * 2 ** Math.max(0, attempts - 1);
}

/** The queue owes nothing: when it is away the sweep rings later. */
export async function ringSafely(
  context: Pick<JobContext, 'logger'>,
  queue: Pick<Queue, 'ring'>,
  doorbells: readonly Doorbell[],
): Promise<void> {
  if (doorbells.length === 0) return;
  try {
    await queue.ring(doorbells);
  } catch (error) {
    context.logger.warn('queue away, the sweep will ring', {
      doorbells: doorbells.length,
      error: error instanceof Error ? error.name : 'unknown',
    });
  }
}

/**
 * The minute tick. Nothing is scheduled ahead: at each tick the rules of the zone say what is due *now*, and keys in the outbox and the
 * ledger make a repeated answer harmless. What is due, and why not, is decided in digest-week.ts; here it is looked up and written down.
 */

import type { Manager } from '../src/core/deals/manager.ts';
import { dateIn, isoWeekOf } from '../src/core/values/calendar.ts';
import type { TenantId } from '../src/core/values/ids.ts';
import type { ConnectionRow } from '../src/ports/connection-store.ts';
import type { EffectRow } from '../src/ports/effect-store.ts';
import type { Doorbell, Queue } from '../src/ports/queue.ts';
import type { TenantStore } from '../src/ports/store.ts';
import type { JobContext, NextEffect } from './context.ts';
import { alarms } from './digest/digest-alarm.ts';
import { closeMissedWeeks } from './digest/digest-missed.ts';
import { sendEffect } from './digest/digest-plan.ts';
import { dueOf, isBefore, type MondayWindow, mondayWindow } from './digest/digest-week.ts';
import { regularReading } from './reading-times.ts';
import { webhookSetupWork } from './webhook-setup.ts';
import { webhookWork } from './webhooks.ts';
import { ringSafely } from './worker.ts';

/** What gave up because somebody else was away is tried again this long after, for as long as it is due. */
const TRY_PARKED_AGAIN = { minutes: 15 };

/** Errors that may pass without a person; a refusal that needs one is not repeated. */
const MAY_PASS =
  /^(CRM_(LOCKED|UNAVAILABLE|TIMEOUT|UNREACHABLE|UNREADABLE|STOPPED)|STORE_|SMTP_|MAILER_|DIGEST_HELD|DIGEST_MONITOR_SILENT|UNEXPECTED)/;

/** The run that belongs to an arrival begins within a minute and a half. */
const LEFT_BEHIND = { minutes: 5 };

const OPEN_STATES = ['planned', 'claimed', 'handing_over'] as const;

export async function tick(context: JobContext, queue: Pick<Queue, 'ring'>): Promise<void> {
  for (const tenantId of await context.store.system.tenants()) {
    try {
      const doorbells = await context.store.inTenant(tenantId, (tenant) => addDue(context, tenant, tenantId));
      await ringSafely(context, queue, doorbells);
    } catch (error) {
      // One company's trouble is not its neighbours': the next tick tries again.
      context.logger.error('tick failed', { error: error instanceof Error ? error.name : 'unknown' });
    }
  }
}

async function addDue(context: JobContext, tenant: TenantStore, tenantId: TenantId): Promise<Doorbell[]> {
  const now = context.clock.now();
  const company = await tenant.settings.company();
  if (company === null) return [];
  const managers = await tenant.settings.managers();
  const zones = managers.filter((manager) => manager.digest === 'on').map((manager) => manager.zone);
  const window = mondayWindow([company.zone, ...zones], now);
  const effects: NextEffect[] = [];
  for (const connection of await tenant.connections.list()) {
    if (window !== null) effects.push(...(await mondayWork(tenant, connection, window, now)));
    effects.push(...regularReading(connection, company.zone, now));
    effects.push(...(await webhookEffects(context, tenant, connection, now)));
    effects.push(...(await dueDigests(tenant, connection, managers, now)));
    await closeMissedWeeks(tenant, connection, managers, now);
    effects.push(...(await alarms(context, tenant, connection, managers, now)));
  }
  const doorbells: Doorbell[] = [];
  for (const effect of effects) {
    const effectId = await ensure(tenant, effect, now);
    if (effectId !== null) doorbells.push({ tenantId, effectId });
  }
  return doorbells;
}

/** What a lost message left in the inbox is worked off all the same. Without an address that takes webhooks there is nothing to look for. */
async function webhookEffects(
  { webhookTarget }: JobContext,
  tenant: TenantStore,
  connection: ConnectionRow,
  now: Temporal.Instant,
): Promise<NextEffect[]> {
  const target = webhookTarget?.(connection) ?? null;
  if (target === null) return [];
  const isLeftBehind = await tenant.inbox.isWaiting(connection.id, now.subtract(LEFT_BEHIND));
  return [
    ...webhookSetupWork(connection, target.url, isoWeekOf(dateIn('UTC', now))),
    ...(isLeftBehind ? [webhookWork(connection.id, now)] : []),
  ];
}

/** Reading first; two hours into the Monday without a snapshot, the records as last read; a snapshot whose digests are not planned plans them. */
async function mondayWork(
  tenant: TenantStore,
  connection: ConnectionRow,
  window: MondayWindow,
  now: Temporal.Instant,
): Promise<NextEffect[]> {
  const { id, state, lastPulledAt } = connection;
  if (state === 'paused') return [];
  const payload = { connectionId: id, asOf: window.monday.toString(), run: 'monday' };
  const effects: NextEffect[] = state === 'active' ? [mondayPull(connection, window)] : [];
  const frozen = (await tenant.snapshots.list(id)).find(({ asOf }) => asOf.equals(window.monday));
  if (frozen !== undefined) {
    const planned = await tenant.digests.list(id, { isoWeek: window.isoWeek });
    if (planned.length === 0)
      effects.push({ kind: 'digest_plan', key: frozen.id, payload: { ...payload, snapshotId: frozen.id } });
  } else if (lastPulledAt !== null && !isBefore(now, window.fallBackFrom)) {
    // A key of its own: when the CRM is read after all, its snapshot job still plans the write-back.
    effects.push({ kind: 'snapshot', key: `as-last-read/${id}/${window.monday}`, payload });
  }
  return effects;
}

export function mondayPull({ id }: Pick<ConnectionRow, 'id'>, { isoWeek, monday }: MondayWindow): NextEffect {
  const payload = { connectionId: id, asOf: monday.toString(), run: 'monday' };
  return { kind: 'pull', key: `monday/${id}/${isoWeek}`, payload };
}

/** Due ones are sent; those that may not be, or not any more, are closed with the reason. */
async function dueDigests(
  tenant: TenantStore,
  connection: ConnectionRow,
  managers: readonly Manager[],
  now: Temporal.Instant,
): Promise<NextEffect[]> {
  const open = await tenant.digests.list(connection.id, { states: OPEN_STATES });
  const due: NextEffect[] = [];
  for (const row of open) {
    const answer = dueOf(row.isoWeek, managers.find(({ id }) => id === row.managerId) ?? null, now);
    if (answer.kind === 'wait') continue;
    // A row that a worker holds, alive or dead, is settled by the send job: only a claim may tell which.
    if (answer.kind === 'skip' && row.state === 'planned')
      await tenant.digests.skip({ ...row, late: answer.reason === 'late' }, answer.reason);
    else due.push(sendEffect(row.id));
  }
  return due;
}

/** The effect's id when there is something to ring for: it waits, or it had given up and is worth another round. */
async function ensure(
  tenant: TenantStore,
  { kind, key, payload }: NextEffect,
  now: Temporal.Instant,
): Promise<string | null> {
  const id = await tenant.effects.add({ kind, key, payload, dueAt: now });
  const effect = await tenant.effects.get(id);
  if (effect === null || effect.state === 'done') return null;
  if (effect.state !== 'parked') return id;
  return isWorthAnotherRound(effect, now) && (await tenant.effects.unpark(id, now)) ? id : null;
}

function isWorthAnotherRound({ lastError, dueAt }: EffectRow, now: Temporal.Instant): boolean {
  return MAY_PASS.test(lastError ?? '') && !isBefore(now, dueAt.add(TRY_PARKED_AGAIN));
}

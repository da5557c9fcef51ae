/**
 * The minute tick. Nothing is scheduled ahead: at each tick the rules of the zone say what is due *now*, and keys in the outbox and the
 * ledger make a repeated answer harmless. A delayed job would keep last season's offset; this cannot.
 */
import { dateIn, isoWeekOf, mondayOf } from '../src/core/calendar.ts';
import type { TenantId } from '../src/core/ids.ts';
import type { Doorbell, Queue } from '../src/ports/queue.ts';
import type { ConnectionRow, TenantStore } from '../src/ports/store.ts';
import type { JobContext, NextEffect } from './context.ts';
import { sendEffect } from './digest-plan.ts';
import { ringSafely } from './worker.ts';

/** Data are read from six, so that the figures of eight are fresh and a slow CRM has two hours. Company zone. */
const READ_FROM = Temporal.PlainTime.from('06:00');
/** Manager's own zone. */
const SEND_AT = Temporal.PlainTime.from('08:00');
/** A server that was down sends late once; older news is no news. */
const LATE_HOURS = 36;

export async function tick(context: JobContext, queue: Pick<Queue, 'ring'>): Promise<void> {
  for (const tenantId of await context.store.system.tenants()) {
    const doorbells = await context.store.inTenant(tenantId, (tenant) => addDue(context, tenant, tenantId));
    await ringSafely(context, queue, doorbells);
  }
}

async function addDue(context: JobContext, tenant: TenantStore, tenantId: TenantId): Promise<Doorbell[]> {
  const now = context.clock.now();
  const company = await tenant.settings.company();
  if (company === null) return [];
  const effects: NextEffect[] = [];
  for (const connection of await tenant.connections.list()) {
    if (connection.state === 'paused') continue;
    if (connection.state === 'active') effects.push(...mondayPull(connection, company.zone, now));
    effects.push(...(await dueDigests(tenant, connection, now)));
  }
  const doorbells: Doorbell[] = [];
  for (const { kind, key, payload } of effects) {
    doorbells.push({ tenantId, effectId: await tenant.effects.add({ kind, key, payload, dueAt: now }) });
  }
  return doorbells;
}

/** From Monday six o'clock until the digest would be too late. */
export function mondayPull(
  connection: Pick<ConnectionRow, 'id'>,
  zone: string,
  now: Temporal.Instant,
): NextEffect[] {
  const monday = mondayOf(dateIn(zone, now));
  const from = monday.toZonedDateTime({ timeZone: zone, plainTime: READ_FROM }).toInstant();
  if (isBefore(now, from) || !isBefore(now, from.add({ hours: LATE_HOURS }))) return [];
  const payload = { connectionId: connection.id, asOf: monday.toString(), run: 'monday' };
  return [{ kind: 'pull', key: `monday/${connection.id}/${isoWeekOf(monday)}`, payload }];
}

/** Due ones are sent; those that waited too long are closed with the reason: older news is no news. */
async function dueDigests(
  tenant: TenantStore,
  connection: ConnectionRow,
  now: Temporal.Instant,
): Promise<NextEffect[]> {
  const planned = (await tenant.digests.list(connection.id)).filter((row) => row.state === 'planned');
  if (planned.length === 0) return [];
  const managers = new Map((await tenant.settings.managers()).map((manager) => [manager.id, manager]));
  const due: NextEffect[] = [];
  for (const row of planned) {
    const manager = managers.get(row.managerId);
    const sendAt = sendingTime(row.isoWeek, manager?.zone ?? 'UTC');
    if (manager === undefined || manager.digest === 'off') await tenant.digests.skip(row, 'digest_off');
    else if (!isBefore(now, sendAt.add({ hours: LATE_HOURS })))
      await tenant.digests.skip({ ...row, late: true }, 'late');
    else if (!isBefore(now, sendAt)) due.push(sendEffect(row.id));
  }
  return due;
}

/** Monday 08:00 of the ISO week in the zone; a clock that jumps over eight o'clock sends at the first instant after. */
export function sendingTime(isoWeek: string, zone: string): Temporal.Instant {
  return mondayOfWeek(isoWeek).toZonedDateTime({ timeZone: zone, plainTime: SEND_AT }).toInstant();
}

/** "2026-W47" -> its Monday. 4 January is always in week 1. */
export function mondayOfWeek(isoWeek: string): Temporal.PlainDate {
  const [year = '', week = ''] = isoWeek.split('-W');
  return mondayOf(Temporal.PlainDate.from({ year: Number(year), month: 1, day: 4 })).add({
    weeks: Number(week) - 1,
  });
}

function isBefore(left: Temporal.Instant, right: Temporal.Instant): boolean {
  return Temporal.Instant.compare(left, right) < 0;
}

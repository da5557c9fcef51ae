/** A week that nobody worked on leaves a row with its reason, never a late mail: a Monday without a trace would look like one with a mail. */

import type { Manager } from '../../src/core/deals/manager.ts';
import { asId, type SnapshotId } from '../../src/core/values/ids.ts';
import type { ConnectionRow } from '../../src/ports/connection-store.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import type { SkipReason } from './digest-plan.ts';
import { closedWeeks, isBefore, mondayOfWeek, refusalOf, sendingTime } from './digest-week.ts';

/** Closes what is closed and still free: of this week and of the one before, for managers who were promised a digest then. */
export async function closeMissedWeeks(
  tenant: TenantStore,
  connection: ConnectionRow,
  managers: readonly Manager[],
  now: Temporal.Instant,
): Promise<void> {
  const weeks = new Set(managers.flatMap(({ zone }) => closedWeeks(zone, now)));
  for (const isoWeek of weeks) {
    const held = new Set((await tenant.digests.list(connection.id, { isoWeek })).map((row) => row.managerId));
    const without = managers.filter(
      ({ id, zone }) => !held.has(id) && closedWeeks(zone, now).includes(isoWeek),
    );
    if (without.length === 0) continue;
    const promised = await promisedIn(tenant, connection, isoWeek, without);
    for (const manager of promised) await close(tenant, connection, manager, isoWeek, now);
  }
}

/** Who became a manager, or which account was connected, after that Monday has missed nothing. */
export async function promisedIn(
  tenant: TenantStore,
  { id, lastPulledAt }: ConnectionRow,
  isoWeek: string,
  managers: readonly Manager[],
): Promise<readonly Manager[]> {
  const monday = mondayOfWeek(isoWeek);
  const snapshots = await tenant.snapshots.list(id);
  const frozen = snapshots.find(({ asOf }) => asOf.equals(monday));
  if (frozen !== undefined) {
    const header = await tenant.snapshots.header(frozen.id);
    return managers.filter((manager) => header?.managers.some((known) => known.id === manager.id));
  }
  const workedBefore = snapshots.some(({ asOf }) => Temporal.PlainDate.compare(asOf, monday) < 0);
  return managers.filter(
    ({ zone }) =>
      workedBefore || (lastPulledAt !== null && isBefore(lastPulledAt, sendingTime(isoWeek, zone))),
  );
}

async function close(
  tenant: TenantStore,
  connection: ConnectionRow,
  manager: Manager,
  isoWeek: string,
  now: Temporal.Instant,
): Promise<void> {
  const closed: SkipReason = connection.state === 'paused' ? 'connection_paused' : 'late';
  const reason = refusalOf(isoWeek, manager) ?? closed;
  // The name that the week's snapshot would have had: there is none to show.
  const snapshotId = asId<SnapshotId>(`${connection.id}-${mondayOfWeek(isoWeek)}`);
  const week = { connectionId: connection.id, managerId: manager.id, isoWeek, snapshotId, plannedAt: now };
  await tenant.digests.skip({ ...week, late: reason === 'late' }, reason);
}

/** Where this week's digest of every manager stands, and whether somebody must look: an unexplained silence after nine is an alarm. */

import type { Manager } from '../../src/core/deals/manager.ts';
import { dateIn, isoWeekOf } from '../../src/core/values/calendar.ts';
import type { ConnectionRow } from '../../src/ports/connection-store.ts';
import type { DigestRow, DigestState } from '../../src/ports/digest-store.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { promisedIn } from './digest-missed.ts';
import { isLate, mondayOfWeek, refusalOf, sendingTime } from './digest-week.ts';

export interface DigestStanding {
  readonly manager: Manager;
  /** The week that it is for the manager. */
  readonly isoWeek: string;
  readonly dueAt: Temporal.Instant;
  /** Null when the ledger has no row for the week. */
  readonly row: DigestRow | null;
  /** Code of the catalogue (templates/errors): why there is no mail, or why the last attempt failed; null when there is nothing to explain. */
  readonly reason: string | null;
  /** After nine o'clock there, neither at its end nor unwanted. */
  readonly missing: boolean;
}

export interface DigestStatus extends DigestStanding {
  /** When the person last turned it off, on, or paused it by the link in the mail; null when never. */
  readonly chosenAt: Temporal.Instant | null;
}

const ENDED: readonly DigestState[] = ['sent', 'uncertain', 'failed', 'skipped'];
const AUDIT_ENTRIES = 5_000;

/** One per manager, in the order of the settings. */
export async function digestStatus(
  tenant: TenantStore,
  connection: ConnectionRow,
  now: Temporal.Instant,
): Promise<readonly DigestStatus[]> {
  const choices = (await tenant.audit.list(AUDIT_ENTRIES)).filter(({ action }) => action === 'digest_choice');
  const standings = await digestStandings(tenant, connection, now);
  return standings.map((standing) => ({
    ...standing,
    chosenAt: choices.find(({ subject }) => subject === standing.manager.id)?.at ?? null,
  }));
}

/** The same without the manager's choices: what the minute tick and every page look at. */
export async function digestStandings(
  tenant: TenantStore,
  connection: ConnectionRow,
  now: Temporal.Instant,
): Promise<readonly DigestStanding[]> {
  return await standingsOf(tenant, connection, await tenant.settings.managers(), now);
}

/** The same for who has just read the managers. */
export async function standingsOf(
  tenant: TenantStore,
  connection: ConnectionRow,
  managers: readonly Manager[],
  now: Temporal.Instant,
): Promise<readonly DigestStanding[]> {
  const weeks = new Map<string, readonly DigestRow[]>();
  for (const manager of managers) {
    const isoWeek = weekOf(manager, now);
    if (!weeks.has(isoWeek)) weeks.set(isoWeek, await tenant.digests.list(connection.id, { isoWeek }));
  }
  const standings = managers.map((manager) => {
    const rows = weeks.get(weekOf(manager, now)) ?? [];
    return statusOf(manager, rows.find(({ managerId }) => managerId === manager.id) ?? null, now);
  });
  return await withoutTheUnpromised(tenant, connection, standings);
}

/** Who has become a manager, or which account was connected, since that Monday misses nothing: the first digest is next Monday's. */
async function withoutTheUnpromised(
  tenant: TenantStore,
  connection: ConnectionRow,
  standings: readonly DigestStanding[],
): Promise<readonly DigestStanding[]> {
  const silent = standings.filter(({ missing, row }) => missing && row === null);
  const promised = new Set<string>();
  for (const isoWeek of new Set(silent.map((standing) => standing.isoWeek))) {
    const ofWeek = silent.filter((standing) => standing.isoWeek === isoWeek).map(({ manager }) => manager);
    for (const { id } of await promisedIn(tenant, connection, isoWeek, ofWeek)) promised.add(id);
  }
  return standings.map((standing) =>
    silent.includes(standing) && !promised.has(standing.manager.id)
      ? { ...standing, missing: false, dueAt: nextMonday(standing) }
      : standing,
  );
}

function nextMonday({ isoWeek, manager }: DigestStanding): Temporal.Instant {
  return sendingTime(isoWeekOf(mondayOfWeek(isoWeek).add({ weeks: 1 })), manager.zone);
}

/** Pure: one manager's week as the ledger and the settings have it. */
function statusOf(manager: Manager, row: DigestRow | null, now: Temporal.Instant): DigestStanding {
  const isoWeek = weekOf(manager, now);
  const unwanted = refusalOf(isoWeek, manager);
  const ended = row !== null && ENDED.includes(row.state);
  return {
    manager,
    isoWeek,
    dueAt: sendingTime(isoWeek, manager.zone),
    row,
    reason: reasonOf(row) ?? (ended || unwanted === null ? null : `skip.${unwanted}`),
    missing: !ended && unwanted === null && isLate(isoWeek, manager.zone, now),
  };
}

export function weekOf({ zone }: Manager, now: Temporal.Instant): string {
  return isoWeekOf(dateIn(zone, now));
}

function reasonOf(row: DigestRow | null): string | null {
  if (row === null || row.reason === null) return null;
  return row.state === 'skipped' ? `skip.${row.reason}` : row.reason;
}

/** Reserves the week of every manager in the ledger. A week that is taken stays taken: that row is why no digest is doubled. */

import type { Manager } from '../../src/core/deals/manager.ts';
import { isoWeekOf } from '../../src/core/values/calendar.ts';
import { asId, type ConnectionId, type SnapshotId } from '../../src/core/values/ids.ts';
import type { DigestRow } from '../../src/ports/digest-store.ts';
import type { SnapshotHeader, StoredForecast } from '../../src/ports/snapshot-store.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { type Job, JobError, type NextEffect, payloadOf } from '../context.ts';

/** Why a week has no mail. Kept in the ledger and shown; `skip.<reason>` in templates/errors says it. */
export type SkipReason = 'digest_off' | 'paused' | 'nothing_to_tell' | 'connection_paused' | 'late';

/** Asked for by the minute tick at 08:00 in the manager's own zone (jobs/schedule.ts). */
export function sendEffect(digestId: string): NextEffect {
  return { kind: 'digest_send', key: digestId, payload: { digestId } };
}

/** Asked for by a person: neither the hour nor the age of the week holds it back. Its own key for every attempt: claims move the fence on. */
export function sendNowEffect({ id, fence }: Pick<DigestRow, 'id' | 'fence'>): NextEffect {
  return { kind: 'digest_send', key: `now/${id}/${fence}`, payload: { digestId: id, send: 'now' } };
}

export const digestPlan: Job = {
  kind: 'digest_plan',
  async run(context, run) {
    const snapshotId = asId<SnapshotId>(payloadOf(run.effect, 'snapshotId'));
    const sendNow = run.effect.payload['send'] === 'now';
    return await run.commit(async (tenant) => {
      const header = await tenant.snapshots.header(snapshotId);
      if (header === null) throw new JobError('SNAPSHOT_UNKNOWN', snapshotId);
      const forecasts = await tenant.snapshots.forecasts(snapshotId);
      const now = context.clock.now();
      const next: NextEffect[] = [];
      for (const manager of header.managers) {
        const row = await reserve(tenant, header, manager, forecasts, now);
        if (row.state === 'planned' && sendNow) next.push(sendNowEffect(row));
      }
      context.logger.info('digests planned', {
        connection: header.connectionId,
        week: isoWeekOf(header.asOf),
        digests: header.managers.length,
      });
      return next;
    });
  },
};

/** Whether the manager wants the digest is asked when it is to leave, not here: who turns it on at half past seven has it at eight. */
async function reserve(
  tenant: TenantStore,
  header: SnapshotHeader,
  manager: Manager,
  forecasts: readonly StoredForecast[],
  plannedAt: Temporal.Instant,
): Promise<DigestRow> {
  const week = {
    connectionId: asId<ConnectionId>(header.connectionId),
    managerId: manager.id,
    isoWeek: isoWeekOf(header.asOf),
    snapshotId: header.id,
    plannedAt,
    late: false,
  };
  const summary = forecasts.find((forecast) => forecast.managerId === manager.id)?.summary;
  const nothing: SkipReason | null =
    summary === undefined || summary.openDeals + summary.wonDeals === 0 ? 'nothing_to_tell' : null;
  return nothing === null ? await tenant.digests.plan(week) : await tenant.digests.skip(week, nothing);
}

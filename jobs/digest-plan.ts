/** Reserves the week of every manager in the ledger. A week that is taken stays taken: that row is why no digest is doubled. */
import { isoWeekOf } from '../src/core/calendar.ts';
import { asId, type ConnectionId, type SnapshotId } from '../src/core/ids.ts';
import type { Manager } from '../src/core/manager.ts';
import type { DigestRow, SnapshotHeader, StoredForecast, TenantStore } from '../src/ports/store.ts';
import { type Job, JobError, type NextEffect, payloadOf } from './context.ts';

/** Why a week has no mail. Kept in the ledger and shown; `skip.<reason>` in templates/errors says it. */
type SkipReason = 'digest_off' | 'paused' | 'nothing_to_tell';

/** Otherwise the minute tick sends at 08:00 in each manager's own zone (jobs/schedule.ts). */
export function sendEffect(digestId: string): NextEffect {
  return { kind: 'digest_send', key: digestId, payload: { digestId } };
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
      const today = new Map((await tenant.settings.managers()).map((manager) => [manager.id, manager]));
      const next: NextEffect[] = [];
      for (const frozen of header.managers) {
        // A choice made since the snapshot holds; a person who is no manager any more gets nothing.
        const manager = today.get(frozen.id) ?? { ...frozen, digest: 'off' as const };
        const row = await reserve(tenant, header, manager, forecasts, context.clock.now());
        if (row.state === 'planned' && sendNow) next.push(sendEffect(row.id));
      }
      context.logger.info('digests planned', {
        connection: header.connectionId,
        week: isoWeekOf(header.asOf),
        digests: next.length,
      });
      return next;
    });
  },
};

async function reserve(
  tenant: TenantStore,
  header: SnapshotHeader,
  manager: Manager,
  forecasts: readonly StoredForecast[],
  plannedAt: Temporal.Instant,
): Promise<DigestRow> {
  const connectionId = asId<ConnectionId>(header.connectionId);
  const week = {
    connectionId,
    managerId: manager.id,
    isoWeek: isoWeekOf(header.asOf),
    snapshotId: header.id,
    plannedAt,
    late: false,
  };
  const reason = reasonToSkip(manager, header.asOf, forecasts);
  return reason === null ? await tenant.digests.plan(week) : await tenant.digests.skip(week, reason);
}

function reasonToSkip(
  manager: Manager,
  asOf: Temporal.PlainDate,
  forecasts: readonly StoredForecast[],
): SkipReason | null {
  if (manager.digest === 'off') return 'digest_off';
  const until = manager.digestPausedUntil;
  if (until !== null && Temporal.PlainDate.compare(asOf, until) < 0) return 'paused';
  const summary = forecasts.find((forecast) => forecast.managerId === manager.id)?.summary;
  return summary === undefined || summary.openDeals + summary.wonDeals === 0 ? 'nothing_to_tell' : null;
}

import { sql } from 'kysely';
import type { Recording, VerifiedChange, VerifiedHistory } from '../core/odds/verified-history.ts';
import { asId, type ConnectionId, type DealId, type MilestoneKey } from '../core/values/ids.ts';
import type { TenantTransaction } from './database.ts';
import { dateFromSql } from './time.ts';

/** The database folds the lines of all snapshots into changes: most deals stand on a Monday where they stood the Monday before. */
export async function findVerified(
  own: TenantTransaction,
  connectionId: ConnectionId,
): Promise<VerifiedHistory> {
  const recordings = await findRecordings(own, connectionId);
  return { recordings, changes: recordings.length === 0 ? [] : await findChanges(own, connectionId) };
}

async function findRecordings(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<readonly Recording[]> {
  const { rows } = await sql<{ asOf: string; modelVersion: number }>`
    select as_of as "asOf", coalesce(model_version, 0) as "modelVersion"
    from snapshot join forecast on forecast.tenant_id = snapshot.tenant_id and forecast.snapshot_id = snapshot.id
    where snapshot.tenant_id = ${tenantId} and connection_id = ${connectionId} order by as_of`.execute(tx);
  return rows.map(({ asOf, modelVersion }) => ({ asOf: dateFromSql(asOf), modelVersion }));
}

interface ChangeSql {
  readonly dealId: DealId;
  readonly asOf: string;
  readonly seenBefore: string | null;
  readonly verified: string | null;
  readonly since: string | null;
}

async function findChanges(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<readonly VerifiedChange[]> {
  const { rows } = await sql<ChangeSql>`
    select deal_id as "dealId", as_of as "asOf", seen_before as "seenBefore", verified, verified_since as since from (
      select line.deal_id, snapshot.as_of, line.verified, line.verified_since, lag(snapshot.as_of) over of_deal as seen_before,
        lag(line.verified) over of_deal as verified_before, lag(line.verified_since) over of_deal as since_before
      from snapshot join forecast_line line on line.tenant_id = snapshot.tenant_id and line.snapshot_id = snapshot.id
      where snapshot.tenant_id = ${tenantId} and snapshot.connection_id = ${connectionId} and line.is_open
      window of_deal as (partition by line.deal_id order by snapshot.as_of)
    ) seen
    where seen_before is null or (verified, verified_since) is distinct from (verified_before, since_before)
    order by deal_id, as_of`.execute(tx);
  return rows.map(({ dealId, asOf, seenBefore, verified, since }) => ({
    dealId,
    asOf: dateFromSql(asOf),
    seenBefore: seenBefore === null ? null : dateFromSql(seenBefore),
    milestone: verified === null ? null : asId<MilestoneKey>(verified),
    since: since === null ? null : Temporal.PlainDate.from(since),
  }));
}

import { sql } from 'kysely';
import type { Activity } from '../core/deals/deal.ts';
import type { ConnectionId, DealId, OwnerId } from '../core/values/ids.ts';
import type { ActivityCount } from '../ports/record-store.ts';
import type { TenantTransaction } from './database.ts';
import { instantFromSql, instantToSql } from './time.ts';

type ActivitySql = Omit<Activity, 'at' | 'updatedAt'> & { readonly at: string; readonly updated_at: string };

/**
 * Activities of which at least one deal is present, oldest first. Which ones those are is decided here: as a join the embedded database, which
 * has no statistics, took minutes over 60,000 of them.
 */
export async function findActivities(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<readonly Activity[]> {
  const present = await sql<{ id: DealId }>`select deal_id as id from deal
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and gone is null`.execute(tx);
  const all = await sql<ActivitySql>`
    select activity_id as id, kind, at, owner_id as "ownerId", with_customer as "withCustomer", title, deal_ids as "dealIds", updated_at
    from activity where tenant_id = ${tenantId} and connection_id = ${connectionId} order by at, activity_id`.execute(
    tx,
  );
  const presentIds = new Set(present.rows.map(({ id }) => id));
  return all.rows
    .filter(({ dealIds }) => dealIds.some((id) => presentIds.has(id)))
    .map(({ at, updated_at, ...activity }) => ({
      ...activity,
      at: instantFromSql(at),
      updatedAt: instantFromSql(updated_at),
    }));
}

interface OwnerSpan {
  readonly ownerId: OwnerId;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

/** By kind and by whether the customer took part; an activity without a deal counts too. */
export async function countActivities(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  { ownerId, from, to }: OwnerSpan,
): Promise<readonly ActivityCount[]> {
  const { rows } = await sql<ActivityCount>`
    select kind, with_customer as "withCustomer", count(*)::int as count from activity
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and owner_id = ${ownerId}
      and at >= ${instantToSql(from)} and at < ${instantToSql(to)}
    group by kind, with_customer order by kind, with_customer`.execute(tx);
  return rows;
}

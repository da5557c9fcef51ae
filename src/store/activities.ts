import { sql } from 'kysely';
import type { Activity } from '../core/deal.ts';
import type { ConnectionId, DealId } from '../core/ids.ts';
import type { TenantTransaction } from './database.ts';
import { instantFromSql } from './time.ts';

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

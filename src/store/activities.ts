import { sql } from 'kysely';
import type { Activity } from '../core/deal.ts';
import type { ConnectionId } from '../core/ids.ts';
import type { TenantTransaction } from './database.ts';
import { instantFromSql } from './time.ts';

type ActivitySql = Omit<Activity, 'at' | 'updatedAt'> & { readonly at: string; readonly updated_at: string };

/** Activities of which at least one deal is present, oldest first. */
export async function findActivities(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<readonly Activity[]> {
  const { rows } = await sql<ActivitySql>`
    select activity_id as id, kind, at, owner_id as "ownerId", with_customer as "withCustomer", title, deal_ids as "dealIds", updated_at
    from activity
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and exists (
      select from deal
      where deal.tenant_id = ${tenantId} and deal.connection_id = ${connectionId}
        and deal.deal_id = any(activity.deal_ids) and deal.gone is null)
    order by at, activity_id`.execute(tx);
  return rows.map(({ at, updated_at, ...activity }) => ({
    ...activity,
    at: instantFromSql(at),
    updatedAt: instantFromSql(updated_at),
  }));
}

/** Everything held about one deal, for its page: small reads by key, so that the page costs the same in a company of fifty deals and of fifty thousand. */
import { sql } from 'kysely';
import type { Activity, Contact } from '../core/deals/deal.ts';
import type { ConnectionId, DealId } from '../core/values/ids.ts';
import type { DealFile, RecordedConfirmation } from '../ports/record-store.ts';
import { confirmationFromSql } from './confirmations.ts';
import type { TenantTransaction } from './database.ts';
import { findDeal } from './deal-reading.ts';
import { instantFromSql } from './time.ts';

/** Null when the deal is not present in the CRM. */
export async function findDealFile(
  own: TenantTransaction,
  connectionId: ConnectionId,
  dealId: DealId,
): Promise<DealFile | null> {
  const deal = await findDeal(own, connectionId, dealId);
  if (deal === null) return null;
  return {
    deal,
    activities: await activitiesOf(own, connectionId, dealId),
    contacts: await contactsOf(own, connectionId, deal.contactIds),
    confirmations: await confirmationsOf(own, connectionId, dealId),
  };
}

type ActivitySql = Omit<Activity, 'at' | 'updatedAt'> & { readonly at: string; readonly updated_at: string };

async function activitiesOf(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  dealId: DealId,
): Promise<readonly Activity[]> {
  const { rows } = await sql<ActivitySql>`
    select activity_id as id, kind, at, owner_id as "ownerId", with_customer as "withCustomer", title, deal_ids as "dealIds", updated_at
    from activity
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and deal_ids @> array[${dealId}]::text[]
    order by at, activity_id`.execute(tx);
  return rows.map(({ at, updated_at, ...activity }) => ({
    ...activity,
    at: instantFromSql(at),
    updatedAt: instantFromSql(updated_at),
  }));
}

async function contactsOf(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  contactIds: readonly string[],
): Promise<readonly Contact[]> {
  const { rows } = await sql<Omit<Contact, 'updatedAt'> & { updated_at: string }>`
    select contact_id as id, name, buying_role as "buyingRole", updated_at from contact
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and contact_id = any(${contactIds}::text[])
    order by contact_id`.execute(tx);
  return rows.map(({ updated_at, ...contact }) => ({ ...contact, updatedAt: instantFromSql(updated_at) }));
}

/** In the order in which they were said. */
async function confirmationsOf(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  dealId: DealId,
): Promise<readonly RecordedConfirmation[]> {
  const rows = await tx
    .selectFrom('confirmation')
    .select(['milestone', 'confirmed_on', 'customer_person', 'link', 'verdict', 'confirmed_by', 'at'])
    .where('tenant_id', '=', tenantId)
    .where('connection_id', '=', connectionId)
    .where('deal_id', '=', dealId)
    .orderBy('at')
    .orderBy('seq')
    .execute();
  return rows.map((row) => ({
    ...confirmationFromSql(row),
    by: row.confirmed_by,
    at: instantFromSql(row.at),
  }));
}

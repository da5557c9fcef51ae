import { sql } from 'kysely';
import type { Activity, Company, Contact } from '../core/deals/deal.ts';
import type { TenantTransaction } from './database.ts';
import { newestOf, type Pull } from './pull.ts';
import { CHUNK_ROWS, chunksOf, toBulkJson } from './text.ts';
import { instantToSql } from './time.ts';

/** Companies, contacts, activities: one row each, the newest version wins, an equal one is not written again. */
export async function landCompanies(
  own: TenantTransaction,
  { connectionId }: Pull,
  companies: readonly Company[],
): Promise<void> {
  for (const chunk of chunksOf(newestOf(companies), CHUNK_ROWS)) {
    const rows = chunk.map(({ id, name, updatedAt }) => ({ id, name, updated_at: instantToSql(updatedAt) }));
    await sql`insert into company as held (tenant_id, connection_id, company_id, name, updated_at)
      select ${own.tenantId}, ${connectionId}, fresh.*
      from jsonb_to_recordset(${toBulkJson(rows)}::jsonb) as fresh (id text, name text, updated_at timestamptz)
      on conflict (tenant_id, connection_id, company_id) do update set name = excluded.name, updated_at = excluded.updated_at
      where held.updated_at <= excluded.updated_at and row(held.*) is distinct from row(excluded.*)`.execute(
      own.tx,
    );
  }
}

export async function landContacts(
  own: TenantTransaction,
  { connectionId }: Pull,
  contacts: readonly Contact[],
): Promise<void> {
  for (const chunk of chunksOf(newestOf(contacts), CHUNK_ROWS)) {
    const rows = chunk.map(({ id, name, buyingRole, updatedAt }) => ({
      id,
      name,
      buying_role: buyingRole,
      updated_at: instantToSql(updatedAt),
    }));
    await sql`insert into contact as held (tenant_id, connection_id, contact_id, name, buying_role, updated_at)
      select ${own.tenantId}, ${connectionId}, fresh.*
      from jsonb_to_recordset(${toBulkJson(rows)}::jsonb) as fresh (id text, name text, buying_role text, updated_at timestamptz)
      on conflict (tenant_id, connection_id, contact_id) do update
        set name = excluded.name, buying_role = excluded.buying_role, updated_at = excluded.updated_at
      where held.updated_at <= excluded.updated_at and row(held.*) is distinct from row(excluded.*)`.execute(
      own.tx,
    );
  }
}

export async function landActivities(
  own: TenantTransaction,
  { connectionId }: Pull,
  activities: readonly Activity[],
): Promise<void> {
  for (const chunk of chunksOf(newestOf(activities), CHUNK_ROWS)) {
    await sql`insert into activity as held
        (tenant_id, connection_id, activity_id, kind, at, owner_id, with_customer, title, deal_ids, updated_at)
      select ${own.tenantId}, ${connectionId}, fresh.*
      from jsonb_to_recordset(${toBulkJson(chunk.map(activityToSql))}::jsonb) as fresh (id text, kind text, at timestamptz,
        owner_id text, with_customer boolean, title text, deal_ids text[], updated_at timestamptz)
      on conflict (tenant_id, connection_id, activity_id) do update
        set kind = excluded.kind, at = excluded.at, owner_id = excluded.owner_id, with_customer = excluded.with_customer,
          title = excluded.title, deal_ids = excluded.deal_ids, updated_at = excluded.updated_at
      where held.updated_at <= excluded.updated_at and row(held.*) is distinct from row(excluded.*)`.execute(
      own.tx,
    );
  }
}

function activityToSql(activity: Activity) {
  return {
    id: activity.id,
    kind: activity.kind,
    at: instantToSql(activity.at),
    owner_id: activity.ownerId,
    with_customer: activity.withCustomer,
    title: activity.title,
    deal_ids: activity.dealIds,
    updated_at: instantToSql(activity.updatedAt),
  };
}

import { sql } from 'kysely';
import type { DealsPage } from '../ports/connector.ts';
import type { TenantTransaction } from './database.ts';
import type { Pull } from './pull.ts';
import { toBulkJson } from './text.ts';
import { instantToSql } from './time.ts';

/**
 * Tombstones are kept even when their deal is unknown, or newer. A deal is hidden while its newest tombstone is as new as the deal itself:
 * that is decided again for every deal and tombstone of the page, so pages may arrive in any order.
 */
export async function landTombstones(
  own: TenantTransaction,
  { connectionId }: Pull,
  page: DealsPage,
): Promise<void> {
  const { tx, tenantId } = own;
  const newest = new Map(
    [...page.tombstones]
      .sort((a, b) => Temporal.Instant.compare(a.at, b.at))
      .map((tombstone) => [tombstone.id, tombstone]),
  );
  const rows = [...newest.values()].map((tombstone) => ({
    deal_id: tombstone.id,
    reason: tombstone.reason,
    merged_into: tombstone.mergedInto,
    at: instantToSql(tombstone.at),
  }));
  if (rows.length > 0) {
    await sql`insert into deal_tombstone as held (tenant_id, connection_id, deal_id, reason, merged_into, at)
      select ${tenantId}, ${connectionId}, fresh.*
      from jsonb_to_recordset(${toBulkJson(rows)}::jsonb) as fresh (deal_id text, reason text, merged_into text, at timestamptz)
      on conflict (tenant_id, connection_id, deal_id) do update
        set reason = excluded.reason, merged_into = excluded.merged_into, at = excluded.at where held.at <= excluded.at`.execute(
      tx,
    );
  }
  await hideBuried(
    own,
    connectionId,
    [...page.deals, ...page.tombstones].map(({ id }) => id),
  );
}

/** Scalar subqueries, each one look-up by key: without statistics the embedded database plans a join of the two as all against all. */
async function hideBuried(
  { tx, tenantId }: TenantTransaction,
  connectionId: string,
  dealIds: readonly string[],
): Promise<void> {
  if (dealIds.length === 0) return;
  const tombstone = sql`deal_tombstone as tombstone where tombstone.tenant_id = ${tenantId}
    and tombstone.connection_id = ${connectionId} and tombstone.deal_id = deal.deal_id`;
  await sql`update deal set (gone, gone_at, merged_into) = (select reason, at, merged_into from ${tombstone})
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and deal_id = any(${dealIds}::text[])
      and (select at >= deal.updated_at and (deal.gone is distinct from reason or deal.gone_at is distinct from at)
        from ${tombstone})`.execute(tx);
}

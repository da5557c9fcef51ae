import { sql } from 'kysely';
import type { DealsPage } from '../ports/connector.ts';
import type { TenantTransaction } from './database.ts';
import type { Pull } from './pull.ts';
import { toBulkJson } from './text.ts';

/**
 * A merge fills the empty fields of the deal that stays with those of the deal that goes, ours too: what was acknowledged moves along, or a
 * won deal would show for ever the net amount of the open deal that was merged into it. Moved, not copied: a merge is told with every page
 * that holds the deal that stays. How deals merge in HubSpot is told by a third party only, not by HubSpot's own pages:
 * https://help.insycle.com/en/articles/1753493-deduplicate-hubspot-contacts-companies-and-deals-in-bulk
 */
export async function moveAcknowledged(
  { tx, tenantId }: TenantTransaction,
  { connectionId }: Pull,
  page: DealsPage,
): Promise<void> {
  const merges = page.tombstones.flatMap(({ id, mergedInto }, position) =>
    mergedInto === null ? [] : [{ position, lost_id: id, kept_id: mergedInto }],
  );
  if (merges.length === 0) return;
  await sql`with moved as (
      delete from acknowledged_value lost
      using jsonb_to_recordset(${toBulkJson(merges)}::jsonb) as merge (position int, lost_id text, kept_id text)
      where lost.tenant_id = ${tenantId} and lost.connection_id = ${connectionId} and lost.deal_id = merge.lost_id
      returning merge.position, merge.kept_id, lost.key, lost.value, lost.at
    )
    insert into acknowledged_value as held (tenant_id, connection_id, deal_id, key, value, at)
    select distinct on (kept_id, key) ${tenantId}, ${connectionId}, kept_id, key, value, at
    from moved where value <> '' order by kept_id, key, position
    on conflict (tenant_id, connection_id, deal_id, key) do update set value = excluded.value, at = excluded.at
      where held.value = ''`.execute(tx);
}

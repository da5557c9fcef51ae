import { sql } from 'kysely';
import type { RejectedObject, Rejection } from '../core/deals/deal.ts';
import type { DealsPage } from '../ports/connector.ts';
import type { TenantTransaction } from './database.ts';
import { markSeen } from './landing-deals.ts';
import type { Pull } from './pull.ts';
import { toBulkJson } from './text.ts';

/**
 * A record that was read, or has left the CRM, is no longer rejected; what this page rejects stands. A rejected deal was met all the same: it
 * must not count as gone because we cannot read it.
 */
export async function landRejections(own: TenantTransaction, pull: Pull, page: DealsPage): Promise<void> {
  await forget(own, pull, page);
  if (page.rejections.length === 0) return;
  await insert(own, pull, page.rejections);
  const rejectedDeals = page.rejections.filter(({ object }) => object === 'deal');
  await markSeen(
    own,
    pull,
    rejectedDeals.map(({ externalId }) => externalId),
  );
}

async function forget(
  { tx, tenantId }: TenantTransaction,
  { connectionId }: Pull,
  page: DealsPage,
): Promise<void> {
  for (const [object, ids] of idsByObject(page)) {
    await sql`delete from rejection where tenant_id = ${tenantId} and connection_id = ${connectionId}
      and object = ${object} and external_id = any(${ids}::text[])`.execute(tx);
  }
}

/** Every record of the page, read or rejected, by kind; a kind without any is absent. */
function idsByObject(page: DealsPage): ReadonlyMap<RejectedObject, readonly string[]> {
  const named = (object: RejectedObject, records: readonly { readonly id: string }[]) =>
    records.map(({ id }) => ({ object, id }));
  const all = [
    ...named('deal', [...page.deals, ...page.tombstones]),
    ...named('company', page.companies),
    ...named('contact', page.contacts),
    ...named('activity', page.activities),
    ...named('product', page.products ?? []),
    ...named('deal_product', page.dealProducts ?? []),
    ...page.rejections.map(({ object, externalId }) => ({ object, id: externalId })),
  ];
  const byObject = Map.groupBy(all, ({ object }) => object);
  return new Map([...byObject].map(([object, records]) => [object, records.map(({ id }) => id)]));
}

async function insert(
  { tx, tenantId }: TenantTransaction,
  pull: Pull,
  rejections: readonly Rejection[],
): Promise<void> {
  const rows = rejections.map(({ object, externalId, code, field }) => ({
    object,
    external_id: externalId,
    code,
    field,
  }));
  await sql`insert into rejection (tenant_id, connection_id, object, external_id, code, field, pull_id)
    select ${tenantId}, ${pull.connectionId}, rejected.*, ${pull.pullId}
    from jsonb_to_recordset(${toBulkJson(rows)}::jsonb) as rejected (object text, external_id text, code text, field text)
    on conflict do nothing`.execute(tx);
}

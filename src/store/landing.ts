import { sql } from 'kysely';
import type { PullPage } from '../ports/connector.ts';
import type { TenantTransaction } from './database.ts';
import { landActivities, landCompanies, landContacts } from './landing-around.ts';
import { landDeals, markSeen } from './landing-deals.ts';
import { landTombstones } from './landing-tombstones.ts';
import type { Pull } from './pull.ts';
import { toBulkJson } from './text.ts';
import { instantToSql } from './time.ts';

/** Everything of a page in the caller's transaction; the cursor last, so that it never tells of rows that did not land. */
export async function landPage(own: TenantTransaction, pull: Pull, page: PullPage): Promise<void> {
  await landDeals(own, pull, page.deals);
  await landTombstones(own, pull, page);
  await landCompanies(own, pull, page.companies);
  await landContacts(own, pull, page.contacts);
  await landActivities(own, pull, page.activities);
  await landRejections(own, pull, page);
  await saveCursor(own, pull, page);
}

/**
 * A record that was read, or has left the CRM, is no longer rejected; what this page rejects stands. A rejected deal was met all the same: it
 * must not count as gone because we cannot read it.
 */
async function landRejections(own: TenantTransaction, pull: Pull, page: PullPage): Promise<void> {
  const { tx, tenantId } = own;
  const settled = [
    ...readRecords(page),
    ...page.rejections.map(({ object, externalId }) => ({ object, external_id: externalId })),
  ];
  if (settled.length > 0) {
    await sql`delete from rejection using jsonb_to_recordset(${toBulkJson(settled)}::jsonb) as settled (object text, external_id text)
      where rejection.tenant_id = ${tenantId} and rejection.connection_id = ${pull.connectionId}
        and rejection.object = settled.object and rejection.external_id = settled.external_id`.execute(tx);
  }
  if (page.rejections.length === 0) return;
  const rows = page.rejections.map(({ object, externalId, code, field }) => ({
    object,
    external_id: externalId,
    code,
    field,
  }));
  await sql`insert into rejection (tenant_id, connection_id, object, external_id, code, field, pull_id)
    select ${tenantId}, ${pull.connectionId}, rejected.*, ${pull.pullId}
    from jsonb_to_recordset(${toBulkJson(rows)}::jsonb) as rejected (object text, external_id text, code text, field text)
    on conflict do nothing`.execute(tx);
  await markSeen(
    own,
    pull,
    page.rejections.filter(({ object }) => object === 'deal').map(({ externalId }) => externalId),
  );
}

function readRecords(page: PullPage): readonly { readonly object: string; readonly external_id: string }[] {
  const named = (object: string, records: readonly { readonly id: string }[]) =>
    records.map(({ id }) => ({ object, external_id: id }));
  return [
    ...named('deal', [...page.deals, ...page.tombstones]),
    ...named('company', page.companies),
    ...named('contact', page.contacts),
    ...named('activity', page.activities),
  ];
}

/** Text, not jsonb: a connector gets its own bytes back. */
async function saveCursor(
  { tx, tenantId }: TenantTransaction,
  { connectionId }: Pull,
  page: PullPage,
): Promise<void> {
  const cursor = JSON.stringify(page.cursor);
  await tx
    .insertInto('pull_cursor')
    .values({ tenant_id: tenantId, connection_id: connectionId, cursor })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'connection_id']).doUpdateSet({ cursor }))
    .execute();
}

/** A pull of everything met neither these deals nor these rejected records: they are not in the CRM any more. */
export async function hideUnseen(
  own: TenantTransaction,
  { connectionId, pullId }: Pull,
  at: Temporal.Instant,
): Promise<number> {
  const { tx, tenantId } = own;
  await sql`delete from rejection
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and pull_id <> ${pullId}`.execute(tx);
  const hidden = await sql`update deal set gone = 'unseen', gone_at = ${instantToSql(at)}::timestamptz
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and gone is null and seen_pull <> ${pullId}`.execute(
    tx,
  );
  return Number(hidden.numAffectedRows ?? 0n);
}

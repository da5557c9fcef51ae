import { sql } from 'kysely';
import type { DealsPage, PullPage } from '../ports/connector.ts';
import type { TenantTransaction } from './database.ts';
import { landActivities, landCompanies, landContacts } from './landing-around.ts';
import { landDeals } from './landing-deals.ts';
import { landRejections } from './landing-rejections.ts';
import { landTombstones } from './landing-tombstones.ts';
import { moveAcknowledged } from './merged-values.ts';
import { dropUnseenProducts, landProducts } from './products.ts';
import type { Pull } from './pull.ts';
import { instantToSql } from './time.ts';

/** Everything of a page in the caller's transaction; the cursor last, so that it never tells of rows that did not land. */
export async function landPage(own: TenantTransaction, pull: Pull, page: PullPage): Promise<void> {
  await landContent(own, pull, page);
  await saveCursor(own, pull, page);
}

export async function landContent(own: TenantTransaction, pull: Pull, page: DealsPage): Promise<void> {
  await landDeals(own, pull, page.deals);
  await landTombstones(own, pull, page);
  await moveAcknowledged(own, pull, page);
  await landCompanies(own, pull, page.companies);
  await landContacts(own, pull, page.contacts);
  await landActivities(own, pull, page.activities);
  await landProducts(own, pull, page);
  await landRejections(own, pull, page);
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
  await dropUnseenProducts(own, { connectionId, pullId });
  const hidden = await sql`update deal set gone = 'unseen', gone_at = ${instantToSql(at)}::timestamptz
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and gone is null and seen_pull <> ${pullId}`.execute(
    tx,
  );
  return Number(hidden.numAffectedRows ?? 0n);
}

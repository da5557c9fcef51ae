import { sql } from 'kysely';
import type { Contact, Directory, Rejection } from '../core/deals/deal.ts';
import type { ConnectionId } from '../core/values/ids.ts';
import { fromCanonicalJson, toCanonicalJson } from '../core/values/json.ts';
import type { PullCursor } from '../ports/connector.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { countActivities, findActivities } from './activities.ts';
import { confirm, findConfirmations } from './confirmations.ts';
import type { TenantTransaction } from './database.ts';
import { findDealFile } from './deal-file.ts';
import { countDeals, findDeal, findDeals, findKnownDeals } from './deal-reading.ts';
import { hideUnseen, landContent, landPage } from './landing.ts';
import { findDealProducts, findProducts } from './products.ts';
import { instantFromSql, instantToSql } from './time.ts';

export function recordStore(own: TenantTransaction): RecordStore {
  return {
    landDirectory: (connectionId, directory, at) => landDirectory(own, connectionId, directory, at),
    directory: (connectionId) => findDirectory(own, connectionId),
    cursor: (connectionId) => findCursor(own, connectionId),
    landPage: (connectionId, pullId, page) => landPage(own, { connectionId, pullId }, page),
    landDeals: (connectionId, pullId, content) => landContent(own, { connectionId, pullId }, content),
    hideUnseen: (connectionId, pullId, at) => hideUnseen(own, { connectionId, pullId }, at),
    deals: (connectionId) => findDeals(own, connectionId),
    deal: (connectionId, dealId) => findDeal(own, connectionId, dealId),
    knownDeals: (connectionId, dealIds) => findKnownDeals(own, connectionId, dealIds),
    dealCounts: (connectionId) => countDeals(own, connectionId),
    dealFile: (connectionId, dealId) => findDealFile(own, connectionId, dealId),
    activityMix: (connectionId, ownerId, from, to) =>
      countActivities(own, connectionId, { ownerId, from, to }),
    activities: (connectionId) => findActivities(own, connectionId),
    contacts: (connectionId) => findContacts(own, connectionId),
    products: (connectionId) => findProducts(own, connectionId),
    dealProducts: (connectionId) => findDealProducts(own, connectionId),
    confirmations: (connectionId) => findConfirmations(own, connectionId),
    confirm: (connectionId, dealId, confirmation, by, at) =>
      confirm(own, { connectionId, dealId, by, at }, confirmation),
    rejections: (connectionId) => findRejections(own, connectionId),
  };
}

/** A directory read earlier never replaces one read later. */
async function landDirectory(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  directory: Directory,
  at: Temporal.Instant,
): Promise<void> {
  const read = { body: toCanonicalJson(directory), read_at: instantToSql(at) };
  await tx
    .insertInto('directory')
    .values({ tenant_id: tenantId, connection_id: connectionId, ...read })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'connection_id'])
        .doUpdateSet(read)
        .where(sql<boolean>`directory.read_at <= excluded.read_at`),
    )
    .execute();
}

async function findDirectory(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<Directory | null> {
  const row = await tx
    .selectFrom('directory')
    .select('body')
    .where('tenant_id', '=', tenantId)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  return row === undefined ? null : fromCanonicalJson<Directory>(row.body);
}

async function findCursor(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<PullCursor | null> {
  const row = await tx
    .selectFrom('pull_cursor')
    .select('cursor')
    .where('tenant_id', '=', tenantId)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  return row === undefined ? null : JSON.parse(row.cursor);
}

async function findContacts(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<readonly Contact[]> {
  const { rows } = await sql<Omit<Contact, 'updatedAt'> & { updated_at: string }>`
    select contact_id as id, name, buying_role as "buyingRole", updated_at from contact
    where tenant_id = ${tenantId} and connection_id = ${connectionId} order by contact_id`.execute(tx);
  return rows.map(({ updated_at, ...contact }) => ({ ...contact, updatedAt: instantFromSql(updated_at) }));
}

async function findRejections(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<readonly Rejection[]> {
  const { rows } = await sql<Rejection>`
    select object, external_id as "externalId", code, field from rejection
    where tenant_id = ${tenantId} and connection_id = ${connectionId} order by object, external_id, code, field`.execute(
    tx,
  );
  return rows;
}

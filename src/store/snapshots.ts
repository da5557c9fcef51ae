import { sql } from 'kysely';
import type { Deal } from '../core/deals/deal.ts';
import { asId, type SnapshotId } from '../core/values/ids.ts';
import { fromCanonicalJson, toCanonicalJson } from '../core/values/json.ts';
import type { SnapshotHeader, SnapshotStore } from '../ports/snapshot-store.ts';
import { contentKeyOf } from './content-key.ts';
import type { TenantTransaction } from './database.ts';
import {
  findForecastOf,
  findForecasts,
  findLines,
  findLinesOf,
  findWeeksOf,
  saveForecast,
} from './forecasts.ts';
import { findFigures } from './line-figures.ts';
import { CHUNK_ROWS, chunksOf } from './text.ts';
import { dateFromSql, dateToSql } from './time.ts';
import { findVerified } from './verified.ts';

/** Deals are kept whole, histories included, as canonical JSON; a deal that is the same in many snapshots is kept once. */
export function snapshotStore(own: TenantTransaction): SnapshotStore {
  const { tx, tenantId } = own;
  const headers = tx.selectFrom('snapshot').select('body').where('tenant_id', '=', tenantId);
  const newestOf = (connectionId: string) =>
    headers.where('connection_id', '=', connectionId).orderBy('as_of', 'desc').limit(1);
  return {
    freeze: (header, deals) => freeze(own, header, deals),
    header: async (id) => headerFromSql(await headers.where('id', '=', id).executeTakeFirst()),
    deals: (id) => findDeals(own, id),
    latest: async (connectionId) => headerFromSql(await newestOf(connectionId).executeTakeFirst()),
    before: async (connectionId, asOf) =>
      headerFromSql(await newestOf(connectionId).where('as_of', '<', dateToSql(asOf)).executeTakeFirst()),
    list: async (connectionId) => {
      const rows = await tx
        .selectFrom('snapshot')
        .select(['id', 'as_of'])
        .where('tenant_id', '=', tenantId)
        .where('connection_id', '=', connectionId)
        .orderBy('as_of')
        .execute();
      return rows.map((row) => ({ id: asId<SnapshotId>(row.id), asOf: dateFromSql(row.as_of) }));
    },
    saveForecast: (id, lines, forecasts) => saveForecast(own, id, lines, forecasts),
    lines: (id, page) => findLines(own, id, page),
    figures: async (id) => (await findFigures(own, id)) ?? (await findLines(own, id)),
    linesOf: (id, dealIds) => findLinesOf(own, id, dealIds),
    weeksOf: (connectionId, dealId, limit) => findWeeksOf(own, connectionId, dealId, limit),
    forecasts: (id) => findForecasts(own, id),
    forecastOf: (id, managerId) => findForecastOf(own, id, managerId),
    verifiedHistory: (connectionId) => findVerified(own, connectionId),
  };
}

async function freeze(
  own: TenantTransaction,
  header: SnapshotHeader,
  deals: readonly Deal[],
): Promise<SnapshotId> {
  const { tx, tenantId } = own;
  const asOf = dateToSql(header.asOf);
  const inserted = await tx
    .insertInto('snapshot')
    .values({
      tenant_id: tenantId,
      id: header.id,
      connection_id: header.connectionId,
      as_of: asOf,
      body: toCanonicalJson(header),
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'connection_id', 'as_of']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return findFrozen(own, header.connectionId, asOf);
  for (const chunk of chunksOf(deals, CHUNK_ROWS)) await freezeDeals(own, header.id, chunk);
  return header.id;
}

async function findFrozen(
  { tx, tenantId }: TenantTransaction,
  connectionId: string,
  asOf: string,
): Promise<SnapshotId> {
  const row = await tx
    .selectFrom('snapshot')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('connection_id', '=', connectionId)
    .where('as_of', '=', asOf)
    .executeTakeFirstOrThrow();
  return asId<SnapshotId>(row.id);
}

async function freezeDeals(
  { tx, tenantId }: TenantTransaction,
  id: SnapshotId,
  deals: readonly Deal[],
): Promise<void> {
  const bodies = deals.map(toCanonicalJson);
  const keys = bodies.map(contentKeyOf);
  await sql`insert into deal_content (tenant_id, content_key, body)
    select ${tenantId}, * from unnest(${keys}::text[], ${bodies}::text[])
    on conflict do nothing`.execute(tx);
  await sql`insert into snapshot_deal (tenant_id, snapshot_id, deal_id, content_key)
    select ${tenantId}, ${id}, * from unnest(${deals.map((deal) => deal.id)}::text[], ${keys}::text[])`.execute(
    tx,
  );
}

async function findDeals({ tx, tenantId }: TenantTransaction, id: SnapshotId): Promise<readonly Deal[]> {
  const { rows } = await sql<{ body: string }>`
    select (select body from deal_content where tenant_id = ${tenantId} and content_key = frozen.content_key) as body
    from snapshot_deal frozen where tenant_id = ${tenantId} and snapshot_id = ${id} order by deal_id`.execute(
    tx,
  );
  return rows.map((row) => fromCanonicalJson<Deal>(row.body));
}

function headerFromSql(row: { readonly body: string } | undefined): SnapshotHeader | null {
  return row === undefined ? null : fromCanonicalJson<SnapshotHeader>(row.body);
}

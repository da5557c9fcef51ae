import { sql } from 'kysely';
import type { DealProduct, Product } from '../core/deals/product.ts';
import type { ConnectionId } from '../core/values/ids.ts';
import { fromCanonicalJson, toCanonicalJson } from '../core/values/json.ts';
import type { DealsPage } from '../ports/connector.ts';
import type { TenantTransaction } from './database.ts';
import { newestOf, type Pull } from './pull.ts';
import { CHUNK_ROWS, chunksOf, toBulkJson } from './text.ts';
import { instantToSql } from './time.ts';

/** Catalogue rows and lines of deals: the newest version wins. Lines that a deal is known to have lost are gone. */
export async function landProducts(own: TenantTransaction, pull: Pull, page: DealsPage): Promise<void> {
  await upsertProducts(own, pull, page.products ?? []);
  await dropLostLines(own, pull, page.dealProductIds ?? []);
  await upsertLines(own, pull, page.dealProducts ?? []);
}

async function upsertProducts(
  { tx, tenantId }: TenantTransaction,
  { connectionId, pullId }: Pull,
  products: readonly Product[],
): Promise<void> {
  for (const chunk of chunksOf(newestOf(products), CHUNK_ROWS)) {
    const rows = chunk.map((product) => ({
      id: product.id,
      body: toCanonicalJson(product),
      updated_at: instantToSql(product.updatedAt),
    }));
    await sql`insert into product as held (tenant_id, connection_id, seen_pull, product_id, body, updated_at)
      select ${tenantId}, ${connectionId}, ${pullId}, fresh.*
      from jsonb_to_recordset(${toBulkJson(rows)}::jsonb) as fresh (id text, body text, updated_at timestamptz)
      on conflict (tenant_id, connection_id, product_id) do update
        set seen_pull = excluded.seen_pull, body = excluded.body, updated_at = excluded.updated_at
      where held.updated_at <= excluded.updated_at and (held.body, held.seen_pull) <> (excluded.body, excluded.seen_pull)`.execute(
      tx,
    );
  }
}

async function dropLostLines(
  { tx, tenantId }: TenantTransaction,
  { connectionId }: Pull,
  known: NonNullable<DealsPage['dealProductIds']>,
): Promise<void> {
  for (const chunk of chunksOf(known, CHUNK_ROWS)) {
    const rows = chunk.map(({ dealId, ids }) => ({ deal_id: dealId, ids }));
    await sql`delete from deal_product line
      using jsonb_to_recordset(${toBulkJson(rows)}::jsonb) as known (deal_id text, ids text[])
      where line.tenant_id = ${tenantId} and line.connection_id = ${connectionId} and line.deal_id = known.deal_id
        and line.deal_product_id <> all (known.ids)`.execute(tx);
  }
}

async function upsertLines(
  { tx, tenantId }: TenantTransaction,
  { connectionId, pullId }: Pull,
  lines: readonly DealProduct[],
): Promise<void> {
  for (const chunk of chunksOf(newestOf(lines), CHUNK_ROWS)) {
    const rows = chunk.map((line) => ({
      id: line.id,
      deal_id: line.dealId,
      body: toCanonicalJson(line),
      updated_at: instantToSql(line.updatedAt),
    }));
    await sql`insert into deal_product as held (tenant_id, connection_id, seen_pull, deal_product_id, deal_id, body, updated_at)
      select ${tenantId}, ${connectionId}, ${pullId}, fresh.*
      from jsonb_to_recordset(${toBulkJson(rows)}::jsonb) as fresh (id text, deal_id text, body text, updated_at timestamptz)
      on conflict (tenant_id, connection_id, deal_product_id) do update
        set seen_pull = excluded.seen_pull, deal_id = excluded.deal_id, body = excluded.body, updated_at = excluded.updated_at
      where held.updated_at <= excluded.updated_at and (held.body, held.seen_pull) <> (excluded.body, excluded.seen_pull)`.execute(
      tx,
    );
  }
}

/** A pull of everything did not meet them: they left the CRM. */
export async function dropUnseenProducts(
  { tx, tenantId }: TenantTransaction,
  { connectionId, pullId }: Pull,
): Promise<void> {
  await sql`delete from product
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and seen_pull <> ${pullId}`.execute(tx);
  await sql`delete from deal_product
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and seen_pull <> ${pullId}`.execute(tx);
}

export async function findProducts(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<readonly Product[]> {
  const { rows } = await sql<{ body: string }>`select body from product
    where tenant_id = ${tenantId} and connection_id = ${connectionId} order by product_id`.execute(tx);
  return rows.map(({ body }) => fromCanonicalJson<Product>(body));
}

/** Lines of deals that are present. */
export async function findDealProducts(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<readonly DealProduct[]> {
  const { rows } = await sql<{ body: string }>`select line.body from deal_product line
    join deal on deal.tenant_id = ${tenantId} and deal.connection_id = ${connectionId} and deal.deal_id = line.deal_id
      and deal.gone is null
    where line.tenant_id = ${tenantId} and line.connection_id = ${connectionId}
    order by line.deal_id, line.deal_product_id`.execute(tx);
  return rows.map(({ body }) => fromCanonicalJson<DealProduct>(body));
}

import { sql } from 'kysely';
import type { Deal, GrossAmount } from '../core/deals/deal.ts';
import { toCanonicalJson } from '../core/values/json.ts';
import { contentKeyOf } from './content-key.ts';
import type { TenantTransaction } from './database.ts';
import { newestOf, type Pull } from './pull.ts';
import { CHUNK_ROWS, chunksOf, cleanText, toBulkJson } from './text.ts';
import { dateToSql, instantToSql } from './time.ts';

/** Deals as new as the row held, or newer, replace it together with their histories; an equal deal is marked as met and left alone. */
export async function landDeals(own: TenantTransaction, pull: Pull, deals: readonly Deal[]): Promise<void> {
  for (const chunk of chunksOf(newestOf(deals), CHUNK_ROWS)) {
    const accepted = await upsertDeals(own, pull, chunk);
    await replaceHistories(
      own,
      pull,
      chunk.filter((deal) => accepted.has(deal.id)),
    );
    await markSeen(
      own,
      pull,
      chunk.filter((deal) => !accepted.has(deal.id)).map((deal) => deal.id),
    );
  }
}

async function upsertDeals(
  { tx, tenantId }: TenantTransaction,
  pull: Pull,
  deals: readonly Deal[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ deal_id: string }>`
    insert into deal as held (tenant_id, connection_id, seen_pull, deal_id, name, pipeline_id, stage_id, amount_kind, amount_minor, currency,
      amount_text, amount_problem, close_date, owner_id, created_at, updated_at, properties, company_ids, contact_ids, flags, content_key)
    select ${tenantId}, ${pull.connectionId}, ${pull.pullId}, fresh.*
    from jsonb_to_recordset(${toBulkJson(deals.map(dealToSql))}::jsonb) as fresh (deal_id text, name text, pipeline_id text, stage_id text,
      amount_kind text, amount_minor numeric, currency text, amount_text text, amount_problem text, close_date date, owner_id text,
      created_at timestamptz, updated_at timestamptz, properties jsonb, company_ids text[], contact_ids text[], flags text[], content_key text)
    on conflict (tenant_id, connection_id, deal_id) do update set
      seen_pull = excluded.seen_pull, name = excluded.name, pipeline_id = excluded.pipeline_id, stage_id = excluded.stage_id,
      amount_kind = excluded.amount_kind, amount_minor = excluded.amount_minor, currency = excluded.currency,
      amount_text = excluded.amount_text, amount_problem = excluded.amount_problem, close_date = excluded.close_date,
      owner_id = excluded.owner_id, created_at = excluded.created_at, updated_at = excluded.updated_at, properties = excluded.properties,
      company_ids = excluded.company_ids, contact_ids = excluded.contact_ids, flags = excluded.flags, content_key = excluded.content_key,
      gone = null, gone_at = null, merged_into = null
    where held.updated_at < excluded.updated_at
      or (held.updated_at = excluded.updated_at and held.content_key <> excluded.content_key)
    returning deal_id`.execute(tx);
  return new Set(rows.map((row) => row.deal_id));
}

function dealToSql(deal: Deal) {
  return {
    deal_id: deal.id,
    name: deal.name,
    pipeline_id: deal.pipelineId,
    stage_id: deal.stageId,
    ...amountToSql(deal.amount),
    close_date: deal.closeDate === null ? null : dateToSql(deal.closeDate),
    owner_id: deal.ownerId,
    created_at: instantToSql(deal.createdAt),
    updated_at: instantToSql(deal.updatedAt),
    properties: deal.properties.map(({ name, value, filledAt }) => ({
      name,
      value,
      filledAt: filledAt.toString(),
    })),
    company_ids: deal.companyIds,
    contact_ids: deal.contactIds,
    flags: deal.flags,
    content_key: contentKeyOf(toCanonicalJson(deal)),
  };
}

function amountToSql(amount: GrossAmount) {
  if (amount.kind === 'missing') return { amount_kind: amount.kind };
  if (amount.kind === 'unusable')
    return { amount_kind: amount.kind, amount_text: amount.text, amount_problem: amount.reason };
  const { amountMinor, currency } = amount.money;
  return { amount_kind: amount.kind, amount_minor: amountMinor.toString(), currency };
}

async function replaceHistories(
  own: TenantTransaction,
  { connectionId }: Pull,
  deals: readonly Deal[],
): Promise<void> {
  if (deals.length === 0) return;
  const ids = deals.map((deal) => deal.id);
  const { tx, tenantId } = own;
  await sql`delete from stage_entry
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and deal_id = any(${ids}::text[])`.execute(
    tx,
  );
  await sql`delete from close_date_change
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and deal_id = any(${ids}::text[])`.execute(
    tx,
  );
  await insertStageEntries(own, connectionId, deals);
  await insertCloseDateChanges(own, connectionId, deals);
}

async function insertStageEntries(
  { tx, tenantId }: TenantTransaction,
  connectionId: string,
  deals: readonly Deal[],
): Promise<void> {
  const entries = deals.flatMap((deal) =>
    deal.stageHistory.map((entry, position) => ({ dealId: deal.id, position, ...entry })),
  );
  for (const chunk of chunksOf(entries, CHUNK_ROWS * 10)) {
    await sql`insert into stage_entry (tenant_id, connection_id, deal_id, position, stage_id, entered_at)
      select ${tenantId}, ${connectionId}, * from unnest(${chunk.map((entry) => entry.dealId)}::text[],
        ${chunk.map((entry) => entry.position)}::int[], ${chunk.map((entry) => cleanText(entry.stageId))}::text[],
        ${chunk.map((entry) => instantToSql(entry.enteredAt))}::timestamptz[])`.execute(tx);
  }
}

async function insertCloseDateChanges(
  { tx, tenantId }: TenantTransaction,
  connectionId: string,
  deals: readonly Deal[],
): Promise<void> {
  const changes = deals.flatMap((deal) =>
    deal.closeDateHistory.map((change, position) => ({ dealId: deal.id, position, ...change })),
  );
  for (const chunk of chunksOf(changes, CHUNK_ROWS * 10)) {
    const dates = chunk.map(({ closeDate }) => (closeDate === null ? null : dateToSql(closeDate)));
    await sql`insert into close_date_change (tenant_id, connection_id, deal_id, position, close_date, changed_at)
      select ${tenantId}, ${connectionId}, * from unnest(${chunk.map((change) => change.dealId)}::text[],
        ${chunk.map((change) => change.position)}::int[], ${dates}::date[],
        ${chunk.map((change) => instantToSql(change.changedAt))}::timestamptz[])`.execute(tx);
  }
}

/** Met by this pull without being rewritten. A deal hidden only because an earlier pull missed it comes back. */
export async function markSeen(
  { tx, tenantId }: TenantTransaction,
  pull: Pull,
  dealIds: readonly string[],
): Promise<void> {
  if (dealIds.length === 0) return;
  await sql`update deal set seen_pull = ${pull.pullId}, gone = nullif(gone, 'unseen'),
      gone_at = case when gone = 'unseen' then null else gone_at end
    where tenant_id = ${tenantId} and connection_id = ${pull.connectionId} and deal_id = any(${dealIds}::text[])
      and (seen_pull <> ${pull.pullId} or gone = 'unseen')`.execute(tx);
}

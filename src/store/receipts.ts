import { sql } from 'kysely';
import { asId, type ConnectionId, type DealId } from '../core/values/ids.ts';
import type { DealWrite, PropertyKey, PropertyValue } from '../core/write-back/write-back.ts';
import type { OwnWriteSpan, WriteOutcome } from '../ports/connector.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';
import type { TenantTransaction } from './database.ts';
import { findRefusedWrites, keepRefusedWrites } from './refused-writes.ts';
import { toBulkJson } from './text.ts';
import { instantFromSql, instantToSql } from './time.ts';

export function receiptStore(own: TenantTransaction): ReceiptStore {
  return {
    acknowledged: (connectionId) => findAcknowledged(own, connectionId),
    begin: (connectionId, writes, at) => begin(own, connectionId, writes, at),
    unsettled: (connectionId) => findUnsettled(own, connectionId),
    settle: (connectionId, outcomes, at) => settle(own, connectionId, outcomes, instantToSql(at)),
    forget: async (connectionId, keys) => {
      await own.tx
        .deleteFrom('acknowledged_value')
        .where('tenant_id', '=', own.tenantId)
        .where('connection_id', '=', connectionId)
        .where('key', 'in', [...keys])
        .execute();
    },
    refusals: (connectionId) => findRefusals(own, connectionId),
    refusedWrites: (connectionId) => findRefusedWrites(own, connectionId),
    ownWrites: (connectionId, since) => findOwnWrites(own, connectionId, since),
    writtenCount: (connectionId) => countWritten(own, connectionId),
  };
}

async function findAcknowledged(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<ReadonlyMap<DealId, ReadonlyMap<PropertyKey, PropertyValue>>> {
  const { rows } = await sql<{ dealId: DealId; values: Record<string, string> }>`
    select deal_id as "dealId", json_object_agg(key, value) as values from acknowledged_value
    where tenant_id = ${tenantId} and connection_id = ${connectionId} group by deal_id order by deal_id`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.dealId, valuesFromSql(row.values)]));
}

/** A write that is begun again takes the place of the unsettled one: the caller has read that one back. */
async function begin(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  writes: readonly DealWrite[],
  at: Temporal.Instant,
): Promise<void> {
  const lastPerDeal = new Map(writes.map((write) => [write.dealId, write]));
  const rows = [...lastPerDeal.values()].map((write) => ({
    deal_id: write.dealId,
    currency: write.currency,
    property_values: Object.fromEntries(write.values),
  }));
  await sql`insert into write_begun (tenant_id, connection_id, deal_id, currency, property_values, at)
    select ${tenantId}, ${connectionId}, begun.*, ${instantToSql(at)}::timestamptz
    from jsonb_to_recordset(${toBulkJson(rows)}::jsonb) as begun (deal_id text, currency text, property_values jsonb)
    on conflict (tenant_id, connection_id, deal_id) do update
      set currency = excluded.currency, property_values = excluded.property_values, at = excluded.at`.execute(
    tx,
  );
}

async function findUnsettled(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<readonly DealWrite[]> {
  const rows = await tx
    .selectFrom('write_begun')
    .select(['deal_id', 'currency', 'property_values'])
    .where('tenant_id', '=', tenantId)
    .where('connection_id', '=', connectionId)
    .orderBy('deal_id')
    .execute();
  return rows.map((row) => ({
    dealId: asId<DealId>(row.deal_id),
    currency: row.currency as DealWrite['currency'],
    values: valuesFromSql(row.property_values),
  }));
}

/** Receipts first: they count the begun values, which end with the statement that follows. A repeat finds nothing begun and counts nothing twice. */
async function settle(
  own: TenantTransaction,
  connectionId: ConnectionId,
  outcomes: readonly WriteOutcome[],
  at: string,
): Promise<void> {
  await insertReceipts(own, connectionId, outcomes, at);
  const written = outcomes.filter((outcome) => outcome.kind === 'written').map((outcome) => outcome.dealId);
  await acknowledge(own, connectionId, written, at);
  await keepRefusedWrites(own, connectionId, outcomes, at);
  const ended = outcomes.filter((outcome) => outcome.kind !== 'uncertain').map((outcome) => outcome.dealId);
  await sql`delete from write_begun where tenant_id = ${own.tenantId} and connection_id = ${connectionId}
    and deal_id = any(${ended}::text[])`.execute(own.tx);
}

/** A modified time is kept, to be left out of the next reading, only when the deal before it was as we had read it, or as we had written it. */
async function insertReceipts(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  outcomes: readonly WriteOutcome[],
  at: string,
): Promise<void> {
  const rows = outcomes.map((outcome, position) => ({
    position,
    deal_id: outcome.dealId,
    kind: outcome.kind,
    code: outcome.kind === 'refused' ? outcome.code : null,
    message: outcome.kind === 'refused' ? outcome.message : null,
    modified_at:
      outcome.kind === 'written' && outcome.modifiedAt !== null ? instantToSql(outcome.modifiedAt) : null,
    seen_before:
      outcome.kind === 'written' && outcome.seenBefore !== undefined
        ? instantToSql(outcome.seenBefore)
        : null,
  }));
  await sql`insert into receipt (tenant_id, connection_id, deal_id, kind, code, message, modified_at, value_count, at)
    select ${tenantId}, ${connectionId}, outcome.deal_id, outcome.kind, outcome.code, outcome.message,
      case when outcome.seen_before is null or exists (
        select 1 from deal where deal.tenant_id = ${tenantId} and deal.connection_id = ${connectionId}
          and deal.deal_id = outcome.deal_id and deal.updated_at = outcome.seen_before
      ) or exists (
        select 1 from receipt known where known.tenant_id = ${tenantId} and known.connection_id = ${connectionId}
          and known.deal_id = outcome.deal_id and known.modified_at = outcome.seen_before
      ) then outcome.modified_at end,
      case when outcome.kind = 'written' then (
        select count(*) from write_begun begun cross join lateral jsonb_object_keys(begun.property_values)
        where begun.tenant_id = ${tenantId} and begun.connection_id = ${connectionId} and begun.deal_id = outcome.deal_id
      ) else 0 end, ${at}::timestamptz
    from jsonb_to_recordset(${toBulkJson(rows)}::jsonb)
      as outcome (position int, deal_id text, kind text, code text, message text, modified_at timestamptz, seen_before timestamptz)
    order by outcome.position`.execute(tx);
}

async function acknowledge(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  dealIds: readonly DealId[],
  at: string,
): Promise<void> {
  await sql`insert into acknowledged_value (tenant_id, connection_id, deal_id, key, value, at)
    select begun.tenant_id, begun.connection_id, begun.deal_id, written.key, written.value, ${at}::timestamptz
    from write_begun begun cross join lateral jsonb_each_text(begun.property_values) written
    where begun.tenant_id = ${tenantId} and begun.connection_id = ${connectionId} and begun.deal_id = any(${dealIds}::text[])
    on conflict (tenant_id, connection_id, deal_id, key) do update set value = excluded.value, at = excluded.at`.execute(
    tx,
  );
}

/** Deals of which the newest answer is a refusal: one that was written since is no longer refused. */
async function findRefusals({ tx, tenantId }: TenantTransaction, connectionId: ConnectionId) {
  const { rows } = await sql<{ deal_id: string; code: string; at: string }>`
    select deal_id, code, at from (
      select distinct on (deal_id) deal_id, kind, code, at from receipt
      where tenant_id = ${tenantId} and connection_id = ${connectionId} and kind in ('written', 'refused') order by deal_id, seq desc
    ) newest where kind = 'refused' order by deal_id`.execute(tx);
  return rows.map((row) => ({
    dealId: asId<DealId>(row.deal_id),
    code: row.code,
    at: instantFromSql(row.at),
  }));
}

async function findOwnWrites(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  since: Temporal.Instant,
): Promise<OwnWriteSpan | null> {
  const rows = await tx
    .selectFrom('receipt')
    .select(['deal_id', 'modified_at'])
    .where('tenant_id', '=', tenantId)
    .where('connection_id', '=', connectionId)
    .where('modified_at', '>=', instantToSql(since))
    .orderBy('modified_at')
    .orderBy('seq')
    .execute();
  const moments = rows.flatMap((row) =>
    row.modified_at === null
      ? []
      : [{ dealId: asId<DealId>(row.deal_id), at: instantFromSql(row.modified_at) }],
  );
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { from: first.at, to: last.at, modifiedAt: new Map(moments.map(({ dealId, at }) => [dealId, at])) };
}

async function countWritten(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<number> {
  const { rows } = await sql<{ count: string }>`select coalesce(sum(value_count), 0) as count from receipt
    where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  return Number(rows[0]?.count ?? 0);
}

function valuesFromSql(values: Readonly<Record<string, string>>): ReadonlyMap<PropertyKey, PropertyValue> {
  return new Map(Object.entries(values) as [PropertyKey, PropertyValue][]);
}

import { type RawBuilder, sql } from 'kysely';
import type {
  AmountProblem,
  CloseDateChange,
  Deal,
  FilledProperty,
  GrossAmount,
  StageEntry,
} from '../core/deals/deal.ts';
import type { CurrencyCode } from '../core/values/currency.ts';
import type { ConnectionId, DealId } from '../core/values/ids.ts';
import type { TenantTransaction } from './database.ts';
import { dateFromSql, instantFromSql } from './time.ts';

type Copied = 'id' | 'name' | 'pipelineId' | 'stageId' | 'ownerId' | 'companyIds' | 'contactIds' | 'flags';

interface DealSql extends Pick<Deal, Copied> {
  readonly amount_kind: GrossAmount['kind'];
  readonly amount_minor: string | null;
  readonly currency: CurrencyCode | null;
  readonly amount_text: string | null;
  readonly amount_problem: AmountProblem | null;
  readonly close_date: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly properties: readonly (Omit<FilledProperty, 'filledAt'> & { readonly filledAt: string })[];
}

type StageSql = readonly [stageId: StageEntry['stageId'], enteredAt: string];
type ChangeSql = readonly [closeDate: string | null, changedAt: string];

export async function findDeals(
  own: TenantTransaction,
  connectionId: ConnectionId,
): Promise<readonly Deal[]> {
  return selectDeals(own, connectionId, { deals: sql`gone is null`, all: sql`true` });
}

/** The deal if it is present in the CRM, else null. */
export async function findDeal(
  own: TenantTransaction,
  connectionId: ConnectionId,
  dealId: DealId,
): Promise<Deal | null> {
  const deals = await selectDeals(own, connectionId, {
    deals: sql`gone is null`,
    all: sql`deal_id = ${dealId}`,
  });
  return deals[0] ?? null;
}

/** Hidden deals too. */
export async function findKnownDeals(
  own: TenantTransaction,
  connectionId: ConnectionId,
  dealIds: readonly DealId[],
): Promise<ReadonlyMap<DealId, Deal>> {
  const all = sql`deal_id = any(${dealIds}::text[])`;
  const deals = await selectDeals(own, connectionId, { deals: sql`true`, all });
  return new Map(deals.map((deal) => [deal.id, deal]));
}

/**
 * Three reads, put together here: histories arrive folded into one row per deal, because rows are the slow part of reading. Joining them in
 * SQL took minutes on an embedded database, which has no statistics to plan a join with. `all` limits the three
 * of them by `deal_id`, `deals` limits the deals.
 */
async function selectDeals(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  limits: { readonly deals: RawBuilder<unknown>; readonly all: RawBuilder<unknown> },
): Promise<readonly Deal[]> {
  const mine = sql`tenant_id = ${tenantId} and connection_id = ${connectionId} and ${limits.all}`;
  const deals = await sql<DealSql>`
    select deal_id as id, name, pipeline_id as "pipelineId", stage_id as "stageId", owner_id as "ownerId",
      company_ids as "companyIds", contact_ids as "contactIds", flags, amount_kind, amount_minor, currency, amount_text, amount_problem,
      close_date, created_at, updated_at, properties
    from deal where ${mine} and ${limits.deals} order by deal_id`.execute(tx);
  const stages = await sql<Folded<StageSql>>`
    select deal_id as id, json_agg(json_build_array(stage_id, entered_at::text) order by position) as entries
    from stage_entry where ${mine} group by deal_id`.execute(tx);
  const changes = await sql<Folded<ChangeSql>>`
    select deal_id as id, json_agg(json_build_array(close_date::text, changed_at::text) order by position) as entries
    from close_date_change where ${mine} group by deal_id`.execute(tx);
  const [stagesOf, changesOf] = [byDeal(stages.rows), byDeal(changes.rows)];
  return deals.rows.map((row) => dealFromSql(row, stagesOf.get(row.id) ?? [], changesOf.get(row.id) ?? []));
}

interface Folded<Entry> {
  readonly id: DealId;
  readonly entries: readonly Entry[];
}

function byDeal<Entry>(rows: readonly Folded<Entry>[]): ReadonlyMap<DealId, readonly Entry[]> {
  return new Map(rows.map(({ id, entries }) => [id, entries]));
}

function dealFromSql(row: DealSql, stages: readonly StageSql[], changes: readonly ChangeSql[]): Deal {
  return {
    id: row.id,
    name: row.name,
    pipelineId: row.pipelineId,
    stageId: row.stageId,
    amount: amountFromSql(row),
    closeDate: row.close_date === null ? null : dateFromSql(row.close_date),
    ownerId: row.ownerId,
    createdAt: instantFromSql(row.created_at),
    updatedAt: instantFromSql(row.updated_at),
    stageHistory: stages.map(([stageId, enteredAt]) => ({ stageId, enteredAt: instantFromSql(enteredAt) })),
    closeDateHistory: changes.map(changeFromSql),
    properties: row.properties.map((property) => ({
      ...property,
      filledAt: instantFromSql(property.filledAt),
    })),
    companyIds: row.companyIds,
    contactIds: row.contactIds,
    flags: row.flags,
  };
}

function changeFromSql([closeDate, changedAt]: ChangeSql): CloseDateChange {
  return {
    closeDate: closeDate === null ? null : dateFromSql(closeDate),
    changedAt: instantFromSql(changedAt),
  };
}

/** The table's own check makes the columns of each kind complete; anything else is a broken database. */
function amountFromSql(row: DealSql): GrossAmount {
  if (row.amount_kind === 'money' && row.amount_minor !== null && row.currency !== null) {
    return { kind: 'money', money: { amountMinor: BigInt(row.amount_minor), currency: row.currency } };
  }
  if (row.amount_kind === 'unusable' && row.amount_text !== null && row.amount_problem !== null) {
    return { kind: 'unusable', text: row.amount_text, reason: row.amount_problem };
  }
  if (row.amount_kind === 'missing') return { kind: 'missing' };
  throw new Error(`deal ${row.id} has an incomplete amount of kind ${row.amount_kind}`);
}

export async function countDeals({ tx, tenantId }: TenantTransaction, connectionId: ConnectionId) {
  const { rows } = await sql<{ present: number; hidden: number; stageEntries: number }>`
    select count(*) filter (where gone is null)::int as present, count(*) filter (where gone is not null)::int as hidden,
      (select count(*)::int from stage_entry where tenant_id = ${tenantId} and connection_id = ${connectionId}) as "stageEntries"
    from deal where tenant_id = ${tenantId} and connection_id = ${connectionId}`.execute(tx);
  return rows[0] ?? { present: 0, hidden: 0, stageEntries: 0 };
}

import { sql } from 'kysely';
import { asId, type ConnectionId, type DealId } from '../core/values/ids.ts';
import type { PropertyKey, RefusedWrite } from '../core/write-back/write-back.ts';
import type { WriteOutcome } from '../ports/connector.ts';
import type { TenantTransaction } from './database.ts';
import { toBulkJson } from './text.ts';
import { instantFromSql } from './time.ts';

/** Keeps the begun values that were refused, and forgets those of deals that were written since. Before the begun writes end. */
export async function keepRefusedWrites(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  outcomes: readonly WriteOutcome[],
  at: string,
): Promise<void> {
  const settled = outcomes.filter(({ kind }) => kind === 'written' || kind === 'refused');
  if (settled.length === 0) return;
  const dealIds = settled.map(({ dealId }) => dealId);
  await sql`delete from refused_write where tenant_id = ${tenantId} and connection_id = ${connectionId}
    and deal_id = any(${dealIds}::text[])`.execute(tx);
  const refused = new Map(
    outcomes.flatMap((outcome) =>
      outcome.kind === 'refused'
        ? [[outcome.dealId, { deal_id: outcome.dealId, code: outcome.code }] as const]
        : [],
    ),
  );
  await sql`insert into refused_write (tenant_id, connection_id, deal_id, property_values, code, at)
    select begun.tenant_id, begun.connection_id, begun.deal_id, begun.property_values, refused.code, ${at}::timestamptz
    from jsonb_to_recordset(${toBulkJson([...refused.values()])}::jsonb) as refused (deal_id text, code text)
    join write_begun begun on begun.tenant_id = ${tenantId} and begun.connection_id = ${connectionId}
      and begun.deal_id = refused.deal_id`.execute(tx);
}

export async function findRefusedWrites(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<ReadonlyMap<DealId, RefusedWrite>> {
  const { rows } = await sql<{ deal_id: string; values: Record<string, string>; code: string; at: string }>`
    select deal_id, property_values as "values", code, at from refused_write
    where tenant_id = ${tenantId} and connection_id = ${connectionId} order by deal_id`.execute(tx);
  return new Map(
    rows.map((row) => [
      asId<DealId>(row.deal_id),
      {
        values: new Map(Object.entries(row.values) as [PropertyKey, string][]),
        code: row.code,
        at: instantFromSql(row.at),
      },
    ]),
  );
}

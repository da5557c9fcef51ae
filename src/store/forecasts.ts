import { sql } from 'kysely';
import type { ForecastLine } from '../core/forecast/forecast-types.ts';
import type { ConnectionId, DealId, ManagerId, SnapshotId } from '../core/values/ids.ts';
import { fromCanonicalJson, toCanonicalJson } from '../core/values/json.ts';
import type { StoredForecast } from '../ports/snapshot-store.ts';
import type { TenantTransaction } from './database.ts';
import { insertFigures } from './line-figures.ts';
import { CHUNK_ROWS, chunksOf } from './text.ts';
import { dateFromSql } from './time.ts';

/** The first saver of a snapshot's forecast writes it whole; everybody after changes nothing. */
export async function saveForecast(
  own: TenantTransaction,
  id: SnapshotId,
  lines: readonly ForecastLine[],
  forecasts: readonly StoredForecast[],
): Promise<void> {
  const first = await own.tx
    .insertInto('forecast')
    .values({ tenant_id: own.tenantId, snapshot_id: id })
    .onConflict((conflict) => conflict.doNothing())
    .returning('snapshot_id')
    .executeTakeFirst();
  if (first === undefined) return;
  for (const chunk of chunksOf(lines, CHUNK_ROWS)) await insertLines(own, id, chunk);
  await insertFigures(own, id, lines);
  await insertSummaries(own, id, forecasts);
}

async function insertLines(
  { tx, tenantId }: TenantTransaction,
  id: SnapshotId,
  lines: readonly ForecastLine[],
): Promise<void> {
  const dealIds = lines.map((line) => line.dealId);
  const open = lines.map((line) => line.standing === 'open');
  const nets = lines.map((line) => line.netMinor.toString());
  await sql`insert into forecast_line (tenant_id, snapshot_id, deal_id, is_open, net_minor, body)
    select ${tenantId}, ${id}, * from unnest(${dealIds}::text[], ${open}::boolean[], ${nets}::numeric[], ${lines.map(toCanonicalJson)}::text[])`.execute(
    tx,
  );
}

async function insertSummaries(
  { tx, tenantId }: TenantTransaction,
  id: SnapshotId,
  forecasts: readonly StoredForecast[],
): Promise<void> {
  if (forecasts.length === 0) return;
  await tx
    .insertInto('forecast_summary')
    .values(
      forecasts.map((forecast, position) => ({
        tenant_id: tenantId,
        snapshot_id: id,
        position,
        body: toCanonicalJson(forecast),
      })),
    )
    .execute();
}

/** Largest net amount first; equal amounts by deal id, so that pages never overlap. */
export async function findLines(
  { tx, tenantId }: TenantTransaction,
  id: SnapshotId,
  page?: { readonly limit: number; readonly offset: number },
): Promise<readonly ForecastLine[]> {
  const all = tx
    .selectFrom('forecast_line')
    .select('body')
    .where('tenant_id', '=', tenantId)
    .where('snapshot_id', '=', id)
    .orderBy('is_open', 'desc')
    .orderBy('net_minor', 'desc')
    .orderBy('deal_id');
  const rows = await (page === undefined ? all : all.limit(page.limit).offset(page.offset)).execute();
  return rows.map((row) => fromCanonicalJson<ForecastLine>(row.body));
}

export async function findLinesOf(
  { tx, tenantId }: TenantTransaction,
  id: SnapshotId,
  dealIds: readonly DealId[],
): Promise<readonly ForecastLine[]> {
  if (dealIds.length === 0) return [];
  const rows = await tx
    .selectFrom('forecast_line')
    .select(['deal_id', 'body'])
    .where('tenant_id', '=', tenantId)
    .where('snapshot_id', '=', id)
    .where('deal_id', 'in', dealIds)
    .execute();
  const bodies = new Map(rows.map((row) => [row.deal_id, row.body]));
  return dealIds.flatMap((dealId) => {
    const body = bodies.get(dealId);
    return body === undefined ? [] : [fromCanonicalJson<ForecastLine>(body)];
  });
}

/** Oldest first, of the newest snapshots. */
export async function findWeeksOf(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
  dealId: DealId,
  limit: number,
): Promise<readonly { readonly asOf: Temporal.PlainDate; readonly line: ForecastLine }[]> {
  const rows = await tx
    .selectFrom('snapshot')
    .innerJoin('forecast_line', (join) =>
      join
        .onRef('forecast_line.tenant_id', '=', 'snapshot.tenant_id')
        .onRef('forecast_line.snapshot_id', '=', 'snapshot.id'),
    )
    .select(['snapshot.as_of', 'forecast_line.body'])
    .where('snapshot.tenant_id', '=', tenantId)
    .where('snapshot.connection_id', '=', connectionId)
    .where('forecast_line.deal_id', '=', dealId)
    .orderBy('snapshot.as_of', 'desc')
    .limit(limit)
    .execute();
  return rows.toReversed().map((row) => ({
    asOf: dateFromSql(row.as_of),
    line: fromCanonicalJson<ForecastLine>(row.body),
  }));
}

export async function findForecasts(
  { tx, tenantId }: TenantTransaction,
  id: SnapshotId,
): Promise<readonly StoredForecast[]> {
  const rows = await tx
    .selectFrom('forecast_summary')
    .select('body')
    .where('tenant_id', '=', tenantId)
    .where('snapshot_id', '=', id)
    .orderBy('position')
    .execute();
  return rows.map((row) => fromCanonicalJson<StoredForecast>(row.body));
}

/**
 * The member is looked for in the text: a quote inside any name of a CRM is escaped there, so only the member itself can match, and a company
 * with many managers is not parsed for each of them.
 */
export async function findForecastOf(
  { tx, tenantId }: TenantTransaction,
  id: SnapshotId,
  managerId: ManagerId | null,
): Promise<StoredForecast | null> {
  const member = `"managerId":${toCanonicalJson(managerId)}`;
  const rows = await tx
    .selectFrom('forecast_summary')
    .select('body')
    .where('tenant_id', '=', tenantId)
    .where('snapshot_id', '=', id)
    .where(sql<boolean>`strpos(body, ${member}) > 0`)
    .orderBy('position')
    .execute();
  const found = rows.map((row) => fromCanonicalJson<StoredForecast>(row.body));
  return found.find((forecast) => forecast.managerId === managerId) ?? null;
}

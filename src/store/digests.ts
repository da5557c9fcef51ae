import { type Selectable, sql } from 'kysely';
import { asId, type ConnectionId, type ManagerId, type SnapshotId } from '../core/values/ids.ts';
import type { DigestRow, DigestStore } from '../ports/digest-store.ts';
import type { TenantTransaction } from './database.ts';
import type { Schema } from './schema.ts';
import { cleanText } from './text.ts';
import { instantFromSql, instantToSql } from './time.ts';

type Planned = Parameters<DigestStore['plan']>[0];
type DigestSql = Selectable<Schema['digest']>;

/** Reason of a row whose worker died between the hand-over and the server's answer. */
const CRASHED = 'HAND_OVER_INTERRUPTED';

export function digestStore(own: TenantTransaction): DigestStore {
  const { tx, tenantId } = own;
  const digests = tx.selectFrom('digest').selectAll().where('tenant_id', '=', tenantId);
  const find = async (id: string) => {
    const row = await digests.where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : digestFromSql(row);
  };
  return {
    plan: async (digest) => {
      await tx
        .insertInto('digest')
        .values({ ...digestToSql(own, digest), state: 'planned' })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'manager_id', 'iso_week']).doNothing())
        .execute();
      return holderOfWeek(own, digest);
    },
    skip: (digest, reason) => skipWeek(own, digest, reason),
    claim: (id, now, leaseMs) => claimDigest(own, id, now, leaseMs),
    handOver: (id, fence, late) =>
      advance(own, { id, fence, from: 'claimed' }, { state: 'handing_over', late: late ?? false }),
    drop: (id, fence, { reason, late }) =>
      advance(
        own,
        { id, fence, from: 'claimed' },
        { state: 'skipped', reason: cleanText(reason), late, lease_until: null },
      ),
    reopen: (id, fence) => reopenDigest(own, id, fence),
    close: (id, fence, state, { reason, at }) =>
      advance(
        own,
        { id, fence, from: 'handing_over' },
        {
          state,
          reason: reason === null ? null : cleanText(reason),
          lease_until: null,
          sent_at: state === 'sent' ? instantToSql(at) : null,
        },
      ),
    get: find,
    list: async (connectionId, { isoWeek, states } = {}) => {
      const wanted = digests
        .where('connection_id', '=', connectionId)
        .$if(isoWeek !== undefined, (query) => query.where('iso_week', '=', isoWeek ?? ''))
        .$if(states !== undefined, (query) => query.where('state', 'in', states ?? []));
      const rows = await wanted.orderBy('iso_week', 'desc').orderBy('manager_id').execute();
      return rows.map(digestFromSql);
    },
  };
}

/** A week that is free, or planned and claimed by nobody, is closed with the reason; any other stays as it is. */
async function skipWeek(own: TenantTransaction, digest: Planned, reason: string): Promise<DigestRow> {
  const skipped = { state: 'skipped', reason: cleanText(reason), late: digest.late } as const;
  await own.tx
    .insertInto('digest')
    .values({ ...digestToSql(own, digest), ...skipped })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'manager_id', 'iso_week'])
        .doUpdateSet(skipped)
        .where('digest.state', '=', 'planned'),
    )
    .execute();
  return holderOfWeek(own, digest);
}

async function holderOfWeek({ tx, tenantId }: TenantTransaction, digest: Planned): Promise<DigestRow> {
  const row = await tx
    .selectFrom('digest')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('manager_id', '=', digest.managerId)
    .where('iso_week', '=', digest.isoWeek)
    .executeTakeFirstOrThrow();
  return digestFromSql(row);
}

/** One statement decides, so that two workers cannot both win; a hand-over whose lease ran out ends as uncertain and is nobody's. */
async function claimDigest(
  { tx, tenantId }: TenantTransaction,
  id: string,
  now: Temporal.Instant,
  leaseMs: number,
): Promise<DigestRow | null> {
  const { rows } = await sql<DigestSql>`
    update digest set
      state = case when state = 'handing_over' then 'uncertain' else 'claimed' end,
      reason = case when state = 'handing_over' then ${CRASHED} else reason end,
      fence = fence + 1,
      lease_until = case when state = 'handing_over' then null else ${instantToSql(now.add({ milliseconds: leaseMs }))}::timestamptz end
    where tenant_id = ${tenantId} and id = ${id}
      and (state = 'planned' or (state in ('claimed', 'handing_over') and lease_until <= ${instantToSql(now)}))
    returning *`.execute(tx);
  const row = rows[0];
  return row?.state === 'claimed' ? digestFromSql(row) : null;
}

/** The fence steps on, so that of two people who ask at once one is obeyed, and a worker of before changes nothing. */
async function reopenDigest(
  { tx, tenantId }: TenantTransaction,
  id: string,
  fence: number,
): Promise<DigestRow | null> {
  const row = await tx
    .updateTable('digest')
    .set({ state: 'planned', reason: null, fence: fence + 1, lease_until: null, sent_at: null })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('state', 'in', ['sent', 'uncertain', 'failed', 'skipped'])
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : digestFromSql(row);
}

async function advance(
  { tx, tenantId }: TenantTransaction,
  held: { readonly id: string; readonly fence: number; readonly from: DigestSql['state'] },
  change: Partial<Pick<DigestSql, 'state' | 'reason' | 'late' | 'lease_until' | 'sent_at'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('digest')
    .set(change)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', held.id)
    .where('state', '=', held.from)
    .where('fence', '=', held.fence)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

function digestToSql({ tenantId }: TenantTransaction, digest: Planned) {
  return {
    tenant_id: tenantId,
    connection_id: digest.connectionId,
    manager_id: digest.managerId,
    iso_week: digest.isoWeek,
    snapshot_id: digest.snapshotId,
    planned_at: instantToSql(digest.plannedAt),
    late: digest.late,
  };
}

function digestFromSql(row: DigestSql): DigestRow {
  return {
    id: row.id,
    connectionId: asId<ConnectionId>(row.connection_id),
    managerId: asId<ManagerId>(row.manager_id),
    isoWeek: row.iso_week,
    snapshotId: asId<SnapshotId>(row.snapshot_id),
    plannedAt: instantFromSql(row.planned_at),
    state: row.state,
    reason: row.reason,
    fence: row.fence,
    sentAt: row.sent_at === null ? null : instantFromSql(row.sent_at),
    late: row.late,
  };
}

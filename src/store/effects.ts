import { type Selectable, sql } from 'kysely';
import type { EffectRow, EffectStore } from '../ports/effect-store.ts';
import type { TenantTransaction } from './database.ts';
import type { Schema } from './schema.ts';
import { cleanText, toBulkJson } from './text.ts';
import { instantFromSql, instantToSql } from './time.ts';

/** A pending row has no lease, a claimed row has one: `coalesce(lease_until, due_at)` is when it wants to be looked at. */
export function effectStore(own: TenantTransaction): EffectStore {
  const { tx, tenantId } = own;
  const effects = tx.selectFrom('effect').selectAll().where('tenant_id', '=', tenantId);
  return {
    add: (effect) => addEffect(own, effect),
    claim: async (id, now, leaseMs) => {
      const row = await tx
        .updateTable('effect')
        .set((column) => ({
          state: 'claimed',
          lease_until: instantToSql(now.add({ milliseconds: leaseMs })),
          attempts: column('attempts', '+', 1),
          deaths: sql<number>`deaths + case state when 'claimed' then 1 else 0 end`,
          fence: column('fence', '+', 1),
        }))
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('state', 'in', ['pending', 'claimed'])
        .where(sql<boolean>`coalesce(lease_until, due_at) <= ${instantToSql(now)}`)
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : effectFromSql(row);
    },
    extend: (id, fence, now, leaseMs) =>
      changeHeld(own, id, fence, { lease_until: instantToSql(now.add({ milliseconds: leaseMs })) }),
    done: (id, fence) => changeHeld(own, id, fence, { state: 'done', lease_until: null }),
    retry: (id, fence, dueAt, error) =>
      changeHeld(own, id, fence, {
        state: 'pending',
        lease_until: null,
        due_at: instantToSql(dueAt),
        last_error: cleanText(error),
      }),
    park: (id, fence, error) =>
      changeHeld(own, id, fence, { state: 'parked', lease_until: null, last_error: cleanText(error) }),
    unpark: async (id, now) => {
      const { numUpdatedRows } = await tx
        .updateTable('effect')
        .set({ state: 'pending', due_at: instantToSql(now), attempts: 0, deaths: 0 })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('state', '=', 'parked')
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    get: async (id) => {
      const row = await effects.where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : effectFromSql(row);
    },
    list: async ({ state, kind }) => {
      const ofState = state === undefined ? effects : effects.where('state', '=', state);
      const ofKind = kind === undefined ? ofState : ofState.where('kind', '=', kind);
      return (await ofKind.orderBy('due_at').orderBy('id').execute()).map(effectFromSql);
    },
  };
}

/** The conflicting insert waits for a concurrent one to commit, so the row it lost to can be read afterwards. */
async function addEffect(
  { tx, tenantId }: TenantTransaction,
  effect: Parameters<EffectStore['add']>[0],
): Promise<string> {
  const key = cleanText(effect.key);
  const inserted = await tx
    .insertInto('effect')
    .values({
      tenant_id: tenantId,
      kind: effect.kind,
      key,
      payload: toBulkJson(effect.payload),
      due_at: instantToSql(effect.dueAt),
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'kind', 'key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted !== undefined) return inserted.id;
  const first = await tx
    .selectFrom('effect')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', effect.kind)
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  return first.id;
}

interface HeldChange {
  readonly state?: 'pending' | 'done' | 'parked';
  readonly lease_until: string | null;
  readonly due_at?: string;
  readonly last_error?: string;
}

/** Only the worker whose fence is the row's may change it: a slower one that comes back later changes nothing. */
async function changeHeld(
  { tx, tenantId }: TenantTransaction,
  id: string,
  fence: number,
  change: HeldChange,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('effect')
    .set(change)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('state', '=', 'claimed')
    .where('fence', '=', fence)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

function effectFromSql(row: Selectable<Schema['effect']>): EffectRow {
  return {
    id: row.id,
    kind: row.kind,
    key: row.key,
    payload: row.payload,
    state: row.state,
    dueAt: instantFromSql(row.due_at),
    leaseUntil: row.lease_until === null ? null : instantFromSql(row.lease_until),
    attempts: row.attempts,
    deaths: row.deaths,
    fence: row.fence,
    lastError: row.last_error,
  };
}

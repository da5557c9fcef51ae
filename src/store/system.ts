import { sql } from 'kysely';
import { asId, type TenantId } from '../core/values/ids.ts';
import type { SystemStore } from '../ports/store.ts';
import { StoreError } from '../ports/store-error.ts';
import type { Database, Transaction } from './database.ts';
import { newestMigration } from './migrate.ts';
import { cleanText } from './text.ts';
import { instantFromSql, instantToSql } from './time.ts';

/** The reads that cross tenants, under a role that can see tenants and effects and nothing else. */
export function systemStore(database: Database): SystemStore {
  const asSystem = <T>(work: (tx: Transaction) => Promise<T>) =>
    database.transaction('jalon_system', null, work);
  return {
    createTenant: (tenant) =>
      asSystem(async (tx) => {
        await tx
          .insertInto('tenant')
          .values({ id: tenant.id, name: cleanText(tenant.name) })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),
    tenants: () =>
      asSystem(async (tx) => {
        const rows = await tx.selectFrom('tenant').select('id').orderBy('id').execute();
        return rows.map((row) => asId<TenantId>(row.id));
      }),
    dueEffects: (now, limit) =>
      asSystem(async (tx) => {
        const { rows } = await sql<{ tenantId: TenantId; effectId: string }>`
          select tenant_id as "tenantId", id as "effectId" from effect
          where state in ('pending', 'claimed') and coalesce(lease_until, due_at) <= ${instantToSql(now)}
          order by coalesce(lease_until, due_at), id limit ${limit}`.execute(tx);
        return rows;
      }),
    nextDueAt: () =>
      asSystem(async (tx) => {
        const { rows } = await sql<{ at: string | null }>`
          select min(coalesce(lease_until, due_at)) as at from effect where state in ('pending', 'claimed')`.execute(
          tx,
        );
        const at = rows[0]?.at ?? null;
        return at === null ? null : instantFromSql(at);
      }),
    releaseDeadLeases: async (now) => {
      const tenants = await asSystem((tx) => tx.selectFrom('tenant').select('id').execute());
      let released = 0;
      for (const { id } of tenants) {
        const tenantId = asId<TenantId>(id);
        released += await database.transaction('jalon_app', tenantId, (tx) => endLeases(tx, tenantId, now));
      }
      return released;
    },
    ready: () => asSystem(readSchemaVersion),
  };
}

/** As each tenant, not as the system: its role may see what is due and change nothing. States and fences stay; the next claim decides. */
async function endLeases(tx: Transaction, tenantId: TenantId, now: Temporal.Instant): Promise<number> {
  const leaseEnd = { lease_until: instantToSql(now) };
  const effects = await tx
    .updateTable('effect')
    .set(leaseEnd)
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'claimed')
    .where('lease_until', '>', leaseEnd.lease_until)
    .executeTakeFirst();
  const digests = await tx
    .updateTable('digest')
    .set(leaseEnd)
    .where('tenant_id', '=', tenantId)
    .where('state', 'in', ['claimed', 'handing_over'])
    .where('lease_until', '>', leaseEnd.lease_until)
    .executeTakeFirst();
  return Number(effects.numUpdatedRows + digests.numUpdatedRows);
}

async function readSchemaVersion(tx: Transaction): Promise<{ readonly schemaVersion: number }> {
  const { rows } = await sql<{
    number: number | null;
  }>`select max(number) as number from schema_migration`.execute(tx);
  const schemaVersion = rows[0]?.number ?? 0;
  if (schemaVersion !== newestMigration()) {
    throw new StoreError(
      'STORE_MIGRATION_FAILED',
      `the database has schema ${schemaVersion}, this process expects ${newestMigration()}: restart it with the version that matches.`,
    );
  }
  return { schemaVersion };
}

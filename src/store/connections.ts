import type { Selectable } from 'kysely';
import { asId, type ConnectionId } from '../core/values/ids.ts';
import type { ConnectionRow, ConnectionStore } from '../ports/connection-store.ts';
import type { TenantTransaction } from './database.ts';
import type { Schema } from './schema.ts';
import { cleanText } from './text.ts';
import { instantFromSql, instantToSql } from './time.ts';

export function connectionStore({ tx, tenantId }: TenantTransaction): ConnectionStore {
  const own = tx.selectFrom('connection').selectAll().where('tenant_id', '=', tenantId);
  return {
    save: async (connection) => {
      const values = connectionToSql(connection);
      await tx
        .insertInto('connection')
        .values({ tenant_id: tenantId, id: connection.id, ...values })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(values))
        .execute();
    },
    get: async (id) => {
      const row = await own.where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : connectionFromSql(row);
    },
    list: async () => (await own.orderBy('id').execute()).map(connectionFromSql),
  };
}

function connectionToSql(connection: ConnectionRow) {
  return {
    crm: connection.crm,
    external_account_id: cleanText(connection.externalAccountId),
    label: cleanText(connection.label),
    state: connection.state,
    last_pulled_at: connection.lastPulledAt === null ? null : instantToSql(connection.lastPulledAt),
  };
}

function connectionFromSql(row: Selectable<Schema['connection']>): ConnectionRow {
  return {
    id: asId<ConnectionId>(row.id),
    crm: row.crm,
    externalAccountId: row.external_account_id,
    label: row.label,
    state: row.state,
    lastPulledAt: row.last_pulled_at === null ? null : instantFromSql(row.last_pulled_at),
  };
}

import type { WebhookInbox } from '../ports/webhook-inbox.ts';
import type { TenantTransaction } from './database.ts';
import { cleanText } from './text.ts';
import { instantToSql } from './time.ts';

export function webhookInbox({ tx, tenantId }: TenantTransaction): WebhookInbox {
  return {
    record: async (event) => {
      const inserted = await tx
        .insertInto('webhook_inbox')
        .values({
          tenant_id: tenantId,
          connection_id: event.connectionId,
          dedupe_key: cleanText(event.dedupeKey),
          received_at: instantToSql(event.receivedAt),
          raw: cleanText(event.raw),
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('seq')
        .executeTakeFirst();
      return inserted !== undefined;
    },
    /** Oldest first; rows that another worker is working on are passed over. */
    take: async (connectionId, limit) => {
      const rows = await tx
        .selectFrom('webhook_inbox')
        .select(['seq', 'raw'])
        .where('tenant_id', '=', tenantId)
        .where('connection_id', '=', connectionId)
        .where('done', '=', false)
        .orderBy('seq')
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .execute();
      return rows.map((row) => ({ id: row.seq, raw: row.raw }));
    },
    done: async (ids) => {
      if (ids.length === 0) return;
      await tx
        .updateTable('webhook_inbox')
        .set({ done: true })
        .where('tenant_id', '=', tenantId)
        .where('seq', 'in', [...ids])
        .execute();
    },
    isWaiting: async (connectionId, receivedBefore) => {
      const row = await tx
        .selectFrom('webhook_inbox')
        .select('seq')
        .where('tenant_id', '=', tenantId)
        .where('connection_id', '=', connectionId)
        .where('done', '=', false)
        .where('received_at', '<', instantToSql(receivedBefore))
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    forget: async (connectionId, receivedBefore) => {
      await tx
        .deleteFrom('webhook_inbox')
        .where('tenant_id', '=', tenantId)
        .where('connection_id', '=', connectionId)
        .where('done', '=', true)
        .where('received_at', '<', instantToSql(receivedBefore))
        .execute();
    },
  };
}

import { toCanonicalJson } from '../core/values/json.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { TenantTransaction } from './database.ts';
import { cleanText } from './text.ts';
import { instantFromSql, instantToSql } from './time.ts';

export function auditLog({ tx, tenantId }: TenantTransaction): AuditLog {
  return {
    append: async (entry) => {
      await tx
        .insertInto('audit')
        .values({
          tenant_id: tenantId,
          at: instantToSql(entry.at),
          by: cleanText(entry.by),
          action: cleanText(entry.action),
          subject: cleanText(entry.subject),
          before: toCanonicalJson(entry.before),
          after: toCanonicalJson(entry.after),
        })
        .execute();
    },
    list: async (limit, subject) => {
      const rows = await tx
        .selectFrom('audit')
        .select(['at', 'by', 'action', 'subject'])
        .where('tenant_id', '=', tenantId)
        .$if(subject !== undefined, (query) => query.where('subject', '=', subject ?? ''))
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, at: instantFromSql(row.at) }));
    },
  };
}

import { asId, type DealId } from '../core/values/ids.ts';
import type { ReviewNoteStore } from '../ports/review-note-store.ts';
import type { TenantTransaction } from './database.ts';
import { cleanText } from './text.ts';
import { instantFromSql, instantToSql } from './time.ts';

/** Append-only: a note that was wrong is followed by another one, the first stays on record. */
export function reviewNoteStore({ tx, tenantId }: TenantTransaction): ReviewNoteStore {
  return {
    add: async (connectionId, note) => {
      await tx
        .insertInto('review_note')
        .values({
          tenant_id: tenantId,
          connection_id: connectionId,
          deal_id: note.dealId,
          iso_week: note.isoWeek,
          mark: note.mark,
          text: cleanText(note.text),
          written_by: cleanText(note.by),
          at: instantToSql(note.at),
        })
        .execute();
    },
    ofDeals: async (connectionId, dealIds, limit) => {
      if (dealIds.length === 0) return [];
      const rows = await tx
        .selectFrom('review_note')
        .select(['deal_id', 'iso_week', 'mark', 'text', 'written_by', 'at'])
        .where('tenant_id', '=', tenantId)
        .where('connection_id', '=', connectionId)
        .where('deal_id', 'in', [...dealIds])
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        dealId: asId<DealId>(row.deal_id),
        isoWeek: row.iso_week,
        mark: row.mark,
        text: row.text,
        by: row.written_by,
        at: instantFromSql(row.at),
      }));
    },
  };
}

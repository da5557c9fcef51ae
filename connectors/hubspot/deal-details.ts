/** Changed deals in full: histories by batches of 50, links by batches of 1,000, and what became of those that did not answer. */
import type { DealTombstone, Rejection } from '../../src/core/deals/deal.ts';
import { asId, type DealProductId } from '../../src/core/values/ids.ts';
import { readAssociations, withLinks } from './associations.ts';
import { dealProperties, HISTORY_PAGE } from './object-reading.ts';
import { type Content, type DealReading, dealContent } from './page-content.ts';

/** Deals whose links are read together; 20 batches of histories follow. */
export const DETAIL_CHUNK = 1_000;

/** At most `DETAIL_CHUNK` ids. Yields the content of up to 50 deals at a time, in the order of `ids`. */
export async function* dealDetails(
  ids: readonly string[],
  reading: DealReading,
  now: Temporal.Instant,
): AsyncGenerator<{ readonly content: Content; readonly lastId: string }, void, void> {
  const { api } = reading;
  const [companies, contacts, lines] = await Promise.all([
    readAssociations(api, 'deals', 'companies', ids),
    readAssociations(api, 'deals', 'contacts', ids),
    reading.optional(() => readAssociations(api, 'deals', 'line_items', ids)),
  ]);
  for (let start = 0; start < ids.length; start += HISTORY_PAGE) {
    const batch = ids.slice(start, start + HISTORY_PAGE);
    const query = { ids: batch, ...dealProperties(reading.evidenceProperties) };
    const reply = await api.batchRead('deals', query);
    const linked = reply.results.map((raw) => {
      const id = idOf(raw);
      return withLinks(
        withLinks(raw, 'companies', companies.get(id) ?? []),
        'contacts',
        contacts.get(id) ?? [],
      );
    });
    const content = withLines(await dealContent(linked, reading), lines);
    const answered = new Set(reply.results.map(idOf));
    const silent = batch.filter((id) => !answered.has(id));
    yield { content: await withFates(content, silent, reading, now), lastId: batch.at(-1) ?? '' };
  }
}

/** Which lines a changed deal has: one that was taken off leaves no other trace. */
function withLines(content: Content, lines: ReadonlyMap<string, readonly string[]> | null): Content {
  if (lines === null) return content;
  const dealProductIds = content.deals.map(({ id }) => ({
    dealId: id,
    ids: (lines.get(id) ?? []).map((line) => asId<DealProductId>(line)),
  }));
  return { ...content, dealProductIds };
}

/** A deal that did not answer was merged (its old id still leads to the winner) or deleted. One call each; they are few. */
async function withFates(
  content: Content,
  silent: readonly string[],
  reading: DealReading,
  now: Temporal.Instant,
): Promise<Content> {
  const tombstones: DealTombstone[] = [];
  const rejections: Rejection[] = [];
  for (const id of silent) {
    const found = await reading.api.get('deals', id, ['hs_object_id']);
    const winner = found === null ? null : idOf(found);
    if (winner === id)
      rejections.push({ object: 'deal', externalId: id, code: 'SHAPE_UNEXPECTED', field: 'batch' });
    else tombstones.push(fate(id, winner, now));
  }
  return {
    ...content,
    tombstones: [...content.tombstones, ...tombstones],
    rejections: [...content.rejections, ...rejections],
  };
}

function fate(id: string, winner: string | null, at: Temporal.Instant): DealTombstone {
  if (winner === null) return { id: asId(id), reason: 'deleted', mergedInto: null, at };
  return { id: asId(id), reason: 'merged', mergedInto: asId(winner), at };
}

function idOf(raw: unknown): string {
  return typeof raw === 'object' && raw !== null && 'id' in raw ? String(raw.id) : '';
}

/** Lines of listed deals: 10 tokens per 100 deals that have any. A deal without lines costs nothing, for its row says so. */
import { asId, type DealProductId } from '../../src/core/values/ids.ts';
import type { OwnWriteSpan, PullPage } from '../../src/ports/connector.ts';
import { MAX_IDS } from './api.ts';
import type { DealRow } from './deal-row.ts';
import { dealProductFromPipedrive } from './normalise-products.ts';
import type { Reading } from './reading.ts';
import { sorted } from './sorted.ts';

type Lines = Pick<PullPage, 'dealProducts' | 'dealProductIds' | 'rejections'>;

/** Whether the row is nothing but our own write coming back: its lines are what they were. */
function isEcho({ id, updatedAt }: DealRow, ownWrites: OwnWriteSpan | null): boolean {
  return ownWrites?.modifiedAt.get(id)?.equals(updatedAt) === true;
}

export async function linesOfDeals(
  reading: Reading,
  rows: readonly DealRow[],
  isFirstRound: boolean,
): Promise<Lines> {
  const asked = rows.filter((row) => isFirstRound || !isEcho(row, reading.ownWrites));
  const withLines = asked.filter((row) => (row.source.products_count ?? 0) > 0);
  const raws: unknown[] = [];
  for (let start = 0; start < withLines.length; start += MAX_IDS) {
    const ids = withLines.slice(start, start + MAX_IDS).map((row) => row.source.id);
    const listed = await reading.optional(() => reading.api.dealProducts(ids));
    if (listed === null) return { rejections: [] };
    raws.push(...listed);
  }
  const { read, rejections } = sorted(raws, dealProductFromPipedrive);
  const unread = new Set(rejections.map(({ externalId }) => asId<DealProductId>(externalId)));
  const present = Map.groupBy(read, (line) => line.dealId);
  // A line that cannot be read is still there: what is held of it stays.
  const dealProductIds = asked.map(({ id }) => ({
    dealId: id,
    ids: [...(present.get(id) ?? []).map((line) => line.id), ...unread],
  }));
  return { dealProducts: read, dealProductIds, rejections };
}

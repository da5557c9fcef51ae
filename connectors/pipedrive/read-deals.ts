/** Deals that a webhook named, read again by id: 10 tokens per 100, 20 more per deal whose stage, result, close date or evidence moved. */
import type { DealTombstone } from '../../src/core/deals/deal.ts';
import type { DealsPage } from '../../src/ports/connector.ts';
import type { DealHint } from '../../src/ports/webhooks.ts';
import { MAX_IDS } from './api.ts';
import { changedDeals, goneDeals, shelvedDeals } from './page-content.ts';
import type { Reading } from './reading.ts';

export async function* readDealsAgain(
  reading: Reading,
  hints: readonly DealHint[],
): AsyncGenerator<DealsPage, void, void> {
  for (let start = 0; start < hints.length; start += MAX_IDS)
    yield* readChunk(reading, hints.slice(start, start + MAX_IDS));
}

async function* readChunk(reading: Reading, hints: readonly DealHint[]): AsyncGenerator<DealsPage> {
  const { api, evidence } = reading;
  const ids = hints.map(({ dealId }) => Number(dealId)).filter((id) => Number.isSafeInteger(id) && id > 0);
  if (ids.length === 0) return;
  const customKeys = [...evidence.values()].map((field) => field.field_code);
  const rows = await api.namedDeals(ids, customKeys);
  const gone = rows.filter(isDeleted);
  const present = rows.filter((row) => !isDeleted(row));
  if (present.length > 0) yield (await changedDeals(reading, present, false)).content;
  if (gone.length > 0) yield mergesNamed(goneDeals(gone), hints);
  const found = new Set(rows.map(idOf));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length === 0) return;
  const archived = await api.namedArchivedDeals(missing, customKeys);
  if (archived.length > 0) yield (await shelvedDeals(reading, archived, false)).content;
}

/** That the deal is gone, the API says; where it went, only the webhook does. */
function mergesNamed(content: DealsPage, hints: readonly DealHint[]): DealsPage {
  const winners = new Map(hints.map(({ dealId, mergedInto }) => [dealId, mergedInto]));
  const tombstones = content.tombstones.map((tombstone): DealTombstone => {
    const mergedInto = winners.get(tombstone.id) ?? null;
    return mergedInto === null ? tombstone : { ...tombstone, reason: 'merged', mergedInto };
  });
  return { ...content, tombstones };
}

function isDeleted(row: unknown): boolean {
  return typeof row === 'object' && row !== null && 'status' in row && row.status === 'deleted';
}

function idOf(row: unknown): unknown {
  return typeof row === 'object' && row !== null && 'id' in row ? row.id : null;
}

/** Changelogs of several deals at once: 20 tokens and one call each, while our share of the day lasts. */
import type { DealId } from '../../src/core/values/ids.ts';
import type { PastSource } from './deal-past.ts';
import type { DealRow } from './deal-row.ts';
import { readChangelog } from './deal-story.ts';
import { PipedriveRefusal } from './errors.ts';
import { inPool } from './pool.ts';
import type { Reading } from './reading.ts';

export const CHANGELOG_TOKENS = 20;
/** Calls in flight: the rate governor decides how fast they go. */
const WIDTH = 8;

/** Deals that are absent from the answer could not be afforded today. */
export async function readPasts(
  reading: Reading,
  rows: readonly DealRow[],
): Promise<ReadonlyMap<DealId, PastSource>> {
  const pasts = new Map<DealId, PastSource>();
  await inPool(WIDTH, rows, async (row) => {
    if (!reading.ledger.allows(CHANGELOG_TOKENS, 'history')) return;
    const past = await readPast(reading, row);
    if (past !== null) pasts.set(row.id, past);
  });
  return pasts;
}

/** Null for a deal that left between its listing and this call. */
async function readPast({ api }: Reading, row: DealRow): Promise<PastSource | null> {
  try {
    const rows: unknown[] = [];
    let after: string | null = null;
    do {
      const page = await api.changelog(row.source.id, after);
      rows.push(...page.rows);
      after = page.next === after ? null : page.next;
    } while (after !== null);
    return { kind: 'log', log: readChangelog(rows) };
  } catch (error) {
    if (error instanceof PipedriveRefusal) return null;
    throw error;
  }
}

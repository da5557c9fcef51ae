/**
 * A pull: one walk per list, each page with the cursor that resumes behind it, then as much history as the day's tokens allow.
 * The first round lists everything (2 calls per 1,000 deals); later ones what changed since the last began, less an overlap.
 */
import type { PullPage } from '../../src/ports/connector.ts';
import type { ListPage } from './api.ts';
import { type Cursor, closeRound, WALKS } from './cursor.ts';
import { PipedriveRefusal } from './errors.ts';
import { changedDeals, goneDeals, type PageContent, plainRecords, shelvedDeals } from './page-content.ts';
import { pullHistory } from './pull-history.ts';
import type { Reading } from './reading.ts';
import { secondText } from './times.ts';

export async function* pullAll(reading: Reading, start: Cursor): AsyncGenerator<PullPage, void, void> {
  let cursor = start;
  for (const walk of WALKS.slice(WALKS.indexOf(start.walk))) {
    cursor = walk === cursor.walk ? cursor : { ...cursor, walk, after: null };
    for await (const page of walkList(reading, cursor)) {
      cursor = page.cursor;
      yield page;
    }
  }
  cursor = closeRound(cursor);
  yield { ...EMPTY, lane: 'end', cursor };
  yield* pullHistory(reading, cursor);
}

const EMPTY = { deals: [], tombstones: [], companies: [], contacts: [], activities: [], rejections: [] };

type Walked = PullPage & { readonly cursor: Cursor };

/** A page that came with nothing and is the last one leaves no trace but its call. */
async function* walkList(reading: Reading, start: Cursor): AsyncGenerator<Walked, void, void> {
  const { walk } = start;
  let cursor: Cursor = start;
  for (;;) {
    const listed =
      walk === 'products' ? await optionalPage(reading, cursor) : await listPage(reading, cursor);
    const next: Cursor = { ...cursor, after: listed.next };
    const { content, historyMissing } = await contentOf(reading, cursor, listed.rows);
    cursor = historyMissing && next.sinceMs !== null ? withHistoryDue(next) : next;
    const ended = listed.next === null || listed.rows.length === 0;
    /** The cursor after the last page must not start the walk again. */
    const stored = ended ? afterWalk(cursor) : cursor;
    if (listed.rows.length > 0 || !ended) yield { ...content, lane: walk, cursor: stored };
    if (ended) return;
  }
}

function afterWalk(cursor: Cursor): Cursor {
  const next = WALKS[WALKS.indexOf(cursor.walk) + 1];
  return next === undefined ? closeRound(cursor) : { ...cursor, walk: next, after: null };
}

/** Some deal's past could not be read on the way: the slow walk looks again, and finds it among those marked incomplete. */
function withHistoryDue(cursor: Cursor): Cursor {
  return cursor.history.walk === 'done' ? { ...cursor, history: { walk: 'open', after: null } } : cursor;
}

/** The catalogue is no part of every plan: without it there are no products, and nothing else is wrong. */
async function optionalPage(reading: Reading, cursor: Cursor): Promise<ListPage> {
  return (await reading.optional(() => listPage(reading, cursor))) ?? { rows: [], next: null };
}

async function listPage(reading: Reading, cursor: Cursor): Promise<ListPage> {
  const { api, evidence, overlapMs } = reading;
  const sinceMs = cursor.sinceMs === null ? null : Math.max(0, cursor.sinceMs - overlapMs);
  const since = sinceMs === null ? null : secondText(Temporal.Instant.fromEpochMilliseconds(sinceMs));
  const customKeys = [...evidence.values()].map((field) => field.field_code);
  const query = { updatedSince: since, customKeys, after: cursor.after };
  try {
    return await api.list(cursor.walk, query);
  } catch (error) {
    /** A position that Pipedrive no longer knows: the walk starts again, which repeats rows and loses none. */
    const stale = error instanceof PipedriveRefusal && error.status === 400 && cursor.after !== null;
    if (stale) return await api.list(cursor.walk, { ...query, after: null });
    throw error;
  }
}

async function contentOf(
  reading: Reading,
  cursor: Cursor,
  rows: readonly unknown[],
): Promise<{ readonly content: PageContent; readonly historyMissing: boolean }> {
  const isFirstRound = cursor.sinceMs === null;
  switch (cursor.walk) {
    case 'deals':
      return await changedDeals(reading, rows, isFirstRound);
    case 'archived':
      return await shelvedDeals(reading, rows, isFirstRound);
    case 'deleted':
      return { content: goneDeals(rows), historyMissing: false };
    default:
      return { content: await plainRecords(cursor.walk, rows, reading), historyMissing: false };
  }
}

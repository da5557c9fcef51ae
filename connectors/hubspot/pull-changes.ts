/**
 * An incremental pull: what HubSpot modified between the cursor (less an overlap, for late rows) and now (less the lag of its search
 * index). Each page carries a cursor that resumes behind it; the window moves on only with the last one.
 */
import type { OwnWriteSpan, PullPage } from '../../src/ports/connector.ts';
import type { HubspotApi } from './api.ts';
import { readAssociations, withLinks } from './associations.ts';
import { type ChangedRow, type ChangeSearch, changedRows, type Span } from './change-search.ts';
import { type ChangesCursor, forget, remember } from './cursor.ts';
import { DETAIL_CHUNK, dealDetails } from './deal-details.ts';
import { LIST_PAGE, PLAIN_TYPES, type PlainType, PRODUCTS } from './object-reading.ts';
import { isEcho, onlyEchoes, planEcho } from './own-echo.ts';
import { archivedContent, type Content, type DealReading, EMPTY } from './page-content.ts';

export interface ChangesPull extends DealReading {
  /** HubSpot's own clock. */
  readonly now: Temporal.Instant;
  readonly overlapMs: number;
  readonly indexLagMs: number;
  readonly ownWrites: OwnWriteSpan | null;
}

const PRODUCTS_EVERY_MS = 24 * 3_600_000;

/** Pages of the recycle bin per pull; a fuller bin is read on at the next pull. */
const ARCHIVE_PAGES = 5;

/** State that pages of one pull share: the cursor to store with the page just read. */
interface Progress {
  cursor: ChangesCursor;
  readonly window: Span;
  /** Deals that left the span of our own writes, by a later change or into the recycle bin. */
  readonly gone: Set<string>;
}

export async function* pullChanges(
  pull: ChangesPull,
  start: ChangesCursor,
): AsyncGenerator<PullPage, void, void> {
  const toMs = start.open?.toMs ?? pull.now.epochMilliseconds - pull.indexLagMs;
  const window: Span = { fromMs: start.sinceMs - pull.overlapMs, toMs };
  const cursor = { ...start, open: start.open ?? { toMs, reached: {} } };
  const progress: Progress = { cursor, window, gone: new Set() };
  yield* archivedDeals(pull, progress);
  yield* changedDeals(pull, progress);
  for (const plain of PLAIN_TYPES) yield* changedPlain(pull, plain, progress, window);
  const { productsMs } = progress.cursor;
  if (toMs - productsMs >= PRODUCTS_EVERY_MS)
    yield* changedPlain(pull, PRODUCTS, progress, { fromMs: productsMs - pull.overlapMs, toMs });
  yield { ...EMPTY, lane: 'end', cursor: closed(progress.cursor, pull) };
}

/** The window is read: the next one starts where it ended, and never earlier than this one did. */
function closed(cursor: ChangesCursor, pull: ChangesPull): ChangesCursor {
  const sinceMs = Math.max(cursor.sinceMs, cursor.open?.toMs ?? cursor.sinceMs);
  const productsMs = cursor.open?.reached['products'] === true ? cursor.open.toMs : cursor.productsMs;
  return {
    ...cursor,
    sinceMs,
    productsMs,
    recent: forget(cursor.recent, sinceMs - pull.overlapMs),
    open: null,
  };
}

/**
 * Archiving changes no modified date and hides the deal from searches: only the recycle bin tells. After a complete scan, older entries
 * are known.
 */
async function* archivedDeals(pull: ChangesPull, progress: Progress): AsyncGenerator<PullPage, void, void> {
  const { archivedAfter } = progress.cursor;
  let after = archivedAfter;
  for (let page = 0; page < ARCHIVE_PAGES; page += 1) {
    const query = { limit: LIST_PAGE, properties: ['hs_lastmodifieddate'], archived: true };
    const listed = await pull.api.list('deals', after === null ? query : { ...query, after });
    after = listed.paging?.next?.after ?? null;
    const content = archivedContent(listed.results);
    for (const tombstone of content.tombstones) progress.gone.add(tombstone.id);
    const news = content.tombstones.filter(
      ({ at }) => archivedAfter !== null || at.epochMilliseconds >= progress.window.fromMs,
    );
    progress.cursor = { ...progress.cursor, archivedAfter: after };
    if (news.length + content.rejections.length > 0) {
      yield { ...content, tombstones: news, lane: 'archived deals', cursor: progress.cursor };
    }
    if (after === null) return;
  }
}

async function* changedDeals(pull: ChangesPull, progress: Progress): AsyncGenerator<PullPage, void, void> {
  const { window, cursor } = progress;
  const reached = cursor.open?.reached['deals'] ?? null;
  if (reached === true) return;
  const { around, inside } = planEcho(window, pull.ownWrites);
  const any = (row: ChangedRow): boolean => {
    progress.gone.add(row.id);
    return true;
  };
  for await (const chunk of chunksOf(pull, progress, dealSearch(around, reached), any)) {
    yield* detailed(pull, progress, chunk, true);
  }
  if (inside !== null && pull.ownWrites !== null)
    yield* besideOurWrites(pull, progress, inside, pull.ownWrites);
  reach(progress, 'deals', true);
}

/** Reads the span of our own writes row by row when it holds anything that is not ours. */
async function* besideOurWrites(
  pull: ChangesPull,
  progress: Progress,
  inside: Span,
  writes: OwnWriteSpan,
): AsyncGenerator<PullPage, void, void> {
  if (await onlyEchoes(pull.api, inside, writes, progress.gone)) return;
  const foreign = (row: ChangedRow) => !isEcho(row, writes);
  for await (const chunk of chunksOf(pull, progress, dealSearch([inside], null), foreign)) {
    yield* detailed(pull, progress, chunk, false);
  }
}

/** Deals to read, in order of id, up to 1,000 at a time: rows that are `wanted` and were not delivered lately as they still are. */
async function* chunksOf(
  pull: ChangesPull,
  progress: Progress,
  search: ChangeSearch,
  wanted: (row: ChangedRow) => boolean,
): AsyncGenerator<readonly ChangedRow[], void, void> {
  const chunk: ChangedRow[] = [];
  for await (const page of changedRows(pull.api, search)) {
    const rows = page.rows.filter(wanted);
    chunk.push(...rows.filter((row) => !isRecent(progress.cursor, 'deals', row)));
    while (chunk.length >= DETAIL_CHUNK) yield chunk.splice(0, DETAIL_CHUNK);
  }
  if (chunk.length > 0) yield chunk;
}

function dealSearch(spans: readonly Span[], reached: string | null): ChangeSearch {
  return {
    type: 'deals',
    modifiedProperty: 'hs_lastmodifieddate',
    properties: ['hs_lastmodifieddate'],
    spans,
    reached,
  };
}

async function* detailed(
  pull: ChangesPull,
  progress: Progress,
  rows: readonly ChangedRow[],
  inOrder: boolean,
): AsyncGenerator<PullPage, void, void> {
  const ids = rows.map((row) => row.id);
  for await (const { content, lastId } of dealDetails(ids, pull, pull.now)) {
    delivered(
      pull,
      progress,
      'deals',
      content.deals.map((deal) => [deal.id, deal.updatedAt.epochMilliseconds]),
    );
    if (inOrder) reach(progress, 'deals', lastId);
    yield { ...content, lane: 'deals', cursor: progress.cursor };
  }
}

async function* changedPlain(
  pull: ChangesPull,
  plain: PlainType,
  progress: Progress,
  span: Span,
): AsyncGenerator<PullPage, void, void> {
  const { type, modifiedProperty, properties } = plain;
  const reached = progress.cursor.open?.reached[type] ?? null;
  if (reached === true) return;
  const search = { type, modifiedProperty, properties, spans: [span], reached };
  for await (const page of changedRows(permitted(pull, plain), search)) {
    const rows = page.rows.filter((row) => !isRecent(progress.cursor, type, row));
    delivered(
      pull,
      progress,
      type,
      rows.map((row) => [row.id, row.modifiedMs]),
    );
    reach(progress, type, page.reached);
    if (rows.length > 0)
      yield { ...(await plainContent(pull, plain, rows)), lane: type, cursor: progress.cursor };
  }
  reach(progress, type, true);
}

/** A type that the token may not read has no rows. */
function permitted({ api, optional }: ChangesPull, plain: PlainType): Pick<HubspotApi, 'search'> {
  if (plain.optional === undefined) return api;
  return {
    search: async (type, query) =>
      (await optional(() => api.search(type, query))) ?? { results: [], paging: undefined, total: 0 },
  };
}

async function plainContent(
  pull: ChangesPull,
  plain: PlainType,
  rows: readonly ChangedRow[],
): Promise<Content> {
  const raws = rows.map((row) => row.raw);
  if (!plain.linkedToDeals) return plain.content(raws, pull.facts);
  const links = await readAssociations(
    pull.api,
    plain.type,
    'deals',
    rows.map((row) => row.id),
  );
  const linked = rows.map((row) => withLinks(row.raw, 'deals', links.get(row.id) ?? []));
  return plain.content(linked, pull.facts);
}

function isRecent(cursor: ChangesCursor, type: string, row: ChangedRow): boolean {
  return cursor.recent[type]?.[row.id] === row.modifiedMs;
}

function delivered(
  pull: ChangesPull,
  progress: Progress,
  type: string,
  rows: readonly (readonly [string, number])[],
): void {
  const { cursor, window } = progress;
  progress.cursor = { ...cursor, recent: remember(cursor.recent, type, rows, window.toMs - pull.overlapMs) };
}

function reach(progress: Progress, type: string, reached: string | true): void {
  const { cursor, window } = progress;
  const before = cursor.open?.reached ?? {};
  progress.cursor = { ...cursor, open: { toMs: window.toMs, reached: { ...before, [type]: reached } } };
}

/** A full pull: every object list walked to its end, deals by several walkers at once; every page carries where all walkers stand. */
import type { PullPage } from '../../src/ports/connector.ts';
import type { HubspotApi, ListQuery, ObjectType } from './api.ts';
import { type FullCursor, type Range, remember } from './cursor.ts';
import { HubspotRefusal } from './errors.ts';
import { compareIds, inRange, planRanges, WHOLE } from './id-ranges.ts';
import {
  dealProperties,
  HISTORY_PAGE,
  LIST_PAGE,
  PLAIN_TYPES,
  PRODUCTS,
  plainListQuery,
} from './object-reading.ts';
import { archivedContent, type Content, type DealReading, dealContent, EMPTY } from './page-content.ts';
import { inParallel } from './parallel.ts';

export interface FullPull extends DealReading {
  readonly nowMs: number;
  readonly overlapMs: number;
}

/** One list to walk. */
interface Lane {
  readonly name: string;
  readonly type: ObjectType;
  readonly query: ListQuery;
  readonly optional?: boolean;
  content(raws: readonly unknown[]): Content | Promise<Content>;
}

/** What a walker hands over: the page and where its range stands once the page is stored. */
interface Walked {
  readonly lane: Lane;
  readonly at: number;
  readonly range: Range;
  readonly content: Content;
  readonly modified: readonly (readonly [id: string, modifiedMs: number])[];
}

/** `after` did not start where it should: the list has another order than ids, or its positions are opaque. */
class SeedRefused extends Error {}

/** `cursor` null starts over. The last page carries the cursor of the next, incremental pull. */
export async function* pullFull(
  pull: FullPull,
  cursor: FullCursor | null,
): AsyncGenerator<PullPage, void, void> {
  let state = cursor ?? (await begin(pull));
  try {
    for await (const page of walk(pull, state, (next) => (state = next))) yield page;
  } catch (error) {
    if (!(error instanceof SeedRefused)) throw error;
    pull.seen.clear();
    state = { ...state, ranges: { ...state.ranges, deals: [WHOLE] } };
    for await (const page of walk(pull, state, (next) => (state = next))) yield page;
  }
  const { startedMs, recent } = state;
  const next = {
    version: 2,
    mode: 'changes',
    sinceMs: startedMs,
    recent,
    archivedAfter: null,
    open: null,
    productsMs: startedMs,
  };
  yield { ...EMPTY, lane: 'end', cursor: next };
}

async function begin(pull: FullPull): Promise<FullCursor> {
  const { ranges, total } = await planRanges(pull.api, 'deals', HISTORY_PAGE);
  const others = [...[...PLAIN_TYPES, PRODUCTS].map((plain) => plain.type), 'archived deals'];
  return {
    version: 2,
    mode: 'full',
    startedMs: pull.nowMs,
    expected: total,
    ranges: { deals: ranges, ...Object.fromEntries(others.map((name) => [name, [WHOLE]])) },
    recent: {},
  };
}

async function* walk(
  pull: FullPull,
  start: FullCursor,
  keep: (state: FullCursor) => void,
): AsyncGenerator<PullPage, void, void> {
  let state = start;
  const walkers = lanesOf(pull).flatMap((lane) =>
    (state.ranges[lane.name] ?? [WHOLE]).flatMap((range, at) =>
      range.done ? [] : [walkRange(pull, lane, range, at)],
    ),
  );
  for await (const { lane, at, range, content, modified } of inParallel(walkers)) {
    const ranges = (state.ranges[lane.name] ?? [WHOLE]).with(at, range);
    state = {
      ...state,
      ranges: { ...state.ranges, [lane.name]: ranges },
      recent: remember(state.recent, lane.name, modified, state.startedMs - pull.overlapMs),
    };
    keep(state);
    yield { ...content, lane: lane.name, cursor: state, expected: state.expected };
  }
}

function lanesOf(pull: FullPull): Lane[] {
  const { properties, history } = dealProperties(pull.evidenceProperties);
  const deals: Lane = {
    name: 'deals',
    type: 'deals',
    query: { limit: HISTORY_PAGE, properties, history, associations: ['companies', 'contacts'] },
    content: (raws) => dealContent(raws, pull),
  };
  const archived: Lane = {
    name: 'archived deals',
    type: 'deals',
    query: { limit: LIST_PAGE, properties: ['hs_lastmodifieddate'], archived: true },
    content: archivedContent,
  };
  const plain = [...PLAIN_TYPES, PRODUCTS].map(
    (one): Lane => ({
      name: one.type,
      type: one.type,
      query: plainListQuery(one),
      optional: one.optional ?? false,
      content: (raws) => one.content(raws, pull.facts),
    }),
  );
  return [deals, ...plain, archived];
}

async function* walkRange(
  { api, optional }: FullPull,
  lane: Lane,
  start: Range,
  at: number,
): AsyncGenerator<Walked, void, void> {
  let range = start;
  while (!range.done) {
    const asked = () => listFrom(api, lane, range);
    const listed = lane.optional ? await optional(asked) : await asked();
    if (listed === null) {
      yield { lane, at, range: { ...range, done: true }, content: EMPTY, modified: [] };
      return;
    }
    const next = listed.paging?.next?.after ?? null;
    checkSeed(range, listed.results, next);
    const beyond = next === null || (range.until !== null && compareIds(next, range.until) >= 0);
    range = { ...range, after: next, done: beyond };
    const own = listed.results.filter((raw) => inRange(start, idOf(raw) ?? ''));
    const content = await lane.content(start.from === null && start.until === null ? listed.results : own);
    yield { lane, at, range, content, modified: modifiedOf(content) };
  }
}

function listFrom(api: HubspotApi, lane: Lane, range: Range): ReturnType<HubspotApi['list']> {
  const query = range.after === null ? lane.query : { ...lane.query, after: range.after };
  return api.list(lane.type, query).catch((error: unknown) => {
    const seeded = range.from !== null && error instanceof HubspotRefusal && error.status === 400;
    throw seeded ? new SeedRefused() : error;
  });
}

/** In a list cut into ranges, ids must rise from the position asked for, and the next position must lie behind them. */
function checkSeed(range: Range, raws: readonly unknown[], next: string | null): void {
  if (range.from === null && range.until === null) return;
  const ids = raws.map((raw) => idOf(raw) ?? '');
  const steps = [...(range.after === null ? [] : [range.after]), ...ids, ...(next === null ? [] : [next])];
  const rising = steps.every(
    (id, at) => /^\d+$/.test(id) && (at === 0 || compareIds(steps[at - 1] ?? '', id) <= 0),
  );
  if (!rising) throw new SeedRefused();
}

function idOf(raw: unknown): string | null {
  return typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'string' ? raw.id : null;
}

function modifiedOf(content: Content): [string, number][] {
  const { products = [], dealProducts = [] } = content;
  const around = [
    ...content.companies,
    ...content.contacts,
    ...content.activities,
    ...products,
    ...dealProducts,
  ];
  const records = [...content.deals, ...around];
  return records.map((record) => [record.id, record.updatedAt.epochMilliseconds]);
}

/**
 * Starting points for parallel walkers of one object list. A list reply names the id of the record that comes next (`after`), and an id
 * given there starts a page at that record: observed, not promised, so each seeded page is checked and one walker does it all if it lies.
 */
import type { HubspotApi, ObjectType, SearchQuery } from './api.ts';
import type { Range } from './cursor.ts';
import { rowSchema } from './schema.ts';

export const WHOLE: Range = { from: null, until: null, after: null, done: false };

/** More walkers fill no faster: three already use up the smallest limit at the usual latency. */
const WALKERS = 4;
/** Below this a second walker saves less than its search costs. */
const LEAST_PER_WALKER = 200;
/** Searches cannot look further than 10,000 rows ahead. */
const FURTHEST_OFFSET = 9_900;

/** Ranges that hold about as many records each, in whole pages, and how many records there are. 1 search, and 1 more per extra walker. */
export async function planRanges(
  api: HubspotApi,
  type: ObjectType,
  pageSize: number,
): Promise<{ readonly ranges: Range[]; readonly total: number }> {
  const first = await api.search(type, ranked(null, 0));
  const { total } = first;
  const walkers = Math.min(WALKERS, Math.floor(total / LEAST_PER_WALKER));
  if (walkers < 2) return { ranges: [WHOLE], total };
  const share = Math.ceil(total / walkers / pageSize) * pageSize;
  const pivots: string[] = [];
  for (let rank = share; rank < total; rank += share) {
    const pivot = await idAtDistance(api, type, pivots.at(-1) ?? null, share);
    if (pivot === null) return { ranges: [WHOLE], total };
    pivots.push(pivot);
  }
  return { ranges: rangesBetween(pivots), total };
}

/** Id of the record `distance` places after `from` (or after the start), in hops that a search can make. */
async function idAtDistance(
  api: HubspotApi,
  type: ObjectType,
  from: string | null,
  distance: number,
): Promise<string | null> {
  let id = from;
  let left = distance;
  while (left > 0) {
    const hop = Math.min(left, FURTHEST_OFFSET);
    const reply = await api.search(type, ranked(id, hop));
    const row = rowSchema.safeParse(reply.results[0]);
    if (!row.success || !/^\d+$/.test(row.data.id)) return null;
    id = row.data.id;
    left -= hop;
  }
  return id;
}

/** One row: the record `offset` places after `from`, or the `offset`-th of all, by id. */
function ranked(from: string | null, offset: number): SearchQuery {
  const filters =
    from === null ? [] : [[{ propertyName: 'hs_object_id', operator: 'GTE', value: from } as const]];
  const query: SearchQuery = {
    groups: filters,
    sort: { propertyName: 'hs_object_id', direction: 'ASCENDING' },
    properties: ['hs_object_id'],
    limit: 1,
  };
  return offset === 0 ? query : { ...query, after: String(offset) };
}

/** The seed is the id just below the pivot: right whether `after` means "from this one on" or "behind this one". */
function rangesBetween(pivots: readonly string[]): Range[] {
  const starts = [null, ...pivots];
  return starts.map((from, at) => ({
    from,
    until: starts[at + 1] ?? null,
    after: from === null ? null : String(BigInt(from) - 1n),
    done: false,
  }));
}

/** -1, 0 or 1: ids are digits of any length. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether the record belongs to the range: its neighbours deliver the rest. */
export function inRange(range: Range, id: string): boolean {
  return (
    (range.from === null || compareIds(id, range.from) >= 0) &&
    (range.until === null || compareIds(id, range.until) < 0)
  );
}

import { compareIds, lowerBound } from '../world/ids.ts';
import type { WorldRecord } from '../world/types.ts';
import { invalid } from './errors.ts';
import { isJson, type Reply } from './reply.ts';
import { secondOf, wholeSecondMs } from './times.ts';

/** Conventions of a v2 list: page size, keyset cursor, inclusive `updated_since`, exclusive `updated_until`. Unknown parameters are ignored. */
export interface ListQuery {
  readonly limit: number;
  readonly sortBy: 'id' | 'update_time' | 'add_time';
  readonly descending: boolean;
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  readonly after: Position | null;
}

/** The last row of the page before: its sort value and its id, so that rows written meanwhile shift nothing. */
interface Position {
  readonly value: number;
  readonly id: string;
}

export interface ListPage {
  readonly records: readonly WorldRecord[];
  readonly nextCursor: string | null;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

export function listQuery(query: URLSearchParams): ListQuery | Reply {
  const problems: { parameter: string; problem: string }[] = [];
  const limitText = query.get('limit') ?? String(DEFAULT_LIMIT);
  const limit = /^\d+$/.test(limitText) ? Number(limitText) : 0;
  if (limit < 1 || limit > MAX_LIMIT)
    problems.push({ parameter: 'limit', problem: `must be between 1 and ${MAX_LIMIT}` });
  const sortBy = query.get('sort_by') ?? 'id';
  if (sortBy !== 'id' && sortBy !== 'update_time' && sortBy !== 'add_time')
    problems.push({ parameter: 'sort_by', problem: 'must be one of id, update_time, add_time' });
  const [sinceMs, untilMs] = ['updated_since', 'updated_until'].map((name) => {
    const text = query.get(name);
    const ms = text === null ? null : wholeSecondMs(text);
    if (text !== null && ms === null) problems.push({ parameter: name, problem: 'not a valid datetime' });
    return ms;
  });
  const after = readCursor(query.get('cursor'));
  if (after === 'invalid') problems.push({ parameter: 'cursor', problem: 'is invalid' });
  if (problems.length > 0 || after === 'invalid') return invalid(problems);
  return {
    limit,
    sortBy: sortBy === 'update_time' || sortBy === 'add_time' ? sortBy : 'id',
    descending: query.get('sort_direction') === 'desc',
    sinceMs: sinceMs ?? null,
    untilMs: untilMs ?? null,
    after,
  };
}

export function isReply(value: unknown): value is Reply {
  return isJson(value) && 'status' in value && 'json' in value;
}

/** `sorted` is ascending by id. Only rows that `keeps` accepts are listed. */
export function listPage(
  sorted: readonly WorldRecord[],
  query: ListQuery,
  keeps: (record: WorldRecord) => boolean,
): ListPage {
  const inWindow = (record: WorldRecord) => isInWindow(record, query) && keeps(record);
  if (query.sortBy === 'id' && !query.descending) return pageById(sorted, query, inWindow);
  const value = (record: WorldRecord) => sortValue(record, query.sortBy);
  const direction = query.descending ? -1 : 1;
  const byKey = (a: Position, b: Position) => direction * (a.value - b.value || compareIds(a.id, b.id));
  const rows = sorted
    .filter(inWindow)
    .map((record) => ({ record, value: value(record), id: record.id }))
    .sort(byKey);
  const { after } = query;
  const start = after === null ? 0 : rows.findIndex((row) => byKey(row, after) > 0);
  const page = start < 0 ? [] : rows.slice(start, start + query.limit + 1);
  return cut(
    page.map((row) => row.record),
    query,
  );
}

function pageById(
  sorted: readonly WorldRecord[],
  query: ListQuery,
  keeps: (record: WorldRecord) => boolean,
): ListPage {
  const page: WorldRecord[] = [];
  let index = query.after === null ? 0 : lowerBound(sorted, query.after.id);
  if (sorted[index]?.id === query.after?.id) index += 1;
  for (; index < sorted.length && page.length <= query.limit; index += 1) {
    const record = sorted[index];
    if (record !== undefined && keeps(record)) page.push(record);
  }
  return cut(page, query);
}

function cut(records: readonly WorldRecord[], query: ListQuery): ListPage {
  const page = records.slice(0, query.limit);
  const last = page.at(-1);
  if (records.length <= query.limit || last === undefined) return { records: page, nextCursor: null };
  return {
    records: page,
    nextCursor: writeCursor({ value: sortValue(last, query.sortBy), id: last.id }, query),
  };
}

function isInWindow(record: WorldRecord, { sinceMs, untilMs }: ListQuery): boolean {
  if (sinceMs === null && untilMs === null) return true;
  const updated = secondOf(record.updatedAtMs);
  return (sinceMs === null || updated >= sinceMs) && (untilMs === null || updated < untilMs);
}

function sortValue(record: WorldRecord, sortBy: ListQuery['sortBy']): number {
  if (sortBy === 'update_time') return secondOf(record.updatedAtMs);
  return sortBy === 'add_time' ? secondOf(record.createdAtMs) : 0;
}

function writeCursor(position: Position, query: ListQuery): string {
  const cursor = {
    field: query.sortBy,
    fieldValue: query.sortBy === 'id' ? position.id : position.value,
    sortDirection: query.descending ? 'desc' : 'asc',
    id: position.id,
  };
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(text: string | null): Position | null | 'invalid' {
  if (text === null) return null;
  try {
    const cursor: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!isJson(cursor) || typeof cursor['id'] !== 'string') return 'invalid';
    const value = cursor['fieldValue'];
    return { value: typeof value === 'number' ? value : 0, id: cursor['id'] };
  } catch {
    return 'invalid';
  }
}

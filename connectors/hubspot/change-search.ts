/**
 * Rows of one type that were modified in a window of time, read by id: filter on the modified date, `hs_object_id` above the last one
 * seen, ascending. The order does not move while rows change, so nothing is skipped; no offset is used, so the 10,000 rows that a search
 * can page through are no limit, not even when a bulk job stamps every record with one instant.
 */
import { ConnectorError } from '../../src/ports/connector.ts';
import type { HubspotApi, ObjectType, SearchFilter } from './api.ts';
import { rowSchema } from './schema.ts';
import { instantFromText } from './text-dates.ts';

/** Epoch milliseconds, both ends included. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ChangedRow {
  readonly id: string;
  readonly modifiedMs: number;
  readonly raw: unknown;
}

export interface ChangeSearch {
  readonly type: ObjectType;
  readonly modifiedProperty: string;
  readonly properties: readonly string[];
  /** Any of them may hold the modified time; empty spans are left out. */
  readonly spans: readonly Span[];
  /** Ids up to this one have been read. */
  readonly reached: string | null;
}

/** HubSpot's cap. */
const PAGE = 200;

/**
 * Pages of rows inside the spans. The index may answer with rows that have moved on since: they are left out here, for a later window
 * will hold them. Rows without id or date stop the pull, for a keyset cannot step over them.
 */
export async function* changedRows(
  api: Pick<HubspotApi, 'search'>,
  search: ChangeSearch,
): AsyncGenerator<{ readonly rows: readonly ChangedRow[]; readonly reached: string }, void, void> {
  const spans = search.spans.filter((span) => span.fromMs <= span.toMs);
  let reached = search.reached;
  while (spans.length > 0) {
    const reply = await api.search(search.type, {
      groups: spans.map((span) => filtersOf(search.modifiedProperty, span, reached)),
      sort: { propertyName: 'hs_object_id', direction: 'ASCENDING' },
      properties: search.properties,
      limit: PAGE,
    });
    const rows = reply.results.map((raw) => rowOf(raw, search.modifiedProperty));
    const last = rows.at(-1)?.id;
    if (last === undefined) return;
    reached = last;
    yield { rows: rows.filter((row) => spans.some((span) => contains(span, row.modifiedMs))), reached };
    if (rows.length === reply.total || rows.length < PAGE) return;
  }
}

/** How many rows a span holds, and the newest of them (at most 200), in one call. */
export async function newestIn(
  api: HubspotApi,
  search: Pick<ChangeSearch, 'type' | 'modifiedProperty'>,
  span: Span,
): Promise<{ readonly total: number; readonly rows: readonly ChangedRow[] }> {
  const reply = await api.search(search.type, {
    groups: [filtersOf(search.modifiedProperty, span, null)],
    sort: { propertyName: search.modifiedProperty, direction: 'DESCENDING' },
    properties: [search.modifiedProperty],
    limit: PAGE,
  });
  return { total: reply.total, rows: reply.results.map((raw) => rowOf(raw, search.modifiedProperty)) };
}

export function contains(span: Span, ms: number): boolean {
  return span.fromMs <= ms && ms <= span.toMs;
}

function filtersOf(property: string, span: Span, reached: string | null): SearchFilter[] {
  const modified: SearchFilter = {
    propertyName: property,
    operator: 'BETWEEN',
    value: String(span.fromMs),
    highValue: String(span.toMs),
  };
  return reached === null
    ? [modified]
    : [modified, { propertyName: 'hs_object_id', operator: 'GT', value: reached }];
}

function rowOf(raw: unknown, modifiedProperty: string): ChangedRow {
  const parsed = rowSchema.safeParse(raw);
  if (!parsed.success) throw unreadableRow();
  const row = parsed.data;
  const modified = instantFromText(row.properties[modifiedProperty], 'UTC');
  const at = modified === null || modified === 'unreadable' ? row.updatedAt : modified.at;
  return { id: row.id, modifiedMs: at.epochMilliseconds, raw };
}

function unreadableRow(): ConnectorError {
  const facts = { retry: { kind: 'never' }, whoMustAct: 'developer' } as const;
  return new ConnectorError('CRM_UNREADABLE', 'hubspot search: a row without id or date', facts);
}

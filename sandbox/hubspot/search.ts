import { validationError } from './errors.ts';
import type { ObjectType } from './object-types.ts';
import type { Portal } from './portal.ts';
import { recordView } from './record-view.ts';
import { type Call, isJson, type Json, type Reply, reply, stringList } from './reply.ts';
import { type Filter, filterFrom, type Matcher, matcherOf } from './search-filters.ts';
import { entriesAbove, type IndexEntry } from './search-index.ts';
import { instantMs } from './values.ts';

const MAX_PAGE = 200;
const MAX_RESULTS = 10_000;
const MAX_GROUPS = 5;
const MAX_FILTERS_PER_GROUP = 6;
const MAX_FILTERS = 18;
const MAX_BODY_CHARS = 3_000;
/** Answers kept for readers who page: the same question at the same index version is not computed again. */
const KEPT_ANSWERS = 20;

interface Question {
  readonly groups: readonly (readonly Filter[])[];
  readonly sort: { readonly property: string; readonly descending: boolean } | null;
  readonly text: string;
}

interface Answer {
  readonly version: number;
  readonly entries: readonly IndexEntry[];
}

const answers = new WeakMap<Portal, Map<string, Answer>>();

/** POST /crm/v3/objects/{type}/search. */
export function searchObjects(portal: Portal, type: ObjectType, call: Call): Reply {
  const body = isJson(call.body) ? call.body : {};
  const window = windowOf(body);
  if ('status' in window) return window;
  const question = questionOf(body);
  if (question === null) return validationError('There was a problem with the request.');
  const refusal = tooLarge(question, body);
  if (refusal !== null) return refusal;
  const found = find(portal, type, question);
  if (found === null) return validationError('There was a problem with the request.');
  const { after, limit } = window;
  const page = found.slice(after, after + limit);
  const view = { properties: stringList(body['properties']), history: [], associations: [] };
  const more = after + limit < found.length;
  return reply(200, {
    total: found.length,
    results: page.map((entry) => recordView(portal, entry.record, view)),
    ...(more && { paging: { next: { after: String(after + limit) } } }),
  });
}

/** `after` of a search is an offset, and beyond 10,000 there is nothing to be had. */
function windowOf(body: Json): { readonly after: number; readonly limit: number } | Reply {
  const limit = body['limit'] === undefined ? 10 : Number(body['limit']);
  const after = body['after'] === undefined || body['after'] === '' ? 0 : Number(body['after']);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    return validationError(`limit must be between 1 and ${MAX_PAGE}`);
  }
  if (!Number.isInteger(after) || after < 0) return validationError('after must be an integer');
  if (after + limit > MAX_RESULTS) {
    return validationError(
      `Paging past ${MAX_RESULTS} results is not supported. Narrow the search by its filters.`,
    );
  }
  return { after, limit };
}

function questionOf(body: Json): Question | null {
  const rawGroups = Array.isArray(body['filterGroups']) ? body['filterGroups'].filter(isJson) : [];
  const groups: Filter[][] = [];
  for (const raw of rawGroups) {
    const filters = Array.isArray(raw['filters']) ? raw['filters'].map(filterFrom) : [];
    const known = filters.filter((filter) => filter !== null);
    if (known.length !== filters.length) return null;
    groups.push(known);
  }
  return { groups, sort: sortOf(body), text: typeof body['query'] === 'string' ? body['query'] : '' };
}

/** "createdate", "-createdate" and {propertyName, direction} are all understood; only the first sort counts. */
function sortOf(body: Json): Question['sort'] {
  const first: unknown = Array.isArray(body['sorts']) ? body['sorts'][0] : undefined;
  if (typeof first === 'string')
    return { property: first.replace(/^-/, ''), descending: first.startsWith('-') };
  if (!isJson(first)) return null;
  return { property: String(first['propertyName']), descending: first['direction'] === 'DESCENDING' };
}

function tooLarge(question: Question, body: Json): Reply | null {
  const count = question.groups.reduce((sum, group) => sum + group.length, 0);
  if (question.groups.length > MAX_GROUPS || count > MAX_FILTERS) {
    return validationError(
      `A search may have at most ${MAX_GROUPS} filter groups and ${MAX_FILTERS} filters.`,
    );
  }
  if (question.groups.some((group) => group.length > MAX_FILTERS_PER_GROUP)) {
    return validationError(`A filter group may have at most ${MAX_FILTERS_PER_GROUP} filters.`);
  }
  const filters = JSON.stringify(body['filterGroups'] ?? []);
  return filters.length > MAX_BODY_CHARS ? validationError('The search request is too long.') : null;
}

/**
 * Everything that matches, in order; null when a property cannot be searched. A reader who pages by `hs_object_id > last` asks a question
 * that differs only in that number: the rest is answered once and the number is looked up in it.
 */
function find(portal: Portal, type: ObjectType, question: Question): readonly IndexEntry[] | null {
  const keyset = keysetOf(question);
  const rest = keyset === null ? question : { ...question, groups: [keyset.rest] };
  const entries = answered(portal, type, rest);
  if (entries === null || keyset === null) return entries;
  return entriesAbove(entries, keyset.filter.value, keyset.filter.operator === 'GTE');
}

function keysetOf(question: Question): { readonly filter: Filter; readonly rest: readonly Filter[] } | null {
  const only = question.groups.length === 1 ? question.groups[0] : undefined;
  const byId =
    question.sort === null || (question.sort.property === 'hs_object_id' && !question.sort.descending);
  if (only === undefined || !byId) return null;
  const filter = only.find((one) => one.property === 'hs_object_id' && ['GT', 'GTE'].includes(one.operator));
  return filter === undefined ? null : { filter, rest: only.filter((one) => one !== filter) };
}

function answered(portal: Portal, type: ObjectType, question: Question): readonly IndexEntry[] | null {
  const visible = portal.index.visible(type.kind, portal.clock.nowMs());
  const kept = answers.get(portal) ?? new Map<string, Answer>();
  answers.set(portal, kept);
  const key = `${type.name} ${JSON.stringify(question)}`;
  const known = kept.get(key);
  if (known?.version === portal.index.version) return known.entries;
  const entries = evaluate(portal, type, question, visible);
  if (entries === null) return null;
  kept.set(key, { version: portal.index.version, entries });
  const oldest = kept.size > KEPT_ANSWERS ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  return entries;
}

function evaluate(
  portal: Portal,
  type: ObjectType,
  question: Question,
  visible: readonly IndexEntry[],
): readonly IndexEntry[] | null {
  const groups: Matcher[][] = [];
  for (const filters of question.groups) {
    const matchers = filters.map((filter) => matcherOf(portal, type, filter)).filter((one) => one !== null);
    if (matchers.length !== filters.length) return null;
    groups.push(matchers);
  }
  const anyGroup = (entry: IndexEntry) => groups.some((group) => group.every((matches) => matches(entry)));
  const matching = groups.length === 0 ? visible : visible.filter(anyGroup);
  const worded =
    question.text === ''
      ? matching
      : matching.filter((entry) => mentions(portal, type, entry, question.text));
  return sorted(portal, type, worded, question.sort);
}

function mentions(portal: Portal, type: ObjectType, entry: IndexEntry, text: string): boolean {
  return type.defaults.some((name) =>
    portal.properties.value(entry.record, name)?.toLowerCase().includes(text.toLowerCase()),
  );
}

/** `visible` is ascending by id already, and equal values keep that order. */
function sorted(
  portal: Portal,
  type: ObjectType,
  entries: readonly IndexEntry[],
  sort: Question['sort'],
): readonly IndexEntry[] {
  if (sort === null) return entries;
  if (sort.property === 'hs_object_id') return sort.descending ? entries.toReversed() : entries;
  const sign = sort.descending ? -1 : 1;
  const keyed = entries.map((entry) => ({ entry, key: sortKey(portal, type, entry, sort.property) }));
  keyed.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map((one) => one.entry);
}

/** Numbers for times and numbers, text otherwise; records without a value come first. */
function sortKey(portal: Portal, type: ObjectType, entry: IndexEntry, property: string): number | string {
  if (property === type.modifiedProperty) return entry.seenMs;
  const value = portal.properties.value(entry.record, property) ?? null;
  const definition = portal.properties.living(type.kind, property)?.definition;
  if (definition?.type === 'number') return value === null ? Number.NEGATIVE_INFINITY : Number(value);
  if (definition?.type === 'date' || definition?.type === 'datetime') {
    return (value === null ? null : instantMs(value)) ?? Number.NEGATIVE_INFINITY;
  }
  return value?.toLowerCase() ?? '';
}

import { compareIds } from '../world/ids.ts';
import type { ObjectType } from './object-types.ts';
import { objectType } from './object-types.ts';
import type { Portal } from './portal.ts';
import { livingLinks } from './record-view.ts';
import { isJson, type Json, stringList } from './reply.ts';
import type { IndexEntry } from './search-index.ts';
import { instantMs } from './values.ts';

/** One condition of a search. `values` serves IN and NOT_IN, `high` BETWEEN. */
export interface Filter {
  readonly property: string;
  readonly operator: string;
  readonly value: string;
  readonly high: string;
  readonly values: readonly string[];
}

export type Matcher = (entry: IndexEntry) => boolean;

const OPERATORS = new Set([
  'LT',
  'LTE',
  'GT',
  'GTE',
  'EQ',
  'NEQ',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
]);

export function filterFrom(raw: unknown): Filter | null {
  if (!isJson(raw) || typeof raw['propertyName'] !== 'string') return null;
  const operator = String(raw['operator']);
  if (!OPERATORS.has(operator)) return null;
  return {
    property: raw['propertyName'],
    operator,
    value: textOf(raw, 'value'),
    high: textOf(raw, 'highValue'),
    values: stringList(raw['values']),
  };
}

function textOf(raw: Json, key: string): string {
  const value = raw[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Null when the property cannot be searched. */
export function matcherOf(portal: Portal, type: ObjectType, filter: Filter): Matcher | null {
  if (filter.property.startsWith('associations.')) return linkMatcher(portal, filter);
  if (filter.property === 'hs_object_id') return (entry) => holds(filter, compareIdTo(entry.id), entry.id);
  if (filter.property === type.modifiedProperty) {
    return (entry) => holds(filter, compareInstantTo(entry.seenMs), String(entry.seenMs));
  }
  const definition = portal.properties.living(type.kind, filter.property)?.definition;
  if (definition === undefined) return null;
  return (entry) => {
    const value = portal.properties.value(entry.record, filter.property) ?? null;
    return holds(filter, compareTo(definition.type, value), value);
  };
}

function linkMatcher(portal: Portal, filter: Filter): Matcher | null {
  const kind = objectType(filter.property.slice('associations.'.length))?.kind;
  if (kind === undefined) return null;
  const wanted = new Set([filter.value, ...filter.values]);
  return (entry) => livingLinks(portal, entry.record, kind).some((link) => wanted.has(link.id));
}

/** Order of the record's value against a text of the filter; null when one of them is no such value. */
type Compare = (text: string) => number | null;

function compareIdTo(id: string): Compare {
  return (text) => compareIds(id, text);
}

function compareInstantTo(ms: number): Compare {
  return (text) => {
    const other = instantMs(text);
    return other === null ? null : ms - other;
  };
}

function compareTo(type: string, value: string | null): Compare {
  if (value === null) return () => null;
  if (type === 'date' || type === 'datetime') {
    const ms = instantMs(value);
    return ms === null ? () => null : compareInstantTo(ms);
  }
  if (type === 'number') {
    return (text) => {
      const difference = Number(value) - Number(text);
      return Number.isNaN(difference) ? null : difference;
    };
  }
  const own = value.toLowerCase();
  return (text) => (own === text.toLowerCase() ? 0 : own < text.toLowerCase() ? -1 : 1);
}

function holds(filter: Filter, compare: Compare, value: string | null): boolean {
  const order = (text: string) => compare(text);
  switch (filter.operator) {
    case 'HAS_PROPERTY':
      return value !== null;
    case 'NOT_HAS_PROPERTY':
      return value === null;
    case 'EQ':
      return order(filter.value) === 0;
    case 'NEQ':
      return order(filter.value) !== 0;
    case 'IN':
      return filter.values.some((text) => order(text) === 0);
    case 'NOT_IN':
      return value !== null && filter.values.every((text) => order(text) !== 0);
    case 'CONTAINS_TOKEN':
      return hasToken(value, filter.value);
    case 'NOT_CONTAINS_TOKEN':
      return !hasToken(value, filter.value);
    default:
      return inRange(filter, order);
  }
}

function inRange(filter: Filter, order: Compare): boolean {
  const low = order(filter.value);
  if (low === null) return false;
  switch (filter.operator) {
    case 'LT':
      return low < 0;
    case 'LTE':
      return low <= 0;
    case 'GT':
      return low > 0;
    case 'GTE':
      return low >= 0;
    default: {
      const high = order(filter.high);
      return low >= 0 && high !== null && high <= 0;
    }
  }
}

function hasToken(value: string | null, token: string): boolean {
  if (value === null) return false;
  const wanted = token.toLowerCase().replaceAll('*', '');
  return value.toLowerCase().includes(wanted);
}

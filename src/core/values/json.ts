/**
 * Canonical JSON of core values: same value, same bytes. Keys of objects and maps are sorted; big integers, dates, instants and maps are tagged,
 * so that what a snapshot froze is what a later reader gets back.
 */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export function toCanonicalJson(value: unknown): string {
  return JSON.stringify(encode(value));
}

/** Inverse of `toCanonicalJson`, also for a value that a database driver has parsed already. */
export function fromCanonicalJson<Value>(json: unknown): Value {
  return decode(typeof json === 'string' ? JSON.parse(json) : json) as Value;
}

function encode(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`a ${value} has no place in a snapshot`);
    return value;
  }
  if (typeof value === 'bigint') return { $bigint: value.toString() };
  if (value instanceof Temporal.PlainDate) return { $date: value.toString() };
  if (value instanceof Temporal.Instant) return { $instant: value.toString() };
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Map) return { $map: encodeEntries(value) };
  if (typeof value === 'object' && isPlain(value)) return encodeObject(value as Record<string, unknown>);
  throw new Error(`a ${Object.prototype.toString.call(value)} has no canonical JSON`);
}

/** A Set would lose its content without a word. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function encodeEntries(map: ReadonlyMap<unknown, unknown>): Json[] {
  const byKey = [...map].map(([key, value]) => ({
    text: toCanonicalJson(key),
    entry: [encode(key), encode(value)],
  }));
  return byKey.toSorted((left, right) => (left.text < right.text ? -1 : 1)).map(({ entry }) => entry);
}

function encodeObject(value: Record<string, unknown>): Json {
  const kept = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return Object.fromEntries(kept.map((key) => [key, encode(value[key])]));
}

function decode(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(decode);
  if (json === null || typeof json !== 'object') return json;
  const entries = Object.entries(json);
  const [tag, text] = entries.length === 1 ? (entries[0] ?? []) : [];
  if (tag === '$bigint') return BigInt(String(text));
  if (tag === '$date') return Temporal.PlainDate.from(String(text));
  if (tag === '$instant') return Temporal.Instant.from(String(text));
  if (tag === '$map') return new Map(decode(text) as [unknown, unknown][]);
  return Object.fromEntries(entries.map(([key, inner]) => [key, decode(inner)]));
}

/**
 * Amounts leave JSON as the digits that were sent: `JSON.parse` alone would make floats of them. Numbers under the keys below (a deal's
 * amount, a monetary field's, the price, quantity and sum of a line) become text; nothing else changes.
 */
const EXACT = new Set(['value', 'item_price', 'quantity', 'sum']);

export function parseWithExactValues(text: string): unknown {
  return parse(text, (key, value, context) =>
    EXACT.has(key) && typeof value === 'number' && context?.source !== undefined ? context.source : value,
  );
}

/** Decimal text -> a JSON number of exactly these digits, for a request's body. */
export function exactNumber(decimal: string): unknown {
  return writer.rawJSON(decimal);
}

/** Source text access of ES2025 JSON: Node has it, TypeScript's library does not know it yet. */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
const writer = JSON as unknown as { rawJSON(text: string): unknown };

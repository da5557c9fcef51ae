/**
 * Postgres text cannot hold U+0000, and UTF-8 cannot hold half a surrogate pair; both arrive in CRM fields. At the edge of the store the
 * first is removed and the second becomes U+FFFD. Canonical JSON columns need none of this: JSON escapes both.
 */
export function cleanText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes(NUL) ? wellFormed.replaceAll(NUL, '') : wellFormed;
}

const NUL = '\u0000';

/** Rows as one JSON parameter for `jsonb_to_recordset`; every text in it is clean. */
export function toBulkJson(rows: unknown): string {
  const json = JSON.stringify(rows);
  return SUSPECT.test(json) ? JSON.stringify(rows, cleanValue) : json;
}

/** Escapes that `JSON.stringify` writes only for NUL and for lone surrogates (an escaped backslash may look the same: harmless). */
const SUSPECT = /\\u0000|\\ud[89a-f]/;

function cleanValue(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? cleanText(value) : value;
}

/** Cuts a list into chunks: statements of a bounded size, whatever the page. */
export function chunksOf<Row>(rows: readonly Row[], size: number): readonly (readonly Row[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}

/** Rows per landing statement: beyond it nothing gets faster, and memory grows. */
export const CHUNK_ROWS = 1_000;

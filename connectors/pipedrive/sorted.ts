import type { Rejection } from '../../src/core/deals/deal.ts';
import type { Result } from '../../src/core/values/result.ts';

/** Rows that could be read, and why the others could not. */
export function sorted<Row>(
  rows: readonly unknown[],
  read: (raw: unknown) => Result<Row, Rejection>,
): { readonly read: readonly Row[]; readonly rejections: readonly Rejection[] } {
  const results = rows.map(read);
  return {
    read: results.filter((result) => result.ok).map((result) => result.value),
    rejections: results.filter((result) => !result.ok).map((result) => result.error),
  };
}

/** Ids of a CRM are decimal numbers too large to calculate with: compared as text. */

/** Numeric order of two decimal ids without leading zeros; ids that are no numbers sort after, as text. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Position of the first id that is not below `id` in an ascending list. */
export function lowerBound(sorted: readonly { readonly id: string }[], id: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle];
    if (at !== undefined && compareIds(at.id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

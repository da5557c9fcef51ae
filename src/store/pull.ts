/** The pull that a page belongs to. */
export interface Pull {
  readonly connectionId: string;
  readonly pullId: string;
}

/** One version per id, the newest; of equally new ones the last. A statement may not touch a row twice. */
export function newestOf<Row extends { readonly id: string; readonly updatedAt: Temporal.Instant }>(
  rows: readonly Row[],
): readonly Row[] {
  const newest = new Map<string, Row>();
  for (const row of rows) {
    const held = newest.get(row.id);
    if (held === undefined || Temporal.Instant.compare(held.updatedAt, row.updatedAt) <= 0)
      newest.set(row.id, row);
  }
  return [...newest.values()];
}

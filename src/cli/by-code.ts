import { errorLine } from '../../templates/errors/catalogue.ts';
import type { App } from './app.ts';

/** How many there are of each code, the most frequent first. */
export function countByCode(records: readonly { readonly code: string }[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { code } of records) counts.set(code, (counts.get(code) ?? 0) + 1);
  const rows = [...counts].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
  return Object.fromEntries(rows);
}

/** One line per code: how many, and the sentence of the catalogue. */
export function noteByCode({ terminal }: App, counts: Readonly<Record<string, number>>): void {
  for (const [code, count] of Object.entries(counts))
    terminal.note(errorLine(code, terminal.locale, `× ${count}`));
}

/**
 * Our own write-back comes back as changed deals. Its receipts name a span of time and, per deal, the modified time that HubSpot answered:
 * the search for changes leaves that span out, and one more call tells whether anything else happened inside it.
 */
import type { OwnWriteSpan } from '../../src/ports/connector.ts';
import type { HubspotApi } from './api.ts';
import { type ChangedRow, contains, newestIn, type Span } from './change-search.ts';

/** The part of a window that our writes fill, and what lies around it. */
export interface EchoPlan {
  readonly around: readonly Span[];
  readonly inside: Span | null;
}

export function planEcho(window: Span, writes: OwnWriteSpan | null): EchoPlan {
  if (writes === null || writes.modifiedAt.size === 0) return { around: [window], inside: null };
  const inside: Span = {
    fromMs: Math.max(window.fromMs, writes.from.epochMilliseconds),
    toMs: Math.min(window.toMs, writes.to.epochMilliseconds),
  };
  if (inside.fromMs > inside.toMs) return { around: [window], inside: null };
  const before = { fromMs: window.fromMs, toMs: inside.fromMs - 1 };
  const after = { fromMs: inside.toMs + 1, toMs: window.toMs };
  return { around: [before, after].filter((span) => span.fromMs <= span.toMs), inside };
}

export function isEcho(row: ChangedRow, writes: OwnWriteSpan): boolean {
  return receiptMs(writes, row.id) === row.modifiedMs;
}

/**
 * True when the span holds our writes and nothing else: as many rows as receipts, less the deals that have left it (`gone`: changed again
 * later, or archived), and the newest 200 of them each at the time of its receipt. Up to 200 writes that is proof; above, a change that
 * falls between our own batches on a deal written seconds before could hide until the next full pull.
 */
export async function onlyEchoes(
  api: HubspotApi,
  inside: Span,
  writes: OwnWriteSpan,
  gone: ReadonlySet<string>,
): Promise<boolean> {
  const receipts = [...writes.modifiedAt].filter(
    ([id, at]) => !gone.has(id) && contains(inside, at.epochMilliseconds),
  );
  const search = { type: 'deals', modifiedProperty: 'hs_lastmodifieddate' } as const;
  const found = await newestIn(api, search, inside);
  return found.total === receipts.length && found.rows.every((row) => isEcho(row, writes));
}

function receiptMs(writes: OwnWriteSpan, id: string): number | undefined {
  const ids: ReadonlyMap<string, Temporal.Instant> = writes.modifiedAt;
  return ids.get(id)?.epochMilliseconds;
}

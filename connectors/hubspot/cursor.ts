/** Where a pull stands. Plain JSON, stored by others with the page that carried it; whatever cannot be read starts a full pull. */
import * as z from 'zod';
import type { PullCursor } from '../../src/ports/connector.ts';

/** A stretch of ids that one walker reads. `from` (kept) and `until` (not kept) bound it; `after` is HubSpot's own position in it. */
const rangeSchema = z.object({
  from: z.string().nullable(),
  until: z.string().nullable(),
  after: z.string().nullable(),
  done: z.boolean(),
});
export type Range = z.infer<typeof rangeSchema>;

/** Modified times (epoch ms) of records delivered lately, by type and id: the overlap of the next pull need not read them again. */
const recentSchema = z.record(z.string(), z.record(z.string(), z.number()));
export type Recent = z.infer<typeof recentSchema>;

const fullSchema = z.object({
  version: z.literal(2),
  mode: z.literal('full'),
  /** HubSpot's time when the walk began: what changed since is the next pull's business. */
  startedMs: z.number(),
  expected: z.number(),
  ranges: z.record(z.string(), z.array(rangeSchema)),
  recent: recentSchema,
});
export type FullCursor = z.infer<typeof fullSchema>;

const changesSchema = z.object({
  version: z.literal(2),
  mode: z.literal('changes'),
  /** Everything modified before this has been delivered. */
  sinceMs: z.number(),
  recent: recentSchema,
  /** Where the scan of the recycle bin goes on; null when the latest scan was complete. */
  archivedAfter: z.string().nullable(),
  /** The catalogue is read up to here. */
  productsMs: z.number(),
  /** A pull that has not ended: its window, and per type the last id delivered, or true when the type is done. */
  open: z
    .object({ toMs: z.number(), reached: z.record(z.string(), z.union([z.string(), z.literal(true)])) })
    .nullable(),
});
export type ChangesCursor = z.infer<typeof changesSchema>;

const cursorSchema = z.discriminatedUnion('mode', [fullSchema, changesSchema]);

/** Null: start over. A cursor from the future (a broken clock, a restored backup) proves nothing about what was read. */
export function readCursor(cursor: PullCursor | null, nowMs: number): FullCursor | ChangesCursor | null {
  const parsed = cursorSchema.safeParse(cursor);
  if (!parsed.success) return null;
  const latestMs = parsed.data.mode === 'full' ? parsed.data.startedMs : parsed.data.sinceMs;
  return latestMs > nowMs ? null : parsed.data;
}

/** Enough for a normal day; above it the oldest are read again, which costs calls and loses nothing. */
const MAX_RECENT = 500;

/** `recent` with more rows of `type`, without what is older than `oldestMs`. */
export function remember(
  recent: Recent,
  type: string,
  rows: Iterable<readonly [id: string, modifiedMs: number]>,
  oldestMs: number,
): Recent {
  const fresh = [...rows].filter(([, modifiedMs]) => modifiedMs >= oldestMs);
  if (fresh.length === 0) return recent;
  const merged = { ...recent[type], ...Object.fromEntries(fresh) };
  const newest = Object.entries(merged).sort(([, a], [, b]) => b - a);
  return { ...recent, [type]: Object.fromEntries(newest.slice(0, MAX_RECENT)) };
}

/** Without the rows that no later overlap can reach. */
export function forget(recent: Recent, oldestMs: number): Recent {
  const kept = Object.entries(recent).map(([type, rows]) => {
    const late = Object.entries(rows).filter(([, modifiedMs]) => modifiedMs >= oldestMs);
    return [type, Object.fromEntries(late)] as const;
  });
  return Object.fromEntries(kept.filter(([, rows]) => Object.keys(rows).length > 0));
}

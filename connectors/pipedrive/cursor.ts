/** Where a pull stands. Plain JSON, stored by others with the page that carried it; whatever cannot be read starts a full pull. */
import * as z from 'zod';
import type { PullCursor } from '../../src/ports/connector.ts';

/** Lists in the order in which they are walked; history comes last, when everything else has landed. */
export const WALKS = [
  'deals',
  'archived',
  'deleted',
  'organizations',
  'persons',
  'activities',
  'notes',
  'products',
] as const;

const cursorSchema = z.object({
  version: z.literal(2),
  /** Everything that changed before this has been delivered; null while the first pull goes on. Epoch ms of Pipedrive's clock. */
  sinceMs: z.number().nullable(),
  /** Pipedrive's time when the present round began: where the next one will start. Null: the round has ended. */
  startedMs: z.number().nullable(),
  walk: z.enum(WALKS),
  /** Pipedrive's own position in the walk. */
  after: z.string().nullable(),
  /** Deals whose past is still to be read: open ones first, then closed ones from the newest. */
  history: z.object({ walk: z.enum(['open', 'closed', 'archived', 'done']), after: z.string().nullable() }),
});
export type Cursor = z.infer<typeof cursorSchema>;

/** Null: start over. A cursor from the future (a broken clock, a restored backup) proves nothing about what was read. */
export function readCursor(cursor: PullCursor | null, nowMs: number): Cursor | null {
  const parsed = cursorSchema.safeParse(cursor);
  if (!parsed.success) return null;
  const latestMs = Math.max(parsed.data.sinceMs ?? 0, parsed.data.startedMs ?? 0);
  return latestMs > nowMs ? null : parsed.data;
}

export function firstCursor(nowMs: number): Cursor {
  return {
    version: 2,
    sinceMs: null,
    startedMs: nowMs,
    walk: 'deals',
    after: null,
    history: { walk: 'open', after: null },
  };
}

/** The cursor with which a pull goes on, or begins its next round. */
export function openRound(cursor: Cursor, nowMs: number): Cursor {
  return cursor.startedMs === null ? { ...cursor, startedMs: nowMs, walk: 'deals', after: null } : cursor;
}

/** The lists are read: the next round starts where this one began. */
export function closeRound(cursor: Cursor): Cursor {
  return {
    ...cursor,
    sinceMs: cursor.startedMs ?? cursor.sinceMs,
    startedMs: null,
    walk: 'deals',
    after: null,
  };
}

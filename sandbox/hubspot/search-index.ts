import { lowerBound } from '../world/ids.ts';
import type { RecordKind, WorldChange, WorldRecord } from '../world/types.ts';
import { RECORD_KINDS } from '../world/types.ts';
import type { World } from '../world/world.ts';

/** A record as the search index knows it: `seenMs` is the modified time it was indexed with, which may be behind the record's own. */
export interface IndexEntry {
  readonly id: string;
  readonly record: WorldRecord;
  readonly seenMs: number;
}

interface Pending {
  readonly record: WorldRecord;
  readonly seenMs: number;
  readonly visibleAtMs: number;
}

/**
 * HubSpot's search is eventually consistent: a write appears some moments later, and not in the order of writing. Each change here waits
 * its own share of `lagMs`, drawn from the record's id and time, so that the same run lags the same way.
 */
export class SearchIndex {
  lagMs: number;
  private readonly entries = new Map<RecordKind, Map<string, IndexEntry>>();
  private readonly ordered = new Map<RecordKind, readonly IndexEntry[]>();
  private pending: Pending[] = [];
  /** Grows with each visible change: what was found at a version stays found at it. */
  version = 0;

  constructor(world: World, lagMs: number) {
    this.lagMs = lagMs;
    for (const kind of RECORD_KINDS) {
      const living = world.list(kind).filter((record) => record.archivedAtMs === null);
      this.entries.set(kind, new Map(living.map((record) => [record.id, entryOf(record)])));
    }
    world.onChange((change) => this.hear(change));
  }

  /** Entries visible at `nowMs`, ascending by id. Do not change the array. */
  visible(kind: RecordKind, nowMs: number): readonly IndexEntry[] {
    this.settle(nowMs);
    const known = this.ordered.get(kind);
    if (known !== undefined) return known;
    const sorted = [...this.of(kind).values()].sort((a, b) =>
      a.id.length === b.id.length ? (a.id < b.id ? -1 : 1) : a.id.length - b.id.length,
    );
    this.ordered.set(kind, sorted);
    return sorted;
  }

  private hear(change: WorldChange): void {
    const { record } = change;
    if (['archived', 'purged'].includes(change.what)) {
      this.drop(record.kind, record.id);
      return;
    }
    if (change.lostId !== null) this.drop(record.kind, change.lostId);
    if (['linked', 'unlinked'].includes(change.what)) return;
    this.pending.push({
      record,
      seenMs: record.updatedAtMs,
      visibleAtMs: change.atMs + this.lagMs * share(record.id, change.atMs),
    });
  }

  private drop(kind: RecordKind, id: string): void {
    this.pending = this.pending.filter((wait) => wait.record.id !== id || wait.record.kind !== kind);
    if (this.of(kind).delete(id)) this.touch(kind);
  }

  private settle(nowMs: number): void {
    if (this.pending.length === 0) return;
    const due = this.pending.filter((wait) => wait.visibleAtMs <= nowMs);
    if (due.length === 0) return;
    this.pending = this.pending.filter((wait) => wait.visibleAtMs > nowMs);
    for (const wait of due) {
      const entries = this.of(wait.record.kind);
      const before = entries.get(wait.record.id);
      if (before !== undefined && before.seenMs > wait.seenMs) continue;
      entries.set(wait.record.id, { id: wait.record.id, record: wait.record, seenMs: wait.seenMs });
      this.touch(wait.record.kind);
    }
  }

  private touch(kind: RecordKind): void {
    this.version += 1;
    this.ordered.delete(kind);
  }

  private of(kind: RecordKind): Map<string, IndexEntry> {
    let entries = this.entries.get(kind);
    if (entries === undefined) {
      entries = new Map();
      this.entries.set(kind, entries);
    }
    return entries;
  }
}

function entryOf(record: WorldRecord): IndexEntry {
  return { id: record.id, record, seenMs: record.updatedAtMs };
}

/** A fixed fraction in [0, 1) for a record and a time. FNV-1a. */
function share(id: string, atMs: number): number {
  let hash = 2_166_136_261;
  for (const char of `${id} ${atMs}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619);
  return (hash >>> 0) / 2 ** 32;
}

/** Entries with an id above `id`, from an ascending list, without copying what comes before. */
export function entriesAbove(
  sorted: readonly IndexEntry[],
  id: string,
  inclusive: boolean,
): readonly IndexEntry[] {
  const at = lowerBound(sorted, id);
  const skip = !inclusive && sorted[at]?.id === id ? 1 : 0;
  return sorted.slice(at + skip);
}

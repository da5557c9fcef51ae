import type { ForecastLine } from '../core/forecast-types.ts';
import type { SnapshotId } from '../core/ids.ts';
import type { TenantStore } from '../ports/store.ts';

/** Weeks that people turn between; each holds some megabytes for 50,000 deals. */
const KEPT = 3;

export interface SnapshotLines {
  of(tenant: TenantStore, id: SnapshotId): Promise<readonly ForecastLine[]>;
}

/** Lines of the snapshots looked at last, of one tenant. A snapshot never changes, so what is kept cannot be stale. */
export function snapshotLines(): SnapshotLines {
  const kept = new Map<SnapshotId, Promise<readonly ForecastLine[]>>();
  return {
    of: async (tenant, id) => {
      const lines = kept.get(id) ?? tenant.snapshots.lines(id);
      kept.delete(id);
      kept.set(id, lines);
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT))) kept.delete(oldest);
      try {
        return await lines;
      } catch (error) {
        kept.delete(id);
        throw error;
      }
    },
  };
}

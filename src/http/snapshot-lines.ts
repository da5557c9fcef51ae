import type { ForecastLine } from '../core/forecast/forecast-types.ts';
import type { SnapshotId } from '../core/values/ids.ts';
import type { TenantStore } from '../ports/store.ts';
import { keepNewest } from './keep-newest.ts';

/** Weeks that people turn between; each holds some megabytes for 50,000 deals. */
const KEPT = 3;

export interface SnapshotLines {
  of(tenant: TenantStore, id: SnapshotId): Promise<readonly ForecastLine[]>;
}

/** Whole lines of the snapshots looked at last, of one tenant. A snapshot never changes, so what is kept cannot be stale. */
export function snapshotLines(): SnapshotLines {
  const weeks = keepNewest<readonly ForecastLine[]>(KEPT);
  return { of: (tenant, id) => weeks(id, () => tenant.snapshots.lines(id)) };
}

import type { SandboxClock } from '../shared/clock.ts';
import type { ChangeSource, Stamp } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { HubspotFaultBoard } from './fault-board.ts';
import type { PropertyRegistry } from './property-registry.ts';
import type { SearchIndex } from './search-index.ts';
import type { WriteLedger } from './write-ledger.ts';

/** One HubSpot account being served: what every route needs. */
export interface Portal {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly properties: PropertyRegistry;
  readonly index: SearchIndex;
  readonly faults: HubspotFaultBoard;
  readonly ledger: WriteLedger;
  /** Id of the app whose token calls; it marks the source of what is written through the API. */
  readonly appId: string;
}

export function appStamp(portal: Portal): Stamp {
  const source: ChangeSource = { kind: 'app', id: portal.appId };
  return { atMs: portal.clock.nowMs(), source };
}

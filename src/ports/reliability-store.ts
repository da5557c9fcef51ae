/** Stores of the statistics: reports of the replay, and what managers froze. Append-only, the database refuses changes. */
import type { FrozenForecast } from '../core/forecast/frozen-forecast.ts';
import type { ReliabilityReport } from '../core/reliability/reliability-report.ts';
import type { ConnectionId } from '../core/values/ids.ts';

export interface ReliabilityStore {
  /** Once per (connection, asOf): a repeat changes nothing. */
  save(connectionId: ConnectionId, report: ReliabilityReport, at: Temporal.Instant): Promise<void>;
  latest(connectionId: ConnectionId): Promise<ReliabilityReport | null>;
}

export interface FrozenForecastStore {
  /** Once per (manager, period, snapshot): a second one returns the first and changes nothing. */
  freeze(connectionId: ConnectionId, frozen: FrozenForecast): Promise<FrozenForecast>;
  /** In the order in which they were frozen. */
  list(connectionId: ConnectionId): Promise<readonly FrozenForecast[]>;
}

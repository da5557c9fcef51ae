/** CRM accounts that a company has connected. */
import type { CrmKind } from '../core/values/crm.ts';
import type { ConnectionId } from '../core/values/ids.ts';

export interface ConnectionRow {
  readonly id: ConnectionId;
  readonly crm: CrmKind;
  readonly externalAccountId: string;
  readonly label: string;
  readonly state: 'active' | 'reconnect_needed' | 'paused';
  readonly lastPulledAt: Temporal.Instant | null;
}

export interface ConnectionStore {
  save(connection: ConnectionRow): Promise<void>;
  get(id: ConnectionId): Promise<ConnectionRow | null>;
  list(): Promise<readonly ConnectionRow[]>;
}

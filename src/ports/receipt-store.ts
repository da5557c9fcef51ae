/** What the CRM is known to hold of our own properties. */
import type { ConnectionId, DealId } from '../core/values/ids.ts';
import type { DealWrite, PropertyKey, PropertyValue, RefusedWrite } from '../core/write-back/write-back.ts';
import type { OwnWriteSpan, WriteOutcome } from './connector.ts';

/** What we know that the CRM holds of our own properties. */
export interface ReceiptStore {
  /** Values last acknowledged per deal. */
  acknowledged(
    connectionId: ConnectionId,
  ): Promise<ReadonlyMap<DealId, ReadonlyMap<PropertyKey, PropertyValue>>>;
  /** Marks these writes as on their way, before the call. */
  begin(connectionId: ConnectionId, writes: readonly DealWrite[], at: Temporal.Instant): Promise<void>;
  /** Writes begun without a known end: to be read back before anything else is written to these deals. */
  unsettled(connectionId: ConnectionId): Promise<readonly DealWrite[]>;
  /** One receipt per outcome. `written` acknowledges the begun values; `refused` keeps the refusal for the admin; `uncertain` stays unsettled; `not_arrived` forgets the begun write. */
  settle(connectionId: ConnectionId, outcomes: readonly WriteOutcome[], at: Temporal.Instant): Promise<void>;
  /** These properties were made anew in the CRM, so it holds no value of them: nothing counts as acknowledged any more. */
  forget(connectionId: ConnectionId, keys: readonly PropertyKey[]): Promise<void>;
  refusals(
    connectionId: ConnectionId,
  ): Promise<readonly { readonly dealId: DealId; readonly code: string; readonly at: Temporal.Instant }[]>;
  /** Values that the CRM refused and that no later write has replaced, per deal. */
  refusedWrites(connectionId: ConnectionId): Promise<ReadonlyMap<DealId, RefusedWrite>>;
  /** Own writes whose modified time in the CRM is at or after `since`. */
  ownWrites(connectionId: ConnectionId, since: Temporal.Instant): Promise<OwnWriteSpan | null>;
  /** Number of property values acknowledged since the beginning. */
  writtenCount(connectionId: ConnectionId): Promise<number>;
}

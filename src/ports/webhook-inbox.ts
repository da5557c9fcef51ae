/** Events that a CRM sent, until they are worked off. */
import type { ConnectionId } from '../core/values/ids.ts';

export interface WebhookInbox {
  /** Durable before the answer. False for a duplicate. */
  record(event: {
    readonly connectionId: ConnectionId;
    readonly dedupeKey: string;
    readonly receivedAt: Temporal.Instant;
    readonly raw: string;
  }): Promise<boolean>;
  /** Oldest first, not yet worked off. They stay until `done`. */
  take(
    connectionId: ConnectionId,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly raw: string }[]>;
  done(ids: readonly string[]): Promise<void>;
  /** Whether something that came before this is not worked off. */
  isWaiting(connectionId: ConnectionId, receivedBefore: Temporal.Instant): Promise<boolean>;
  /** Worked off and received before this: no CRM repeats them any more. */
  forget(connectionId: ConnectionId, receivedBefore: Temporal.Instant): Promise<void>;
}

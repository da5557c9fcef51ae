/** Events that a CRM sent, until they are worked off. */
import type { ConnectionId } from '../core/ids.ts';

export interface WebhookInbox {
  /** Durable before the answer. False for a duplicate. */
  record(event: {
    readonly connectionId: ConnectionId;
    readonly dedupeKey: string;
    readonly receivedAt: Temporal.Instant;
    readonly raw: string;
  }): Promise<boolean>;
  take(
    connectionId: ConnectionId,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly raw: string }[]>;
  done(ids: readonly string[]): Promise<void>;
}

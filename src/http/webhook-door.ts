/** What the route of the webhooks is given, and what it counts. */
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { WebhookReader, WebhookTarget } from '../ports/webhooks.ts';

export const WEBHOOK_PATH = '/webhooks';

/** Deliveries since the process began, by what became of them. */
export interface WebhookCounts {
  taken: number;
  /** Came before. */
  repeated: number;
  /** About nothing that is read here: another object, our own write, another account of the same app. */
  ofNoUse: number;
  unreadable: number;
  /** Not from the CRM, or for a connection that takes none. */
  refused: number;
  oversized: number;
}

export interface WebhookDoor {
  readonly reader: (crm: ConnectionRow['crm']) => WebhookReader | null;
  readonly target: (connection: ConnectionRow) => WebhookTarget | null;
  readonly counts: WebhookCounts;
}

export function newWebhookCounts(): WebhookCounts {
  return { taken: 0, repeated: 0, ofNoUse: 0, unreadable: 0, refused: 0, oversized: 0 };
}

/** What a CRM tells by itself. A delivery names deals that are worth reading again; nothing else in it is believed. */
import type { DealId } from '../core/values/ids.ts';

/** One HTTP request as it came in. */
export interface WebhookDelivery {
  readonly method: string;
  /** As the CRM called it: the registered address, query included. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it came: a signature covers its bytes. */
  readonly body: Uint8Array;
}

/** How one vendor's webhooks are known and read. Pure: no call, no store. */
export interface WebhookReader {
  /** Whether the CRM itself sent it, compared in constant time. `now`: signed times older than the vendor's limit are refused. */
  isAuthentic(delivery: WebhookDelivery, secret: string, now: Temporal.Instant): boolean;
  /** Null for a body that is not of this CRM. */
  read(body: Uint8Array): readonly WebhookEvent[] | null;
}

export interface WebhookEvent {
  /** The account it is about, as `Directory.account.externalId` names it. */
  readonly accountId: string;
  /** The same for a delivery that is repeated. */
  readonly dedupeKey: string;
  /** Null: about nothing that a forecast looks at, or about what Jalon itself writes. */
  readonly hint: DealHint | null;
}

/** Plain JSON but for the brand: it is what the inbox keeps. */
export interface DealHint {
  readonly dealId: DealId;
  /** The deal's last change as the CRM dated it (RFC 3339); null when the CRM does not say. Serves to know our own echo, and for nothing else. */
  readonly modifiedAt: string | null;
  /** Believed only when the deal turns out to be gone. */
  readonly mergedInto: DealId | null;
}

export interface WebhookTarget {
  /** Public address that takes this connection's deliveries. */
  readonly url: string;
  readonly secret: string;
}

/**
 * `kept`: it was there. `by_app`: this CRM's webhooks are set in the app, not by its API. `refused`: the CRM cannot reach the address or allows
 * no more webhooks. `not_permitted`: the token may not register any.
 */
export type WebhookRegistration = 'registered' | 'kept' | 'by_app' | 'refused' | 'not_permitted';

/** HubSpot's webhooks: signed (v3), in batches of up to 100 events, without order. developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation */
import { createHmac, hash } from 'node:crypto';
import * as z from 'zod';
import { asId } from '../../src/core/values/ids.ts';
import type { DealHint, WebhookDelivery, WebhookEvent, WebhookReader } from '../../src/ports/webhooks.ts';
import { isSameText } from '../same-text.ts';

const OLDEST_MS = 300_000;

/** The client's own check compares in variable time and takes the address as it is; HubSpot signs it with these escapes undone. */
const UNDONE = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

const number = z.number();
const id = z.union([z.int().positive(), z.string().regex(/^\d{1,19}$/)]).transform(String);
const eventSchema = z.object({
  portalId: id,
  subscriptionType: z.string().nullish(),
  eventType: z.string().nullish(),
  subscriptionId: number.nullish(),
  occurredAt: number.nullish(),
  objectTypeId: z.string().nullish(),
  objectId: id.nullish(),
  propertyName: z.string().nullish(),
  propertyValue: z.unknown().optional(),
  changeFlag: z.string().nullish(),
  associationType: z.string().nullish(),
  fromObjectId: id.nullish(),
  toObjectId: id.nullish(),
  primaryObjectId: id.nullish(),
  mergedObjectIds: z.array(id).nullish(),
  newObjectId: id.nullish(),
});
type Event = z.infer<typeof eventSchema>;

export const hubspotWebhooks: WebhookReader = {
  isAuthentic: (delivery, secret, now) => {
    const timestamp = delivery.headers['x-hubspot-request-timestamp'] ?? '';
    if (!/^\d{1,15}$/.test(timestamp)) return false;
    const isFresh = Math.abs(now.epochMilliseconds - Number(timestamp)) <= OLDEST_MS;
    const given = delivery.headers['x-hubspot-signature-v3'] ?? '';
    return isSameText(given, signatureOf(delivery, timestamp, secret)) && isFresh;
  },
  read: (bytes) => {
    const rows = jsonOf(bytes);
    if (!Array.isArray(rows)) return null;
    const events = rows.map((row: unknown) => eventSchema.safeParse(row)).filter(({ success }) => success);
    // An event of a form that is not known yet is left to the regular reading; it must not cost the others of its batch.
    return rows.length > 0 && events.length === 0
      ? null
      : events.flatMap(({ data }) => (data ? eventsOf(data) : []));
  },
};

/** Over the bytes as they came: a text made of them and back could differ. */
function signatureOf({ method, url, body }: WebhookDelivery, timestamp: string, secret: string): string {
  return createHmac('sha256', secret)
    .update(method + url.replaceAll(UNDONE, decodeURIComponent))
    .update(body)
    .update(timestamp)
    .digest('base64');
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}

/** eventId is not unique, says HubSpot; these together are. */
function eventsOf(event: Event): readonly WebhookEvent[] {
  const { portalId, subscriptionId, subscriptionType, eventType, objectId, occurredAt } = event;
  const { propertyName, propertyValue, changeFlag, fromObjectId, toObjectId } = event;
  const kind = subscriptionType ?? eventType ?? '';
  const facts = [portalId, subscriptionId, kind, objectId, propertyName, propertyValue, occurredAt];
  const key = hash('sha256', JSON.stringify([...facts, changeFlag, fromObjectId, toObjectId]));
  const ids = isOwn(propertyName) ? [] : dealIdsOf(kind, event);
  if (ids.length === 0) return [{ accountId: portalId, dedupeKey: key, hint: null }];
  return [...new Set(ids)].map((dealId) => ({
    accountId: portalId,
    dedupeKey: `${key}/${dealId}`,
    hint: { dealId: asId<DealHint['dealId']>(dealId), modifiedAt: null, mergedInto: null },
  }));
}

/** What Jalon writes comes back as an event: it tells nothing new. What people fill in (evidence, the day of the verbal commitment) does. */
function isOwn(property: string | null | undefined): boolean {
  return /^jalon_(?!evidence_|verbal_commitment_on$)/.test(property ?? '');
}

const DEAL_TYPE = '0-3';

function dealIdsOf(kind: string, event: Event): readonly string[] {
  const [object] = kind.split('.');
  const isDeal = object === 'deal' || (object === 'object' && event.objectTypeId === DEAL_TYPE);
  if (kind.endsWith('.associationChange')) return linkedDeals(event);
  if (!isDeal) return [];
  const named = [event.objectId, event.primaryObjectId, event.newObjectId, ...(event.mergedObjectIds ?? [])];
  return named.filter((one) => one != null);
}

/** "DEAL_TO_COMPANY", "CONTACT_TO_DEAL": the end that is a deal. */
function linkedDeals({ associationType, fromObjectId, toObjectId }: Event): readonly string[] {
  const [from, to] = (associationType ?? '').split('_TO_');
  return [from === 'DEAL' ? fromObjectId : null, to === 'DEAL' ? toObjectId : null].filter(
    (one) => one != null,
  );
}

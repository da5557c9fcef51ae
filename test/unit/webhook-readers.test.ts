import { hash } from 'node:crypto';
import { Signature } from '@hubspot/api-client/lib/src/utils/signature.js';
import { describe, expect, it } from 'vitest';
import { hubspotWebhooks } from '../../connectors/hubspot/webhooks.ts';
import { pipedriveWebhooks } from '../../connectors/pipedrive/webhooks.ts';
import type { WebhookDelivery } from '../../src/ports/webhooks.ts';

const NOW = Temporal.Instant.from('2026-03-02T10:00:00Z');
const SECRET = 'client-secret-of-the-app';
const bytes = (content: unknown) =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));

describe('a webhook of HubSpot', () => {
  const event = {
    eventId: 1,
    subscriptionId: 7,
    portalId: 4242,
    occurredAt: 1_772_445_600_000,
    subscriptionType: 'deal.propertyChange',
    objectId: 5_419_354_887_29,
    propertyName: 'dealstage',
    propertyValue: 'contractsent',
    changeSource: 'CRM_UI',
  };
  const url = 'https://jalon.example/webhooks/hubspot?of=a%3Ab';
  const signed = (content: unknown, at = NOW, secret = SECRET): WebhookDelivery => {
    const timestamp = at.epochMilliseconds;
    const body = bytes(content);
    const signature = Signature.getSignature('POST', 'v3', {
      // HubSpot signs the address with these escapes undone.
      url: 'https://jalon.example/webhooks/hubspot?of=a:b',
      requestBody: body.toString('utf8'),
      clientSecret: secret,
      timestamp,
    } as never);
    const headers = {
      'x-hubspot-signature-v3': signature,
      'x-hubspot-request-timestamp': String(timestamp),
    };
    return { method: 'POST', url, headers, body };
  };
  const authentic = (delivery: WebhookDelivery) => hubspotWebhooks.isAuthentic(delivery, SECRET, NOW);

  it('is taken when its signature is that of the official client’s own function, over the address and the bytes as they came', () => {
    expect(authentic(signed([event]))).toBe(true);
    expect(authentic(signed('[{"text":"Île-de-France ✓"}]'))).toBe(true);
  });

  it('is refused with another secret, another body, another address, without a signature, and when it is older than five minutes', () => {
    expect(authentic(signed([event], NOW, 'another-secret'))).toBe(false);
    expect(authentic({ ...signed([event]), body: bytes([{ ...event, objectId: 1 }]) })).toBe(false);
    expect(authentic({ ...signed([event]), url: 'https://jalon.example/webhooks/other' })).toBe(false);
    expect(authentic({ ...signed([event]), headers: {} })).toBe(false);
    const later = NOW.subtract({ minutes: 5, seconds: 1 });
    expect(authentic(signed([event], later))).toBe(false);
    expect(authentic(signed([event], NOW.subtract({ minutes: 4, seconds: 59 })))).toBe(true);
    expect(authentic(signed([event], NOW.add({ minutes: 6 })))).toBe(false);
  });

  it('names its deals: changed, merged, linked; and none for a contact, or for what Jalon itself wrote', () => {
    const hintsOf = (...events: unknown[]) =>
      hubspotWebhooks
        .read(bytes(events))
        ?.flatMap(({ hint }) => (hint === null ? [] : [hint.dealId as string]));
    expect(hintsOf(event)).toEqual(['541935488729']);
    const merge = {
      portalId: 1,
      subscriptionType: 'deal.merge',
      primaryObjectId: 5,
      mergedObjectIds: [6, 7],
    };
    expect(hintsOf(merge)).toEqual(['5', '6', '7']);
    const link = {
      portalId: 1,
      subscriptionType: 'deal.associationChange',
      associationType: 'COMPANY_TO_DEAL',
    };
    expect(hintsOf({ ...link, fromObjectId: 8, toObjectId: 9 })).toEqual(['9']);
    expect(hintsOf({ portalId: 1, subscriptionType: 'contact.creation', objectId: 3 })).toEqual([]);
    expect(
      hintsOf({ portalId: 1, subscriptionType: 'object.creation', objectTypeId: '0-3', objectId: 3 }),
    ).toEqual(['3']);
    expect(hintsOf({ ...event, propertyName: 'jalon_net_amount' })).toEqual([]);
    expect(hintsOf({ ...event, propertyName: 'jalon_evidence_need' })).toEqual(['541935488729']);
  });

  it('is the same event when HubSpot sends it again, and another one when the value is another', () => {
    const keyOf = (change: object) => hubspotWebhooks.read(bytes([{ ...event, ...change }]))?.[0]?.dedupeKey;
    expect(keyOf({ attemptNumber: 3, eventId: 99 })).toBe(keyOf({}));
    expect(keyOf({ propertyValue: 'closedwon' })).not.toBe(keyOf({}));
  });

  it('that is no list of events is no webhook of HubSpot', () => {
    for (const content of ['', 'no json', '{}', '[1]', '[{"objectId":1}]', 'null'])
      expect(hubspotWebhooks.read(bytes(content)), content).toBeNull();
  });
});

describe('a webhook of Pipedrive', () => {
  const meta = {
    action: 'change',
    entity: 'deal',
    entity_id: '8',
    company_id: '8087566',
    id: 'f6a1d5e0-0000-4000-8000-000000000001',
    timestamp: '2026-03-02T09:59:59.089Z',
    version: '2.0',
    attempt: 1,
  };
  const data = { id: 8, update_time: '2026-03-02T09:59:59Z', visible_to: '3' };
  const user = `jalon-${hash('sha256', `user ${SECRET}`).slice(0, 12)}`;
  const basic = (credentials: string) => ({
    method: 'POST',
    url: 'https://jalon.example/webhooks/pipedrive',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: bytes({ meta, data }),
  });

  it('is taken with the user and password of its registration, and with nothing else', () => {
    const authentic = (delivery: WebhookDelivery) => pipedriveWebhooks.isAuthentic(delivery, SECRET, NOW);
    expect(authentic(basic(`${user}:${SECRET}`))).toBe(true);
    for (const wrong of [`${user}:`, `${user}:${SECRET}x`, `other:${SECRET}`, ''])
      expect(authentic(basic(wrong)), wrong).toBe(false);
    expect(authentic({ ...basic(''), headers: {} })).toBe(false);
  });

  it('names its deal, the time of its last change, and where a merged one went', () => {
    expect(pipedriveWebhooks.read(bytes({ meta, data, previous: { stage_id: 3 } }))).toEqual([
      {
        accountId: '8087566',
        dedupeKey: meta.id,
        hint: { dealId: '8', modifiedAt: '2026-03-02T09:59:59Z', mergedInto: null },
      },
    ]);
    const gone = { meta: { ...meta, action: 'delete', merged_to_id: '5' }, data: null, previous: data };
    expect(pipedriveWebhooks.read(bytes(gone))?.[0]?.hint).toEqual({
      dealId: '8',
      modifiedAt: null,
      mergedInto: '5',
    });
    expect(
      pipedriveWebhooks.read(bytes({ meta: { ...meta, entity: 'person' }, data }))?.[0]?.hint,
    ).toBeNull();
  });

  it('that is not of version 2.0’s form is no webhook of Pipedrive', () => {
    for (const content of ['', '[]', '{}', { v: 1, matches_filters: null, meta: { object: 'deal' } }, 'null'])
      expect(pipedriveWebhooks.read(bytes(content))).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { AccountFacts } from '../../connectors/hubspot/directory.ts';
import { dealFromHubspot } from '../../connectors/hubspot/normalise.ts';
import { activityFromHubspot, contactFromHubspot } from '../../connectors/hubspot/normalise-records.ts';
import type { Deal, Rejection } from '../../src/core/deals/deal.ts';
import type { CurrencyCode } from '../../src/core/values/currency.ts';

const FACTS: AccountFacts = {
  zone: 'Europe/Paris',
  currency: 'EUR' as CurrencyCode,
  severalCurrencies: true,
  stageIds: new Set(['first', 'second']),
  ownerIds: new Set(['81']),
};

const CREATED = '2026-01-05T08:00:00.000Z';
const MODIFIED = '2026-02-01T10:00:00.000Z';
const GOOD = {
  dealname: 'Deal',
  amount: '1000.00',
  deal_currency_code: 'EUR',
  closedate: '2026-03-30T22:00:00Z',
  createdate: CREATED,
  dealstage: 'second',
  pipeline: 'default',
  hubspot_owner_id: '81',
  hs_lastmodifieddate: MODIFIED,
  hs_merged_object_ids: null,
};

type Properties = Record<string, string | null>;
const version = (value: string, at: string) => ({ value, timestamp: new Date(at), sourceType: 'CRM_UI' });
const HISTORY = { dealstage: [version('second', '2026-01-20T08:00:00Z'), version('first', CREATED)] };

function raw(properties: Properties = {}, more: Record<string, unknown> = {}): unknown {
  const times = { createdAt: new Date(CREATED), updatedAt: new Date(MODIFIED) };
  return {
    id: '9000000001',
    properties: { ...GOOD, ...properties },
    propertiesWithHistory: HISTORY,
    ...times,
    ...more,
  };
}

function dealOf(
  properties: Properties = {},
  more: Record<string, unknown> = {},
  facts = FACTS,
  names: string[] = [],
): Deal {
  const result = dealFromHubspot(raw(properties, more), facts, names);
  if (!result.ok) throw new Error(`rejected: ${result.error.code}`);
  return result.value.deal;
}

function rejectionOf(record: unknown): Rejection {
  const result = dealFromHubspot(record, FACTS, []);
  if (result.ok) throw new Error('it was read');
  return result.error;
}

describe('the amount of a HubSpot deal', () => {
  const usable = { amountMinor: 100_000n, currency: 'EUR' };

  it.each([
    ['a plain amount', { amount: '1000' }, usable],
    ['scientific notation', { amount: '1E+3' }, usable],
    ['a currency written small', { deal_currency_code: 'eur' }, usable],
  ])('is exact with %s', (_name, properties, money) => {
    expect(dealOf(properties)).toMatchObject({ amount: { kind: 'money', money }, flags: [] });
  });

  it('says that it was rounded when it carries 19 decimals', () => {
    const deal = dealOf({ amount: '1000.0000000000000000001' });
    expect(deal).toMatchObject({ amount: { money: usable }, flags: ['amount_rounded'] });
  });

  it.each([
    ['no amount', { amount: null }, { kind: 'missing' }],
    ['an empty amount', { amount: '' }, { kind: 'missing' }],
    ['a negative amount', { amount: '-5' }, { kind: 'unusable', text: '-5', reason: 'negative' }],
    ['an absurd amount', { amount: '1e15' }, { kind: 'unusable', text: '1e15', reason: 'absurd' }],
    [
      'an unknown currency',
      { deal_currency_code: 'XQQ' },
      { kind: 'unusable', text: '1000.00', reason: 'currency_unknown' },
    ],
    [
      'no currency in an account with several',
      { deal_currency_code: null },
      { kind: 'unusable', text: '1000.00', reason: 'currency_missing' },
    ],
  ])('is never taken for zero: %s', (_name, properties, amount) => {
    expect(dealOf(properties).amount).toEqual(amount);
  });

  it("is in the company's currency when the account has no other", () => {
    const deal = dealOf({ deal_currency_code: null }, {}, { ...FACTS, severalCurrencies: false });
    expect(deal.amount).toEqual({ kind: 'money', money: usable });
  });
});

describe('a HubSpot deal that cannot be read', () => {
  it.each([
    ['AMOUNT_UNREADABLE', 'amount', { amount: 'a lot' }],
    ['AMOUNT_UNREADABLE', 'amount', { amount: '12,5', deal_currency_code: null }],
    ['DATE_UNREADABLE', 'closedate', { closedate: 'soon' }],
    ['DATE_UNREADABLE', 'closedate', { closedate: '20260-01-01' }],
    ['DATE_UNREADABLE', 'createdate', { createdate: 'yesterday' }],
    ['STAGE_MISSING', 'dealstage', { dealstage: null }],
    ['PIPELINE_MISSING', 'pipeline', { pipeline: '' }],
  ])('is rejected with %s at %s, and its id', (code, field, properties) => {
    expect(rejectionOf(raw(properties))).toEqual({ object: 'deal', externalId: '9000000001', code, field });
  });

  it('is rejected without id, without creation, or in a shape nobody promised', () => {
    expect(rejectionOf({ properties: GOOD })).toMatchObject({ code: 'ID_MISSING', externalId: '' });
    expect(rejectionOf(raw({ createdate: null }, { createdAt: undefined }))).toMatchObject({
      code: 'CREATED_MISSING',
    });
    expect(rejectionOf(raw({}, { properties: 'none' }))).toMatchObject({
      code: 'SHAPE_UNEXPECTED',
      field: 'properties',
    });
    expect(rejectionOf(raw({}, { updatedAt: new Date('?') }))).toMatchObject({ field: 'updatedAt' });
    expect(rejectionOf(null)).toMatchObject({ code: 'ID_MISSING' });
  });
});

describe('what a HubSpot deal tells about itself', () => {
  it("closes on the day it is in the company's zone, whatever UTC says", () => {
    expect(dealOf().closeDate?.toString()).toBe('2026-03-31');
    expect(dealOf({ closedate: '1774908000000' }).closeDate?.toString()).toBe('2026-03-31');
    expect(dealOf({ closedate: '2026-03-31' }).closeDate?.toString()).toBe('2026-03-31');
  });

  it.each([
    ['close_date_missing', { closedate: null }],
    ['close_before_creation', { closedate: '2025-12-01T00:00:00Z' }],
    ['owner_missing', { hubspot_owner_id: '' }],
    ['owner_unknown', { hubspot_owner_id: '999' }],
    ['stage_unknown', { dealstage: 'deleted-stage' }],
  ])('raises %s and stays readable', (flag, properties) => {
    expect(dealOf(properties).flags).toContain(flag);
  });

  it('keeps a name as it is, markup, bidi and control characters included', () => {
    const name = '<script>\u202e\u0007 «Acier» ';
    expect(dealOf({ dealname: name }).name).toBe(name);
  });

  it('tells its stages oldest first, and comes back to a stage as often as it did', () => {
    const back = [
      version('second', '2026-01-25T08:00:00Z'),
      version('first', '2026-01-22T08:00:00Z'),
      ...HISTORY.dealstage,
    ];
    const deal = dealOf({}, { propertiesWithHistory: { dealstage: back } });
    expect(deal.stageHistory.map((entry) => `${entry.stageId} ${entry.enteredAt}`)).toEqual([
      'first 2026-01-05T08:00:00Z',
      'second 2026-01-20T08:00:00Z',
      'first 2026-01-22T08:00:00Z',
      'second 2026-01-25T08:00:00Z',
    ]);
    expect(deal.flags).toEqual([]);
  });

  it('says when its history has a hole, and still ends where it stands', () => {
    const older = dealOf({}, { propertiesWithHistory: { dealstage: [version('first', CREATED)] } });
    expect(older.stageHistory.at(-1)).toMatchObject({ stageId: 'second' });
    expect(older.stageHistory.at(-1)?.enteredAt.toString()).toBe('2026-02-01T10:00:00Z');
    expect(older.flags).toContain('history_incomplete');
    const none = dealOf({}, { propertiesWithHistory: {} });
    expect(none.stageHistory.map((entry) => entry.enteredAt.toString())).toEqual(['2026-01-05T08:00:00Z']);
    expect(none.flags).toContain('history_incomplete');
  });

  it('tells every push of the close date', () => {
    const closedate = [
      version('2026-03-30T22:00:00Z', MODIFIED),
      version('', '2026-01-10T08:00:00Z'),
      version('2026-02-15', CREATED),
    ];
    const { closeDateHistory } = dealOf({}, { propertiesWithHistory: { ...HISTORY, closedate } });
    expect(closeDateHistory.map((change) => change.closeDate?.toString() ?? null)).toEqual([
      '2026-02-15',
      null,
      '2026-03-31',
    ]);
  });

  it('dates a filled property from when it got the value it has', () => {
    const letter = [
      version('letter', '2026-01-30T08:00:00Z'),
      version('letter', '2026-01-12T08:00:00Z'),
      version('', '2026-01-10T08:00:00Z'),
      version('letter', '2026-01-06T08:00:00Z'),
    ];
    const propertiesWithHistory = { ...HISTORY, jalon_evidence_need: letter };
    const names = ['jalon_evidence_need', 'jalon_verbal_commitment_on'];
    const deal = dealOf({ jalon_evidence_need: 'letter' }, { propertiesWithHistory }, FACTS, names);
    expect(deal.properties.map((one) => `${one.name} ${one.filledAt}`)).toEqual([
      'jalon_evidence_need 2026-01-12T08:00:00Z',
    ]);
  });

  it('lists each company once and the deals that were merged into it', () => {
    const associations = { companies: { results: [{ id: '5' }, { id: '5' }, { id: '6' }] } };
    const result = dealFromHubspot(
      raw({ hs_merged_object_ids: '7;8;9000000001' }, { associations }),
      FACTS,
      [],
    );
    if (!result.ok) throw new Error('rejected');
    expect(result.value.deal.companyIds).toEqual(['5', '6']);
    expect(result.value.tombstones.map((one) => `${one.id} ${one.mergedInto}`)).toEqual([
      '7 9000000001',
      '8 9000000001',
    ]);
  });
});

describe('activities and contacts of HubSpot', () => {
  const times = { createdAt: new Date(CREATED), updatedAt: new Date(MODIFIED) };
  const activity = (type: 'calls' | 'emails' | 'meetings' | 'tasks', properties: Properties) =>
    activityFromHubspot(type, { id: '1', properties: { hs_timestamp: CREATED, ...properties }, ...times });
  const reached = { hs_call_status: 'COMPLETED', hs_call_direction: 'OUTBOUND' };

  it.each([
    ['a call that connected', 'calls', reached, true],
    [
      'a call that ended on voicemail',
      'calls',
      { ...reached, hs_call_disposition: 'b2cf5968-551e-4856-9783-52b3da59a7d0' },
      false,
    ],
    ['a call not answered', 'calls', { ...reached, hs_call_status: 'NO_ANSWER' }, false],
    ['a mail from the customer', 'emails', { hs_email_direction: 'INCOMING_EMAIL' }, true],
    ['our own mail', 'emails', { hs_email_direction: 'EMAIL' }, false],
    ['a meeting marked as held', 'meetings', { hs_meeting_outcome: 'COMPLETED' }, true],
    ['a meeting without outcome', 'meetings', { hs_meeting_outcome: null }, false],
    ['a task', 'tasks', { hs_task_status: 'COMPLETED' }, false],
  ] as const)('%s: the customer took part or not', (_name, type, properties, withCustomer) => {
    expect(activity(type, properties)).toMatchObject({ ok: true, value: { withCustomer } });
  });

  it('rejects an activity without a time, and never dates it itself', () => {
    expect(activity('calls', { hs_timestamp: null })).toMatchObject({
      ok: false,
      error: { object: 'activity', code: 'DATE_UNREADABLE', field: 'hs_timestamp' },
    });
  });

  it('calls a contact by the name there is', () => {
    const contact = (properties: Properties) => contactFromHubspot({ id: '1', properties, ...times });
    expect(contact({ firstname: 'Dana', lastname: null, email: 'd@example.com' })).toMatchObject({
      value: { name: 'Dana' },
    });
    expect(contact({ email: 'd@example.com' })).toMatchObject({
      value: { name: 'd@example.com', buyingRole: null },
    });
  });
});

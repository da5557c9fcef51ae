import { Client } from '@hubspot/api-client';
import {
  PropertyCreateFieldTypeEnum,
  PropertyCreateTypeEnum,
} from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubspotSandbox, startHubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { smallWorld } from '../../sandbox/world/small-world.ts';

let sandbox: HubspotSandbox;
let client: Client;

beforeAll(async () => {
  sandbox = await startHubspotSandbox({ world: smallWorld(3) });
  client = new Client({ accessToken: sandbox.token, basePath: sandbox.url, numberOfApiCallRetries: 0 });
});
afterAll(() => sandbox.close());

function codeOf(call: Promise<unknown>): Promise<number> {
  return call.then(
    () => 0,
    (error: { code: number }) => error.code,
  );
}

const netAmount = {
  name: 'jalon_net_amount',
  label: 'Net amount (milestone)',
  type: PropertyCreateTypeEnum.Number,
  fieldType: PropertyCreateFieldTypeEnum.Number,
  groupName: 'jalon',
};

describe('the directory of the local HubSpot, through the official client', () => {
  it('lists pipelines with stages whose metadata are texts', async () => {
    const { results } = await client.crm.pipelines.pipelinesApi.getAll('deals');
    expect(results[0]?.stages.map((stage) => stage.id)).toEqual([
      'first',
      'second',
      'closedwon',
      'closedlost',
    ]);
    expect(results[0]?.stages[2]?.metadata).toEqual({ isClosed: 'true', probability: '1.0' });
  });

  it('lists active owners with their teams, and those who left only when asked', async () => {
    const active = await client.crm.owners.ownersApi.getPage();
    expect(active.results.map((owner) => [owner.id, owner.firstName, owner.teams?.[0]?.name])).toEqual([
      ['81', 'Ana', 'Nord'],
      ['82', 'Ben', 'Nord'],
    ]);
    const left = await client.crm.owners.ownersApi.getPage(undefined, undefined, 100, true);
    expect(left.results).toMatchObject([
      { id: '83', archived: true, userId: null, userIdIncludingInactive: 7783 },
    ]);
  });

  it.each(['/account-info/v3/details', '/account-info/2026-03/details'])(
    'tells zone and currencies at %s',
    async (path) => {
      const answer = await client.apiRequest({ method: 'GET', path });
      expect(await answer.json()).toMatchObject({
        portalId: 25_400_100,
        timeZone: 'Europe/Paris',
        companyCurrency: 'EUR',
        additionalCurrencies: ['CHF'],
      });
    },
  );

  it('tells the rates of today, and its own time in the Date header', async () => {
    const answer = await client.apiRequest({
      method: 'GET',
      path: '/settings/currencies/2026-03/exchange-rates/current',
    });
    expect(await answer.json()).toMatchObject({
      results: [{ fromCurrencyCode: 'CHF', toCurrencyCode: 'EUR', conversionRate: 1.04 }],
    });
    expect(answer.headers.get('date')).toContain('02 Mar 2026');
  });

  it('makes a group and a property once, and says 409 the second time', async () => {
    const group = { name: 'jalon', label: 'Jalon - milestone forecast' };
    expect(await codeOf(client.crm.properties.groupsApi.create('deals', group))).toBe(409);
    const made = await client.crm.properties.coreApi.createWithHttpInfo('deals', netAmount);
    expect(made.httpStatusCode).toBe(201);
    expect(await codeOf(client.crm.properties.coreApi.create('deals', netAmount))).toBe(409);
    const found = await client.crm.properties.coreApi.getByName('deals', 'jalon_net_amount');
    expect(found).toMatchObject({ type: 'number', groupName: 'jalon', hubspotDefined: false });
  });

  it('keeps the currency format that the client cannot send', async () => {
    const body = {
      ...netAmount,
      name: 'jalon_money',
      numberDisplayHint: 'currency',
      showCurrencySymbol: true,
    };
    const made = await client.apiRequest({ method: 'POST', path: '/crm/v3/properties/deals', body });
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({ numberDisplayHint: 'currency', showCurrencySymbol: true });
  });

  it('refuses properties without a group, with a bad name, or without options', async () => {
    const create = (change: object) =>
      codeOf(client.crm.properties.coreApi.create('deals', { ...netAmount, name: 'jalon_other', ...change }));
    expect(await create({ groupName: 'nowhere' })).toBe(400);
    expect(await create({ name: 'Jalon Net' })).toBe(400);
    expect(await create({ type: PropertyCreateTypeEnum.Enumeration })).toBe(400);
  });

  it('hides an archived property from readers and writers', async () => {
    await client.crm.properties.coreApi.archive('deals', 'jalon_money');
    expect(await codeOf(client.crm.properties.coreApi.getByName('deals', 'jalon_money'))).toBe(404);
    const bin = await client.crm.properties.coreApi.getAll('deals', true);
    expect(bin.results.map((property) => property.name)).toContain('jalon_money');
  });

  it('checks the options of an enumeration when it is written', async () => {
    await client.crm.properties.coreApi.create('deals', {
      ...netAmount,
      name: 'jalon_pace',
      type: PropertyCreateTypeEnum.Enumeration,
      fieldType: PropertyCreateFieldTypeEnum.Select,
      options: [{ label: 'On track', value: 'on_track', displayOrder: 0, hidden: false }],
    });
    const id = sandbox.world.list('deal')[0]?.id ?? '';
    const write = (value: string) =>
      codeOf(client.crm.deals.basicApi.update(id, { properties: { jalon_pace: value } }));
    expect(await write('on_track')).toBe(0);
    expect(await write('sideways')).toBe(400);
  });

  it('knows when each stage was entered and left', async () => {
    const id = sandbox.world.list('deal')[0]?.id ?? '';
    const deal = await client.crm.deals.basicApi.getById(id, [
      'hs_v2_date_entered_second',
      'hs_v2_date_exited_first',
      'hs_is_closed',
    ]);
    expect(deal.properties).toMatchObject({
      hs_v2_date_entered_second: '2026-01-05T09:00:00.000Z',
      hs_v2_date_exited_first: '2026-01-05T09:00:00.000Z',
      hs_is_closed: 'false',
    });
  });

  it('answers the dated paths as the numbered ones', async () => {
    for (const path of [
      '/crm/objects/2026-03/0-3',
      '/crm/v3/objects/deals',
      '/crm/properties/2026-03/deals',
      '/crm/v3/owners/',
    ]) {
      const answer = await client.apiRequest({ method: 'GET', path });
      expect([path, answer.status]).toEqual([path, 200]);
    }
  });
});

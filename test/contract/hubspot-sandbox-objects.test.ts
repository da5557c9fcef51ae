import { Client } from '@hubspot/api-client';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/deals/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubspotSandbox, startHubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';

const first = String(FIRST_SMALL_DEAL_ID);
let sandbox: HubspotSandbox;
let client: Client;

beforeAll(async () => {
  sandbox = await startHubspotSandbox({ world: smallWorld(250) });
  client = new Client({ accessToken: sandbox.token, basePath: sandbox.url, numberOfApiCallRetries: 0 });
});
afterAll(() => sandbox.close());

async function refused(
  call: Promise<unknown>,
): Promise<{ code: number; message: string; category?: string }> {
  try {
    await call;
  } catch (error) {
    const { code, body } = error as { code: number; body: { message: string; category?: string } };
    return { code, ...body };
  }
  throw new Error('the call was not refused');
}

describe('the local HubSpot, seen through the official client', () => {
  it('lists every deal once, in pages whose cursor is the next id', async () => {
    const page = await client.crm.deals.basicApi.getPage(100, undefined, ['dealname', 'amount']);
    expect(page.results).toHaveLength(100);
    expect(page.paging?.next?.after).toBe(String(FIRST_SMALL_DEAL_ID + 100));
    const all = await client.crm.deals.getAll(100, undefined, ['dealname']);
    expect(new Set(all.map((deal) => deal.id)).size).toBe(250);
  });

  it('answers values as text, unset ones as null and unknown properties not at all', async () => {
    const deal = await client.crm.deals.basicApi.getById(first, [
      'amount',
      'jalon_evidence_need',
      'no_such_thing',
    ]);
    expect(deal.properties['amount']).toBe('1000');
    expect(deal.properties['jalon_evidence_need']).toBeNull();
    expect('no_such_thing' in deal.properties).toBe(false);
    expect(deal.properties['hs_object_id']).toBe(first);
    expect(deal.createdAt).toBeInstanceOf(Date);
  });

  it('tells the stage history newest first, and no more than 50 deals of it at a time', async () => {
    const page = await client.crm.deals.basicApi.getPage(50, undefined, ['dealstage'], ['dealstage']);
    const history = page.results[0]?.propertiesWithHistory?.['dealstage'] ?? [];
    expect(history.map((version) => version.value)).toEqual(['second', 'first']);
    expect(history[0]?.timestamp.toISOString()).toBe('2026-01-05T09:00:00.000Z');
    const tooMany = client.crm.deals.basicApi.getPage(51, undefined, ['dealstage'], ['dealstage']);
    expect((await refused(tooMany)).code).toBe(400);
  });

  it('shows a close date as the midnight of the account, which is the day before in UTC', async () => {
    const deal = await client.crm.deals.basicApi.getById(first, ['closedate']);
    expect(deal.properties['closedate']).toBe('2026-03-30T22:00:00.000Z');
  });

  it('gives companies and contacts of a deal inside the list, the main company twice', async () => {
    const page = await client.crm.deals.basicApi.getPage(1, undefined, [], undefined, [
      'companies',
      'contacts',
    ]);
    const companies = page.results[0]?.associations?.['companies']?.results ?? [];
    expect(companies.map((link) => link.type)).toEqual(['deal_to_company', 'deal_to_company_unlabeled']);
    expect(page.results[0]?.associations?.['contacts']?.results).toHaveLength(1);
  });

  it('reads a batch and says in a 207 which ids are gone', async () => {
    const inputs = [{ id: first }, { id: '123' }];
    const answer = await client.crm.deals.batchApi.readWithHttpInfo({
      inputs,
      properties: ['amount'],
      propertiesWithHistory: [],
    });
    expect(answer.httpStatusCode).toBe(207);
    expect(answer.data.results.map((deal) => deal.id)).toEqual([first]);
    expect(answer.data).toMatchObject({
      numErrors: 1,
      errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['123'] } }],
    });
  });

  it('refuses 101 inputs, 51 with history, and the same id twice', async () => {
    const ids = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ id: String(FIRST_SMALL_DEAL_ID + at) }));
    const read = (inputs: { id: string }[], history: string[]) =>
      client.crm.deals.batchApi.read({ inputs, properties: ['amount'], propertiesWithHistory: history });
    expect((await refused(read(ids(101), []))).code).toBe(400);
    expect((await refused(read(ids(51), ['dealstage']))).message).toContain('property histories is 50');
    expect((await read(ids(50), ['dealstage'])).results).toHaveLength(50);
    expect((await refused(read([{ id: first }, { id: first }], []))).message).toContain('Duplicate IDs');
  });

  it('writes a batch, keeps who wrote it, and moves the modified time', async () => {
    const before = (await client.crm.deals.basicApi.getById(first)).updatedAt;
    const answer = await client.crm.deals.batchApi.updateWithHttpInfo({
      inputs: [
        { id: first, properties: { jalon_evidence_need: 'letter of 3 May' }, objectWriteTraceId: 't1' },
      ],
    });
    expect(answer.httpStatusCode).toBe(200);
    const deal = await client.crm.deals.basicApi.getById(first, undefined, ['jalon_evidence_need']);
    expect(deal.propertiesWithHistory?.['jalon_evidence_need']?.[0]).toMatchObject({
      value: 'letter of 3 May',
      sourceType: 'INTEGRATION',
      sourceId: '3900001',
    });
    expect(deal.updatedAt.getTime()).toBeGreaterThan(before.getTime());
  });

  it('refuses one bad value among traced inputs alone, and a whole batch without traces', async () => {
    const [good, bad] = [String(FIRST_SMALL_DEAL_ID + 1), String(FIRST_SMALL_DEAL_ID + 2)];
    const rows = [
      { id: good, properties: { jalon_verbal_commitment_on: '2026-02-01' } },
      { id: bad, properties: { jalon_verbal_commitment_on: 'soon' } },
    ];
    const whole = await refused(client.crm.deals.batchApi.update({ inputs: rows }));
    expect(whole.code).toBe(400);
    expect(whole.message).toContain('INVALID_DATE');
    const traced = rows.map((row) => ({ ...row, objectWriteTraceId: row.id }));
    const answer = await client.crm.deals.batchApi.updateWithHttpInfo({ inputs: traced });
    expect(answer.httpStatusCode).toBe(207);
    expect(answer.data).toMatchObject({
      numErrors: 1,
      results: [{ id: good }],
      errors: [{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: [bad] } }],
    });
  });

  it('does not accept unknown or read-only properties', async () => {
    const write = (properties: Record<string, string>) =>
      refused(client.crm.deals.batchApi.update({ inputs: [{ id: first, properties }] }));
    expect((await write({ nope: '1' })).message).toContain('PROPERTY_DOESNT_EXIST');
    expect((await write({ hs_is_closed: 'true' })).message).toContain('is a read only property');
  });

  it('answers the winner under the id of a merged deal, but not in a batch', async () => {
    const [winner, loser] = [String(FIRST_SMALL_DEAL_ID + 10), String(FIRST_SMALL_DEAL_ID + 11)];
    await client.crm.deals.basicApi.merge({ primaryObjectId: winner, objectIdToMerge: loser });
    const found = await client.crm.deals.basicApi.getById(loser, ['hs_merged_object_ids']);
    expect(found.id).toBe(winner);
    expect(found.properties['hs_merged_object_ids']).toBe(loser);
    const batch = await client.crm.deals.batchApi.updateWithHttpInfo({
      inputs: [{ id: loser, properties: { jalon_evidence_need: 'x' }, objectWriteTraceId: '1' }],
    });
    expect(batch.data).toMatchObject({ results: [], errors: [{ category: 'OBJECT_NOT_FOUND' }] });
  });

  it('moves an archived deal to the recycle bin and leaves its modified time alone', async () => {
    const id = String(FIRST_SMALL_DEAL_ID + 20);
    const before = await client.crm.deals.basicApi.getById(id);
    await client.crm.deals.basicApi.archive(id);
    expect((await refused(client.crm.deals.basicApi.getById(id))).code).toBe(404);
    const bin = await client.crm.deals.basicApi.getPage(10, undefined, [], undefined, undefined, true);
    expect(bin.results.map((deal) => deal.id)).toEqual([id]);
    expect(bin.results[0]?.archivedAt).toBeInstanceOf(Date);
    expect(bin.results[0]?.updatedAt).toEqual(before.updatedAt);
  });

  it('reads associations in batches: several types a pair, numbers for ids, an error row for those without', async () => {
    const id = String(FIRST_SMALL_DEAL_ID + 30);
    const answer = await client.crm.associations.v4.batchApi.getPageWithHttpInfo('deals', 'companies', {
      inputs: [{ id }, { id: '5' }],
    });
    expect(answer.httpStatusCode).toBe(207);
    const pair = answer.data.results[0]?.to[0];
    expect(typeof pair?.toObjectId).toBe('number');
    expect(pair?.associationTypes.map((type) => type.typeId)).toEqual([5, 341]);
    expect(answer.data).toMatchObject({
      errors: [{ subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND' }],
    });
  });

  it('pages through the links of one record when it has more than a page holds', async () => {
    const id = String(FIRST_SMALL_DEAL_ID + 40);
    for (let at = 0; at < 520; at += 1) {
      const note = sandbox.edit.create('note', { body: `note ${at}` });
      sandbox.edit.link({ kind: 'deal', id }, { kind: 'note', id: note });
    }
    const ask = (after?: string) =>
      client.crm.associations.v4.batchApi.getPage('deals', 'notes', {
        inputs: [{ id, ...(after !== undefined && { after }) }],
      });
    const head = (await ask()).results[0];
    const after = head?.paging?.next?.after;
    expect(head?.to).toHaveLength(500);
    expect((await ask(after)).results[0]?.to).toHaveLength(20);
    const inline = await client.crm.deals.basicApi.getById(id, [], undefined, ['notes']);
    expect(inline.associations?.['notes']?.results).toHaveLength(100);
    expect(inline.associations?.['notes']?.paging?.next?.after).toBeDefined();
  });

  it('searches by change time and by id, and ends at 10,000', async () => {
    const search = (after: number) => ({
      filterGroups: [
        {
          filters: [
            {
              propertyName: 'hs_lastmodifieddate',
              operator: FilterOperatorEnum.Gte,
              value: String(Date.UTC(2026, 0, 5, 9)),
            },
            {
              propertyName: 'hs_object_id',
              operator: FilterOperatorEnum.Gt,
              value: String(FIRST_SMALL_DEAL_ID + 199),
            },
          ],
        },
      ],
      sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }] as unknown as string[],
      properties: ['dealname'],
      limit: 200,
      after: String(after),
    });
    const found = await client.crm.deals.searchApi.doSearch(search(0));
    expect(found.total).toBe(50);
    expect(found.results[0]?.id).toBe(String(FIRST_SMALL_DEAL_ID + 200));
    expect((await refused(client.crm.deals.searchApi.doSearch(search(9_900)))).code).toBe(400);
  });
});

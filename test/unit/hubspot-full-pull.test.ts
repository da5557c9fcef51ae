import { describe, expect, it } from 'vitest';
import type { HubspotApi, ListQuery, ObjectType } from '../../connectors/hubspot/api.ts';
import type { AccountFacts } from '../../connectors/hubspot/directory.ts';
import { HubspotRefusal } from '../../connectors/hubspot/errors.ts';
import { dealContent } from '../../connectors/hubspot/page-content.ts';
import { pullFull } from '../../connectors/hubspot/pull-full.ts';
import type { CurrencyCode } from '../../src/core/values/currency.ts';

const AT = new Date('2026-01-05T08:00:00Z');
const FACTS: AccountFacts = {
  zone: 'UTC',
  currency: 'EUR' as CurrencyCode,
  severalCurrencies: false,
  stageIds: new Set(['s']),
  ownerIds: new Set(),
};

const DEALS = Array.from({ length: 900 }, (_, nth) => String(1_000_000 + nth * 3));

function deal(id: string): unknown {
  const properties = {
    createdate: AT.toISOString(),
    dealstage: 's',
    pipeline: 'p',
    hs_lastmodifieddate: AT.toISOString(),
  };
  return { id, properties, createdAt: AT, updatedAt: AT };
}

type Listing = (query: ListQuery) => { ids: readonly string[]; next: string | null };

/** An account whose list behaves as `listing` says; searches work as HubSpot documents them. */
function account(listing: Listing): { api: HubspotApi; lists: () => number } {
  let lists = 0;
  const api: Partial<HubspotApi> = {
    search: async (_type, query) => {
      const from = query.groups[0]?.[0]?.value ?? '0';
      const rows = DEALS.filter((id) => id >= from);
      const start = Number(query.after ?? 0);
      const results = rows
        .slice(start, start + query.limit)
        .map((id) => ({ id, properties: {}, updatedAt: AT }));
      return { total: rows.length, results, paging: null };
    },
    list: async (type: ObjectType, query: ListQuery) => {
      if (type !== 'deals' || query.archived) return { results: [], paging: null };
      lists += 1;
      const { ids, next } = listing(query);
      return { results: ids.map(deal), paging: next === null ? null : { next: { after: next } } };
    },
  };
  return { api: api as HubspotApi, lists: () => lists };
}

async function pulled(listing: Listing): Promise<{ ids: string[]; lists: number }> {
  const { api, lists } = account(listing);
  const pull = {
    api,
    facts: FACTS,
    evidenceProperties: [],
    optional: <Found>(ask: () => Promise<Found>) => ask(),
    seen: new Map(),
    nowMs: AT.getTime(),
    overlapMs: 0,
  };
  const ids: string[] = [];
  for await (const page of pullFull(pull, null)) {
    expect(page.rejections).toEqual([]);
    ids.push(...page.deals.map((one) => one.id));
  }
  return { ids, lists: lists() };
}

const fromIndex = (start: number, limit: number, position: (index: number) => string) => ({
  ids: DEALS.slice(start, start + limit),
  next: start + limit < DEALS.length ? position(start + limit) : null,
});

describe('several walkers on one list of deals', () => {
  it('deliver every deal once when a position is the id of the next deal', async () => {
    const { ids, lists } = await pulled(({ after, limit }) => {
      const start = DEALS.findIndex((id) => id >= (after ?? ''));
      return fromIndex(start, limit, (index) => DEALS[index] ?? '');
    });
    expect([...ids].sort()).toEqual(DEALS);
    expect(lists).toBeLessThanOrEqual(18 + 3);
  });

  it('deliver every deal once when a position is the id of the last deal seen', async () => {
    const { ids } = await pulled(({ after, limit }) => {
      const start = after === undefined ? 0 : DEALS.findIndex((id) => id > after);
      return fromIndex(start, limit, (index) => DEALS[index - 1] ?? '');
    });
    expect([...ids].sort()).toEqual(DEALS);
  });

  it.each([
    ['opaque, and an id is refused', true],
    ['opaque, and an id is taken for the start', false],
  ])('give way to one walker when positions are %s', async (_name, refuses) => {
    const { ids } = await pulled(({ after, limit }) => {
      const start = after?.startsWith('page-') ? Number(after.slice(5)) : 0;
      if (refuses && after !== undefined && start === 0) {
        throw new HubspotRefusal('GET deals', { status: 400, headers: {}, text: '', json: {} });
      }
      return fromIndex(start, limit, (index) => `page-${index}`);
    });
    expect([...new Set(ids)].sort()).toEqual(DEALS);
  });

  it('give way to one walker when deals do not come in order of their ids', async () => {
    const shuffled = [...DEALS].sort((a, b) =>
      a.split('').reverse().join('') < b.split('').reverse().join('') ? -1 : 1,
    );
    const { ids } = await pulled(({ after, limit }) => {
      const start = after === undefined ? 0 : Math.max(0, shuffled.indexOf(after));
      const end = start + limit;
      return { ids: shuffled.slice(start, end), next: shuffled[end] ?? null };
    });
    expect([...new Set(ids)].sort()).toEqual(DEALS);
  });
});

describe('a deal that comes twice in one pull', () => {
  it('is delivered once, the newest, and the other is a visible rejection', async () => {
    const twice = (updatedAt: string) => {
      const properties = { createdate: AT.toISOString(), dealstage: 's', pipeline: 'p', dealname: updatedAt };
      return { id: '77', properties, createdAt: AT, updatedAt: new Date(updatedAt) };
    };
    const raws = [
      twice('2026-01-05T08:00:00Z'),
      twice('2026-01-06T08:00:00Z'),
      twice('2026-01-06T08:00:00Z'),
    ];
    const { api } = account(() => ({ ids: [], next: null }));
    const reading = { api, facts: FACTS, evidenceProperties: [], seen: new Map() };
    const content = await dealContent(raws, { ...reading, optional: (ask) => ask() });
    expect(content.deals.map((one) => one.name)).toEqual(['2026-01-06T08:00:00Z']);
    const rejection = { object: 'deal', externalId: '77', code: 'ID_DUPLICATE', field: 'id' };
    expect(content.rejections).toEqual([rejection, rejection]);
  });
});

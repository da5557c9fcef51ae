import { afterEach, describe, expect, it } from 'vitest';
import type { HubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { smallWorld } from '../../sandbox/world/small-world.ts';
import type { PullCursor, PullPage } from '../../src/ports/connector.ts';
import {
  closeSandboxes,
  dealWrites,
  pullFrom,
  sandboxWith,
  sessionOn,
  spanOf,
  worldOfDeals,
  written,
} from '../support/hubspot-session.ts';

afterEach(closeSandboxes);

const FIRST = 9_000_000_001;
const dealId = (nth: number) => String(FIRST + nth);
const later = (sandbox: HubspotSandbox) => sandbox.advance({ minutes: 20 });
const fields = (nth: number) => ({ amount: String(50_000 + nth) });

/** A whole pull behind us, and twenty minutes. */
async function pulledOnce(sandbox: HubspotSandbox): Promise<PullCursor> {
  const { cursor } = await pullFrom(sessionOn(sandbox), null);
  later(sandbox);
  return cursor;
}

const records = (page: PullPage) =>
  page.deals.length +
  page.companies.length +
  page.contacts.length +
  page.activities.length +
  page.tombstones.length;

async function withOwnProperties(sandbox: HubspotSandbox): Promise<void> {
  const label = { fr: 'Montant net', en: 'Net amount' };
  await sessionOn(sandbox).ensureProperties([
    { key: 'jalon_net_amount', type: 'money', label, description: label },
  ]);
}

describe('a later pull of a HubSpot account', () => {
  it('costs one small call per object type and directory when nothing changed', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(400) });
    const cursor = await pulledOnce(sandbox);
    const session = sessionOn(sandbox);
    await session.readDirectory();
    const second = await pullFrom(session, cursor);
    expect(second.pages.map(records)).toEqual([0]);
    expect(second.calls).toBeLessThanOrEqual(14);
  });

  it('reads 40 edited deals in 4 more calls, whole: history, close date, links', async () => {
    const sandbox = await sandboxWith({ world: smallWorld(400) });
    const cursor = await pulledOnce(sandbox);
    for (let nth = 0; nth < 40; nth += 1) sandbox.edit.set('deal', dealId(nth), { stage: 'closedwon' });
    later(sandbox);
    const session = sessionOn(sandbox);
    const { pages, dealIds } = await pullFrom(session, cursor);
    expect(dealIds).toHaveLength(40);
    const deal = pages.flatMap((page) => page.deals)[0];
    expect(deal?.stageHistory.map((entry) => entry.stageId)).toEqual(['first', 'second', 'closedwon']);
    expect([deal?.companyIds.length, deal?.contactIds.length]).toEqual([1, 1]);
    expect(session.usage().callsByLane).toMatchObject({ read: 1, associations: 3 });
  });

  it('does not read the same change again while it lies in the overlap', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(30) });
    const first = await pulledOnce(sandbox);
    for (let nth = 0; nth < 5; nth += 1) sandbox.edit.set('deal', dealId(nth), fields(nth));
    sandbox.advance({ minutes: 1 });
    const second = await pullFrom(sessionOn(sandbox), first);
    sandbox.advance({ minutes: 1 });
    const third = await pullFrom(sessionOn(sandbox), second.cursor);
    expect([second.dealIds.length, third.dealIds.length]).toEqual([5, 0]);
  });

  it('finds changes that the search index shows late and out of order', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(200), indexLagMs: 240_000 });
    let { cursor } = { cursor: await pulledOnce(sandbox) };
    const edited = new Set<string>();
    const found = new Set<string>();
    for (let round = 0; round < 30; round += 1) {
      if (round < 20) {
        sandbox.edit.set('deal', dealId(round * 7), fields(round));
        edited.add(dealId(round * 7));
      }
      sandbox.advance({ seconds: 50 });
      const pulled = await pullFrom(sessionOn(sandbox), cursor);
      for (const id of pulled.dealIds) found.add(id);
      cursor = pulled.cursor;
    }
    expect([...found].sort()).toEqual([...edited].sort());
  });

  it('reads more than 10,000 deals that carry one and the same modified time', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(10_400) });
    const cursor = await pulledOnce(sandbox);
    const atMs = sandbox.clock.nowMs();
    const stamp = { atMs, source: { kind: 'person', id: '1' } } as const;
    for (let nth = 0; nth < 10_400; nth += 1) sandbox.world.edit('deal', dealId(nth), fields(nth), stamp);
    later(sandbox);
    const { dealIds } = await pullFrom(sessionOn(sandbox), cursor);
    expect(new Set(dealIds).size).toBe(10_400);
  }, 120_000);

  it('resumes inside a large change, and loses at most what it had not stored', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(700) });
    const cursor = await pulledOnce(sandbox);
    for (let nth = 0; nth < 600; nth += 1) sandbox.edit.set('deal', dealId(nth), fields(nth));
    later(sandbox);
    const before = await pullFrom(sessionOn(sandbox), cursor, { pages: 5 });
    const session = sessionOn(sandbox);
    const after = await pullFrom(session, before.cursor);
    expect(new Set([...before.dealIds, ...after.dealIds]).size).toBe(600);
    expect(after.dealIds).toHaveLength(350);
  });

  it.each([
    [
      'from the year 2999',
      {
        version: 2,
        mode: 'changes',
        sinceMs: 32_503_680_000_000,
        recent: {},
        archivedAfter: null,
        productsMs: 0,
        open: null,
      },
    ],
    ['of another version', { version: 9, mode: 'changes' }],
    ['that is no cursor', { garbage: true }],
  ])('reads everything again with a cursor %s', async (_name, cursor) => {
    const sandbox = await sandboxWith({ world: worldOfDeals(60) });
    const pulled = await pullFrom(sessionOn(sandbox), cursor);
    expect(pulled.dealIds).toHaveLength(60);
    const next = await pullFrom(sessionOn(sandbox), pulled.cursor);
    expect(next.dealIds).toHaveLength(0);
  });

  it('tells of deals that were archived, merged and deleted', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(10) });
    const cursor = await pulledOnce(sandbox);
    sandbox.edit.archive('deal', dealId(0));
    sandbox.edit.merge('deal', dealId(1), dealId(2));
    later(sandbox);
    const { pages, dealIds } = await pullFrom(sessionOn(sandbox), cursor);
    const gone = pages.flatMap((page) => page.tombstones);
    expect(gone).toMatchObject([
      { id: dealId(0), reason: 'archived', mergedInto: null },
      { id: dealId(2), reason: 'merged', mergedInto: dealId(1) },
    ]);
    expect(dealIds).toEqual([dealId(1)]);
  });

  it('brings archived and merged deals as gone also at the first pull', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(10) });
    sandbox.edit.archive('deal', dealId(0));
    sandbox.edit.merge('deal', dealId(1), dealId(2));
    const { pages, dealIds } = await pullFrom(sessionOn(sandbox), null);
    expect(pages.flatMap((page) => page.tombstones.map((one) => `${one.id} ${one.reason}`)).sort()).toEqual([
      `${dealId(0)} archived`,
      `${dealId(2)} merged`,
    ]);
    expect(dealIds).toHaveLength(8);
  });

  it('reads new activities with the deals they belong to', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(3) });
    const cursor = await pulledOnce(sandbox);
    const id = sandbox.edit.create('email', {
      at: String(sandbox.clock.nowMs()),
      direction: 'INCOMING_EMAIL',
    });
    sandbox.edit.link({ kind: 'email', id }, { kind: 'deal', id: dealId(1) });
    later(sandbox);
    const { pages } = await pullFrom(sessionOn(sandbox), cursor);
    expect(pages.flatMap((page) => page.activities)).toMatchObject([
      { id, kind: 'email', withCustomer: true, dealIds: [dealId(1)] },
    ]);
  });
});

describe('our own write-back coming back', () => {
  it('is not read again: one call tells that nothing else happened', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(950) });
    await withOwnProperties(sandbox);
    const cursor = await pulledOnce(sandbox);
    const ids = Array.from({ length: 932 }, (_, nth) => dealId(nth));
    const outcomes = await written(sessionOn(sandbox), dealWrites(ids, { jalon_net_amount: '500.00' }));
    later(sandbox);
    const session = sessionOn(sandbox);
    await session.readDirectory();
    const { dealIds, calls } = await pullFrom(session, cursor, { ownWrites: spanOf(outcomes) });
    expect(dealIds).toEqual([]);
    expect(calls).toBeLessThanOrEqual(15);
  });

  it('does not hide deals that people edited afterwards, and costs nothing more for the rest', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(300) });
    await withOwnProperties(sandbox);
    const cursor = await pulledOnce(sandbox);
    const ids = Array.from({ length: 250 }, (_, nth) => dealId(nth));
    const outcomes = await written(sessionOn(sandbox), dealWrites(ids, { jalon_net_amount: '500.00' }));
    sandbox.advance({ minutes: 1 });
    for (let nth = 230; nth < 270; nth += 1) sandbox.edit.set('deal', dealId(nth), fields(nth));
    later(sandbox);
    const session = sessionOn(sandbox);
    await session.readDirectory();
    const { dealIds, calls } = await pullFrom(session, cursor, { ownWrites: spanOf(outcomes) });
    expect(dealIds).toHaveLength(40);
    expect(calls).toBeLessThanOrEqual(19);
  });

  it('does not hide a deal that somebody edited while we were writing', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(150) });
    await withOwnProperties(sandbox);
    const cursor = await pulledOnce(sandbox);
    const session = sessionOn(sandbox);
    const batches = [
      await written(session, dealWrites([dealId(0), dealId(1)], { jalon_net_amount: '1.00' })),
    ];
    sandbox.advance({ seconds: 5 });
    sandbox.edit.set('deal', dealId(1), fields(1));
    sandbox.edit.set('deal', dealId(9), fields(9));
    sandbox.advance({ seconds: 5 });
    batches.push(await written(session, dealWrites([dealId(2)], { jalon_net_amount: '1.00' })));
    later(sandbox);
    const ownWrites = spanOf(batches.flat());
    const { dealIds } = await pullFrom(sessionOn(sandbox), cursor, { ownWrites });
    expect(dealIds).toEqual([dealId(1), dealId(9)]);
  });
});

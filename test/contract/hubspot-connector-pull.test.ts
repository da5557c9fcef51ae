import { afterEach, describe, expect, it } from 'vitest';
import { smallWorld } from '../../sandbox/world/small-world.ts';
import {
  closeSandboxes,
  pullFrom,
  sandboxWith,
  sessionOn,
  worldOfDeals,
} from '../support/hubspot-session.ts';

afterEach(closeSandboxes);

const sorted = (ids: readonly string[]) => [...new Set(ids)].sort();

describe('the first pull of a HubSpot account', () => {
  it('reads 13,087 deals with their exact history in at most 300 calls', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(13_087) });
    const session = sessionOn(sandbox);
    await session.readDirectory();
    const pulled = await pullFrom(session, null);
    expect(new Set(pulled.dealIds).size).toBe(13_087);
    expect(pulled.dealIds).toHaveLength(13_087);
    expect(pulled.calls).toBeLessThanOrEqual(300);
    expect(sandbox.summary()).toMatchObject({ calls: pulled.calls, rateLimited: 0 });
  }, 120_000);

  it('brings deals, companies and contacts with their links, owners who left, and stages in order of time', async () => {
    const sandbox = await sandboxWith({ world: smallWorld(120) });
    const session = sessionOn(sandbox);
    const directory = await session.readDirectory();
    expect(directory.account).toMatchObject({ zone: 'Europe/Paris', currency: 'EUR' });
    expect(directory.owners.find((owner) => owner.id === '83')).toMatchObject({
      name: 'Carla Left',
      active: false,
    });
    expect(directory.teams).toEqual([{ id: '51', name: 'Nord' }]);
    expect(directory.rates).toMatchObject([{ from: 'CHF', to: 'EUR' }]);
    expect(
      directory.pipelines[0]?.stages.map((stage) => [stage.id, stage.crmProbabilityBps, stage.outcome]),
    ).toEqual([
      ['first', 2_000, null],
      ['second', 6_000, null],
      ['closedwon', 10_000, 'won'],
      ['closedlost', 0, 'lost'],
    ]);
    const { pages } = await pullFrom(session, null);
    const deal = pages.flatMap((page) => page.deals)[0];
    expect(deal?.stageHistory.map((entry) => entry.stageId)).toEqual(['first', 'second']);
    expect(deal?.closeDate?.toString()).toBe('2026-03-31');
    expect(deal?.companyIds).toHaveLength(1);
    expect(deal?.flags).toEqual([]);
    expect(pages.flatMap((page) => page.companies)).toHaveLength(120);
    expect(pages.flatMap((page) => page.contacts)[0]).toMatchObject({ buyingRole: 'DECISION_MAKER' });
    expect(pages.flatMap((page) => page.rejections)).toEqual([]);
  });

  it.each([1, 3, 7, 12, 20])(
    'resumes after a stop behind page %i, and reads every deal once',
    async (stopAfter) => {
      const sandbox = await sandboxWith({ world: worldOfDeals(1_500) });
      const before = await pullFrom(sessionOn(sandbox), null, { pages: stopAfter });
      const stored: unknown = JSON.parse(JSON.stringify(before.cursor));
      const after = await pullFrom(sessionOn(sandbox), stored as typeof before.cursor);
      const all = [...before.dealIds, ...after.dealIds];
      expect(sorted(all)).toHaveLength(1_500);
      expect(all).toHaveLength(1_500);
      const lists = sandbox.summary().byPath['GET /crm/v3/objects/deals'] ?? 0;
      expect(lists).toBeLessThanOrEqual(30 + 4 + 4 + 2);
    },
  );

  it('keeps a deal with 150 contacts whole, though a page shows only part of them', async () => {
    const world = worldOfDeals(2);
    const deal = { kind: 'deal', id: '9000000001' } as const;
    for (let nth = 0; nth < 150; nth += 1) {
      const stamp = { atMs: Date.UTC(2026, 0, 6), source: { kind: 'person', id: '77001' } } as const;
      world.link(
        deal,
        world.create('contact', String(5_000_000_001 + nth), { last_name: 'Buyer' }, stamp),
        stamp,
      );
    }
    const sandbox = await sandboxWith({ world });
    const { pages } = await pullFrom(sessionOn(sandbox), null);
    const found = pages.flatMap((page) => page.deals).find((one) => one.id === deal.id);
    expect(new Set(found?.contactIds).size).toBe(150);
  });

  it('reads calls, mails and meetings, and tells in which the customer took part', async () => {
    const world = worldOfDeals(1);
    const stamp = { atMs: Date.UTC(2026, 0, 6), source: { kind: 'person', id: '77001' } } as const;
    const log = (kind: 'call' | 'email' | 'meeting' | 'note', id: string, fields: Record<string, string>) => {
      const at = String(stamp.atMs);
      world.link(world.create(kind, id, { at, ...fields }, stamp), { kind: 'deal', id: '9000000001' }, stamp);
    };
    log('email', '1', { title: 'Re: offer', direction: 'INCOMING_EMAIL' });
    log('email', '2', { title: 'Offer', direction: 'EMAIL' });
    log('meeting', '3', { title: 'Workshop', outcome: 'COMPLETED', start: String(stamp.atMs) });
    log('meeting', '4', { title: 'Planned', start: String(stamp.atMs) });
    log('note', '5', {});
    const sandbox = await sandboxWith({ world });
    const { pages } = await pullFrom(sessionOn(sandbox), null);
    const activities = pages.flatMap((page) => page.activities);
    const kinds = activities.map((one) => `${one.kind} ${one.withCustomer}`).sort();
    expect(activities.every((one) => one.dealIds.length === 1)).toBe(true);
    expect(kinds).toEqual(['email false', 'email true', 'meeting false', 'meeting true', 'note false']);
  });

  it.each([
    'bad_gateway',
    'unavailable',
    'unknown_520',
    'timeout_524',
    'empty_error',
    'empty_ok',
    'truncated_json',
    'reset',
    'reset_mid_body',
    'reply_lost',
    'locked',
    'migrating',
    'rate_ten_secondly',
    'rate_search',
  ] as const)('loses nothing when many calls meet %s', async (kind) => {
    const sandbox = await sandboxWith({ world: smallWorld(500), faultSeed: 7 });
    /** A ten-second pause is an event, not a climate: each costs every caller ten seconds of the thirty that a call may take. */
    const chance = kind === 'rate_ten_secondly' ? 0.04 : 0.2;
    sandbox.faults.add({ kind, chance, times: null, retryAfterSeconds: 1 });
    const { dealIds } = await pullFrom(sessionOn(sandbox), null);
    expect(sandbox.faults.hits()[kind]).toBeGreaterThan(0);
    expect(sorted(dealIds)).toHaveLength(500);
    expect(dealIds).toHaveLength(500);
  });

  it.each([
    ['unauthorised', 'CRM_UNAUTHORISED', 'admin'],
    ['expired', 'CRM_UNAUTHORISED', 'admin'],
    ['forbidden', 'CRM_FORBIDDEN', 'admin'],
    ['rate_daily', 'CRM_DAILY_LIMIT', 'admin'],
  ] as const)('stops with one clear error on %s, without a second try', async (kind, code, whoMustAct) => {
    const sandbox = await sandboxWith({ world: worldOfDeals(3) });
    sandbox.faults.add({ kind, lane: 'list', times: null });
    const session = sessionOn(sandbox);
    await session.readDirectory();
    await expect(pullFrom(session, null)).rejects.toMatchObject({ code, whoMustAct });
    expect(session.usage().retries).toBe(0);
  });

  it('names the scope that is missing', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(3), tokens: { poor: ['oauth'] } });
    const session = sessionOn(sandbox, { token: 'poor' });
    await expect(session.readDirectory()).rejects.toMatchObject({ code: 'CRM_FORBIDDEN' });
    await expect(session.readDirectory()).rejects.toThrow(/missing scope crm\./);
  });
});

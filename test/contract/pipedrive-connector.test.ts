import { afterEach, describe, expect, it } from 'vitest';
import { smallWorld } from '../../sandbox/world/small-world.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import type { DealWrite, PropertyKey, PropertySpec } from '../../src/core/write-back/write-back.ts';
import { ConnectorError } from '../../src/ports/connector.ts';
import { Landed } from '../support/landed.ts';
import { logBook } from '../support/log-book.ts';
import {
  closeSandboxes,
  sandboxWith,
  sessionOn,
  WEIGHT,
  weights,
  worldId,
  written,
} from '../support/pipedrive-session.ts';

const incomplete = (landed: Landed) =>
  landed.present.filter((deal) => deal.flags.includes('history_incomplete'));

afterEach(closeSandboxes);

describe('a Pipedrive account', () => {
  it('is listed 500 deals at a time: 2 calls and 20 tokens per 1,000', async () => {
    const sandbox = await sandboxWith({ world: smallWorld(3_000) });
    const session = sessionOn(sandbox, { historyShareBps: 0 });
    const landed = new Landed();
    await landed.pull(session);
    expect(landed.present).toHaveLength(3_000);
    expect(session.usage().callsByLane['deals']).toBe(6);
    expect(sandbox.summary().tokensByPath['GET /api/v2/deals']).toBe(60 + 10);
  });

  it('asks for changes in whole seconds, because Pipedrive refuses fractions', async () => {
    const sandbox = await sandboxWith();
    const landed = new Landed();
    await landed.pull(sessionOn(sandbox));
    sandbox.advance({ milliseconds: 90_123 });
    await landed.pull(sessionOn(sandbox));
    expect(sandbox.summary().byStatus).toEqual({ 200: sandbox.summary().calls });
  });

  it('shows won and lost as two stages of every pipeline, entered when the status changed', async () => {
    const sandbox = await sandboxWith();
    sandbox.edit.set('deal', worldId(0), { stage: 'closedlost' });
    sandbox.advance({ minutes: 1 });
    sandbox.edit.set('deal', worldId(0), { stage: 'second' });
    sandbox.advance({ minutes: 1 });
    sandbox.edit.set('deal', worldId(0), { stage: 'closedwon' });
    const session = sessionOn(sandbox);
    const [pipeline] = (await session.readDirectory()).pipelines;
    expect(pipeline?.stages.slice(-2)).toMatchObject([
      { id: 'status:won', outcome: 'won' },
      { id: 'status:lost', outcome: 'lost' },
    ]);
    const landed = new Landed();
    await landed.pull(session);
    const deal = landed.deals.get(worldId(0));
    const [first, second] = pipeline?.stages.map((stage) => stage.id) ?? [];
    expect(deal?.stageId).toBe('status:won');
    expect(deal?.stageHistory.map((entry) => entry.stageId)).toEqual([
      first,
      second,
      'status:lost',
      second,
      'status:won',
    ]);
  });

  it('keeps an archived result, and lets an archived open deal go', async () => {
    const sandbox = await sandboxWith();
    sandbox.edit.set('deal', worldId(0), { stage: 'closedwon' });
    const landed = new Landed();
    await landed.pull(sessionOn(sandbox));
    sandbox.advance({ hours: 1 });
    sandbox.edit.shelve(worldId(0));
    sandbox.edit.shelve(worldId(1));
    await landed.pull(sessionOn(sandbox));
    const present = landed.present.map((deal) => String(deal.id));
    expect([present.includes(worldId(0)), present.includes(worldId(1))]).toEqual([true, false]);
    sandbox.advance({ hours: 1 });
    sandbox.edit.unshelve(worldId(1));
    await landed.pull(sessionOn(sandbox));
    expect(landed.present).toHaveLength(40);
  });

  it('takes the last incoming mail for an answer of the customer', async () => {
    const sandbox = await sandboxWith();
    const at = '2026-02-20T09:30:00Z';
    const mail = sandbox.edit.create('email', { at, direction: 'incoming', subject: 'Yes' });
    sandbox.edit.link({ kind: 'deal', id: worldId(2) }, { kind: 'email', id: mail });
    const landed = new Landed();
    await landed.pull(sessionOn(sandbox));
    const [activity] = landed.activities.values();
    expect(activity).toMatchObject({ kind: 'email', withCustomer: true, dealIds: [worldId(2)] });
    expect(activity?.at.toString()).toBe(at);
  });

  it('dates evidence by the changelog, not by the day of reading', async () => {
    const sandbox = await sandboxWith();
    sandbox.edit.set('deal', worldId(3), { jalon_evidence_need: 'letter of the buyer' });
    const filledAt = sandbox.clock.now();
    sandbox.advance({ days: 3 });
    sandbox.edit.set('deal', worldId(3), { amount: '5000' });
    const landed = new Landed();
    await landed.pull(sessionOn(sandbox), { evidenceProperties: ['jalon_evidence_need'] });
    const [property] = landed.deals.get(worldId(3))?.properties ?? [];
    expect(property).toMatchObject({ name: 'jalon_evidence_need', value: 'letter of the buyer' });
    expect(property?.filledAt.epochMilliseconds).toBe(Math.floor(filledAt.epochMilliseconds / 1000) * 1000);
  });

  it('leaves a page of Cloudflare alone for a while instead of knocking again', async () => {
    const sandbox = await sandboxWith();
    sandbox.faults.add({ kind: 'cloudflare', times: null });
    const error = await sessionOn(sandbox)
      .readDirectory()
      .catch((thrown: unknown) => thrown);
    if (!(error instanceof ConnectorError)) throw error;
    expect([error.code, error.retry]).toEqual(['CRM_RATE_LIMITED', { kind: 'after', delayMs: 120_000 }]);
    expect(sandbox.summary().calls).toBeLessThanOrEqual(7);
  });

  it('stays under the burst limit of a small plan without one refusal', async () => {
    const sandbox = await sandboxWith({ plan: 'lite', seats: 400, limits: { burst: 20 } });
    const landed = new Landed();
    const account = { accessToken: async () => sandbox.token, baseUrl: sandbox.url, logger: logBook() };
    const { pipedrive } = await import('../../connectors/pipedrive/index.ts');
    await landed.pull(pipedrive.open(account));
    expect(landed.present).toHaveLength(40);
    expect(sandbox.summary().rateLimited).toBe(0);
  }, 60_000);
});

describe('history, which Pipedrive sells by the deal', () => {
  it('is read for open deals first, stops at our share of the day, and goes on the next day', async () => {
    const world = smallWorld(30);
    for (let nth = 0; nth < 10; nth += 1) {
      const stamp = { atMs: Date.UTC(2026, 0, 20), source: { kind: 'person', id: '1' } } as const;
      world.edit('deal', worldId(nth), { stage: 'closedwon' }, stamp);
    }
    const sandbox = await sandboxWith({ world, limits: { dailyTokens: 2_400 } });
    const landed = new Landed();
    await landed.pull(sessionOn(sandbox));
    expect(landed.present).toHaveLength(30);
    const missingFirstDay = incomplete(landed);
    expect(missingFirstDay.length).toBeGreaterThan(0);
    expect(missingFirstDay.length).toBeLessThan(30);
    const closed = missingFirstDay.filter((deal) => deal.stageId === 'status:won').length;
    expect(closed).toBe(10);
    expect(sandbox.summary().tokensToday).toBeLessThanOrEqual(2_400 / 2);
    for (let day = 0; day < 3; day += 1) {
      sandbox.advance({ hours: 24 });
      await landed.pull(sessionOn(sandbox));
    }
    expect(incomplete(landed)).toEqual([]);
  });

  it('is not asked for twice', async () => {
    const sandbox = await sandboxWith();
    const landed = new Landed();
    await landed.pull(sessionOn(sandbox));
    sandbox.advance({ hours: 1 });
    for (let nth = 0; nth < 40; nth += 1) sandbox.edit.set('deal', worldId(nth), { amount: '99' });
    const session = sessionOn(sandbox);
    await landed.pull(session);
    expect(session.usage().callsByLane['history']).toBeUndefined();
    expect(incomplete(landed)).toEqual([]);
    expect(landed.present.every((deal) => deal.stageHistory.length === 2)).toBe(true);
  });

  it('costs nothing for a deal that nobody has touched', async () => {
    const sandbox = await sandboxWith();
    const landed = new Landed();
    await landed.pull(sessionOn(sandbox));
    sandbox.advance({ hours: 1 });
    sandbox.edit.create('deal', {
      name: 'New',
      amount: '10',
      currency: 'EUR',
      pipeline: 'default',
      stage: 'first',
    });
    const session = sessionOn(sandbox);
    const [deal] = await landed.pull(session);
    expect(deal).toMatchObject({ name: 'New', flags: ['close_date_missing'] });
    expect(session.usage().callsByLane['history']).toBeUndefined();
  });
});

describe('writing back to Pipedrive', () => {
  it('postpones what our share of the day does not cover, in the order given, and says until when', async () => {
    const sandbox = await sandboxWith({ limits: { dailyTokens: 400 } });
    const session = sessionOn(sandbox);
    await session.ensureProperties([WEIGHT]);
    const outcomes = await written(session, weights(40));
    const postponed = outcomes.filter((outcome) => outcome.kind === 'postponed');
    expect(postponed.length).toBeGreaterThan(0);
    expect(outcomes.filter((outcome) => outcome.kind === 'written').length).toBe(40 - postponed.length);
    expect(sandbox.summary().tokensToday).toBeLessThanOrEqual(200);
    expect(postponed[0]?.resumesAt.toString()).toBe('2026-03-03T00:01:00Z');
    expect(Object.keys(sandbox.written().values).sort()).toEqual(
      weights(40 - postponed.length).map((write) => String(write.dealId)),
    );
    sandbox.advance({ hours: 25 });
    const tomorrow = await written(sessionOn(sandbox), weights(40).slice(40 - postponed.length));
    expect(tomorrow.some((outcome) => outcome.kind === 'written')).toBe(true);
    expect(sandbox.written().doubled).toEqual([]);
  });

  it('makes a field that survives its renaming, and never a second one', async () => {
    const sandbox = await sandboxWith();
    await sessionOn(sandbox).ensureProperties([WEIGHT]);
    sandbox.faults.add({ kind: 'reply_lost', method: 'POST' });
    const net: PropertySpec = {
      ...WEIGHT,
      key: 'jalon_net_amount',
      type: 'money',
      label: { fr: 'Net', en: 'Net' },
    };
    const report = await sessionOn(sandbox).ensureProperties([WEIGHT, net]);
    expect([report.created, report.existing, report.unusable]).toEqual([
      ['jalon_net_amount'],
      ['jalon_weight'],
      [],
    ]);
    expect(sandbox.summary().byPath['POST /api/v2/dealFields']).toBe(2);
  });

  it('writes the exact digits of an amount, which no float could hold', async () => {
    const sandbox = await sandboxWith();
    const net: PropertySpec = { ...WEIGHT, key: 'jalon_net_amount', type: 'money' };
    const session = sessionOn(sandbox);
    await session.ensureProperties([net]);
    const values = new Map<PropertyKey, string>([['jalon_net_amount', '8888888888.88']]);
    const write = { dealId: asId<DealId>(worldId(0)), currency: 'EUR' as DealWrite['currency'], values };
    expect(await written(session, [write])).toMatchObject([{ kind: 'written' }]);
    const present = await session.readBack([write.dealId], ['jalon_net_amount']);
    expect(present.get(write.dealId)?.values).toEqual(values);
  });

  it('needs the right to write', async () => {
    const sandbox = await sandboxWith({
      tokens: { 'read-only': ['base', 'deals:read', 'contacts:read', 'admin'] },
    });
    const session = sessionOn(sandbox);
    await session.ensureProperties([WEIGHT]);
    const error = await written(session, weights(1)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CRM_FORBIDDEN', whoMustAct: 'admin' });
  });
});

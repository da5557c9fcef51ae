import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tick } from '../../jobs/schedule.ts';
import type { PipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import { connect, disconnect } from '../../src/cli/connection-commands.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import { type CrmRun, openPipedriveRun } from '../support/crm-run.ts';
import { freePort } from '../support/free-port.ts';

/** Pipedrive tells of its deals; what it tells is only a reason to look. One service with its pages, one local Pipedrive, from test to test. */

const deal = (nth: number) => String(FIRST_SMALL_DEAL_ID + nth);
/** What came within a minute is read when it is over. */
const A_MINUTE = { seconds: 61 };

let run: CrmRun<PipedriveSandbox>;
let address: string;

beforeAll(async () => {
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  run = await openPipedriveRun({ world: smallWorld(40), environment: { PUBLIC_URL: address } });
  await run.services.listen(port);
  // A test machine may be busy with three files at once; a ban for being slow is not what is tested here.
  run.sandbox.webhooks.patienceMs = 60_000;
  await run.perform('pull');
  await run.perform('webhook_setup');
}, 60_000);
afterAll(() => run?.close());

const webhooks = () => run.sandbox.webhooks;
const dealId = (nth: number) => asId<DealId>(run.sandbox.idOf('deal', deal(nth)));
const held = (nth: number) => run.read((tenant) => tenant.records.deal(run.connectionId, dealId(nth)));
const callsFrom = (seq: number) =>
  run.sandbox.journal.entries(seq + 1).map(({ method, path }) => `${method} ${path}`);
const soFar = () => run.sandbox.journal.entries().length;

/** Everything sent has arrived, its minute is over, and the due work is done: which calls it took. */
async function workOff(): Promise<readonly string[]> {
  await webhooks().onTheWay.settled();
  const before = soFar();
  run.sandbox.advance(A_MINUTE);
  await run.performDue();
  return callsFrom(before);
}

describe('a deal that changes in Pipedrive', () => {
  it('is known within two minutes, with the exact second of its new stage, without any reading of everything', async () => {
    run.sandbox.advance({ minutes: 7, seconds: 13 });
    run.sandbox.edit.set('deal', deal(3), { stage: 'closedwon', amount: '77000' });
    const at = run.sandbox.clock.now();
    const calls = await workOff();
    const read = await held(3);
    const last = read?.stageHistory.at(-1);
    expect(last?.stageId).toBe('status:won');
    expect(last?.enteredAt.epochMilliseconds).toBe(Math.floor(at.epochMilliseconds / 1_000) * 1_000);
    expect(read?.amount).toMatchObject({ money: { amountMinor: 7_700_000n } });
    expect(read?.flags).toEqual([]);
    expect(calls).toEqual(['GET /api/v2/deals', 'GET /api/v1/deals/{id}/changelog']);
    const webhook = webhooks().deliveries.at(-1);
    expect([webhook?.statuses, webhooks().registered.size]).toEqual([[204], 1]);
  });

  it('two hundred times in a minute is read once', async () => {
    for (let nth = 0; nth < 200; nth += 1)
      run.sandbox.edit.set('deal', deal(nth % 4), { name: `Name ${nth}` });
    expect(await workOff()).toEqual(['GET /api/v2/deals']);
    expect((await held(3))?.name).toBe('Name 199');
  });

  it('and whose webhooks come in reverse order, twice, or with some lost, ends as it stands in Pipedrive', async () => {
    webhooks().onTheWay.hold();
    run.sandbox.advance({ minutes: 3 });
    run.sandbox.edit.set('deal', deal(5), { stage: 'closedlost' });
    run.sandbox.advance({ minutes: 3 });
    run.sandbox.edit.set('deal', deal(5), { stage: 'closedwon' });
    run.sandbox.advance({ minutes: 3 });
    run.sandbox.edit.set('deal', deal(5), { amount: '12345' });
    await webhooks().onTheWay.release((sent) => [...sent.slice(1).toReversed(), ...sent.slice(1)]);
    await workOff();
    const read = await held(5);
    expect(read?.stageHistory.slice(-2).map(({ stageId }) => stageId)).toEqual(['status:lost', 'status:won']);
    expect(read?.amount).toMatchObject({ money: { amountMinor: 1_234_500n } });
    webhooks().onTheWay.hold();
    run.sandbox.edit.set('deal', deal(6), { amount: '54321' });
    await webhooks().onTheWay.release(() => []);
    expect(await workOff(), 'nobody told').toEqual([]);
    await run.perform('pull');
    expect((await held(6))?.amount).toMatchObject({ money: { amountMinor: 5_432_100n } });
  });

  it('and is deleted, archived or merged away leaves, and a merged one is known to have gone into the other', async () => {
    run.sandbox.advance({ minutes: 1 });
    run.sandbox.edit.archive('deal', deal(10));
    run.sandbox.edit.shelve(deal(11));
    run.sandbox.edit.merge('deal', deal(12), deal(13));
    await workOff();
    for (const nth of [10, 11, 13]) expect(await held(nth), String(nth)).toBeNull();
    expect(await held(12)).not.toBeNull();
    const known = await run.read((tenant) => tenant.records.knownDeals(run.connectionId, [dealId(13)]));
    expect(known.size).toBe(1);
  });

  it('while a reading of everything is interrupted is not taken for gone when that reading ends', async () => {
    run.sandbox.advance({ minutes: 1 });
    run.sandbox.faults.add({ kind: 'rate_daily', path: '/persons', times: 1 });
    const { unfinished } = await run.perform('pull', { whole: 'yes' });
    expect(unfinished[0]?.error).toMatch(/^CRM_DAILY_LIMIT/);
    run.sandbox.edit.set('deal', deal(9), { amount: '999' });
    await workOff();
    run.sandbox.advance({ hours: 25 });
    await run.performDue();
    expect((await run.read((tenant) => tenant.effects.list({ state: 'pending', kind: 'pull' }))).length).toBe(
      0,
    );
    expect((await held(9))?.amount).toMatchObject({ money: { amountMinor: 99_900n } });
  });

  it('waits its turn while the account is being read', async () => {
    run.sandbox.edit.set('deal', deal(9), { amount: '888' });
    const now = () => run.services.context.clock.now();
    const reading = await run.read(async ({ effects }) => {
      const payload = { connectionId: run.connectionId };
      const id = await effects.add({ kind: 'pull', key: 'somebody else', payload, dueAt: now() });
      return await effects.claim(id, now(), 600_000);
    });
    expect(await workOff(), 'no call beside the reading').toEqual([]);
    await run.read(({ effects }) => effects.done(reading?.id ?? '', reading?.fence ?? -1));
    run.sandbox.advance({ minutes: 1 });
    await run.performDue();
    expect((await held(9))?.amount).toMatchObject({ money: { amountMinor: 88_800n } });
  });

  it('because Jalon wrote to it costs no call', async () => {
    run.sandbox.advance({ minutes: 1 });
    await run.perform('write_back');
    await webhooks().onTheWay.settled();
    expect(webhooks().deliveries.length).toBeGreaterThan(230);
    expect(await workOff()).toEqual([]);
  });
});

describe('a day whose tokens are used up when the deals are to be read', () => {
  it('lets the webhooks wait until the next one', async () => {
    run.sandbox.advance({ minutes: 1 });
    run.sandbox.edit.set('deal', deal(8), { amount: '4711' });
    const fault = run.sandbox.faults.add({ kind: 'rate_daily', path: '/api/v2/deals', times: null });
    await workOff();
    expect((await held(8))?.amount).not.toMatchObject({ money: { amountMinor: 471_100n } });
    run.sandbox.faults.remove(fault);
    run.sandbox.advance({ hours: 25 });
    await run.performDue();
    expect((await held(8))?.amount).toMatchObject({ money: { amountMinor: 471_100n } });
  });
});

describe('the door for webhooks', () => {
  const url = () => `${address}/webhooks/pipedrive`;
  const post = async (body: string, headers: Record<string, string> = {}) =>
    (await fetch(url(), { method: 'POST', body, headers })).status;
  const credentials = () => {
    const [webhook] = webhooks().registered.values();
    return {
      authorization: `Basic ${Buffer.from(`${webhook?.user}:${webhook?.password}`).toString('base64')}`,
    };
  };
  const waiting = () => run.read((tenant) => tenant.inbox.take(run.connectionId, 10));
  const meta = { version: '2.0', action: 'change', entity: 'deal', entity_id: '1', company_id: '1', id: 'x' };

  it('turns away what does not carry the credentials of the registration, and what is larger than any webhook', async () => {
    expect(await post('{}')).toBe(401);
    expect(await post('{}', { authorization: 'Basic eDp5' })).toBe(401);
    expect((await fetch(`${address}/webhooks/unknown`, { method: 'POST', body: '{}' })).status).toBe(401);
    expect(await post('x'.repeat(2_200_000), credentials())).toBe(413);
    expect((await fetch(url())).status, 'and there is nothing to look at').toBe(404);
    expect(await waiting()).toEqual([]);
    expect(run.services.webhookCounts).toMatchObject({ refused: 3, oversized: 1 });
  });

  it('accepts and forgets what is authentic and of no use: no JSON, another object, another company', async () => {
    const companyId = run.sandbox.world.account.id;
    for (const body of [
      'no json',
      JSON.stringify({ meta: { ...meta, entity: 'person', company_id: companyId } }),
      JSON.stringify({ meta }),
    ])
      expect(await post(body, credentials()), body).toBe(204);
    expect(await waiting()).toEqual([]);
    expect(run.services.webhookCounts).toMatchObject({ unreadable: 1, ofNoUse: 2 });
  });

  it('keeps what it accepted before it answers, once, and without a word of what was in it', async () => {
    const body = JSON.stringify({
      meta: { ...meta, company_id: run.sandbox.world.account.id, entity_id: dealId(2) },
      data: { title: 'Secret name', value: 5 },
    });
    expect([await post(body, credentials()), await post(body, credentials())]).toEqual([204, 204]);
    const kept = await waiting();
    expect(kept.map(({ raw }) => JSON.parse(raw))).toEqual([
      { dealId: dealId(2), modifiedAt: null, mergedInto: null },
    ]);
    await workOff();
    expect(await waiting()).toEqual([]);
  });
});

describe('the registration', () => {
  it('is made once, found again, and made anew when Pipedrive dropped it or its password is another', async () => {
    const registered = () => [...webhooks().registered.values()].map(({ id }) => id);
    const [first] = registered();
    await run.perform('webhook_setup');
    expect(registered()).toEqual([first]);
    webhooks().registered.clear();
    await run.perform('webhook_setup');
    expect(registered()).toEqual([Number(first) + 1]);
    const [webhook] = webhooks().registered.values();
    webhooks().registered.set(Number(first) + 1, { ...webhook, user: 'jalon-older' } as never);
    await run.perform('webhook_setup');
    expect(registered()).toEqual([Number(first) + 2]);
  });

  it('is taken back by `jalon disconnect`, which reads and writes no more; `jalon connect` goes on', async () => {
    const state = () => run.read(async (tenant) => (await tenant.connections.get(run.connectionId))?.state);
    const { printed } = await run.command((app) => disconnect(app, { crm: 'pipedrive' }));
    expect(printed).toContain('1 webhooks taken back');
    expect([webhooks().registered.size, await state()]).toEqual([0, 'paused']);
    const { unfinished } = await run.perform('pull');
    expect(unfinished[0]?.error).toMatch(/^CONNECTION_NOT_ACTIVE/);
    await run.command((app) => connect(app, { crm: 'pipedrive' }));
    expect([await state(), (await run.perform('pull')).unfinished]).toEqual(['active', []]);
  });

  it('is no reason to stop where the token may not register any', async () => {
    run.sandbox.tokens.set(run.sandbox.token, ['base', 'deals:full']);
    webhooks().registered.clear();
    expect((await run.perform('webhook_setup')).unfinished).toEqual([]);
    expect(webhooks().registered.size).toBe(0);
    run.sandbox.tokens.set(run.sandbox.token, ['*']);
  });
});

describe('the minute tick', () => {
  it('has the registration looked at once a week, and works off what a lost message left in the inbox', async () => {
    const work = (kind: string) => run.read((tenant) => tenant.effects.list({ state: 'pending', kind }));
    const { context } = run.services;
    const queue = { ring: async () => undefined };
    await tick(context, queue);
    await tick(context, queue);
    expect((await work('webhook_setup')).map(({ key }) => key)).toEqual([
      expect.stringMatching(new RegExp(`^pipedrive/2026-W\\d\\d/${address}/webhooks/pipedrive$`)),
    ]);
    expect(await work('webhooks')).toEqual([]);
    const receivedAt = context.clock.now();
    const raw = JSON.stringify({ dealId: dealId(1), modifiedAt: null, mergedInto: null });
    await run.read(({ inbox }) =>
      inbox.record({ connectionId: run.connectionId, dedupeKey: 'left', receivedAt, raw }),
    );
    await tick(context, queue);
    expect(await work('webhooks'), 'its own run may still come').toEqual([]);
    run.sandbox.advance({ minutes: 6 });
    await tick(context, queue);
    expect(await work('webhooks')).toHaveLength(1);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { answer } from '../../jobs/worker.ts';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import { type CrmRun, openHubspotRun } from '../support/crm-run.ts';

const runs: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const run of runs.splice(0)) await run.close();
});

async function opened(deals: number) {
  const run = await openHubspotRun({ world: smallWorld(deals) });
  runs.push(run);
  return run;
}

const presentDeals = async (run: CrmRun<unknown>) =>
  (await run.read((tenant) => tenant.records.dealCounts(run.connectionId))).present;

describe('the readings of the week', () => {
  it('find a deal that was destroyed without a trace, when everything is read again', async () => {
    const run = await opened(12);
    await run.perform('pull');
    run.sandbox.edit.purge('deal', String(FIRST_SMALL_DEAL_ID));
    run.sandbox.advance({ hours: 1 });
    await run.perform('pull');
    expect(await presentDeals(run)).toBe(12);
    await run.perform('pull', { whole: 'yes' });
    expect(await presentDeals(run)).toBe(11);
  }, 120_000);

  it('bring the CRM up to date on any day, not only on Monday', async () => {
    const run = await opened(6);
    await run.perform('pull', { run: 'poll' });
    const before = run.sandbox.written().total;
    expect(before).toBeGreaterThan(0);
    run.sandbox.edit.set('deal', String(FIRST_SMALL_DEAL_ID), { amount: '98765' });
    run.sandbox.advance({ hours: 1 });
    await run.perform('pull', { run: 'poll' });
    expect(run.sandbox.written().total).toBeGreaterThan(before);
    expect(run.sandbox.written().doubled).toEqual([]);
  }, 120_000);

  it('the first one has the past replayed by itself, the next ones do not, and the first Monday does once more', async () => {
    const run = await opened(6);
    const replays = async () => {
      const effects = await run.read((tenant) => tenant.effects.list({ kind: 'backtest' }));
      return effects.map(({ key, state }) => `${key.split('/')[1]} ${state}`);
    };
    await run.perform('pull', { run: 'poll' });
    const first = await run.read((tenant) => tenant.reliability.latest(run.connectionId));
    expect(first?.backtest.deals).toBe(6);
    expect(await replays()).toEqual([`${first?.asOf} done`]);
    run.sandbox.advance({ hours: 1 });
    await run.perform('pull', { run: 'poll' });
    expect(await replays()).toHaveLength(1);
    const monday = first?.asOf.add({ days: 8 - first.asOf.dayOfWeek }) ?? expect.fail('no report');
    run.sandbox.advance({ hours: 24 * 7 });
    await run.perform('pull', { run: 'monday', asOf: monday.toString() });
    expect(await replays()).toEqual([`${first?.asOf} done`, `${monday} done`]);
  }, 120_000);

  it('go one after the other: the second on an account waits for its turn', async () => {
    const run = await opened(6);
    const { store, tenantId, context } = run.services;
    const now = context.clock.now();
    const add = (key: string) =>
      store.inTenant(tenantId, (tenant) =>
        tenant.effects.add({ kind: 'pull', key, payload: { connectionId: run.connectionId }, dueAt: now }),
      );
    const [first, second] = [await add('one'), await add('two')];
    await store.inTenant(tenantId, (tenant) => tenant.effects.claim(first, now, 60_000));
    const queue = { ring: async () => undefined };
    const callsBefore = run.services.usage().calls;
    expect(await answer(context, queue, { tenantId, effectId: second })).toBe('retry');
    expect(run.services.usage().calls).toBe(callsBefore);
    const waiting = await run.read((tenant) => tenant.effects.get(second));
    expect(waiting).toMatchObject({ state: 'pending', lastError: 'EFFECT_BUSY' });
  }, 120_000);
});

import { afterEach, describe, expect, it } from 'vitest';
import { answer } from '../../jobs/worker.ts';
import { planWriteBack } from '../../jobs/write-back-plan.ts';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import { type CrmRun, openHubspotRun, openPipedriveRun } from '../support/crm-run.ts';

const runs: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const run of runs.splice(0)) await run.close();
});

const hubspot = async (options = {}) => kept(await openHubspotRun(options));
const pipedrive = async (options = {}) => kept(await openPipedriveRun(options));

function kept<Run extends { close(): Promise<void> }>(run: Run): Run {
  runs.push(run);
  return run;
}

const plan = (run: CrmRun<unknown>) =>
  run.read((tenant) => planWriteBack(tenant, run.connectionId, run.services.context.clock.now()));
const worldId = (nth: number) => String(FIRST_SMALL_DEAL_ID + nth);

describe('the write-back, run by run', () => {
  it('makes no call when nothing is to be written and no reply was lost', async () => {
    for (const run of [await hubspot(), await pipedrive()]) {
      await run.perform('pull');
      await run.perform('write_back');
      const before = run.services.usage().calls;
      await run.perform('write_back');
      expect(run.services.usage().calls - before).toBe(0);
    }
  }, 180_000);

  it('asks Pipedrive what became of lost replies knowing its own fields, and writes no value twice', async () => {
    const run = await pipedrive();
    await run.perform('pull');
    run.sandbox.faults.add({ kind: 'reply_lost', method: 'PATCH', times: 5 });
    await run.perform('write_back');
    expect(await run.read((tenant) => tenant.receipts.unsettled(run.connectionId))).toHaveLength(5);
    run.sandbox.advance({ minutes: 2 });
    await run.performDue();
    expect(await run.read((tenant) => tenant.receipts.unsettled(run.connectionId))).toEqual([]);
    expect((await plan(run)).writes).toEqual([]);
    expect(run.sandbox.written().doubled).toEqual([]);
  }, 180_000);

  it('leaves in the audit log which properties it was about to make, also when it dies before it can say that they were made', async () => {
    for (const run of [await hubspot({ world: smallWorld(4) }), await pipedrive({ world: smallWorld(4) })]) {
      await run.perform('pull');
      const { context, tenantId } = run.services;
      const openSession: typeof context.openSession = (connection, signal) => {
        const session = context.openSession(connection, signal);
        return {
          ...session,
          ensureProperties: async (specs, announce) => {
            await session.ensureProperties(specs, announce);
            throw new Error('the process is gone');
          },
        };
      };
      const now = context.clock.now();
      const effect = {
        kind: 'write_back',
        key: 'dies',
        payload: { connectionId: run.connectionId },
        dueAt: now,
      };
      const effectId = await run.read((tenant) => tenant.effects.add(effect));
      const queue = { ring: async () => undefined };
      expect(await answer({ ...context, openSession }, queue, { tenantId, effectId })).toBe('retry');
      const actions = async () =>
        (await run.read((tenant) => tenant.audit.list(50))).map(({ action }) => action);
      expect(await actions()).toContain('properties_missing');
      expect(await actions()).not.toContain('properties_created');
      await run.perform('write_back');
      expect((await plan(run)).writes).toEqual([]);
      expect(run.sandbox.written().doubled).toEqual([]);
    }
  }, 180_000);

  it('does not ask again for a week what the CRM refused, unless something else is to be written', async () => {
    const run = await hubspot({ world: smallWorld(6) });
    const refused = run.sandbox.faults.add({ kind: 'refuse_record', ids: [worldId(2)], times: null });
    await run.perform('pull');
    await run.perform('write_back');
    const first = await plan(run);
    expect(first.writes).toEqual([]);
    expect(first.parked.map(({ dealId }) => dealId)).toEqual([worldId(2)]);
    const before = run.services.usage().calls;
    run.sandbox.advance({ days: 1 });
    await run.perform('write_back');
    expect(run.services.usage().calls).toBe(before);
    run.sandbox.edit.set('deal', worldId(2), { amount: '4321' });
    run.sandbox.advance({ minutes: 5 });
    await run.perform('pull');
    expect((await plan(run)).writes.map(({ dealId }) => dealId)).toEqual([worldId(2)]);
    await run.perform('write_back');
    expect((await plan(run)).writes).toEqual([]);
    run.sandbox.faults.remove(refused);
    run.sandbox.advance({ days: 8 });
    await run.perform('write_back');
    const last = await plan(run);
    expect([last.writes, last.parked]).toEqual([[], []]);
    expect(await run.read((tenant) => tenant.receipts.refusals(run.connectionId))).toEqual([]);
  }, 180_000);
});

import { afterEach, describe, expect, it } from 'vitest';
import { planWriteBack } from '../../jobs/write-back-plan.ts';
import type { PipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import { smallWorld } from '../../sandbox/world/small-world.ts';
import { pull as pullCommand } from '../../src/cli/pull.ts';
import { writeBackApply, writeBackPlan } from '../../src/cli/write-back.ts';
import type { Deal } from '../../src/core/deals/deal.ts';
import { postponedDeals } from '../../src/core/write-back/postponed-writes.ts';
import { type CrmRun, openPipedriveRun, SMALL_COMPANY } from '../support/crm-run.ts';

const runs: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const run of runs.splice(0)) await run.close();
});

const DEALS = 60;
/** The budget is renewed a minute after midnight. */
const A_DAY = { hours: 24, minutes: 5 };

/** A company whose tokens of the day do not suffice for all that there is to do. */
async function pipedrive(
  dailyTokens: number,
  sharePercent: number,
  told: 'by the environment' | 'by the company file' = 'by the environment',
): Promise<CrmRun<PipedriveSandbox>> {
  const environment = {
    PIPEDRIVE_DAILY_TOKENS: String(dailyTokens),
    PIPEDRIVE_SHARE_PERCENT: String(sharePercent),
  };
  // The plan promises 30,000; what the replies' headers say of the day is believed instead.
  const company = `${SMALL_COMPANY}pipedrive: { plan: lite, seats: 1, share_percent: ${sharePercent} }\n`;
  const run = await openPipedriveRun({
    world: smallWorld(DEALS),
    limits: { dailyTokens },
    ...(told === 'by the environment' ? { environment } : { company }),
  });
  runs.push(run);
  return run;
}

const incomplete = async (run: CrmRun<unknown>) => {
  const deals = await run.read((tenant) => tenant.records.deals(run.connectionId));
  return [deals.length, deals.filter(({ flags }) => flags.includes('history_incomplete')).length];
};
const pendingOf = (run: CrmRun<unknown>) =>
  run.read(async (tenant) =>
    postponedDeals(await tenant.effects.list({ state: 'pending' }), run.connectionId),
  );
const missing = async (run: CrmRun<unknown>) => {
  const now = run.services.context.clock.now();
  return (await run.read((tenant) => planWriteBack(tenant, run.connectionId, now))).writes.length;
};

/** Net amounts in the company's currency: those that the CRM holds, and those that wait. */
async function netChanges(run: CrmRun<unknown>) {
  const now = run.services.context.clock.now();
  return await run.read(async (tenant) => {
    const deals = await tenant.records.deals(run.connectionId);
    const rates = new Map(
      deals.map(({ id, amount }) => [
        id,
        amount.kind === 'money' && (amount.money.currency as string) === 'CHF' ? 1.04 : 1,
      ]),
    );
    const held = [...(await tenant.receipts.acknowledged(run.connectionId))];
    const planned = (await planWriteBack(tenant, run.connectionId, now)).writes;
    const net = (id: Deal['id'], values: ReadonlyMap<string, string>) =>
      Number(values.get('jalon_net_amount')) * (rates.get(id) ?? 1);
    return {
      written: held.map(([id, values]) => net(id, values)),
      waiting: planned.map(({ dealId, values }) => net(dealId, values)),
    };
  });
}

describe('a small budget of tokens', () => {
  it('reads all deals on the first day, their history over the next days, and says how many are incomplete', async () => {
    const run = await pipedrive(2_000, 50);
    await run.perform('pull');
    const [deals, first = 0] = await incomplete(run);
    expect(deals).toBe(DEALS);
    expect(first).toBeGreaterThan(20);
    const terminal = await run.command((app) => pullCommand(app, { crm: 'pipedrive' }));
    expect(terminal.noted).toContain(`${first} deals without their whole past yet`);
    for (let day = 0; day < 8 && ((await incomplete(run))[1] ?? 0) > 0; day += 1) {
      run.sandbox.advance(A_DAY);
      await run.perform('pull');
    }
    expect(await incomplete(run)).toEqual([DEALS, 0]);
    expect(run.sandbox.summary().rateLimited).toBe(0);
  }, 180_000);

  it('that ends in the middle of a pull stops it, and the next day it goes on from where it was', async () => {
    const run = await pipedrive(200, 100);
    const report = await run.perform('pull');
    expect(report.unfinished).toMatchObject([{ kind: 'pull', state: 'pending' }]);
    expect(report.unfinished[0]?.error).toMatch(/^CRM_DAILY_LIMIT/);
    const before = run.sandbox.journal.entries().length;
    await run.performDue();
    expect(run.sandbox.journal.entries().length, 'not before tomorrow').toBe(before);
    run.sandbox.advance(A_DAY);
    await run.performDue();
    const connection = await run.read((tenant) => tenant.connections.get(run.connectionId));
    expect(connection?.lastPulledAt).not.toBeNull();
    expect((await incomplete(run))[0]).toBe(DEALS);
    const walks = run.sandbox.journal
      .entries()
      .filter(({ path, parameters }) => path === '/api/v2/deals' && !parameters.includes('status'));
    expect(walks.length, 'the deals are not listed again').toBe(1);
  }, 180_000);

  it('that ends in the middle of a write-back leaves the rest pending until tomorrow, in the same words everywhere, and the largest change is written first', async () => {
    const run = await pipedrive(2_000, 25, 'by the company file');
    await run.perform('pull');
    await run.perform('write_back');
    const pending = await pendingOf(run);
    expect(pending).toBeGreaterThan(5);
    expect(await missing(run)).toBe(pending);
    const { written, waiting } = await netChanges(run);
    expect([written.length, waiting.length]).toEqual([DEALS - pending, pending]);
    expect(Math.min(...written)).toBeGreaterThanOrEqual(Math.max(...waiting));
    const words = `${pending} deals pending until tomorrow`;
    const planned = await run.command((app) => writeBackPlan(app, { crm: 'pipedrive' }));
    expect(planned.noted).toContain(words);
    const applied = await run.command((app) => writeBackApply(app, { crm: 'pipedrive', yes: true }));
    expect(applied.noted).toContain(words);
    const french = await run.command((app) => writeBackPlan(app, { crm: 'pipedrive' }), 'fr');
    expect(french.noted).toContain(`${pending} affaires en attente jusqu’à demain`);
    await run.perform('snapshot', { asOf: '2026-03-02', run: 'test' });
    const page = await (await fetch(await run.services.listen(0))).text();
    expect(page).toContain(words);
    for (let day = 0; day < 4 && (await missing(run)) > 0; day += 1) {
      run.sandbox.advance(A_DAY);
      await run.performDue();
    }
    expect([await missing(run), await pendingOf(run)]).toEqual([0, 0]);
    expect(run.sandbox.written().doubled).toEqual([]);
  }, 180_000);
});

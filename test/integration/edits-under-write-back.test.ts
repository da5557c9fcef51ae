import { afterEach, describe, expect, it } from 'vitest';
import type { HubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import { asId, type DealId, type MilestoneKey } from '../../src/core/values/ids.ts';
import { type CrmRun, openHubspotRun, SMALL_COMPANY } from '../support/crm-run.ts';

const ID = String(FIRST_SMALL_DEAL_ID + 1);
const DEAL = asId<DealId>(ID);

/** A verbal commitment counts when the manager confirms it. */
const CONFIRMED_COMPANY = SMALL_COMPANY.replace(
  /(key: verbal.*evidence: )\[stage_entered\]/,
  '$1[manager_confirmation]',
);

/** Our own writes come back as changed deals, which the next reading leaves out. What people did meanwhile must not be left out with them. */
describe('what a rep changes while Jalon writes to the same deal', () => {
  let run: CrmRun<HubspotSandbox>;
  afterEach(() => run.close());

  async function readAccount(): Promise<void> {
    run = await openHubspotRun({ world: smallWorld(40), company: CONFIRMED_COMPANY });
    await run.perform('pull');
    run.sandbox.advance({ hours: 1 });
    await run.perform('pull');
  }

  /** The manager confirms a proof, so that the next write-back has something to write to the deal. */
  async function confirmProof(): Promise<void> {
    const { clock } = run.services.context;
    await run.read(async (tenant) => {
      const confirmation = {
        milestone: asId<MilestoneKey>('verbal'),
        confirmedOn: clock.now().toZonedDateTimeISO('UTC').toPlainDate(),
        customerPerson: 'Mme Roy',
        link: '',
        verdict: 'confirmed',
      } as const;
      await tenant.records.confirm(run.connectionId, DEAL, confirmation, 'claire', clock.now());
    });
  }

  async function amountHeld(): Promise<string> {
    const deal = await run.read((tenant) => tenant.records.deal(run.connectionId, DEAL));
    return deal?.amount.kind === 'money' ? String(deal.amount.money.amountMinor) : 'none';
  }

  const writes = () => run.sandbox.written().total;

  it('is read by the next reading when it happened between our last reading and our write', async () => {
    await readAccount();
    await confirmProof();
    const before = writes();
    run.sandbox.edit.set('deal', ID, { amount: '77001' });
    run.sandbox.advance({ seconds: 5 });
    await run.perform('write_back');
    expect(writes(), 'something was written to the deal').toBeGreaterThan(before);
    run.sandbox.advance({ hours: 1 });
    await run.perform('pull');
    expect(await amountHeld()).toBe('7700100');
  }, 60_000);

  it('is read by the next reading when it happened after our write, before its lost reply was asked about', async () => {
    await readAccount();
    await confirmProof();
    run.sandbox.faults.add({ kind: 'reply_lost', path: 'batch/update' });
    const before = writes();
    await run.perform('write_back');
    expect(writes(), 'the write arrived, its reply did not').toBeGreaterThan(before);
    run.sandbox.edit.set('deal', ID, { amount: '77002' });
    run.sandbox.advance({ minutes: 5 });
    await run.performDue();
    run.sandbox.advance({ hours: 1 });
    await run.perform('pull');
    expect(await amountHeld()).toBe('7700200');
  }, 60_000);
});

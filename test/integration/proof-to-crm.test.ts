import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import { type CrmRun, openHubspotRun, SMALL_COMPANY } from '../support/crm-run.ts';

/** Half the time between two sweeps: what is there by then, nobody but the bell has brought. */
const AT_ONCE_MS = 15_000;

const COMPANY = SMALL_COMPANY.replace(
  /(key: verbal.*evidence: )\[stage_entered\]/,
  '$1[manager_confirmation]',
);

describe('a proof that a manager confirms', () => {
  let run: CrmRun<HubspotSandbox>;
  let url: string;
  beforeAll(async () => {
    run = await openHubspotRun({ world: smallWorld(4), company: COMPANY });
    await run.services.startWorking({ schedule: false });
    url = await run.services.listen(0);
    await run.perform('pull');
    await run.perform('write_back');
  }, 120_000);
  afterAll(() => run.close());

  it('is in the CRM at once, without waiting for the sweep', async () => {
    const deal = String(FIRST_SMALL_DEAL_ID + 1);
    const weight = () => run.sandbox.written().values[deal]?.['jalon_weight'];
    expect(weight()).toBe('20');
    const began = performance.now();
    const answer = await fetch(`${url}/deals/${deal}/evidence?lang=en`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({
        milestone: 'verbal',
        verdict: 'confirmed',
        person: 'Mme Roy',
        on: run.services.context.clock.now().toZonedDateTimeISO('Europe/Paris').toPlainDate().toString(),
        link: '',
      }),
      redirect: 'manual',
    });
    expect(answer.status).toBe(303);
    while (weight() === '20' && performance.now() - began < AT_ONCE_MS) await sleep(50);
    expect(weight()).toBe('60');
  }, 60_000);
});

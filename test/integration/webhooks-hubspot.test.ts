import { expect, it } from 'vitest';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import { openHubspotRun } from '../support/crm-run.ts';
import { freePort } from '../support/free-port.ts';

it('a deal that changes in HubSpot is read again within two minutes; what is not signed with the app’s secret is turned away', async () => {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const environment = { PUBLIC_URL: publicUrl, HUBSPOT_CLIENT_SECRET: 'the-client-secret' };
  const run = await openHubspotRun({ world: smallWorld(5), environment });
  try {
    await run.services.listen(port);
    await run.perform('pull');
    await run.perform('webhook_setup');
    const { webhooks, edit } = run.sandbox;
    const url = `${publicUrl}/webhooks/hubspot`;
    const change = async (clientSecret: string, amount: string) => {
      webhooks.subscribe({ url, clientSecret });
      edit.set('deal', String(FIRST_SMALL_DEAL_ID), { amount });
      await Promise.resolve();
      await webhooks.onTheWay.settled();
      run.sandbox.advance({ seconds: 61 });
      await run.performDue();
      const id = asId<DealId>(String(FIRST_SMALL_DEAL_ID));
      return (await run.read((tenant) => tenant.records.deal(run.connectionId, id)))?.amount;
    };
    expect(await change('another-secret', '1')).toMatchObject({ money: { amountMinor: 100_000n } });
    expect(await change('the-client-secret', '2')).toMatchObject({ money: { amountMinor: 200n } });
    expect(webhooks.statuses).toEqual([401, 204]);
  } finally {
    await run.close();
  }
}, 60_000);

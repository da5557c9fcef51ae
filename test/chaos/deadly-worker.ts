/** A worker whose job ends its process without a word: as a lack of memory would. Adds one reading to the store it is given and answers it. */
import { answer } from '../../jobs/worker.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { openServices } from '../../src/compose/services.ts';
import { readConfig } from '../../src/config.ts';
import { asId, type ConnectionId } from '../../src/core/values/ids.ts';

const [dataDir = ''] = process.argv.slice(2);
const terminal = openTerminal({ out: process.stdout, err: process.stderr }, 'en');
const { store, queue, tenantId, context } = await openServices(
  readConfig({ LOG_LEVEL: 'silent' }),
  terminal,
  {
    dataDir,
    account: { baseUrl: 'http://127.0.0.1:9', token: 'none' },
  },
);
await store.system.createTenant({ id: tenantId, name: 'Company' });
const effectId = await store.inTenant(tenantId, async (tenant) => {
  await tenant.connections.save({
    id: asId<ConnectionId>('hubspot'),
    crm: 'hubspot',
    externalAccountId: '4242',
    label: 'Account',
    state: 'active',
    lastPulledAt: null,
  });
  return await tenant.effects.add({
    kind: 'pull',
    key: 'deadly',
    payload: { connectionId: 'hubspot' },
    dueAt: context.clock.now(),
  });
});
const deadly = {
  ...context,
  openSession: () => {
    process.kill(process.pid, 'SIGKILL');
    throw new Error('a signal that nothing survives');
  },
};
await answer(deadly, queue, { tenantId, effectId });

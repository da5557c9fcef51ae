/**
 * `node test/bench/bench-memory-pipedrive.ts [deals]`: memory of a pull of 200,000 deals landed in an embedded database, at 20,000, 100,000 and
 * 200,000. The local Pipedrive runs in a process of its own. Flat means: what the connector holds does not grow with the account; the
 * database's own buffers are shown apart by the floor measured before the first page.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipedrive } from '../../connectors/pipedrive/index.ts';
import { startPipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import { SMALL_SETUP } from '../../sandbox/world/small-world.ts';
import { BY_PERSON, World } from '../../sandbox/world/world.ts';
import { asId, type ConnectionId, type TenantId } from '../../src/core/values/ids.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';

const DEALS = Number(process.argv[3] ?? process.argv[2] ?? 200_000) || 200_000;
const MARKS = [20_000, 100_000, 200_000];
const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };

if (process.argv[2] === 'serve') await serve();
else await measure();

async function serve(): Promise<void> {
  const world = new World(SMALL_SETUP, Date.UTC(2026, 2, 2));
  for (let nth = 0; nth < DEALS; nth += 1) {
    const fields = { name: `Deal ${nth}`, amount: '1000', pipeline: 'default', stage: 'first', owner: '81' };
    world.create('deal', String(9_000_000_001 + nth), fields, {
      atMs: Date.UTC(2026, 0, 5, 8),
      source: BY_PERSON,
    });
  }
  const sandbox = await startPipedriveSandbox({ world, limits: { burst: 100_000 } });
  process.send?.({ url: sandbox.url, token: sandbox.token });
  process.on('disconnect', () => void sandbox.close());
}

function account(): Promise<{ url: string; token: string; child: ChildProcess }> {
  const child = fork(import.meta.filename, ['serve', String(DEALS)], {
    execArgv: ['--max-old-space-size=4096'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the local Pipedrive ended with ${code}`)));
    child.once('message', (told) => resolve({ ...(told as { url: string; token: string }), child }));
  });
}

async function measure(): Promise<void> {
  const { url, token, child } = await account();
  const folder = mkdtempSync(join(tmpdir(), 'jalon-memory-'));
  const store = await openEmbeddedStore({ dataDir: folder });
  try {
    console.log(`floor, database open: ${megabytes()} MB`);
    await pullAll(store, url, token);
  } finally {
    await store.close();
    child.removeAllListeners('exit');
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pullAll(
  store: Awaited<ReturnType<typeof openEmbeddedStore>>,
  url: string,
  token: string,
): Promise<void> {
  const tenantId = asId<TenantId>('memory');
  const connectionId = asId<ConnectionId>('pipedrive');
  await store.system.createTenant({ id: tenantId, name: 'memory' });
  await store.inTenant(tenantId, (tenant) =>
    tenant.connections.save({
      id: connectionId,
      crm: 'pipedrive',
      externalAccountId: '',
      label: '',
      state: 'active',
      lastPulledAt: null,
    }),
  );
  const session = pipedrive.open({ accessToken: async () => token, baseUrl: url, logger: quiet });
  const started = performance.now();
  let deals = 0;
  let peak = 0;
  for await (const page of session.pull({ cursor: null, evidenceProperties: [], ownWrites: null })) {
    await store.inTenant(tenantId, (tenant) => tenant.records.landPage(connectionId, 'one', page));
    const before = deals;
    deals += page.lane === 'deals' ? page.deals.length : 0;
    peak = Math.max(peak, megabytes());
    const mark = MARKS.find((count) => before < count && deals >= count);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    if (mark !== undefined)
      console.log(
        `${mark} deals landed: ${megabytes()} MB now, ${peak} MB at most, ${heapMb()} MB heap, ${seconds} s`,
      );
    if (page.lane === 'end') break;
  }
  const { calls, tokens } = session.usage();
  console.log(
    `${deals} deals, ${calls} calls, ${tokens} tokens, ${(calls / (deals / 1000)).toFixed(2)} calls per 1,000`,
  );
}

function megabytes(): number {
  return Math.round(process.memoryUsage.rss() / 1e6);
}

function heapMb(): number {
  return Math.round(process.memoryUsage().heapUsed / 1e6);
}

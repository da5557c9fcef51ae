/**
 * `npm run bench:pull`: the full pull of 13,087 deals with exact stage history, landed in an embedded database, against a naive loop on
 * the official client: `getAll` (50 a page because of the history, the client's own retries on), then row after row, one insert per deal
 * and one per stage entry. The local HubSpot runs in a process of its own and enforces 190 calls per ten seconds; both sides meet the same
 * account, once at no latency and once at 120 ms. Databases are opened before the clock starts.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { Client } from '@hubspot/api-client';
import { createHubspotConnector } from '../../connectors/hubspot/index.ts';
import { startHubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { worldFromLog } from '../../sandbox/logs/log-world.ts';
import { readLog } from '../../sandbox/logs/read-log.ts';
import type { World } from '../../sandbox/world/world.ts';
import { asId, type ConnectionId, type TenantId } from '../../src/core/values/ids.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { worldOfDeals } from '../support/hubspot-session.ts';

const DEALS = 13_087;
const LATENCIES_MS = [0, 120];
const LOG = join(import.meta.dirname, '../../../shared/data/bpic2012');
const MAPPING = join(import.meta.dirname, '../../sandbox/logs/mappings/bpic2012.yaml');
/** Behind the last event of the log, so that all of it is there. */
const AS_OF = Temporal.PlainDate.from('2012-03-20');
/** The rolling window of the account is empty again after this. */
const COOL_DOWN_MS = 11_000;

interface Account {
  readonly url: string;
  readonly token: string;
}

interface Run {
  readonly deals: number;
  readonly stageEntries: number;
  readonly calls: number;
  readonly seconds: number;
}

function world(): World {
  return existsSync(LOG) ? worldFromLog(readLog(LOG, MAPPING), { asOf: AS_OF }) : worldOfDeals(DEALS);
}

/** The account in a process of its own, until its parent goes. */
async function serve(latencyMs: number): Promise<void> {
  const sandbox = await startHubspotSandbox({ world: world(), latencyMs });
  process.send?.({ url: sandbox.url, token: sandbox.token });
  process.on('disconnect', () => void sandbox.close());
}

function account(latencyMs: number): Promise<{ account: Account; child: ChildProcess }> {
  const child = fork(import.meta.filename, ['serve', String(latencyMs)]);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the local HubSpot ended with ${code}`)));
    child.once('message', (message) => resolve({ account: message as Account, child }));
  });
}

async function timed(work: () => Promise<Omit<Run, 'seconds'>>): Promise<Run> {
  const startedMs = performance.now();
  const run = await work();
  return { ...run, seconds: (performance.now() - startedMs) / 1_000 };
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

async function ours(hubspot: Account, folder: string): Promise<Run> {
  const store = await openEmbeddedStore({ dataDir: folder });
  const tenantId = asId<TenantId>('bench');
  const connectionId = asId<ConnectionId>('bench');
  await store.system.createTenant({ id: tenantId, name: 'bench' });
  await store.inTenant(tenantId, (tenant) =>
    tenant.connections.save({
      id: connectionId,
      crm: 'hubspot',
      externalAccountId: '1',
      label: 'bench',
      state: 'active',
      lastPulledAt: null,
    }),
  );
  const session = createHubspotConnector().open({
    accessToken: async () => hubspot.token,
    baseUrl: hubspot.url,
    logger: silent,
  });
  const run = await timed(async () => {
    const landed = { deals: 0, stageEntries: 0 };
    await session.readDirectory();
    for await (const page of session.pull({ cursor: null, evidenceProperties: [], ownWrites: null })) {
      await store.inTenant(tenantId, (tenant) => tenant.records.landPage(connectionId, 'bench', page));
      landed.deals += page.deals.length;
      for (const deal of page.deals) landed.stageEntries += deal.stageHistory.length;
    }
    return { ...landed, calls: session.usage().calls };
  });
  await store.close();
  return run;
}

const PROPERTIES = [
  'dealname',
  'amount',
  'deal_currency_code',
  'closedate',
  'dealstage',
  'pipeline',
  'hubspot_owner_id',
];

async function naive(hubspot: Account, folder: string): Promise<Run> {
  const database = await PGlite.create({ dataDir: folder });
  await database.exec('create table deal (id text primary key, body jsonb not null)');
  await database.exec(
    'create table stage_entry (deal text not null, stage text not null, at timestamptz not null)',
  );
  let calls = 0;
  const counting = [{ pre: async (request: unknown) => ++calls > 0 && request }];
  const client = new Client({
    accessToken: hubspot.token,
    basePath: hubspot.url,
    numberOfApiCallRetries: 6,
    middleware: counting as never,
  });
  const run = await timed(async () => {
    const history = ['dealstage', 'closedate'];
    const deals = await client.crm.deals.getAll(50, undefined, PROPERTIES, history, [
      'companies',
      'contacts',
    ]);
    let stageEntries = 0;
    for (const deal of deals) {
      const body = JSON.stringify({ ...deal.properties, associations: deal.associations });
      await database.query('insert into deal values ($1, $2)', [deal.id, body]);
      for (const { value, timestamp } of deal.propertiesWithHistory?.['dealstage'] ?? []) {
        await database.query('insert into stage_entry values ($1, $2, $3)', [deal.id, value, timestamp]);
        stageEntries += 1;
      }
    }
    return { deals: deals.length, stageEntries, calls };
  });
  await database.close();
  return run;
}

async function against(latencyMs: number, pull: typeof ours, name: string): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'jalon-bench-'));
  const { account: hubspot, child } = await account(latencyMs);
  child.removeAllListeners('exit');
  try {
    const run = await pull(hubspot, join(folder, 'pg'));
    const figures = `${run.seconds.toFixed(1)} s, ${run.calls} calls, ${run.deals} deals, ${run.stageEntries} stage entries`;
    console.log(`${String(latencyMs).padStart(4)} ms  ${name.padEnd(16)} ${figures}`);
    return run;
  } finally {
    child.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bench(): Promise<void> {
  console.log(existsSync(LOG) ? `log: bpic2012, whole` : `no log beside the project: ${DEALS} made-up deals`);
  for (const latencyMs of LATENCIES_MS) {
    const own = await against(latencyMs, ours, 'jalon');
    await wait(COOL_DOWN_MS);
    const other = await against(latencyMs, naive, 'official getAll');
    const ratio = (other.seconds / own.seconds).toFixed(1);
    const same = own.deals === other.deals && own.stageEntries === other.stageEntries;
    console.log(
      `${String(latencyMs).padStart(4)} ms  jalon is ${ratio}x as fast; same records: ${same ? 'yes' : 'NO'}`,
    );
  }
}

if (process.argv[2] === 'serve') await serve(Number(process.argv[3] ?? 0));
else await bench();

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type ConnectionId, type TenantId } from '../../src/core/values/ids.ts';
import type { Store, TenantStore } from '../../src/ports/store.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { startPostgres } from './postgres.ts';
import { announceMissing, availableServices } from './services.ts';

/** A store for one suite, and the address of the database under it for statements that the port does not offer. */
export interface OpenedStore {
  readonly store: Store;
  readonly connectionString: string;
  close(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  open(): Promise<OpenedStore>;
}

const embedded: Engine = {
  name: 'embedded',
  open: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'jalon-store-'));
    const store = await openEmbeddedStore({ dataDir });
    return {
      store,
      connectionString: store.connectionString,
      close: async () => {
        await store.close();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  },
};

const postgres: Engine = {
  name: 'Postgres',
  open: async () => {
    const server = await startPostgres();
    const connectionString = await server.createDatabase();
    const store = await openPostgresStore({ databaseUrl: connectionString });
    return {
      store,
      connectionString,
      close: async () => {
        await store.close();
        await server.stop();
      },
    };
  },
};

/** Every suite of the store runs on each of these. `suite` names it when an engine has to be left out. */
export function enginesFor(suite: string): readonly Engine[] {
  if (availableServices().postgresBin !== null) return [embedded, postgres];
  announceMissing(`${suite} on Postgres`, 'postgresBin');
  return [embedded];
}

/** A company with one connected CRM account, and nothing else: every test has its own. */
export interface OwnTenant {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** One transaction as this company. */
  run<T>(work: (tenant: TenantStore) => Promise<T>): Promise<T>;
}

let tenants = 0;

export async function newTenant(store: Store): Promise<OwnTenant> {
  tenants += 1;
  const tenantId = asId<TenantId>(`company-${process.pid}-${tenants}`);
  const connectionId = asId<ConnectionId>('crm');
  const run = <T>(work: (tenant: TenantStore) => Promise<T>) => store.inTenant(tenantId, work);
  await store.system.createTenant({ id: tenantId, name: 'Company' });
  await run((tenant) =>
    tenant.connections.save({
      id: connectionId,
      crm: 'hubspot',
      externalAccountId: '4242',
      label: 'Main account',
      state: 'active',
      lastPulledAt: null,
    }),
  );
  return { tenantId, connectionId, run };
}

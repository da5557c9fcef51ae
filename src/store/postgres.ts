import type { Store } from '../ports/store.ts';
import { StoreError } from '../ports/store-error.ts';
import { Database } from './database.ts';
import { storeErrorFrom } from './failures.ts';
import { migrate } from './migrate.ts';
import { createStore } from './store.ts';

export interface PostgresOptions {
  /** Postgres 15 or newer. The login may create a schema in it and the roles `jalon_app` and `jalon_system`, or both exist and are granted to it. */
  readonly databaseUrl: string;
  readonly maxConnections?: number;
  /** Longest wait for a free connection; 5 s when absent. */
  readonly waitMs?: number;
  /** Longest single statement; 60 s when absent. */
  readonly statementTimeoutMs?: number;
}

/** Opens the store on a Postgres server and brings its schema up to date. Several processes may do so at once. Throws StoreError. */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const where = nameOf(options.databaseUrl);
  const database = new Database({
    connectionString: options.databaseUrl,
    where,
    maxConnections: options.maxConnections ?? 10,
    waitMs: options.waitMs ?? 5_000,
    statementTimeoutMs: options.statementTimeoutMs ?? 60_000,
  });
  try {
    await migrate(database.pool, where);
    return createStore(database, null, () => database.close());
  } catch (error) {
    await database.close();
    throw storeErrorFrom(error, where);
  }
}

/** Server and database of a connection address, without login and password. */
function nameOf(databaseUrl: string): string {
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new StoreError(
      'STORE_UNREACHABLE',
      'DATABASE_URL is no address of a Postgres database. It looks like postgresql://user:password@server:5432/database.',
    );
  }
  if (!URL.canParse(databaseUrl)) return 'the Postgres of DATABASE_URL';
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `Postgres at ${hostname || 'a local socket'}${port && `:${port}`}${pathname}`;
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { type ControlledTransaction, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { TenantId } from '../core/values/ids.ts';
import { StoreError } from '../ports/store-error.ts';
import { isRetryable, storeErrorFrom } from './failures.ts';
import type { Schema } from './schema.ts';

export interface DatabaseOptions {
  readonly connectionString: string;
  /** How error messages name this database: never with its password. */
  readonly where: string;
  readonly maxConnections: number;
  /** Longest wait for a free connection. */
  readonly waitMs: number;
  /** Longest single statement. */
  readonly statementTimeoutMs: number;
  /** False: the disk is nearly full, so transactions may read and not write. Absent: the server looks after its disk itself. */
  readonly hasRoom?: () => Promise<boolean>;
}

/** The roles of migration 0001. */
export type DatabaseRole = 'jalon_app' | 'jalon_system';

export type Transaction = ControlledTransaction<Schema>;

/** What every repository works with: an open transaction in which only the rows of `tenantId` exist. */
export interface TenantTransaction {
  readonly tx: Transaction;
  readonly tenantId: TenantId;
}

/** Waits before a transaction is run again: 6 s in all, which outlasts the restart of a server. */
const RETRY_DELAYS_MS = [100, 200, 400, 800, 1_600, 3_000];

/** A pool of connections on which all work happens in transactions under one of the two roles. */
export class Database {
  readonly pool: pg.Pool;
  readonly #kysely: Kysely<Schema>;
  readonly #options: DatabaseOptions;
  readonly #inside = new AsyncLocalStorage<true>();
  #closed = false;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.pool = createPool(options);
    this.#kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: this.pool }) });
  }

  /**
   * Runs `work` in one transaction as `role`, in sight of the rows of `tenantId` only. A conflict or a lost connection runs it again from
   * its start, so `work` speaks to the store and to nothing else. A connection lost *during* commit is not retried: nobody knows its end.
   */
  async transaction<T>(
    role: DatabaseRole,
    tenantId: TenantId | null,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    if (this.#inside.getStore() === true) {
      throw new Error(
        'a transaction was opened inside another: the inner one would wait for the outer one for ever',
      );
    }
    if (this.#closed) throw closedStore();
    for (const delayMs of [...RETRY_DELAYS_MS, null]) {
      const outcome = await this.#attempt(role, tenantId, work);
      if (outcome.kind === 'done') return outcome.value;
      if (delayMs === null || !outcome.again) throw storeErrorFrom(outcome.error, this.#options.where);
      await pause(delayMs);
    }
    throw new Error('unreachable: the last attempt returns or throws');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#kysely.destroy();
  }

  async #attempt<T>(
    role: DatabaseRole,
    tenantId: TenantId | null,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<Attempt<T>> {
    let tx: Transaction | null = null;
    try {
      tx = await this.#kysely.startTransaction().execute();
      await this.#enter(tx, role, tenantId);
      if ((await this.#options.hasRoom?.()) === false) await sql`set transaction read only`.execute(tx);
      const running = tx;
      const value = await this.#inside.run(true, () => work(running));
      return await commit(tx, value);
    } catch (error) {
      await rollback(tx);
      return { kind: 'failed', error, again: isRetryable(error) };
    }
  }

  /** Everything here ends with the transaction: a session setting would leak to the next borrower of the connection. */
  async #enter(tx: Transaction, role: DatabaseRole, tenantId: TenantId | null): Promise<void> {
    await sql`select set_config('jalon.tenant', ${tenantId ?? ''}, true), set_config('TimeZone', 'UTC', true),
      set_config('DateStyle', 'ISO', true), set_config('search_path', 'jalon', true),
      set_config('statement_timeout', ${String(this.#options.statementTimeoutMs)}, true), set_config('role', ${role}, true)`.execute(
      tx,
    );
  }
}

type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown; readonly again: boolean };

async function commit<T>(tx: Transaction, value: T): Promise<Attempt<T>> {
  try {
    await tx.commit().execute();
    return { kind: 'done', value };
  } catch (error) {
    await rollback(tx);
    const refused = error instanceof Error && 'severity' in error;
    return { kind: 'failed', error, again: refused && isRetryable(error) };
  }
}

/** The error that led here matters; a failing rollback only says once more that the connection is gone. */
async function rollback(tx: Transaction | null): Promise<void> {
  if (tx === null || tx.isCommitted || tx.isRolledBack) return;
  await tx
    .rollback()
    .execute()
    .catch(() => undefined);
}

/** Dates, instants and numerics come back as the text Postgres sent: a driver's `Date` would cut microseconds and invent zones. */
const AS_TEXT = new Set([
  pg.types.builtins.DATE,
  pg.types.builtins.TIMESTAMPTZ,
  pg.types.builtins.NUMERIC,
  pg.types.builtins.INT8,
]);

function createPool(options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.maxConnections,
    connectionTimeoutMillis: options.waitMs,
    query_timeout: options.statementTimeoutMs * 2,
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        AS_TEXT.has(oid) ? (text: string) => text : pg.types.getTypeParser(oid, format),
    },
  });
  pool.on('error', forget);
  pool.on('connect', (client) => client.on('error', forget));
  return pool;
}

/** A connection that breaks while nobody uses it is no news: its next use fails, is retried and reported there. */
function forget(): void {}

function closedStore(): StoreError {
  return new StoreError('STORE_UNREACHABLE', 'the store is closed: this process is stopping');
}

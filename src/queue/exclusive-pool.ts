import { EventEmitter } from 'node:events';
import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq';
import pg from 'pg';

/** Channel on which BullMQ's workers wait (PostgresQueueBackend.NOTIFY_CHANNEL). */
const RINGS_CHANNEL = 'bullmq_jobs';

/** Statements that only make sense on a connection of one's own: the embedded database has none to give. */
const LISTENER_ONLY = /^LISTEN |set_config\('application_name'/m;

/**
 * The pool that BullMQ sees when the database is PGlite behind a socket. PGlite is one session shared by all its clients, so
 *  - each statement runs in an explicit transaction: pglite-socket keeps another client out of a transaction, but lets clients that
 *    wait outside of one mix their parse, bind and execute messages (seen: rows of one client answered to another);
 *  - `search_path` is set for the transaction only: a session setting would change it under the store's feet;
 *  - NOTIFY is not delivered: `wake` calls the waiting worker directly, which is possible because the embedded database has one process.
 */
export class ExclusivePool extends EventEmitter implements PgPool {
  readonly #pool: pg.Pool;
  readonly #schema: string;
  readonly #listener: ListenerClient;

  constructor(config: pg.PoolConfig, quotedSchema: string) {
    super();
    this.#pool = new pg.Pool(config);
    this.#schema = quotedSchema;
    this.#pool.on('error', (error) => this.emit('error', error));
    // A client that loses its connection between two statements emits `error`: unheard, it would end the process.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
    this.#listener = new ListenerClient(this);
  }

  async query<Row>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    if (LISTENER_ONLY.test(text)) {
      return { rows: [] };
    }
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      return await inTransaction<Row>(client, this.#schema, text, values);
    } catch (error) {
      broken = await rollBack(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** BullMQ asks for a client to read the schema version and to listen: neither needs a connection of its own here. */
  async connect(): Promise<PgPoolClient> {
    return this.#listener;
  }

  /** `run` gets a plain client of the pool, for work that opens its own transaction. */
  async withClient<Value>(run: (client: pg.PoolClient) => Promise<Value>): Promise<Value> {
    const client = await this.#pool.connect();
    try {
      return await run(client);
    } finally {
      client.release();
    }
  }

  wake(queueName: string): void {
    this.#listener.emit('notification', { channel: RINGS_CHANNEL, payload: queueName });
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}

class ListenerClient extends EventEmitter implements PgPoolClient {
  readonly #pool: ExclusivePool;

  constructor(pool: ExclusivePool) {
    super();
    this.#pool = pool;
  }

  query<Row>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    return this.#pool.query(text, values);
  }

  release(): void {}
}

async function inTransaction<Row>(
  client: pg.PoolClient,
  quotedSchema: string,
  text: string,
  values: readonly unknown[] | undefined,
): Promise<PgQueryResult<Row>> {
  await client.query(`BEGIN; SET LOCAL search_path TO ${quotedSchema}`);
  const { rows, rowCount } = await client.query(text, values === undefined ? undefined : [...values]);
  await client.query('COMMIT');
  return { rows, rowCount };
}

/** The error that makes the connection unusable, when even the rollback fails. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('rollback failed');
  }
}

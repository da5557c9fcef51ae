import {
  assertSchemaCompatibility,
  createPostgresBackend,
  LATEST_SCHEMA_VERSION,
  type PostgresConnectionOptions,
  quoteSchemaName,
  runMigrations,
  SchemaMigrationRequiredError,
  withBackend,
} from 'bullmq';
import pg from 'pg';
import type { Logger } from '../ports/logger.ts';
import type { Queue } from '../ports/queue.ts';
import { type Backend, DEFAULT_TIMES, outageReporter, queueOn } from './bullmq-queue.ts';
import { withinDeadline } from './deadline.ts';
import { ExclusivePool } from './exclusive-pool.ts';
import { QUEUE_NAME } from './ring.ts';

export interface PostgresQueueOptions {
  readonly connectionString: string;
  /** PGlite behind pglite-socket: one session, no NOTIFY. Takes at most 2 connections; a Postgres server at most 6. */
  readonly embedded?: boolean;
  /** Embedded only, for the process that owns the database: rings from before its start are of a dead process, and the sweep rings again. */
  readonly forgetOldRings?: boolean;
  readonly logger?: Logger;
  /** Longest wait of a ring; 4 s when absent. */
  readonly timeoutMs?: number;
}

/** The database schema that BullMQ keeps its tables in. */
const SCHEMA = 'bullmq';

/** An idle embedded worker looks this often by itself, in seconds: for rings of another queue object. Its own rings wake it at once. */
const EMBEDDED_POLL_S = 0.5;
/** On a server NOTIFY wakes the worker; this only covers a lost notification. */
const SERVER_POLL_S = 5;

/** Longest silence of the database before a statement of a worker is given up. */
const QUERY_TIMEOUT_MS = 10_000;

/** The embedded session may be busy with a long statement of the store: a worker waits for it rather than lose its lock. */
const EMBEDDED_WAIT_MS = 60_000;

/** Nobody reads BullMQ's event log: its table is kept this short. */
const EVENTS_KEPT = 100;

/** Settings that node-postgres and BullMQ's own pool both understand. */
type ConnectionSettings = Readonly<
  Pick<pg.PoolConfig, 'connectionTimeoutMillis' | 'query_timeout' | 'keepAlive'>
> & { readonly connectionString: string };

const { Queue: PostgresProducer, Worker: PostgresWorker } = withBackend(createPostgresBackend);

/** Opens the doorbells in the database of the store and creates BullMQ's tables there if they are missing. Throws QueueError. */
export async function openPostgresQueue(options: PostgresQueueOptions): Promise<Queue> {
  const { timeoutMs } = { ...DEFAULT_TIMES, ...options };
  const settings: ConnectionSettings = {
    connectionString: options.connectionString,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  };
  const backend = options.embedded
    ? await openEmbedded(settings, options)
    : await openServer(settings, timeoutMs, options.logger);
  return queueOn(backend, { timeoutMs }, options.logger);
}

async function openServer(
  settings: ConnectionSettings,
  timeoutMs: number,
  logger?: Logger,
): Promise<Backend> {
  const client = new pg.Client(settings);
  client.on('error', () => undefined);
  try {
    await withinDeadline(client.connect(), timeoutMs, 'connect');
    await withinDeadline(migrateWhenBehind(client), QUERY_TIMEOUT_MS, 'create the tables of the queue');
  } finally {
    // Not waited for: a server that does not answer does not say goodbye either.
    client.end().catch(() => undefined);
  }
  const connection = (max: number) => ({ ...settings, schema: SCHEMA, max });
  return postgresBackend({
    producer: connection(2),
    worker: connection(3),
    pollS: SERVER_POLL_S,
    wake: () => undefined,
    release: async () => undefined,
    ...(logger && { logger }),
  });
}

async function openEmbedded(
  settings: ConnectionSettings,
  { logger, forgetOldRings }: PostgresQueueOptions,
): Promise<Backend> {
  const patient = {
    ...settings,
    max: 2,
    connectionTimeoutMillis: EMBEDDED_WAIT_MS,
    query_timeout: EMBEDDED_WAIT_MS,
  };
  const pool = new ExclusivePool(patient, quoteSchemaName(SCHEMA));
  pool.on('error', () => undefined);
  try {
    const migrating = pool.withClient(migrateWhenBehind);
    await withinDeadline(migrating, QUERY_TIMEOUT_MS, 'create the tables of the queue');
    if (forgetOldRings) await forgetRings(pool);
  } catch (error) {
    pool.end().catch(() => undefined);
    throw error;
  }
  return postgresBackend({
    producer: pool,
    worker: pool,
    pollS: EMBEDDED_POLL_S,
    wake: () => pool.wake(QUEUE_NAME),
    release: () => pool.end(),
    ...(logger && { logger }),
  });
}

/** Otherwise a ring that a killed process had taken holds back new rings for the same work until BullMQ calls it stalled, some 15 s later. */
async function forgetRings(pool: ExclusivePool): Promise<void> {
  await pool.query('DELETE FROM job');
  await pool.query('DELETE FROM event');
}

/** Migrates only when needed: a role that may not create schemas can still use a database that is up to date. */
async function migrateWhenBehind(client: pg.ClientBase): Promise<void> {
  if ((await schemaVersion(client)) < LATEST_SCHEMA_VERSION) {
    await runMigrations(client, SCHEMA);
  }
}

async function schemaVersion(client: pg.ClientBase): Promise<number> {
  await client.query('BEGIN');
  try {
    return await assertSchemaCompatibility(client, SCHEMA);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) {
      return 0;
    }
    throw error;
  } finally {
    await client.query('ROLLBACK');
  }
}

interface Connections {
  readonly producer: PostgresConnectionOptions;
  readonly worker: PostgresConnectionOptions;
  readonly pollS: number;
  readonly wake: () => void;
  readonly release: () => Promise<void>;
  readonly logger?: Logger;
}

function postgresBackend({ producer, worker, pollS, wake, release, logger }: Connections): Backend {
  const outage = outageReporter(logger);
  const queue = new PostgresProducer(QUEUE_NAME, {
    connection: producer,
    streams: { events: { maxLen: EVENTS_KEPT } },
  });
  queue.on('error', outage.failed);
  return {
    producer: queue,
    wake,
    release,
    startWorker(answerJob, options) {
      const started = new PostgresWorker(QUEUE_NAME, answerJob, {
        ...options,
        connection: worker,
        drainDelay: pollS,
      });
      started.on('error', outage.failed);
      started.on('active', outage.recovered);
      return started;
    },
  };
}

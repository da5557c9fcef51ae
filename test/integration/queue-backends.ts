import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Logger } from '../../src/ports/logger.ts';
import type { Queue } from '../../src/ports/queue.ts';
import { openPostgresQueue } from '../../src/queue/postgres.ts';
import { openRedisQueue } from '../../src/queue/redis.ts';

/** How to reach a backend: plain JSON, so that another process can open the same queue. */
export type QueueAddress =
  | { readonly kind: 'postgres'; readonly connectionString: string; readonly embedded: boolean }
  | { readonly kind: 'redis'; readonly redisUrl: string };

/** A queue backend that a test may wipe, take away and bring back. */
export interface QueueBackend {
  readonly address: QueueAddress;
  /** Everything in the queue is lost, at once. */
  wipe(): Promise<void>;
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

export function openQueue(address: QueueAddress, logger?: Logger): Promise<Queue> {
  const options = { timeoutMs: 2_000, ...(logger && { logger }) };
  return address.kind === 'redis'
    ? openRedisQueue({ redisUrl: address.redisUrl, ...options })
    : openPostgresQueue({
        connectionString: address.connectionString,
        embedded: address.embedded,
        ...options,
      });
}

export async function startEmbedded(): Promise<QueueBackend> {
  const database = await PGlite.create();
  const port = await freePort();
  const newServer = () =>
    new PGLiteSocketServer({ db: database, host: '127.0.0.1', port, maxConnections: 12 });
  let server = newServer();
  await server.start();
  return {
    address: {
      kind: 'postgres',
      connectionString: `postgresql://postgres@127.0.0.1:${port}/postgres`,
      embedded: true,
    },
    wipe: async () => {
      await database.exec('DELETE FROM bullmq.job; DELETE FROM bullmq.event');
    },
    leave: () => server.stop(),
    comeBack: async () => {
      server = newServer();
      await server.start();
    },
    stop: async () => {
      await server.stop();
      await database.close();
    },
  };
}

/** Where Debian keeps each version of Postgres; the newest one is taken. */
const POSTGRES_VERSIONS = '/usr/lib/postgresql';
const newestPostgres = existsSync(POSTGRES_VERSIONS)
  ? readdirSync(POSTGRES_VERSIONS)
      .filter((version) => existsSync(join(POSTGRES_VERSIONS, version, 'bin', 'initdb')))
      .sort((a, b) => Number(b) - Number(a))[0]
  : undefined;
export const hasPostgres = newestPostgres !== undefined;

/** Postgres refuses to run as root: then its own user runs it. */
function runPostgres(command: string, args: readonly string[]): void {
  const path = join(POSTGRES_VERSIONS, newestPostgres ?? '', 'bin', command);
  const isRoot = process.getuid?.() === 0;
  const [program, all] = isRoot
    ? ['runuser', ['-u', 'postgres', '--', path, ...args]]
    : ([path, args] as const);
  execFileSync(program, all, { stdio: 'ignore', cwd: tmpdir() });
}

export async function startPostgres(): Promise<QueueBackend> {
  const folder = mkdtempSync(join(tmpdir(), 'jalon-queue-'));
  chmodSync(folder, 0o777);
  const cluster = join(folder, 'cluster');
  const port = await freePort();
  runPostgres('initdb', ['-D', cluster, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--no-sync']);
  const flags = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  const start = () =>
    runPostgres('pg_ctl', ['-D', cluster, '-o', flags, '-l', join(folder, 'log'), '-w', 'start']);
  const stop = () => runPostgres('pg_ctl', ['-D', cluster, '-m', 'immediate', '-w', 'stop']);
  start();
  const connectionString = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  return {
    address: { kind: 'postgres', connectionString, embedded: false },
    wipe: async () => {
      const client = new pg.Client(connectionString);
      await client.connect();
      await client.query('DELETE FROM bullmq.job; DELETE FROM bullmq.event');
      await client.end();
    },
    leave: async () => stop(),
    comeBack: async () => start(),
    stop: async () => {
      stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export const hasRedis = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].some((path) =>
  existsSync(path),
);

export async function startRedis(policy = 'noeviction'): Promise<QueueBackend> {
  const port = await freePort();
  const redisUrl = `redis://127.0.0.1:${port}`;
  const withClient = async (work: (redis: Redis) => Promise<unknown>) => {
    const redis = new Redis(redisUrl, { maxRetriesPerRequest: 40, retryStrategy: () => 50 });
    redis.on('error', () => undefined);
    await work(redis);
    redis.disconnect();
  };
  const flags = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', policy];
  let server: ChildProcess;
  const start = async () => {
    server = spawn('redis-server', flags, { stdio: 'ignore', cwd: tmpdir() });
    await withClient((redis) => redis.ping());
  };
  const stop = async () => {
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    address: { kind: 'redis', redisUrl },
    wipe: () => withClient((redis) => redis.flushall()),
    leave: stop,
    comeBack: start,
    stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('no free port');
  }
  return address.port;
}

/** Waits until `condition` holds; false when it never does. */
export async function eventually(condition: () => boolean, timeoutMs = 10_000): Promise<boolean> {
  const tries = Math.ceil(timeoutMs / 10);
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (condition()) {
      return true;
    }
    await sleep(10);
  }
  return condition();
}

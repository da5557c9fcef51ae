import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Logger } from '../../src/ports/logger.ts';
import type { Queue } from '../../src/ports/queue.ts';
import { openPostgresQueue } from '../../src/queue/postgres.ts';
import { openRedisQueue } from '../../src/queue/redis.ts';
import { freePort } from '../support/free-port.ts';
import { startPostgres } from '../support/postgres.ts';
import { startRedis } from '../support/redis.ts';
import { availableServices } from '../support/services.ts';

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

export const hasPostgres = availableServices().postgresBin !== null;

export async function startPostgresBackend(): Promise<QueueBackend> {
  const server = await startPostgres();
  return {
    address: { kind: 'postgres', connectionString: server.url, embedded: false },
    wipe: async () => {
      const client = new pg.Client(server.url);
      await client.connect();
      await client.query('DELETE FROM bullmq.job; DELETE FROM bullmq.event');
      await client.end();
    },
    leave: server.crash,
    comeBack: server.start,
    stop: server.stop,
  };
}

export const hasRedis = availableServices().redisServer !== null;

export async function startRedisBackend(policy = 'noeviction'): Promise<QueueBackend> {
  let server = await startRedis({ 'maxmemory-policy': policy });
  const { url: redisUrl, port } = server;
  return {
    address: { kind: 'redis', redisUrl },
    wipe: async () => {
      const redis = new Redis(redisUrl, { maxRetriesPerRequest: 40, retryStrategy: () => 50 });
      redis.on('error', () => undefined);
      await redis.flushall();
      redis.disconnect();
    },
    leave: () => server.kill(),
    comeBack: async () => {
      server = await startRedis({ 'maxmemory-policy': policy, port: String(port) });
    },
    stop: () => server.stop(),
  };
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

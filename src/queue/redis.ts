import { Queue as BullQueue, Worker as BullWorker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Logger } from '../ports/logger.ts';
import { type Queue, QueueError } from '../ports/queue.ts';
import { type Backend, DEFAULT_TIMES, outageReporter, queueOn } from './bullmq-queue.ts';
import { withinDeadline } from './deadline.ts';
import { QUEUE_NAME } from './ring.ts';

export interface RedisQueueOptions {
  /** redis:// or rediss://, as ioredis reads it. */
  readonly redisUrl: string;
  readonly logger?: Logger;
  /** Longest wait of a ring; 4 s when absent. */
  readonly timeoutMs?: number;
}

/** Seconds an idle worker blocks before it asks again; Redis wakes it before that. */
const POLL_S = 5;

/** Opens the doorbells on Redis. Refuses (QUEUE_EVICTION) a Redis that would throw rings away when its memory is full. Throws QueueError. */
export async function openRedisQueue(options: RedisQueueOptions): Promise<Queue> {
  const { timeoutMs } = { ...DEFAULT_TIMES, ...options };
  const connecting = {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    retryStrategy: (tries: number) => Math.min(tries * 200, 2_000),
  };
  const outage = outageReporter(options.logger);
  const producing = new Redis(options.redisUrl, {
    ...connecting,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: timeoutMs,
  });
  producing.on('error', outage.failed);
  try {
    await withinDeadline(producing.connect(), timeoutMs, 'connect');
    await withinDeadline(refuseEviction(producing), timeoutMs, 'read the memory policy');
  } catch (error) {
    producing.disconnect();
    throw error;
  }
  const answering = () => new Redis(options.redisUrl, { ...connecting, maxRetriesPerRequest: null });
  return queueOn(redisBackend(producing, answering, outage), { timeoutMs }, options.logger);
}

/** INFO and not CONFIG: hosted servers refuse CONFIG. */
async function refuseEviction(redis: Redis): Promise<void> {
  const memory = await redis.info('memory');
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'unknown';
  if (policy !== 'noeviction') {
    throw new QueueError(
      'QUEUE_EVICTION',
      `Redis has maxmemory-policy "${policy}" and would drop waiting work without a word when its memory is full. ` +
        'Set it to noeviction (redis-cli CONFIG SET maxmemory-policy noeviction, and in redis.conf), or remove REDIS_URL: the queue then lives in Postgres.',
      { place: `maxmemory-policy ${policy}` },
    );
  }
}

function redisBackend(
  producing: Redis,
  newWorkerConnection: () => Redis,
  outage: ReturnType<typeof outageReporter>,
): Backend {
  const connections = [producing];
  const queue = new BullQueue(QUEUE_NAME, { connection: producing, streams: { events: { maxLen: 100 } } });
  queue.on('error', outage.failed);
  return {
    producer: queue,
    wake: () => undefined,
    startWorker(answerJob, options) {
      const connection = newWorkerConnection();
      connections.push(connection);
      const worker = new BullWorker(QUEUE_NAME, answerJob, { ...options, connection, drainDelay: POLL_S });
      worker.on('error', outage.failed);
      worker.on('active', outage.recovered);
      return worker;
    },
    async release() {
      for (const connection of connections) {
        connection.disconnect();
      }
    },
  };
}

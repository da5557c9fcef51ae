import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asId, type TenantId } from '../../src/core/values/ids.ts';
import type { Doorbell, Queue } from '../../src/ports/queue.ts';
import {
  eventually,
  hasPostgres,
  hasRedis,
  openQueue,
  type QueueBackend,
  startEmbedded,
  startPostgresBackend,
  startRedisBackend,
} from './queue-backends.ts';

const tenantId = asId<TenantId>('tenant:a');
const bell = (effectId: string): Doorbell => ({ tenantId, effectId });
const bells = (count: number): Doorbell[] =>
  Array.from({ length: count }, (_, index) => bell(`effect:${index}`));

const suites = [
  { name: 'PGlite', start: startEmbedded, available: true },
  { name: 'Postgres', start: startPostgresBackend, available: hasPostgres },
  { name: 'Redis', start: () => startRedisBackend(), available: hasRedis },
];

for (const { name, available } of suites) {
  if (!available) {
    process.stderr.write(`queue tests on ${name}: not run, its server is not installed\n`);
  }
}

describe.each(suites.filter(({ available }) => available))('the doorbells on $name', ({ start, name }) => {
  let backend: QueueBackend;
  const opened: Queue[] = [];

  const open = async (): Promise<Queue> => {
    const queue = await openQueue(backend.address);
    opened.push(queue);
    return queue;
  };

  /** A queue whose answers are noted, in order. */
  const openAndListen = async (concurrency = 4): Promise<{ queue: Queue; answered: string[] }> => {
    const queue = await open();
    const answered: string[] = [];
    await queue.listen(
      async ({ effectId }) => {
        answered.push(effectId);
      },
      { concurrency },
    );
    return { queue, answered };
  };

  beforeAll(async () => {
    backend = await start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close()));
    await backend.wipe();
  });
  afterAll(async () => {
    await backend.stop();
  });

  it('answers every ring at least once', async () => {
    const { queue, answered } = await openAndListen(8);
    await queue.ring(bells(600));
    expect(await eventually(() => new Set(answered).size === 600)).toBe(true);
    expect(await queue.depth()).toBe(0);
  });

  it('answers rings that came before anybody listened', async () => {
    const producer = await open();
    await producer.ring(bells(3));
    expect(await producer.depth()).toBe(3);
    const { answered } = await openAndListen();
    expect(await eventually(() => answered.length === 3)).toBe(true);
  });

  it('hands the tenant and the effect over unchanged, colons included', async () => {
    const queue = await open();
    const heard: Doorbell[] = [];
    await queue.listen(async (doorbell) => void heard.push(doorbell), { concurrency: 1 });
    await queue.ring([{ tenantId: asId<TenantId>('t:é"'), effectId: '12345678901234567890' }]);
    expect(await eventually(() => heard.length === 1)).toBe(true);
    expect(heard).toEqual([{ tenantId: 't:é"', effectId: '12345678901234567890' }]);
  });

  it('merges rings for one effect while they wait, and keeps the effects of two tenants apart', async () => {
    const queue = await open();
    await queue.ring([bell('same'), bell('same')]);
    await queue.ring([bell('same')]);
    expect(await queue.depth()).toBe(1);
    await queue.ring([{ tenantId: asId<TenantId>('tenant:b'), effectId: 'same' }]);
    expect(await queue.depth()).toBe(2);
  });

  it('answers again when an effect is rung again after its answer', async () => {
    const { queue, answered } = await openAndListen();
    for (let round = 1; round <= 3; round += 1) {
      await queue.ring([bell('again')]);
      expect(await eventually(() => answered.length === round)).toBe(true);
    }
  });

  it('does not swallow a ring that comes while the effect is being answered', async () => {
    const queue = await open();
    const release = Promise.withResolvers<void>();
    let started = 0;
    let running = 0;
    let mostRunning = 0;
    await queue.listen(
      async () => {
        started += 1;
        running += 1;
        mostRunning = Math.max(mostRunning, running);
        await release.promise;
        running -= 1;
      },
      { concurrency: 4 },
    );
    await queue.ring([bell('busy')]);
    await eventually(() => started === 1);
    await queue.ring([bell('busy')]);
    await queue.ring([bell('busy')]);
    release.resolve();
    expect(await eventually(() => started === 2)).toBe(true);
    await sleep(300);
    expect({ started, mostRunning }).toEqual({ started: 2, mostRunning: 1 });
  });

  it('answers again after a failed answer was rung again', async () => {
    const queue = await open();
    let tries = 0;
    await queue.listen(
      async () => {
        tries += 1;
        if (tries === 1) {
          throw new Error('the CRM is away');
        }
      },
      { concurrency: 1 },
    );
    await queue.ring([bell('fails once')]);
    await eventually(() => tries === 1);
    await queue.ring([bell('fails once')]);
    expect(await eventually(() => tries === 2)).toBe(true);
  });

  it('never answers more rings at a time than asked', async () => {
    const queue = await open();
    let running = 0;
    let mostRunning = 0;
    let ended = 0;
    await queue.listen(
      async () => {
        running += 1;
        mostRunning = Math.max(mostRunning, running);
        await sleep(20);
        running -= 1;
        ended += 1;
      },
      { concurrency: 3 },
    );
    await queue.ring(bells(30));
    expect(await eventually(() => ended === 30)).toBe(true);
    expect(mostRunning).toBe(3);
  });

  it('lets a running answer end before it closes, and refuses rings afterwards', async () => {
    const queue = await open();
    let state = 'not started';
    await queue.listen(
      async () => {
        state = 'running';
        await sleep(400);
        state = 'ended';
      },
      { concurrency: 1 },
    );
    await queue.ring([bell('slow')]);
    await eventually(() => state === 'running');
    await queue.close();
    expect(state).toBe('ended');
    await expect(queue.ring([bell('late')])).rejects.toMatchObject({ code: 'QUEUE_REFUSED' });
  });

  it('works again after everything in the queue was lost', async () => {
    const producer = await open();
    await producer.ring(bells(5));
    await backend.wipe();
    const { answered } = await openAndListen();
    await producer.ring(bells(5));
    expect(await eventually(() => new Set(answered).size === 5)).toBe(true);
  });

  it('wakes an idle listener long before the sweep would', async () => {
    const { queue, answered } = await openAndListen();
    const delaysMs: number[] = [];
    for (let round = 1; round <= 5; round += 1) {
      await sleep(700);
      const rung = performance.now();
      await queue.ring([bell(`idle ${round}`)]);
      await eventually(() => answered.length === round);
      delaysMs.push(Math.round(performance.now() - rung));
    }
    process.stderr.write(`idle pick-up on ${name}: ${delaysMs.join(', ')} ms\n`);
    expect(answered).toHaveLength(5);
  });

  it('rings again what a killed process had taken', async () => {
    const path = fileURLToPath(new URL('./queue-answerer.ts', import.meta.url));
    const child = spawn(process.execPath, [path, JSON.stringify(backend.address)]);
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
    });
    expect(await eventually(() => said.includes('listening'), 20_000)).toBe(true);
    const producer = await open();
    await producer.ring([bell('orphan')]);
    expect(await eventually(() => said.includes('took orphan'))).toBe(true);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const killed = performance.now();
    const { answered } = await openAndListen();
    await producer.ring([bell('orphan'), bell('neighbour')]);
    expect(await eventually(() => answered.includes('neighbour'))).toBe(true);
    expect(await eventually(() => answered.includes('orphan'), 40_000)).toBe(true);
    process.stderr.write(
      `killed process on ${name}: rung again after ${Math.round(performance.now() - killed)} ms\n`,
    );
  }, 90_000);

  it('fails a ring within seconds while the backend is away, and listens on when it is back', async () => {
    const { queue, answered } = await openAndListen();
    await backend.leave();
    try {
      const rung = performance.now();
      await expect(queue.ring([bell('lost')])).rejects.toMatchObject({
        name: 'QueueError',
        code: 'QUEUE_UNREACHABLE',
      });
      expect(performance.now() - rung).toBeLessThan(5_000);
      await expect(openQueue(backend.address)).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' });
    } finally {
      await backend.comeBack();
    }
    const ringAgain = async () => {
      await queue.ring([bell('lost')]).catch(() => undefined);
      return answered.includes('lost');
    };
    let heard = false;
    for (let attempt = 0; attempt < 30 && !heard; attempt += 1) {
      await sleep(500);
      heard = await ringAgain();
    }
    expect(heard).toBe(true);
  }, 60_000);
});

describe.runIf(hasRedis)('Redis that may throw rings away', () => {
  it('is refused with what was found and what to do', async () => {
    const backend = await startRedisBackend('allkeys-lru');
    try {
      await expect(openQueue(backend.address)).rejects.toMatchObject({
        code: 'QUEUE_EVICTION',
        message: expect.stringMatching(/"allkeys-lru".*CONFIG SET maxmemory-policy noeviction/s),
      });
    } finally {
      await backend.stop();
    }
  });
});

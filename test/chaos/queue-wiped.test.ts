import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobContext } from '../../jobs/context.ts';
import { sweep } from '../../jobs/sweep.ts';
import { answer } from '../../jobs/worker.ts';
import { asId, type TenantId } from '../../src/core/values/ids.ts';
import type { Queue } from '../../src/ports/queue.ts';
import { openPostgresQueue } from '../../src/queue/postgres.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';

const TENANT = asId<TenantId>('company');
const NOW = Temporal.Instant.from('2026-11-16T08:00:00Z');
const EFFECTS = 12;

describe('a queue that is wiped between a ring and its answer', () => {
  let folder: string;
  let store: Awaited<ReturnType<typeof openEmbeddedStore>>;
  let queue: Queue;
  let pool: pg.Pool;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jalon-wiped-'));
    store = await openEmbeddedStore({ dataDir: folder });
    queue = await openPostgresQueue({ connectionString: store.connectionString, embedded: true });
    pool = new pg.Pool({ connectionString: store.connectionString, max: 1 });
    await store.system.createTenant({ id: TENANT, name: 'Company' });
  });
  afterAll(async () => {
    await queue.close();
    await pool.end();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A digest that does not exist: the real job, which finds that there is nothing to send and is done. */
  const addEffects = () =>
    store.inTenant(TENANT, async ({ effects }) => {
      const ids: string[] = [];
      for (let number = 0; number < EFFECTS; number += 1) {
        const key = `digest ${number}`;
        ids.push(await effects.add({ kind: 'digest_send', key, payload: { digestId: key }, dueAt: NOW }));
      }
      return ids;
    });
  const doneCount = async () =>
    (await store.inTenant(TENANT, ({ effects }) => effects.list({ state: 'done' }))).length;

  it('loses nothing: the sweep rings again for all that the outbox still holds, and each is done once', async () => {
    const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const mailer = { send: () => Promise.reject(new Error('there is nothing to send')) };
    const context = { store, mailer, clock: { now: () => NOW }, logger: quiet } as unknown as JobContext;
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const answered: string[] = [];
    await queue.listen(
      async (doorbell) => {
        await gate;
        if ((await answer(context, queue, doorbell)) === 'done') answered.push(doorbell.effectId);
      },
      { concurrency: 1 },
    );
    const ids = await addEffects();
    await queue.ring(ids.map((effectId) => ({ tenantId: TENANT, effectId })));
    await expect.poll(() => queue.depth(), { timeout: 20_000, message: 'one is answered' }).toBe(EFFECTS - 1);
    await pool.query('delete from bullmq.job');
    await pool.query('delete from bullmq.event');
    open();
    await expect.poll(doneCount, { timeout: 20_000 }).toBe(1);
    expect(await queue.depth()).toBe(0);
    expect(await doneCount(), 'the queue has forgotten the others').toBe(1);

    expect(await sweep(context, queue)).toBe(EFFECTS - 1);
    await expect.poll(doneCount, { timeout: 30_000 }).toBe(EFFECTS);
    expect(answered.toSorted()).toEqual(ids.toSorted());
    expect(await sweep(context, queue), 'nothing is left to ring for').toBe(0);
  });
});

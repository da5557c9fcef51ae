import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asId, type TenantId } from '../../src/core/values/ids.ts';
import type { Queue } from '../../src/ports/queue.ts';
import { openPostgresQueue } from '../../src/queue/postgres.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { eventually } from './queue-backends.ts';

const tenantId = asId<TenantId>('company');

describe('the queue inside the embedded database of the store', () => {
  let dataDir: string;
  let store: Awaited<ReturnType<typeof openEmbeddedStore>>;
  let queue: Queue;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'jalon-queue-store-'));
    store = await openEmbeddedStore({ dataDir });
    queue = await openPostgresQueue({
      connectionString: store.connectionString,
      embedded: true,
    });
    await store.system.createTenant({ id: tenantId, name: 'Company' });
  });
  afterAll(async () => {
    await queue.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const addEffect = (key: string): Promise<string> =>
    store.inTenant(tenantId, (tenant) =>
      tenant.effects.add({
        kind: 'pull',
        key,
        payload: { key },
        dueAt: Temporal.Instant.from('2026-11-21T08:00:00Z'),
      }),
    );

  it('hands each ring to its own effect while transactions of the store run beside it', async () => {
    const read = new Map<string, string | undefined>();
    await queue.listen(
      async ({ effectId }) => {
        const effect = await store.inTenant(tenantId, (tenant) => tenant.effects.get(effectId));
        read.set(effectId, effect?.key);
      },
      { concurrency: 6 },
    );
    const expected = new Map<string, string>();
    await Promise.all(
      Array.from({ length: 120 }, async (_, index) => {
        const effectId = await addEffect(`key ${index}`);
        expected.set(effectId, `key ${index}`);
        await queue.ring([{ tenantId, effectId }]);
      }),
    );
    expect(await eventually(() => read.size === 120, 20_000)).toBe(true);
    expect(read).toEqual(expected);
  });

  it('fails a ring inside a transaction of the store instead of waiting for ever', async () => {
    const ringing = store.inTenant(tenantId, () => queue.ring([{ tenantId, effectId: 'too early' }]));
    await expect(ringing).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' });
    await expect(queue.ring([{ tenantId, effectId: 'after the commit' }])).resolves.toBeUndefined();
  });
});

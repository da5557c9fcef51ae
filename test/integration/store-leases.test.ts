import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asId, type SnapshotId } from '../../src/core/values/ids.ts';
import { enginesFor, newTenant, type OpenedStore, type OwnTenant } from '../support/store-engines.ts';
import { MONDAY, managerId, minutesAfter } from '../support/store-records.ts';

const LEASE_MS = 60 * 60_000;
const RESTART = minutesAfter(MONDAY, 1);

describe.each(enginesFor('leases'))('leases of a process that died, on the $name database', (engine) => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await engine.open();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.store.system.releaseDeadLeases(RESTART);
  });

  const effect = { kind: 'pull', payload: {}, dueAt: MONDAY };
  const planned = (own: OwnTenant, manager: string) =>
    own.run(({ digests }) =>
      digests.plan({
        connectionId: own.connectionId,
        managerId: managerId(manager),
        isoWeek: '2026-W47',
        snapshotId: asId<SnapshotId>('snapshot'),
        plannedAt: MONDAY,
        late: false,
      }),
    );

  it('end at once for the only process there is, so that its work goes on at once', async () => {
    const own = await newTenant(opened.store);
    const held = await own.run(({ effects }) => effects.add({ ...effect, key: 'held' }));
    const waiting = await own.run(({ effects }) =>
      effects.add({ ...effect, key: 'later', dueAt: minutesAfter(MONDAY, 90) }),
    );
    await own.run(({ effects }) => effects.claim(held, MONDAY, LEASE_MS));
    expect(await own.run(({ effects }) => effects.claim(held, RESTART, LEASE_MS))).toBeNull();
    expect(await opened.store.system.releaseDeadLeases(RESTART)).toBe(1);
    expect(await own.run(({ effects }) => effects.claim(held, RESTART, LEASE_MS))).toMatchObject({
      fence: 2,
    });
    const later = await own.run(({ effects }) => effects.get(waiting));
    expect(later, 'what nobody held still waits for its time').toMatchObject({ state: 'pending' });
    expect(later?.dueAt.epochMilliseconds).toBe(minutesAfter(MONDAY, 90).epochMilliseconds);
  });

  it('end also when the clock of the dead process was ahead', async () => {
    const own = await newTenant(opened.store);
    const held = await own.run(({ effects }) => effects.add({ ...effect, key: 'held' }));
    await own.run(({ effects }) => effects.claim(held, minutesAfter(MONDAY, 50_000), LEASE_MS));
    await opened.store.system.releaseDeadLeases(RESTART);
    expect(await own.run(({ effects }) => effects.claim(held, RESTART, LEASE_MS))).not.toBeNull();
  });

  it('end for a digest that was being composed: it is composed again', async () => {
    const own = await newTenant(opened.store);
    const { id } = await planned(own, 'a');
    await own.run(({ digests }) => digests.claim(id, MONDAY, LEASE_MS));
    expect(await opened.store.system.releaseDeadLeases(RESTART)).toBe(1);
    expect(await own.run(({ digests }) => digests.claim(id, RESTART, LEASE_MS))).toMatchObject({ fence: 2 });
  });

  it('end for a digest that was being handed over: nobody knows whether it left, and nobody sends it again', async () => {
    const own = await newTenant(opened.store);
    const { id } = await planned(own, 'a');
    await own.run(async ({ digests }) => {
      await digests.claim(id, MONDAY, LEASE_MS);
      await digests.handOver(id, 1);
    });
    expect(await opened.store.system.releaseDeadLeases(RESTART)).toBe(1);
    expect(await own.run(({ digests }) => digests.claim(id, RESTART, LEASE_MS))).toBeNull();
    expect(await own.run(({ digests }) => digests.get(id))).toMatchObject({ state: 'uncertain' });
  });

  it('end for every company, and what is done or sent stays so', async () => {
    const [one, two] = [await newTenant(opened.store), await newTenant(opened.store)];
    for (const own of [one, two]) {
      await own.run(async ({ effects }) => {
        await effects.claim(await effects.add({ ...effect, key: 'held' }), MONDAY, LEASE_MS);
        const done = await effects.add({ ...effect, key: 'done' });
        await effects.claim(done, MONDAY, LEASE_MS);
        await effects.done(done, 1);
      });
      const { id } = await planned(own, 'a');
      await own.run(async ({ digests }) => {
        await digests.claim(id, MONDAY, LEASE_MS);
        await digests.handOver(id, 1);
        await digests.close(id, 1, 'sent', { reason: null, at: MONDAY });
      });
    }
    expect(await opened.store.system.releaseDeadLeases(RESTART)).toBe(2);
    for (const own of [one, two]) {
      const states = await own.run(async ({ effects, digests }) => [
        ...(await effects.list({})).map((row) => `${row.key} ${row.state}`),
        ...(await digests.list(own.connectionId)).map((row) => row.state),
      ]);
      expect(states.sort()).toEqual(['done done', 'held claimed', 'sent']);
    }
  });
});

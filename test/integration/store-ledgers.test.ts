import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asId, type DealId, type SnapshotId } from '../../src/core/values/ids.ts';
import type { DealWrite, PropertyKey } from '../../src/core/write-back/write-back.ts';
import { enginesFor, newTenant, type OpenedStore, type OwnTenant } from '../support/store-engines.ts';
import { dealId, EUR, instant, MONDAY, managerId, minutesAfter } from '../support/store-records.ts';

const LEASE_MS = 60_000;
const minute = (minutes: number) => minutesAfter(MONDAY, minutes);

describe.each(enginesFor('ledgers'))('what must not happen twice, on the $name database', (engine) => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await engine.open();
  });
  afterAll(() => opened.close());

  describe('an effect', () => {
    const effect = { kind: 'pull', key: 'crm/2026-11-16', payload: { connectionId: 'crm' }, dueAt: MONDAY };
    const addTo = (own: OwnTenant, changes: Partial<typeof effect> = {}) =>
      own.run((tenant) => tenant.effects.add({ ...effect, ...changes }));

    it('with the same name is the same work, also when ten ask for it at once and after it is done', async () => {
      const own = await newTenant(opened.store);
      const ids = await Promise.all(Array.from({ length: 10 }, () => addTo(own)));
      expect(new Set(ids).size).toBe(1);
      const id = ids[0] ?? '';
      await own.run(async ({ effects }) => {
        const claimed = await effects.claim(id, MONDAY, LEASE_MS);
        expect(await effects.done(id, claimed?.fence ?? -1)).toBe(true);
      });
      expect(await addTo(own)).toBe(id);
      expect(await own.run(({ effects }) => effects.get(id))).toMatchObject({
        state: 'done',
        payload: effect.payload,
      });
      expect(await addTo(own, { key: 'crm/2026-11-23' })).not.toBe(id);
    });

    it('is claimed by one of ten workers, and by nobody before it is due', async () => {
      const own = await newTenant(opened.store);
      const id = await addTo(own);
      expect(await own.run(({ effects }) => effects.claim(id, minute(-1), LEASE_MS))).toBeNull();
      const claims = await Promise.all(
        Array.from({ length: 10 }, () => own.run(({ effects }) => effects.claim(id, MONDAY, LEASE_MS))),
      );
      expect(claims.filter((claim) => claim !== null)).toEqual([
        expect.objectContaining({ state: 'claimed', fence: 1, attempts: 1 }),
      ]);
    });

    it('of a dead worker is taken over when the lease runs out, and the dead worker can change nothing any more', async () => {
      const own = await newTenant(opened.store);
      const id = await addTo(own);
      await own.run(async ({ effects }) => {
        const first = await effects.claim(id, MONDAY, LEASE_MS);
        expect(await effects.extend(id, 1, minute(0.5), LEASE_MS)).toBe(true);
        expect(await effects.claim(id, minute(1), LEASE_MS), 'the lease was prolonged').toBeNull();
        const second = await effects.claim(id, minute(1.5), LEASE_MS);
        expect([first?.fence, second?.fence]).toEqual([1, 2]);
        expect([first?.deaths, second?.deaths], 'taken from a dead worker').toEqual([0, 1]);
        expect(await effects.extend(id, 1, minute(2), LEASE_MS)).toBe(false);
        expect(await effects.done(id, 1)).toBe(false);
        expect(await effects.retry(id, 1, MONDAY, 'late')).toBe(false);
        expect(await effects.park(id, 1, 'late')).toBe(false);
        expect(await effects.done(id, 2)).toBe(true);
        expect(await effects.claim(id, minute(99), LEASE_MS), 'done is done').toBeNull();
      });
    });

    it('is tried again later, parked with its reason, and started again by a person', async () => {
      const own = await newTenant(opened.store);
      const id = await addTo(own);
      await own.run(async ({ effects }) => {
        await effects.claim(id, MONDAY, LEASE_MS);
        await effects.retry(id, 1, minute(10), 'CRM_TIMEOUT');
        expect(await effects.claim(id, minute(9), LEASE_MS)).toBeNull();
        await effects.claim(id, minute(10), LEASE_MS);
        expect(await effects.park(id, 2, 'CRM_FORBIDDEN\u0000')).toBe(true);
        expect(await effects.list({ state: 'parked' })).toEqual([
          expect.objectContaining({ id, attempts: 2, lastError: 'CRM_FORBIDDEN' }),
        ]);
        expect(await effects.list({ state: 'parked', kind: 'digest' })).toEqual([]);
        expect(await effects.unpark(id, minute(60))).toBe(true);
        expect(await effects.unpark(id, minute(60)), 'it is not parked any more').toBe(false);
        expect(await effects.claim(id, minute(60), LEASE_MS)).toMatchObject({
          attempts: 1,
          deaths: 0,
          fence: 3,
        });
      });
    });

    it('is found by the sweep when it is due or its worker died, oldest first, across companies', async () => {
      const long = minutesAfter(MONDAY, -1_000_000);
      const minutesAfterLong = (minutes: number) => minutesAfter(long, minutes);
      const [one, two] = [await newTenant(opened.store), await newTenant(opened.store)];
      const late = await addTo(one, { dueAt: minutesAfterLong(2) });
      const early = await addTo(two, { dueAt: long });
      const due = async (minutes: number) =>
        (await opened.store.system.dueEffects(minutesAfterLong(minutes), 10)).map((row) => row.effectId);
      expect(await opened.store.system.nextDueAt()).toEqual(long);
      expect(await due(1)).toEqual([early]);
      expect(await due(2)).toEqual([early, late]);
      await two.run(({ effects }) => effects.claim(early, long, LEASE_MS * 5));
      expect(await due(2)).toEqual([late]);
      expect(await due(5), 'the lease ran out').toEqual([late, early]);
      expect(await opened.store.system.dueEffects(minutesAfterLong(5), 1)).toEqual([
        { tenantId: one.tenantId, effectId: late },
      ]);
      expect(await opened.store.system.tenants()).toEqual(
        expect.arrayContaining([one.tenantId, two.tenantId]),
      );
    });

    it('is not stored when the change that called for it fails', async () => {
      const own = await newTenant(opened.store);
      const failing = own.run(async (tenant) => {
        await tenant.effects.add(effect);
        throw new Error('the change failed');
      });
      await expect(failing).rejects.toThrow('the change failed');
      expect(await own.run(({ effects }) => effects.list({}))).toEqual([]);
    });
  });

  describe('a digest', () => {
    const planOf = (own: OwnTenant, week = '2026-W47') => ({
      connectionId: own.connectionId,
      managerId: managerId('claire'),
      isoWeek: week,
      snapshotId: asId<SnapshotId>('snapshot-2026-11-16'),
      plannedAt: MONDAY,
      late: false,
    });
    const plannedId = async (own: OwnTenant) =>
      (await own.run(({ digests }) => digests.plan(planOf(own)))).id;

    it('exists once per manager and week, also when ten schedulers plan it at once', async () => {
      const own = await newTenant(opened.store);
      const rows = await Promise.all(
        Array.from({ length: 10 }, () => own.run(({ digests }) => digests.plan(planOf(own)))),
      );
      expect(new Set(rows.map((row) => row.id)).size).toBe(1);
      expect(rows[0]).toMatchObject({
        ...planOf(own),
        state: 'planned',
        reason: null,
        fence: 0,
        sentAt: null,
      });
      await own.run(({ digests }) => digests.plan(planOf(own, '2026-W48')));
      const listed = await own.run(({ digests }) => digests.list(own.connectionId));
      expect(listed.map((row) => row.isoWeek)).toEqual(['2026-W48', '2026-W47']);
    });

    it('is claimed by one of ten workers and sent once', async () => {
      const own = await newTenant(opened.store);
      const id = await plannedId(own);
      const claims = await Promise.all(
        Array.from({ length: 10 }, () => own.run(({ digests }) => digests.claim(id, MONDAY, LEASE_MS))),
      );
      expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
      await own.run(async ({ digests }) => {
        expect(await digests.close(id, 1, 'sent', { reason: null, at: MONDAY }), 'not handed over yet').toBe(
          false,
        );
        expect(await digests.handOver(id, 1)).toBe(true);
        expect(await digests.handOver(id, 1), 'once').toBe(false);
        expect(await digests.close(id, 1, 'sent', { reason: null, at: minute(1) })).toBe(true);
        expect(await digests.claim(id, minute(999), LEASE_MS)).toBeNull();
        expect(await digests.get(id)).toMatchObject({ state: 'sent', sentAt: minute(1) });
      });
    });

    it('of a worker that died before the hand-over is sent by another, and the first can no longer hand it over', async () => {
      const own = await newTenant(opened.store);
      const id = await plannedId(own);
      await own.run(async ({ digests }) => {
        await digests.claim(id, MONDAY, LEASE_MS);
        expect(await digests.claim(id, minute(0.5), LEASE_MS)).toBeNull();
        expect(await digests.claim(id, minute(1), LEASE_MS)).toMatchObject({ state: 'claimed', fence: 2 });
        expect(await digests.handOver(id, 1)).toBe(false);
        expect(await digests.handOver(id, 2)).toBe(true);
      });
    });

    it('of a worker that died during the hand-over becomes uncertain and is never sent by a machine', async () => {
      const own = await newTenant(opened.store);
      const id = await plannedId(own);
      await own.run(async ({ digests }) => {
        await digests.claim(id, MONDAY, LEASE_MS);
        await digests.handOver(id, 1);
        expect(await digests.claim(id, minute(0.5), LEASE_MS), 'it may still be alive').toBeNull();
        expect(await digests.get(id)).toMatchObject({ state: 'handing_over' });
        expect(await digests.claim(id, minute(2), LEASE_MS)).toBeNull();
        expect(await digests.get(id)).toMatchObject({ state: 'uncertain', reason: 'HAND_OVER_INTERRUPTED' });
        expect(await digests.claim(id, minute(99), LEASE_MS)).toBeNull();
        expect(await digests.close(id, 1, 'planned', { reason: null, at: minute(99) })).toBe(false);
      });
    });

    it('that provably did not leave may be claimed again', async () => {
      const own = await newTenant(opened.store);
      const id = await plannedId(own);
      await own.run(async ({ digests }) => {
        await digests.claim(id, MONDAY, LEASE_MS);
        await digests.handOver(id, 1);
        expect(await digests.close(id, 1, 'planned', { reason: 'ECONNREFUSED', at: MONDAY })).toBe(true);
        expect(await digests.claim(id, MONDAY, LEASE_MS)).toMatchObject({ fence: 2 });
      });
    });

    it('is skipped with its reason while nobody has claimed it, never after', async () => {
      const own = await newTenant(opened.store);
      await own.run(async ({ digests }) => {
        expect(await digests.skip(planOf(own, '2026-W46'), 'LATE')).toMatchObject({
          state: 'skipped',
          reason: 'LATE',
        });
        const planned = await digests.plan(planOf(own));
        expect(await digests.skip({ ...planOf(own), late: true }, 'LATE')).toMatchObject({
          id: planned.id,
          state: 'skipped',
          late: true,
        });
        const claimed = await digests.plan(planOf(own, '2026-W48'));
        await digests.claim(claimed.id, MONDAY, LEASE_MS);
        expect(await digests.skip(planOf(own, '2026-W48'), 'LATE')).toMatchObject({
          id: claimed.id,
          state: 'claimed',
        });
      });
    });
  });

  describe('a write-back', () => {
    const writeOf = (id: string, values: Partial<Record<PropertyKey, string>>): DealWrite => ({
      dealId: dealId(id),
      currency: EUR,
      values: new Map(Object.entries(values) as [PropertyKey, string][]),
    });
    const asObject = (map: ReadonlyMap<DealId, ReadonlyMap<PropertyKey, string>>) =>
      Object.fromEntries([...map].map(([id, values]) => [id, Object.fromEntries(values)]));

    it('is acknowledged by its receipt, value by value, and counted once even when the receipt arrives twice', async () => {
      const own = await newTenant(opened.store);
      const crm = own.connectionId;
      await own.run(async ({ receipts }) => {
        const written = { dealId: dealId('1'), kind: 'written', modifiedAt: minute(1) } as const;
        await receipts.begin(crm, [writeOf('1', { jalon_weight: '60', jalon_net_amount: '740.70' })], MONDAY);
        expect(asObject(await receipts.acknowledged(crm))).toEqual({});
        await receipts.settle(crm, [written], minute(1));
        await receipts.settle(crm, [written], minute(1));
        await receipts.begin(crm, [writeOf('1', { jalon_weight: '' })], minute(2));
        await receipts.settle(crm, [{ ...written, modifiedAt: minute(3) }], minute(3));
        expect(asObject(await receipts.acknowledged(crm))).toEqual({
          1: { jalon_weight: '', jalon_net_amount: '740.70' },
        });
        expect(await receipts.writtenCount(crm)).toBe(3);
        expect(await receipts.unsettled(crm)).toEqual([]);
      });
    });

    it('whose reply was lost stays unsettled until it is read back', async () => {
      const own = await newTenant(opened.store);
      const crm = own.connectionId;
      const [first, second] = [writeOf('1', { jalon_weight: '40' }), writeOf('2', { jalon_weight: '60' })];
      await own.run(({ receipts }) => receipts.begin(crm, [second, first], MONDAY));
      await own.run(async ({ receipts }) => {
        expect(await receipts.unsettled(crm), 'as after a crash').toEqual([first, second]);
        await receipts.settle(crm, [{ dealId: dealId('1'), kind: 'uncertain' }], MONDAY);
        expect(await receipts.unsettled(crm)).toEqual([first, second]);
        await receipts.settle(
          crm,
          [
            { dealId: dealId('1'), kind: 'not_arrived' },
            { dealId: dealId('2'), kind: 'written', modifiedAt: MONDAY },
          ],
          MONDAY,
        );
        expect(await receipts.unsettled(crm)).toEqual([]);
        expect(asObject(await receipts.acknowledged(crm))).toEqual({ 2: { jalon_weight: '60' } });
      });
    });

    it('that the CRM refused is listed for the admin until it is written, and stops no neighbour', async () => {
      const own = await newTenant(opened.store);
      const crm = own.connectionId;
      const refused = {
        dealId: dealId('1'),
        kind: 'refused',
        code: 'VALUE_REFUSED',
        message: 'not an option',
      } as const;
      const writes = [writeOf('1', { jalon_pace: 'stuck' }), writeOf('2', { jalon_pace: 'fast' })];
      await own.run(async ({ receipts }) => {
        await receipts.begin(crm, writes, MONDAY);
        await receipts.settle(
          crm,
          [refused, { dealId: dealId('2'), kind: 'written', modifiedAt: MONDAY }],
          MONDAY,
        );
        expect(await receipts.refusals(crm)).toEqual([{ dealId: '1', code: 'VALUE_REFUSED', at: MONDAY }]);
        expect([...(await receipts.refusedWrites(crm))], 'with the values that were refused').toEqual([
          ['1', { values: new Map([['jalon_pace', 'stuck']]), code: 'VALUE_REFUSED', at: MONDAY }],
        ]);
        expect(asObject(await receipts.acknowledged(crm))).toEqual({ 2: { jalon_pace: 'fast' } });
        await receipts.begin(crm, writes.slice(0, 1), minute(1));
        await receipts.settle(crm, [{ dealId: dealId('1'), kind: 'not_arrived' }], minute(1));
        expect(await receipts.refusals(crm), 'nobody has answered since').toHaveLength(1);
        await receipts.begin(crm, writes.slice(0, 1), minute(2));
        await receipts.settle(
          crm,
          [{ dealId: dealId('1'), kind: 'written', modifiedAt: minute(2) }],
          minute(2),
        );
        expect(await receipts.refusals(crm)).toEqual([]);
        expect((await receipts.refusedWrites(crm)).size).toBe(0);
      });
    });

    it('is known by its time in the CRM, so that its echo can be told from a change', async () => {
      const own = await newTenant(opened.store);
      const crm = own.connectionId;
      await own.run(async ({ receipts }) => {
        expect(await receipts.ownWrites(crm, MONDAY)).toBeNull();
        const writtenAt = (id: string, minutes: number) =>
          ({ dealId: dealId(id), kind: 'written', modifiedAt: minute(minutes) }) as const;
        await receipts.settle(crm, [writtenAt('1', 1), writtenAt('2', 2), writtenAt('1', 5)], MONDAY);
        expect(await receipts.ownWrites(crm, minute(2))).toEqual({
          from: minute(2),
          to: minute(5),
          modifiedAt: new Map([
            ['2', minute(2)],
            ['1', minute(5)],
          ]),
        });
      });
    });
  });

  it('a webhook is stored once, taken in order by one worker at a time, and not offered again when done', async () => {
    const own = await newTenant(opened.store);
    const event = (dedupeKey: string) => ({
      connectionId: own.connectionId,
      dedupeKey,
      receivedAt: instant('2026-11-16T06:00:00.123Z'),
      raw: `{"event":"${dedupeKey}"}\u0000`,
    });
    const recorded = await Promise.all(
      ['a', 'b', 'a'].map((key) => own.run(({ inbox }) => inbox.record(event(key)))),
    );
    expect(recorded.filter(Boolean)).toHaveLength(2);
    await own.run(async ({ inbox }) => {
      const taken = await inbox.take(own.connectionId, 10);
      expect(taken.map((one) => one.raw).sort()).toEqual(['{"event":"a"}', '{"event":"b"}']);
      await inbox.done(taken.slice(0, 1).map((one) => one.id));
      await inbox.done([]);
      expect(await inbox.take(own.connectionId, 10)).toEqual(taken.slice(1));
    });
    expect(
      await own.run(({ inbox }) => inbox.record(event('a'))),
      'also a duplicate of one that is done',
    ).toBe(false);
  });

  it('the audit log lists who did what, newest first', async () => {
    const own = await newTenant(opened.store);
    const entry = {
      at: MONDAY,
      by: 'claire',
      action: 'target.changed',
      subject: '2026-Q4',
      before: null,
      after: { amountMinor: 5n },
    };
    await own.run(async ({ audit }) => {
      await audit.append(entry);
      await audit.append({ ...entry, at: minute(1), action: 'model.saved' });
      expect(await audit.list(10)).toEqual([
        { at: minute(1), by: 'claire', action: 'model.saved', subject: '2026-Q4' },
        { at: MONDAY, by: 'claire', action: 'target.changed', subject: '2026-Q4' },
      ]);
      expect(await audit.list(1)).toHaveLength(1);
    });
  });
});

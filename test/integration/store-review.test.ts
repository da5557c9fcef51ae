import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activity } from '../../src/core/deals/deal.ts';
import { asId, type MilestoneKey, type OwnerId } from '../../src/core/values/ids.ts';
import { enginesFor, newTenant, type OpenedStore, type OwnTenant } from '../support/store-engines.ts';
import {
  activityOf,
  date,
  dealId,
  dealOf,
  instant,
  land,
  MONDAY,
  minutesAfter,
  tombstoneOf,
} from '../support/store-records.ts';

describe.each(enginesFor('review'))('the file of a deal, on the $name database', (engine) => {
  let opened: OpenedStore;
  let own: OwnTenant;
  beforeAll(async () => {
    opened = await engine.open();
    own = await newTenant(opened.store);
    const contact = (id: string) => ({ id: asId<never>(id), name: id, buyingRole: null, updatedAt: MONDAY });
    await land(own, {
      deals: [dealOf('1', { contactIds: [asId('zoe')] }), dealOf('2'), dealOf('3')],
      contacts: [contact('zoe'), contact('stranger')],
      activities: [activityOf('late', ['1'], { at: MONDAY }), activityOf('both', ['2', '1'])],
      tombstones: [tombstoneOf('3', MONDAY)],
    });
  });
  afterAll(() => opened.close());

  const fileOf = (id: string) => own.run((tenant) => tenant.records.dealFile(own.connectionId, dealId(id)));

  it('holds its own activities and contacts, and nobody else’s', async () => {
    const file = await fileOf('1');
    expect(file?.activities.map(({ id }) => id)).toEqual(['both', 'late']);
    expect(file?.contacts.map(({ id }) => id)).toEqual(['zoe']);
    expect(file?.deal).toEqual(dealOf('1', { contactIds: [asId('zoe')] }));
  });

  it('is empty for a deal that left the CRM, and for one that never was', async () => {
    expect(await fileOf('3')).toBeNull();
    expect(await fileOf('4')).toBeNull();
  });

  it('keeps who confirmed and when it was said, also when somebody thinks again', async () => {
    const said = (verdict: 'confirmed' | 'refused') => ({
      milestone: asId<MilestoneKey>('need'),
      confirmedOn: date('2026-11-12'),
      customerPerson: 'Mme Roy',
      link: 'https://example.test/letter',
      verdict,
    });
    await own.run(async ({ records }) => {
      await records.confirm(own.connectionId, dealId('2'), said('confirmed'), 'claire', MONDAY);
      await records.confirm(own.connectionId, dealId('2'), said('refused'), 'marc', minutesAfter(MONDAY, 5));
    });
    const file = await fileOf('2');
    expect(file?.confirmations).toEqual([
      { ...said('confirmed'), by: 'claire', at: MONDAY },
      { ...said('refused'), by: 'marc', at: minutesAfter(MONDAY, 5) },
    ]);
  });

  it('counts what one person logged in a span: the first instant belongs to it, the last does not', async () => {
    const ownerId = asId<OwnerId>('sophie');
    const logged = (id: string, at: string, changes: Partial<Activity> = {}) =>
      activityOf(id, ['1'], { ownerId, at: instant(at), ...changes });
    await land(own, {
      activities: [
        logged('m1', '2026-10-19T00:00:00Z'),
        logged('m2', '2026-11-15T23:59:59Z'),
        logged('m3', '2026-11-16T00:00:00Z'),
        logged('m4', '2026-10-18T23:59:59Z'),
        logged('n1', '2026-11-01T09:00:00Z', { kind: 'note', withCustomer: false, dealIds: [] }),
        logged('x1', '2026-11-01T09:00:00Z', { ownerId: asId<OwnerId>('karim') }),
      ],
    });
    const mix = await own.run(({ records }) =>
      records.activityMix(
        own.connectionId,
        ownerId,
        instant('2026-10-19T00:00:00Z'),
        instant('2026-11-16T00:00:00Z'),
      ),
    );
    expect(mix).toEqual([
      { kind: 'meeting', withCustomer: true, count: 2 },
      { kind: 'note', withCustomer: false, count: 1 },
    ]);
  });

  it('keeps every note of a review, newest first, and only those of the deals asked', async () => {
    const note = (id: string, text: string) => ({
      dealId: dealId(id),
      isoWeek: '2026-W47',
      mark: text === '' ? ('passed' as const) : ('note' as const),
      text,
      by: 'claire',
      at: MONDAY,
    });
    await own.run(async ({ reviewNotes }) => {
      for (const one of [note('1', ''), note('1', 'first'), note('2', 'other'), note('1', 'second\u0000')])
        await reviewNotes.add(own.connectionId, one);
    });
    const read = (ids: string[], limit: number) =>
      own.run(({ reviewNotes }) => reviewNotes.ofDeals(own.connectionId, ids.map(dealId), limit));
    expect(await read(['1'], 9)).toEqual([note('1', 'second'), note('1', 'first'), note('1', '')]);
    expect((await read(['1', '2'], 2)).map(({ text }) => text)).toEqual(['second', 'other']);
    expect(await read([], 9)).toEqual([]);
    const wordless = { ...note('1', 'x'), text: '' };
    await expect(own.run(({ reviewNotes }) => reviewNotes.add(own.connectionId, wordless))).rejects.toThrow();
  });
});

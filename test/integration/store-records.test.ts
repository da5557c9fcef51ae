import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asId, type ContactId, type MilestoneKey, type StageId } from '../../src/core/values/ids.ts';
import { enginesFor, newTenant, type OpenedStore } from '../support/store-engines.ts';
import {
  activityOf,
  date,
  dealId,
  dealOf,
  dealsOf,
  EUR,
  instant,
  land,
  MONDAY,
  minutesAfter,
  pageOf,
  rejectionOf,
  tombstoneOf,
} from '../support/store-records.ts';

const EARLIER = instant('2026-11-10T09:00:00Z');
const LATER = instant('2026-11-12T09:00:00Z');

describe.each(enginesFor('CRM records'))('CRM records on the $name database', (engine) => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await engine.open();
  });
  afterAll(() => opened.close());

  describe('a deal comes back as it was read', () => {
    it('with its histories in order, to the microsecond', async () => {
      const own = await newTenant(opened.store);
      const [b, a] = [dealOf('20'), dealOf('10')];
      await land(own, { deals: [b, a] });
      expect(await dealsOf(own)).toEqual([a, b]);
      expect(await own.run((tenant) => tenant.records.deal(own.connectionId, dealId('20')))).toEqual(b);
    });

    it.each([
      ['without amount', { kind: 'missing' }],
      [
        'with an amount in an unknown currency',
        { kind: 'unusable', text: '12 XYZ', reason: 'currency_unknown' },
      ],
      [
        'with an amount beyond any float',
        { kind: 'money', money: { amountMinor: 9_007_199_254_740_993n, currency: EUR } },
      ],
    ] as const)('%s', async (_case, amount) => {
      const own = await newTenant(opened.store);
      const deal = dealOf('1', {
        amount,
        closeDate: null,
        stageHistory: [],
        closeDateHistory: [],
        properties: [],
      });
      await land(own, { deals: [deal] });
      expect(await dealsOf(own)).toEqual([deal]);
    });

    it('with a close date typed in the year 20226, or before Christ', async () => {
      const own = await newTenant(opened.store);
      const far = dealOf('1', {
        closeDate: date('+020226-03-01'),
        closeDateHistory: [
          { closeDate: date('-000043-03-15'), changedAt: instant('+020226-03-01T00:00:00Z') },
        ],
      });
      await land(own, { deals: [far] });
      expect(await dealsOf(own)).toEqual([far]);
    });

    it('even when its texts hold what a database cannot: NUL is removed, half a character replaced', async () => {
      const own = await newTenant(opened.store);
      const properties = [{ name: 'need', value: 'a\u0000b \ud83d', filledAt: MONDAY }];
      await land(own, {
        deals: [dealOf('1', { name: 'Acme\u0000 \udc00 "\\u0000"', properties })],
        activities: [activityOf('a', ['1'], { title: '\u0000\ud800' })],
        contacts: [{ id: asId<ContactId>('c'), name: 'Zo\u00eb\u0000', buyingRole: null, updatedAt: MONDAY }],
      });
      const [deal] = await dealsOf(own);
      expect(deal?.name).toBe('Acme \ufffd "\\u0000"');
      expect(deal?.properties[0]?.value).toBe('ab \ufffd');
    });
  });

  describe('never older over newer', () => {
    it('keeps the newer version and its history when an older page arrives late', async () => {
      const own = await newTenant(opened.store);
      const newer = dealOf('1', { updatedAt: LATER, name: 'newer' });
      const older = dealOf('1', { updatedAt: EARLIER, name: 'older', stageHistory: [] });
      await land(own, { deals: [newer] });
      await land(own, { deals: [older] });
      expect(await dealsOf(own)).toEqual([newer]);
    });

    it('replaces the deal and its whole history when a newer version arrives', async () => {
      const own = await newTenant(opened.store);
      const won = { stageId: asId<StageId>('won'), enteredAt: LATER };
      const newer = dealOf('1', { updatedAt: LATER, stageHistory: [won], closeDateHistory: [] });
      await land(own, { deals: [dealOf('1', { updatedAt: EARLIER })] });
      await land(own, { deals: [newer] });
      expect(await dealsOf(own)).toEqual([newer]);
      const counts = await own.run((tenant) => tenant.records.dealCounts(own.connectionId));
      expect(counts).toEqual({ present: 1, hidden: 0, stageEntries: 1 });
    });

    it('takes a version of the same moment that says something else, such as a longer history', async () => {
      const own = await newTenant(opened.store);
      const longer = dealOf('1', { flags: ['history_incomplete'] });
      await land(own, { deals: [dealOf('1')] });
      await land(own, { deals: [longer] });
      expect(await dealsOf(own)).toEqual([longer]);
    });

    it('takes the newest of two versions inside one page, the last of equally new ones', async () => {
      const own = await newTenant(opened.store);
      const last = dealOf('1', { updatedAt: LATER, name: 'last' });
      await land(own, {
        deals: [
          dealOf('1', { updatedAt: LATER, name: 'first' }),
          last,
          dealOf('1', { updatedAt: EARLIER, name: 'old' }),
        ],
      });
      expect(await dealsOf(own)).toEqual([last]);
    });

    it('holds for companies, contacts and activities too', async () => {
      const own = await newTenant(opened.store);
      const contact = {
        id: asId<ContactId>('c'),
        name: 'Zoé',
        buyingRole: 'DECISION_MAKER',
        updatedAt: LATER,
      };
      const meeting = activityOf('a', ['1'], { updatedAt: LATER });
      await land(own, { deals: [dealOf('1')], contacts: [contact], activities: [meeting] });
      await land(own, {
        contacts: [{ ...contact, name: 'older', updatedAt: EARLIER }],
        activities: [activityOf('a', [], { updatedAt: EARLIER })],
      });
      await own.run(async (tenant) => {
        expect(await tenant.records.contacts(own.connectionId)).toEqual([contact]);
        expect(await tenant.records.activities(own.connectionId)).toEqual([meeting]);
      });
    });

    it('holds for the directory: what was read earlier does not replace what was read later', async () => {
      const own = await newTenant(opened.store);
      const directory = (name: string) => ({
        account: { externalId: '4242', name, zone: 'Europe/Paris', currency: EUR },
        pipelines: [],
        owners: [],
        teams: [],
        rates: [],
      });
      await own.run(async (tenant) => {
        expect(await tenant.records.directory(own.connectionId)).toBeNull();
        await tenant.records.landDirectory(own.connectionId, directory('late'), LATER);
        await tenant.records.landDirectory(own.connectionId, directory('early'), EARLIER);
        expect(await tenant.records.directory(own.connectionId)).toEqual(directory('late'));
      });
    });
  });

  describe('a deal that left the CRM', () => {
    it('is hidden by its tombstone and counted as hidden', async () => {
      const own = await newTenant(opened.store);
      await land(own, {
        deals: [dealOf('1'), dealOf('2')],
        activities: [activityOf('a', ['1']), activityOf('b', ['1', '2'])],
      });
      await land(own, {
        tombstones: [tombstoneOf('1', LATER, { reason: 'merged', mergedInto: dealId('2') })],
      });
      expect((await dealsOf(own)).map((deal) => deal.id)).toEqual(['2']);
      await own.run(async (tenant) => {
        expect(await tenant.records.deal(own.connectionId, dealId('1'))).toBeNull();
        expect(await tenant.records.dealCounts(own.connectionId)).toMatchObject({ present: 1, hidden: 1 });
        const known = await tenant.records.knownDeals(own.connectionId, ['1', '2', '9'].map(dealId));
        expect([...known]).toEqual([
          ['1', dealOf('1')],
          ['2', dealOf('2')],
        ]);
        expect((await tenant.records.activities(own.connectionId)).map((activity) => activity.id)).toEqual([
          'b',
        ]);
      });
    });

    it('stays hidden when an older version of it arrives after the tombstone, even if it was unknown before', async () => {
      const own = await newTenant(opened.store);
      await land(own, { tombstones: [tombstoneOf('1', LATER)] });
      await land(own, { deals: [dealOf('1', { updatedAt: EARLIER })] });
      expect(await dealsOf(own)).toEqual([]);
    });

    it('comes back when a newer version arrives, and an old tombstone does not hide it again', async () => {
      const own = await newTenant(opened.store);
      const restored = dealOf('1', { updatedAt: LATER });
      await land(own, {
        deals: [dealOf('1', { updatedAt: EARLIER })],
        tombstones: [tombstoneOf('1', minutesAfter(EARLIER, 1))],
      });
      expect(await dealsOf(own)).toEqual([]);
      await land(own, { deals: [restored] });
      await land(own, { tombstones: [tombstoneOf('1', minutesAfter(EARLIER, 1))] });
      expect(await dealsOf(own)).toEqual([restored]);
    });

    it('is hidden when a pull of everything did not meet it, and comes back when it is met again', async () => {
      const own = await newTenant(opened.store);
      await land(own, { deals: [dealOf('1'), dealOf('2'), dealOf('3')] }, 'first pull');
      await land(own, { deals: [dealOf('1')], rejections: [rejectionOf('3')] }, 'second pull');
      const hidden = await own.run((tenant) =>
        tenant.records.hideUnseen(own.connectionId, 'second pull', MONDAY),
      );
      expect(hidden).toBe(1);
      expect(
        (await dealsOf(own)).map((deal) => deal.id),
        'the unreadable deal 3 was met all the same',
      ).toEqual(['1', '3']);
      await land(own, { deals: [dealOf('2')] }, 'third pull');
      expect((await dealsOf(own)).map((deal) => deal.id)).toEqual(['1', '2', '3']);
    });
  });

  describe('the cursor', () => {
    it('is stored with its page, and with a page that fails nothing is', async () => {
      const own = await newTenant(opened.store);
      const cursor = { after: '17', nested: { b: 1, a: [null, 'é\u0000'] } };
      await land(own, { deals: [dealOf('1')], cursor });
      const crash = own.run(async (tenant) => {
        await tenant.records.landPage(
          own.connectionId,
          'pull-1',
          pageOf({ deals: [dealOf('2')], cursor: { after: '99' } }),
        );
        throw new Error('the worker died here');
      });
      await expect(crash).rejects.toThrow('the worker died here');
      await own.run(async (tenant) => {
        expect(await tenant.records.cursor(own.connectionId)).toEqual(cursor);
      });
      expect((await dealsOf(own)).map((deal) => deal.id)).toEqual(['1']);
    });

    it('of a connection that does not exist is refused together with its page', async () => {
      const own = await newTenant(opened.store);
      const stray = own.run((tenant) =>
        tenant.records.landPage(asId('nobody'), 'pull-1', pageOf({ deals: [dealOf('1')] })),
      );
      await expect(stray).rejects.toThrow(/foreign key/);
    });
  });

  describe('a rejected record', () => {
    it('stands until it is read, leaves the CRM, or a pull of everything no longer meets it', async () => {
      const own = await newTenant(opened.store);
      const standing = async () =>
        (await own.run((tenant) => tenant.records.rejections(own.connectionId))).map((one) => one.externalId);
      await land(own, { rejections: ['1', '2', '3', '4'].map((id) => rejectionOf(id)) });
      await land(own, { rejections: [rejectionOf('4', { code: 'DATE_UNREADABLE', field: 'closedate' })] });
      expect(await standing()).toEqual(['1', '2', '3', '4']);
      await land(own, { deals: [dealOf('1')], tombstones: [tombstoneOf('2', MONDAY)] });
      expect(await standing()).toEqual(['3', '4']);
      await land(own, { rejections: [rejectionOf('4')] }, 'second pull');
      await own.run((tenant) => tenant.records.hideUnseen(own.connectionId, 'second pull', MONDAY));
      expect(await standing()).toEqual(['4']);
    });

    it('of an id that came twice in one page stands beside the deal', async () => {
      const own = await newTenant(opened.store);
      const twice = rejectionOf('1', { code: 'ID_DUPLICATE', field: 'id' });
      await land(own, { deals: [dealOf('1')], rejections: [twice] });
      expect(await own.run((tenant) => tenant.records.rejections(own.connectionId))).toEqual([twice]);
      expect(await dealsOf(own)).toHaveLength(1);
    });
  });

  it("a manager's verdicts are kept in the order they were given", async () => {
    const own = await newTenant(opened.store);
    const first = {
      milestone: asId<MilestoneKey>('verbal'),
      confirmedOn: date('2026-11-02'),
      customerPerson: 'Mme Durand',
      link: 'https://mail.example/1',
      verdict: 'confirmed',
    } as const;
    const second = { ...first, verdict: 'refused' } as const;
    await own.run(async (tenant) => {
      await tenant.records.confirm(own.connectionId, dealId('1'), first, 'manager', EARLIER);
      await tenant.records.confirm(own.connectionId, dealId('1'), second, 'manager', LATER);
      const verdicts = await tenant.records.confirmations(own.connectionId);
      expect([...verdicts]).toEqual([[dealId('1'), [first, second]]]);
    });
  });

  it('a page larger than one statement lands whole', async () => {
    const own = await newTenant(opened.store);
    const deals = Array.from({ length: 2_345 }, (_, index) => dealOf(String(10_000 + index)));
    await land(own, { deals });
    expect(await dealsOf(own)).toEqual(deals);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DealTombstone } from '../../src/core/deals/deal.ts';
import type { PropertyKey } from '../../src/core/write-back/write-back.ts';
import { enginesFor, newTenant, type OpenedStore, type OwnTenant } from '../support/store-engines.ts';
import { dealId, dealOf, MONDAY, minutesAfter, pageOf } from '../support/store-records.ts';

describe.each(enginesFor('merged values'))(
  'our values on deals that are merged, on the $name database',
  (engine) => {
    let opened: OpenedStore;
    beforeAll(async () => {
      opened = await engine.open();
    });
    afterAll(() => opened.close());

    const written = (own: OwnTenant, id: string, values: Partial<Record<PropertyKey, string>>) =>
      own.run(async ({ receipts }) => {
        const write = {
          dealId: dealId(id),
          currency: null,
          values: new Map(Object.entries(values)) as never,
        };
        await receipts.begin(own.connectionId, [write], MONDAY);
        await receipts.settle(
          own.connectionId,
          [{ dealId: dealId(id), kind: 'written', modifiedAt: MONDAY }],
          MONDAY,
        );
      });
    const merged = (lost: string, kept: string): DealTombstone => ({
      id: dealId(lost),
      reason: 'merged',
      mergedInto: dealId(kept),
      at: minutesAfter(MONDAY, 5),
    });
    const land = (own: OwnTenant, tombstones: readonly DealTombstone[]) =>
      own.run(({ records }) =>
        records.landPage(own.connectionId, 'pull', pageOf({ deals: [dealOf('stays')], tombstones })),
      );
    const held = async (own: OwnTenant) => {
      const values = await own.run(({ receipts }) => receipts.acknowledged(own.connectionId));
      return Object.fromEntries([...values].map(([id, of]) => [id, Object.fromEntries(of)]));
    };

    it('are known on the deal that stays, as the CRM fills its empty fields with those of the deal that goes', async () => {
      const own = await newTenant(opened.store);
      await written(own, 'goes', { jalon_weight: '25', jalon_net_amount: '100.00', jalon_pace: '' });
      await land(own, [merged('goes', 'stays')]);
      expect(await held(own)).toEqual({ stays: { jalon_weight: '25', jalon_net_amount: '100.00' } });
    });

    it('stay what they are where the deal that stays has its own', async () => {
      const own = await newTenant(opened.store);
      await written(own, 'stays', { jalon_weight: '40', jalon_pace: '' });
      await written(own, 'goes', { jalon_weight: '25', jalon_pace: 'stuck' });
      await land(own, [merged('goes', 'stays')]);
      expect(await held(own)).toEqual({ stays: { jalon_weight: '40', jalon_pace: 'stuck' } });
    });

    it('move once: the merge is told again with every later page, and brings nothing back that was cleared since', async () => {
      const own = await newTenant(opened.store);
      await written(own, 'goes', { jalon_weight: '25' });
      await land(own, [merged('goes', 'stays')]);
      await written(own, 'stays', { jalon_weight: '' });
      await land(own, [merged('goes', 'stays')]);
      expect(await held(own)).toEqual({ stays: { jalon_weight: '' } });
    });

    it('of two deals merged into one come from the one that was merged first', async () => {
      const own = await newTenant(opened.store);
      await written(own, 'first', { jalon_weight: '10' });
      await written(own, 'second', { jalon_weight: '60', jalon_pace: 'fast' });
      await land(own, [merged('first', 'stays'), merged('second', 'stays')]);
      expect(await held(own)).toEqual({ stays: { jalon_weight: '10', jalon_pace: 'fast' } });
    });
  },
);

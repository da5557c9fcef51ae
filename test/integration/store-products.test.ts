import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DealProduct, Product } from '../../src/core/deals/product.ts';
import { asId, type DealProductId } from '../../src/core/values/ids.ts';
import { enginesFor, newTenant, type OpenedStore, type OwnTenant } from '../support/store-engines.ts';
import { dealId, dealOf, EUR, instant, land, MONDAY, tombstoneOf } from '../support/store-records.ts';

const product = (id: string, changes: Partial<Product> = {}): Product => ({
  id: asId(id),
  name: `Product ${id}`,
  code: null,
  archived: false,
  updatedAt: instant('2026-11-01T10:00:00Z'),
  ...changes,
});

const line = (id: string, deal: string, changes: Partial<DealProduct> = {}): DealProduct => ({
  id: asId<DealProductId>(id),
  dealId: dealId(deal),
  productId: asId('p1'),
  name: 'Licence',
  quantity: '2.5',
  unitPrice: { kind: 'money', money: { amountMinor: 90_071_992_547_409_93n, currency: EUR } },
  total: { kind: 'unusable', text: '12', reason: 'currency_missing' },
  updatedAt: instant('2026-11-01T10:00:00Z'),
  ...changes,
});

describe.each(enginesFor('products'))('what a company sells, on the $name database', (engine) => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await engine.open();
  });
  afterAll(() => opened.close());

  const linesOf = (own: OwnTenant) => own.run((tenant) => tenant.records.dealProducts(own.connectionId));
  const productsOf = (own: OwnTenant) => own.run((tenant) => tenant.records.products(own.connectionId));
  const idsOf = async (own: OwnTenant) => (await linesOf(own)).map(({ id }) => id);

  it('comes back as it was read, amounts to the last cent', async () => {
    const own = await newTenant(opened.store);
    await land(own, { deals: [dealOf('1')], products: [product('p1')], dealProducts: [line('l1', '1')] });
    expect(await productsOf(own)).toEqual([product('p1')]);
    expect(await linesOf(own)).toEqual([line('l1', '1')]);
  });

  it('is never replaced by an older version', async () => {
    const own = await newTenant(opened.store);
    await land(own, { deals: [dealOf('1')], products: [product('p1')], dealProducts: [line('l1', '1')] });
    const older = { name: 'Old', updatedAt: instant('2026-10-01T10:00:00Z') };
    await land(own, { products: [product('p1', older)], dealProducts: [line('l1', '1', older)] });
    expect((await productsOf(own)).map(({ name }) => name)).toEqual(['Product p1']);
    expect((await linesOf(own)).map(({ name }) => name)).toEqual(['Licence']);
  });

  it('loses the lines that a deal no longer has, and only those of that deal', async () => {
    const own = await newTenant(opened.store);
    const dealProducts = [line('l1', '1'), line('l2', '1'), line('l3', '2'), line('l4', '3')];
    await land(own, { deals: [dealOf('1'), dealOf('2'), dealOf('3')], dealProducts });
    await land(own, {
      dealProductIds: [
        { dealId: dealId('1'), ids: [asId<DealProductId>('l2')] },
        { dealId: dealId('3'), ids: [] },
      ],
    });
    expect(await idsOf(own)).toEqual(['l2', 'l3']);
  });

  it('shows no line of a deal that left the CRM', async () => {
    const own = await newTenant(opened.store);
    await land(own, { deals: [dealOf('1')], dealProducts: [line('l1', '1'), line('l9', '9')] });
    expect(await idsOf(own)).toEqual(['l1']);
    await land(own, { tombstones: [tombstoneOf('1', MONDAY)] });
    expect(await idsOf(own)).toEqual([]);
  });

  it('forgets what a pull of everything no longer met', async () => {
    const own = await newTenant(opened.store);
    const products = [product('p1'), product('p2')];
    await land(own, { deals: [dealOf('1')], products, dealProducts: [line('l1', '1'), line('l2', '1')] });
    const again = { deals: [dealOf('1')], products: [product('p2')], dealProducts: [line('l2', '1')] };
    await land(own, again, 'pull-2');
    await own.run((tenant) => tenant.records.hideUnseen(own.connectionId, 'pull-2', MONDAY));
    expect((await productsOf(own)).map(({ id }) => id)).toEqual(['p2']);
    expect(await idsOf(own)).toEqual(['l2']);
  });
});

import { lineTotal } from '../world/line-items.ts';
import type { WorldRecord } from '../world/types.ts';
import type { Account } from './account.ts';
import { isJsonNumber, type Json, rawNumber } from './reply.ts';
import { v2Time } from './times.ts';

export function productJson(account: Account, record: WorldRecord): Json {
  const { world } = account;
  const id = account.idOf('product', record.id);
  const price = world.value(record, 'price');
  const currency = world.value(record, 'currency') ?? world.account.currency;
  return account.bend('product', record.id, {
    id,
    name: world.value(record, 'name') ?? '',
    code: world.value(record, 'code') ?? '',
    description: '',
    unit: '',
    tax: 0,
    category: null,
    is_linkable: true,
    is_deleted: false,
    visible_to: 3,
    owner_id: 1,
    add_time: v2Time(record.createdAtMs),
    update_time: v2Time(record.updatedAtMs),
    billing_frequency: 'one-time',
    billing_frequency_cycles: null,
    prices:
      price === null
        ? []
        : [{ product_id: id, price: exact(price), currency, cost: 0, direct_cost: null, notes: '' }],
    custom_fields: {},
  });
}

/** A product as attached to a deal. `sum` comes after the discount. */
export function dealProductJson(account: Account, deal: WorldRecord, line: WorldRecord): Json {
  const { world } = account;
  const productId = world.value(line, 'product');
  return account.bend('line_item', line.id, {
    id: account.idOf('line_item', line.id),
    sum: exact(lineTotal(world, line) ?? ''),
    tax: 0,
    deal_id: account.idOf('deal', deal.id),
    name: world.value(line, 'name') ?? '',
    product_id: productId === null ? 0 : account.idOf('product', productId),
    product_variation_id: null,
    order_nr: 1,
    add_time: v2Time(line.createdAtMs),
    update_time: v2Time(line.updatedAtMs),
    comments: '',
    currency: world.value(line, 'currency') ?? world.account.currency,
    discount: exact(world.value(line, 'discount_percent') ?? '0'),
    quantity: exact(world.value(line, 'quantity') ?? '1'),
    item_price: exact(world.value(line, 'price') ?? '0'),
    tax_method: 'exclusive',
    discount_type: 'percentage',
    is_enabled: true,
    billing_frequency: 'one-time',
    billing_frequency_cycles: null,
    billing_start_date: null,
  });
}

/** Decimal text as the number of these very digits; a text that is no number passes as it is: accounts hold bad values too. */
function exact(text: string): unknown {
  return isJsonNumber(text) ? rawNumber(text) : text;
}

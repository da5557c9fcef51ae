/** Products and the lines of deals -> our words. Pure. */

import type { Rejection } from '../../src/core/deals/deal.ts';
import { type DealProduct, lineAmount, type Product, quantityText } from '../../src/core/deals/product.ts';
import { asId } from '../../src/core/values/ids.ts';
import { err, ok, type Result } from '../../src/core/values/result.ts';
import { unexpectedShape } from './deal-row.ts';
import { dealProductSchema, productSchema } from './schema.ts';
import { instantOf } from './times.ts';

export function productFromPipedrive(raw: unknown): Result<Product, Rejection> {
  const parsed = productSchema.safeParse(raw);
  if (!parsed.success) return err(unexpectedShape('product', raw, parsed.error.issues[0]?.path ?? []));
  const { id, name, code, is_deleted, update_time, add_time } = parsed.data;
  const updatedAt = instantOf(update_time ?? add_time);
  if (updatedAt === null || updatedAt === 'unreadable')
    return err({ object: 'product', externalId: String(id), code: 'DATE_UNREADABLE', field: 'update_time' });
  const ownCode = code?.trim() ?? '';
  return ok({
    id: asId(String(id)),
    name: name ?? '',
    code: ownCode === '' ? null : ownCode,
    archived: is_deleted === true,
    updatedAt,
  });
}

/** `sum` is what Pipedrive makes of price, quantity and discount. A line that was never edited has no `update_time`. */
export function dealProductFromPipedrive(raw: unknown): Result<DealProduct, Rejection> {
  const parsed = dealProductSchema.safeParse(raw);
  if (!parsed.success) return err(unexpectedShape('deal_product', raw, parsed.error.issues[0]?.path ?? []));
  const row = parsed.data;
  const reject = (code: Rejection['code'], field: string): Result<never, Rejection> =>
    err({ object: 'deal_product', externalId: String(row.id), code, field });
  const updatedAt = instantOf(row.update_time ?? row.add_time);
  if (updatedAt === null || updatedAt === 'unreadable') return reject('DATE_UNREADABLE', 'update_time');
  const unitPrice = lineAmount(row.item_price ?? null, row.currency ?? null);
  const total = lineAmount(row.sum ?? null, row.currency ?? null);
  if (unitPrice === 'unreadable') return reject('AMOUNT_UNREADABLE', 'item_price');
  if (total === 'unreadable') return reject('AMOUNT_UNREADABLE', 'sum');
  const quantity = row.quantity == null ? null : quantityText(row.quantity);
  if (row.quantity != null && quantity === null) return reject('AMOUNT_UNREADABLE', 'quantity');
  return ok({
    id: asId(String(row.id)),
    dealId: asId(String(row.deal_id)),
    productId: row.product_id == null || row.product_id === 0 ? null : asId(String(row.product_id)),
    name: row.name ?? '',
    quantity,
    unitPrice,
    total,
    updatedAt,
  });
}

/** HubSpot products and line items -> ours, or a Rejection. Pure. */
import type { Rejection } from '../../src/core/deals/deal.ts';
import { type DealProduct, lineAmount, type Product, quantityText } from '../../src/core/deals/product.ts';
import { asId } from '../../src/core/values/ids.ts';
import { err, ok, type Result } from '../../src/core/values/result.ts';
import type { AccountFacts } from './directory.ts';
import { associatedIds, textOf, unexpectedShape, updatedAtOf } from './normalise.ts';
import { recordSchema } from './schema.ts';

export const PRODUCT_PROPERTIES = ['name', 'hs_sku', 'hs_lastmodifieddate'] as const;
export const LINE_ITEM_PROPERTIES = [
  'name',
  'hs_product_id',
  'quantity',
  'price',
  'amount',
  'hs_line_item_currency_code',
  'hs_lastmodifieddate',
] as const;

export function productFromHubspot(raw: unknown): Result<Product, Rejection> {
  const parsed = recordSchema.safeParse(raw);
  if (!parsed.success) return err(unexpectedShape('product', raw, parsed.error.issues[0]?.path ?? []));
  const { id, properties } = parsed.data;
  return ok({
    id: asId(id),
    name: textOf(properties['name']) ?? '',
    code: textOf(properties['hs_sku']),
    archived: false,
    updatedAt: updatedAtOf(parsed.data),
  });
}

/**
 * `amount` is the line's net price. null: a line of no deal, for quotes have lines too. A line without currency is in the company's only when
 * the account has no other.
 */
export function dealProductFromHubspot(
  raw: unknown,
  { currency, severalCurrencies }: AccountFacts,
): Result<DealProduct | null, Rejection> {
  const parsed = recordSchema.safeParse(raw);
  if (!parsed.success) return err(unexpectedShape('deal_product', raw, parsed.error.issues[0]?.path ?? []));
  const record = parsed.data;
  const { id, properties } = record;
  const reject = (field: string): Result<never, Rejection> =>
    err({ object: 'deal_product', externalId: id, code: 'AMOUNT_UNREADABLE', field });
  const [dealId] = associatedIds(record, 'deals');
  if (dealId === undefined) return ok(null);
  const code = textOf(properties['hs_line_item_currency_code']) ?? (severalCurrencies ? null : currency);
  const unitPrice = lineAmount(textOf(properties['price']), code);
  const total = lineAmount(textOf(properties['amount']), code);
  if (unitPrice === 'unreadable') return reject('price');
  if (total === 'unreadable') return reject('amount');
  const quantityFound = textOf(properties['quantity']);
  const quantity = quantityFound === null ? null : quantityText(quantityFound);
  if (quantityFound !== null && quantity === null) return reject('quantity');
  const productId = textOf(properties['hs_product_id']);
  return ok({
    id: asId(id),
    dealId: asId(dealId),
    productId: productId === null ? null : asId(productId),
    name: textOf(properties['name']) ?? '',
    quantity,
    unitPrice,
    total,
    updatedAt: updatedAtOf(record),
  });
}

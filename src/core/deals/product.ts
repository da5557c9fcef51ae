import { parseCurrency } from '../values/currency.ts';
import type { DealId, DealProductId, ProductId } from '../values/ids.ts';
import { parseMoney } from '../values/money.ts';
import type { GrossAmount } from './deal.ts';

/** What the company sells, as its CRM's catalogue lists it. */
export interface Product {
  readonly id: ProductId;
  readonly name: string;
  /** The company's own article number. */
  readonly code: string | null;
  readonly archived: boolean;
  readonly updatedAt: Temporal.Instant;
}

/** One line of a deal: so many of a product at a price. The deal's own amount stays what the CRM says it is; lines are never added up to it. */
export interface DealProduct {
  readonly id: DealProductId;
  readonly dealId: DealId;
  /** null: a line typed by hand, from no catalogue. */
  readonly productId: ProductId | null;
  readonly name: string;
  /** Decimal text, for quantities may have fractions; null when the CRM has none. */
  readonly quantity: string | null;
  readonly unitPrice: GrossAmount;
  /** Of the whole line after discounts, as the CRM computes it. */
  readonly total: GrossAmount;
  readonly updatedAt: Temporal.Instant;
}

/** Decimal text in a currency's code -> the amount of a line. Unlike a deal's, it may be 0 (a gift) or negative (a discount). */
export function lineAmount(text: string | null, currencyCode: string | null): GrossAmount | 'unreadable' {
  if (text === null || text.trim() === '') return { kind: 'missing' };
  const currency = parseCurrency(currencyCode ?? '');
  const parsed = parseMoney(text, currency.ok ? currency.value : ANY_CURRENCY);
  if (!parsed.ok && parsed.error.code === 'AMOUNT_UNREADABLE') return 'unreadable';
  if (!parsed.ok) return { kind: 'unusable', text, reason: 'absurd' };
  if ((currencyCode ?? '').trim() === '') return { kind: 'unusable', text, reason: 'currency_missing' };
  if (!currency.ok) return { kind: 'unusable', text, reason: 'currency_unknown' };
  return { kind: 'money', money: parsed.value.money };
}

/** Any currency shows whether the text is an amount; what it gives is not used. */
const ANY_CURRENCY = 'EUR' as Parameters<typeof parseMoney>[1];

/** "2.50" -> "2.5": a quantity's digits as plain text without surplus zeros; null when the text is no number. */
export function quantityText(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length > MAX_QUANTITY_LENGTH || !/^-?\d+(\.\d*)?$/.test(trimmed)) return null;
  const plain = trimmed.includes('.') ? trimmed.replace(/0+$/, '').replace(/\.$/, '') : trimmed;
  return plain.replace(/^(-?)0+(?=\d)/, '$1');
}

const MAX_QUANTITY_LENGTH = 30;

/** Figures on a terminal: exact money with its currency, percentages, in the reader's language. */
import type { CurrencyCode } from '../core/values/currency.ts';
import { moneyToText } from '../core/values/money.ts';

/** "1 234 567.50 EUR": exact, because an operator compares it with the CRM. */
export function money(amountMinor: bigint, currency: CurrencyCode, locale: 'fr' | 'en'): string {
  const [whole = '0', decimals] = moneyToText({ amountMinor, currency }).split('.');
  const separator = { fr: '\u202f', en: ',' }[locale];
  const point = { fr: ',', en: '.' }[locale];
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, separator);
  return `${grouped}${decimals === undefined ? '' : point + decimals} ${currency}`;
}

export function percent(share: number, locale: 'fr' | 'en'): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

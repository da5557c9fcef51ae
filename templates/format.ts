/**
 * The only place that writes numbers, amounts and dates for people. French texts carry U+00A0 where a line must not break
 * (Intl gives U+202F, which many mail fonts lack).
 */

import type { Locale } from '../src/core/milestones/milestone.ts';
import { type CurrencyCode, exponentOf } from '../src/core/values/currency.ts';
import { moneyToText } from '../src/core/values/money.ts';
import { type MoneyScale, magnitude, roundToSteps, wholeUnits } from './rounding.ts';

const NBSP = '\u00A0';
const MINUS = '\u2212';

/** English pages are written in British English: day before month, "€612k". */
const TAGS: Readonly<Record<Locale, string>> = { fr: 'fr', en: 'en-GB' };

const UNIT_TEXT: Readonly<Record<Locale, Readonly<Record<MoneyScale['unit'], string>>>> = {
  fr: { one: '', thousand: 'k', million: 'M' },
  en: { one: '', thousand: 'k', million: 'm' },
};

/** Building an Intl formatter costs more than a whole digest; each is built once. */
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();
const symbols = new Map<string, string>();
const LISTS: Readonly<Record<Locale, Readonly<Record<'and' | 'or', Intl.ListFormat>>>> = {
  fr: {
    and: new Intl.ListFormat(TAGS.fr, { type: 'conjunction' }),
    or: new Intl.ListFormat(TAGS.fr, { type: 'disjunction' }),
  },
  en: {
    and: new Intl.ListFormat(TAGS.en, { type: 'conjunction' }),
    or: new Intl.ListFormat(TAGS.en, { type: 'disjunction' }),
  },
};

function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}${JSON.stringify(options)}`;
  const known = numberFormats.get(key) ?? new Intl.NumberFormat(TAGS[locale], options);
  numberFormats.set(key, known);
  return known;
}

function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}${JSON.stringify(options)}`;
  const known = dateFormats.get(key) ?? new Intl.DateTimeFormat(TAGS[locale], options);
  dateFormats.set(key, known);
  return known;
}

/** U+00A0 before : ; ? ! » and after «, as French typography asks; thin spaces become U+00A0. */
export function frenchSpaces(text: string): string {
  return text
    .replaceAll('\u202F', NBSP)
    .replace(/ (?=[:;?!»%€])/g, NBSP)
    .replace(/« /g, `«${NBSP}`);
}

export function countText(count: number | bigint, locale: Locale): string {
  return frenchSpaces(numberFormat(locale, { maximumFractionDigits: 1 }).format(count));
}

/** `ratio` 0.724 -> "72 %" or, with one decimal, "72,4 %". */
export function percentText(ratio: number, locale: Locale, decimals: 0 | 1 = 0): string {
  const options = {
    style: 'percent',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  } as const;
  return frenchSpaces(numberFormat(locale, options).format(ratio));
}

/** Odds in full, as they were multiplied: 0.341234 -> "34,1234 %". At least one decimal; odds are kept to millionths. */
export function oddsText(odds: number, locale: Locale): string {
  const options = { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 4 } as const;
  return frenchSpaces(numberFormat(locale, options).format(odds));
}

/** A figure with all its decimals, up to `decimals`. */
export function decimalsText(value: number, decimals: number, locale: Locale): string {
  return frenchSpaces(numberFormat(locale, { maximumFractionDigits: decimals }).format(value));
}

/** Whole percent already computed on exact amounts. */
export function wholePercentText(percent: bigint, locale: Locale): string {
  return frenchSpaces(numberFormat(locale, { style: 'unit', unit: 'percent' }).format(percent));
}

/** Weight in basis points, in full: 6000 -> "60 %", 6250 -> "62,5 %", 6255 -> "62,55 %". */
export function weightText(weightBps: number, locale: Locale): string {
  const options = { style: 'percent', maximumFractionDigits: 2 } as const;
  return frenchSpaces(numberFormat(locale, options).format(weightBps / 10_000));
}

/** Displayed steps of `scale` as people write them: "612 k€", "€612k", "12,4 M€", "612 kCHF", "CHF 612k". */
export function stepsText(steps: bigint, scale: MoneyScale, locale: Locale): string {
  const sign = steps < 0n ? MINUS : '';
  return sign + unsignedText(steps < 0n ? -steps : steps, scale, locale);
}

/** As `stepsText` with a "+" on a rise; a change of nothing has no sign. */
export function signedStepsText(steps: bigint, scale: MoneyScale, locale: Locale): string {
  return (steps > 0n ? '+' : '') + stepsText(steps, scale, locale);
}

function unsignedText(steps: bigint, scale: MoneyScale, locale: Locale): string {
  const digits = frenchSpaces(
    numberFormat(locale, { minimumFractionDigits: scale.decimals }).format(decimalText(steps, scale)),
  );
  return withSymbol(digits, UNIT_TEXT[locale][scale.unit], scale.currency, locale);
}

function withSymbol(digits: string, unit: string, currency: CurrencyCode, locale: Locale): string {
  const symbol = currencySymbol(currency, locale);
  if (locale === 'fr') return `${digits}${NBSP}${unit}${symbol}`;
  return symbol.length === 1 ? `${symbol}${digits}${unit}` : `${symbol}${NBSP}${digits}${unit}`;
}

/** Decimal text keeps the figure exact; Intl formats it without passing through a float. */
function decimalText(steps: bigint, scale: MoneyScale): Intl.StringNumericLiteral {
  const text = scale.decimals === 0 ? `${steps}` : `${steps / 10n}.${steps % 10n}`;
  return text as Intl.StringNumericLiteral;
}

function currencySymbol(currency: CurrencyCode, locale: Locale): string {
  const key = locale + currency;
  const known = symbols.get(key);
  if (known !== undefined) return known;
  const options = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const parts = numberFormat(locale, options).formatToParts(0);
  const symbol = parts.find((part) => part.type === 'currency')?.value ?? currency;
  symbols.set(key, symbol);
  return symbol;
}

/** Whole units of the currency: "38 400 €", "€38,400". Rounded half away from zero. */
export function moneyText(amountMinor: bigint, currency: CurrencyCode, locale: Locale): string {
  const scale = wholeUnits(currency);
  return stepsText(roundToSteps(amountMinor, scale), scale, locale);
}

/** To the minor unit, where not a cent may be lost: "1 250 000,50 €"; a whole amount without decimals. */
export function exactMoneyText(amountMinor: bigint, currency: CurrencyCode, locale: Locale): string {
  const figure = withSymbol(exactDigits(amountMinor, currency, locale), '', currency, locale);
  return amountMinor < 0n ? MINUS + figure : figure;
}

/** As `exactMoneyText` with the ISO code, for an amount beside others of another currency. */
export function exactCodeMoneyText(amountMinor: bigint, currency: CurrencyCode, locale: Locale): string {
  const digits = (amountMinor < 0n ? MINUS : '') + exactDigits(amountMinor, currency, locale);
  return locale === 'fr' ? `${digits}${NBSP}${currency}` : `${currency}${NBSP}${digits}`;
}

/** Without its sign. */
function exactDigits(amountMinor: bigint, currency: CurrencyCode, locale: Locale): string {
  const exponent = exponentOf(currency);
  const decimals = amountMinor % 10n ** BigInt(exponent) === 0n ? 0 : exponent;
  const text = moneyToText({ amountMinor: magnitude(amountMinor), currency }) as Intl.StringNumericLiteral;
  const digits = numberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return frenchSpaces(digits.format(text));
}

/** "8 juin" / "8 June"; the first of a month is "1er" in French. */
export function dayText(date: Temporal.PlainDate, locale: Locale): string {
  return firstOfMonth(dateFormat(locale, { day: 'numeric', month: 'long' }).format(date), locale);
}

export function fullDateText(date: Temporal.PlainDate, locale: Locale): string {
  return firstOfMonth(
    dateFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' }).format(date),
    locale,
  );
}

/** "juin 2026" / "June 2026" */
export function monthYearText(date: Temporal.PlainDate, locale: Locale): string {
  return dateFormat(locale, { month: 'long', year: 'numeric' }).format(date);
}

export function monthText(date: Temporal.PlainDate, locale: Locale): string {
  return dateFormat(locale, { month: 'long' }).format(date);
}

/** "jan", "fév", "sept": a bar of the mail has room for four letters. */
export function shortMonthText(date: Temporal.PlainDate, locale: Locale): string {
  return dateFormat(locale, { month: 'short' }).format(date).replace('.', '').slice(0, 4);
}

export function timeText(instant: Temporal.Instant, zone: string, locale: Locale): string {
  const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone } as const;
  return dateFormat(locale, options).format(instant);
}

/** "A et B", "A, B and C". */
export function listText(parts: readonly string[], locale: Locale, kind: 'and' | 'or' = 'and'): string {
  return LISTS[locale][kind].format(parts);
}

function firstOfMonth(text: string, locale: Locale): string {
  return locale === 'fr' ? text.replace(/^1 /, '1er ') : text;
}

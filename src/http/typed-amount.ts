/** An amount as a person types it, in the reader's language: "1 250 000,50", "1,250,000.50", "1,25 M€". What can be read two ways is refused. */

import type { Locale } from '../core/milestones/milestone.ts';
import { type CurrencyCode, exponentOf } from '../core/values/currency.ts';
import { parseMoney } from '../core/values/money.ts';
import { err, ok, type Result } from '../core/values/result.ts';

/** `ambiguous`: "1.250" is a thousand to some and one and a quarter to others. `decimals`: more of them than the currency has. */
export type TypedAmountProblem = 'unreadable' | 'ambiguous' | 'decimals' | 'currency' | 'absurd';

/** Signs that currencies are known by, each with the codes it may stand for; a code stands for itself. */
const SYMBOLS: Readonly<Record<string, readonly string[]>> = {
  '€': ['EUR'],
  '£': ['GBP'],
  $: ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN'],
  '¥': ['JPY', 'CNY'],
};

/** Zeros that the letter after a figure stands for. */
const SCALES: Readonly<Record<string, number>> = { '': 0, k: 3, m: 6 };

const LONGEST = 60;

/** Sign, currency before, figure, thousands or millions, currency after. */
const TYPED =
  /^(?<sign>[+\-\u2212]?) *(?<before>[A-Z]{3}|[€£$¥])? *(?<figure>\d[\d ., '’]*?) *(?<scale>[kKmM]?) *(?<after>[A-Z]{3}|[€£$¥])?$/u;

const BLANKS = /[\s\u00A0\u2000-\u200A\u202F\u2060]+/gu;

/** Minor units, signed. Never rounded: a figure that a person gives is kept as given or refused. */
export function readTypedAmount(
  text: string,
  currency: CurrencyCode,
  locale: Locale,
): Result<bigint, TypedAmountProblem> {
  const line = text.length > LONGEST ? '' : text.replace(BLANKS, ' ').trim();
  const found = TYPED.exec(line)?.groups;
  if (found === undefined) return err('unreadable');
  const { sign = '', before, figure = '', scale = '', after } = found;
  const named = [before, after].filter((one) => one !== undefined);
  if (named.some((one) => !(SYMBOLS[one] ?? [one]).includes(currency))) return err('currency');
  const zeros = SCALES[scale.toLowerCase()] ?? 0;
  const plain = plainDigits(figure.replace(/['’]/g, ' '), locale, zeros > 0);
  if (!plain.ok) return plain;
  const parsed = parseMoney(`${sign === '' || sign === '+' ? '' : '-'}${plain.value}e${zeros}`, currency);
  if (!parsed.ok) return err(parsed.error.code === 'AMOUNT_ABSURD' ? 'absurd' : 'unreadable');
  const decimals = plain.value.split('.')[1]?.length ?? 0;
  if (decimals > exponentOf(currency) + zeros) return err('decimals');
  return ok(parsed.value.money.amountMinor);
}

const DECIMAL_MARK: Readonly<Record<Locale, ',' | '.'>> = { fr: ',', en: '.' };

/** Digits with a point before the decimals. Blanks group; of comma and point, the last one that stands alone marks the decimals. */
function plainDigits(figure: string, locale: Locale, scaled: boolean): Result<string, TypedAmountProblem> {
  const marks = [...figure].filter((mark) => mark === '.' || mark === ',');
  const last = marks.at(-1);
  if (last === undefined) return grouped(figure, ' ');
  const at = figure.lastIndexOf(last);
  const whole = figure.slice(0, at);
  const rest = figure.slice(at + 1);
  const other = last === ',' ? '.' : ',';
  const alone = marks.filter((mark) => mark === last).length === 1;
  if (!alone) return whole.includes(other) ? err('unreadable') : grouped(figure, last);
  if (!/^\d+$/.test(rest)) return err('unreadable');
  if (whole.includes(other)) return withDecimals(grouped(whole, other), rest);
  if (whole.includes(' ')) return withDecimals(grouped(whole, ' '), rest);
  if (rest.length !== 3 || whole.length > 3 || whole === '0') return withDecimals(ok(whole), rest);
  if (last !== DECIMAL_MARK[locale]) return last === ',' ? ok(whole + rest) : err('ambiguous');
  return scaled ? withDecimals(ok(whole), rest) : err('ambiguous');
}

function withDecimals(
  whole: Result<string, TypedAmountProblem>,
  decimals: string,
): Result<string, TypedAmountProblem> {
  return whole.ok ? ok(`${whole.value}.${decimals}`) : whole;
}

/** Groups of three, or none at all. */
function grouped(figure: string, mark: ' ' | ',' | '.'): Result<string, TypedAmountProblem> {
  const groups = figure.split(mark);
  const [first = '', ...others] = groups;
  const regular = /^\d{1,3}$/.test(first) && others.every((group) => /^\d{3}$/.test(group));
  return regular || (others.length === 0 && /^\d+$/.test(first)) ? ok(groups.join('')) : err('unreadable');
}

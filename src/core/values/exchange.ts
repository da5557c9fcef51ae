/** Money of one currency in another, by dated rates. No rate, no figure: a deal that cannot be converted is excluded and listed. */

import type { ExchangeRate } from '../deals/deal.ts';
import { type CurrencyCode, exponentOf } from './currency.ts';
import { type Money, multiplyMinor } from './money.ts';

/** Minor units of the target currency, rounded half to even; null when no rate was in force. */
export type Converter = (money: Money) => bigint | null;

/** Exact: one unit of the source is worth numerator / denominator units of the target. */
interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * Converter into `target` with the rates in force on `asOf`: the latest row that is not later. A row of the opposite direction is
 * used when no direct one is in force. Of two rows of the same day the later one in the list holds. No chains through a third currency:
 * two rates of different days make a third that nobody decided.
 */
export function converterTo(
  target: CurrencyCode,
  rates: readonly ExchangeRate[],
  asOf: Temporal.PlainDate,
): Converter {
  const inForce = rates.filter((rate) => Temporal.PlainDate.compare(rate.effectiveOn, asOf) <= 0);
  const ratios = new Map<CurrencyCode, Ratio | null>();
  return ({ amountMinor, currency }) => {
    if (currency === target) return amountMinor;
    let ratio = ratios.get(currency);
    if (ratio === undefined) {
      ratio = minorRatio(currency, target, inForce);
      ratios.set(currency, ratio);
    }
    return ratio && multiplyMinor(amountMinor, ratio.numerator, ratio.denominator);
  };
}

function minorRatio(from: CurrencyCode, to: CurrencyCode, rates: readonly ExchangeRate[]): Ratio | null {
  const direct = latestRatio(from, to, rates);
  const inverse = direct === null ? latestRatio(to, from, rates) : null;
  const major = direct ?? (inverse && { numerator: inverse.denominator, denominator: inverse.numerator });
  if (major === null) return null;
  return {
    numerator: major.numerator * 10n ** BigInt(exponentOf(to)),
    denominator: major.denominator * 10n ** BigInt(exponentOf(from)),
  };
}

/** The row by which `from` was converted into `to` on `asOf`, for whoever shows the calculation; it may be of the opposite direction. */
export function rateInForce(
  from: CurrencyCode,
  to: CurrencyCode,
  rates: readonly ExchangeRate[],
  asOf: Temporal.PlainDate,
): ExchangeRate | null {
  const inForce = rates.filter((rate) => Temporal.PlainDate.compare(rate.effectiveOn, asOf) <= 0);
  return (latestRate(from, to, inForce) ?? latestRate(to, from, inForce))?.rate ?? null;
}

function latestRatio(from: CurrencyCode, to: CurrencyCode, rates: readonly ExchangeRate[]): Ratio | null {
  return latestRate(from, to, rates)?.ratio ?? null;
}

function latestRate(
  from: CurrencyCode,
  to: CurrencyCode,
  rates: readonly ExchangeRate[],
): { readonly rate: ExchangeRate; readonly ratio: Ratio } | null {
  let latest: { rate: ExchangeRate; ratio: Ratio } | null = null;
  for (const rate of rates) {
    if (rate.from !== from || rate.to !== to) continue;
    const ratio = parseRatio(rate.rate);
    if (ratio === null) continue;
    if (latest === null || Temporal.PlainDate.compare(rate.effectiveOn, latest.rate.effectiveOn) >= 0)
      latest = { rate, ratio };
  }
  return latest;
}

/** Plain or scientific decimal text, above zero, of a bounded length. */
const RATE = /^(\d{1,30})(?:\.(\d{0,60}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** null for a text that is no rate: "", "0", "-1.2", "n/a". Such a row counts as absent. */
function parseRatio(text: string): Ratio | null {
  const [, whole, decimals = '', exponentText = '0'] = RATE.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  const digits = BigInt(whole + decimals);
  if (digits === 0n) return null;
  const shift = BigInt(Number(exponentText) - decimals.length);
  return shift >= 0n
    ? { numerator: digits * 10n ** shift, denominator: 1n }
    : { numerator: digits, denominator: 10n ** -shift };
}

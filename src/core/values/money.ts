import { type CurrencyCode, exponentOf } from './currency.ts';
import { err, ok, type Result } from './result.ts';

/** An exact amount: whole minor units (cents for EUR) of one currency. Never a float. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
}

export interface MoneyError {
  readonly code: 'AMOUNT_UNREADABLE' | 'AMOUNT_ABSURD';
  readonly found: string;
}

/** What parsing had to do to the text: `rounded` when it carried more decimals than the currency has. */
export interface ParsedMoney {
  readonly money: Money;
  readonly rounded: boolean;
}

/** sign, digits, decimals, exponent: the forms HubSpot and Pipedrive really send, "1E+2" and "0.40000000000000002220446" among them. */
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Beyond a thousand billion of the major unit no deal is real; such a figure would drown every total. */
const ABSURD_MAJOR_DIGITS = 13;

/** A text of this length is no amount; refusing it early keeps the arithmetic below bounded. */
const MAX_TEXT_LENGTH = 400;

/** Decimal text -> money of `currency`. Surplus decimals are rounded half to even, and reported. */
export function parseMoney(text: string, currency: CurrencyCode): Result<ParsedMoney, MoneyError> {
  const trimmed = text.trim();
  const match = trimmed.length <= MAX_TEXT_LENGTH ? DECIMAL.exec(trimmed) : null;
  const [, sign = '', whole = '', decimals = '', exponentText = '0'] = match ?? [];
  if (match === null || whole.length + decimals.length === 0)
    return err({ code: 'AMOUNT_UNREADABLE', found: text });

  const digits = BigInt(whole + decimals);
  const shift = Number(exponentText) - decimals.length + exponentOf(currency);
  if (digits === 0n) return ok({ money: { amountMinor: 0n, currency }, rounded: false });
  const majorDigits = digits.toString().length + Number(exponentText) - decimals.length;
  if (majorDigits > ABSURD_MAJOR_DIGITS) return err({ code: 'AMOUNT_ABSURD', found: text });

  const scaled =
    shift >= 0
      ? { quotient: digits * 10n ** BigInt(shift), exact: true }
      : divideHalfEven(digits, 10n ** BigInt(-shift));
  if (scaled.quotient >= 10n ** BigInt(ABSURD_MAJOR_DIGITS + exponentOf(currency)))
    return err({ code: 'AMOUNT_ABSURD', found: text });
  const amountMinor = sign === '-' ? -scaled.quotient : scaled.quotient;
  return ok({ money: { amountMinor, currency }, rounded: !scaled.exact });
}

/** Money -> plain decimal text with exactly the currency's decimals ("1234.50"): what is written to a CRM. */
export function moneyToText(money: Money): string {
  const exponent = exponentOf(money.currency);
  const negative = money.amountMinor < 0n;
  const digits = (negative ? -money.amountMinor : money.amountMinor).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const decimals = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${negative ? '-' : ''}${whole}${decimals}`;
}

/** Sum in the shared currency of `currency`; a stray currency is a bug of the caller, so it throws. */
export function sumMoney(monies: Iterable<Money>, currency: CurrencyCode): Money {
  let amountMinor = 0n;
  for (const money of monies) {
    if (money.currency !== currency)
      throw new Error(`sum of ${currency} met ${money.currency}: convert first`);
    amountMinor += money.amountMinor;
  }
  return { amountMinor, currency };
}

/** `amountMinor * numerator / denominator`, rounded half to even on the minor unit. Denominator > 0. */
export function multiplyMinor(amountMinor: bigint, numerator: bigint, denominator: bigint): bigint {
  const product = amountMinor * numerator;
  const magnitude = divideHalfEven(product < 0n ? -product : product, denominator).quotient;
  return product < 0n ? -magnitude : magnitude;
}

/** Both arguments >= 0, divisor > 0. Half to even, so that rounding many lines leans neither way. */
function divideHalfEven(dividend: bigint, divisor: bigint): { quotient: bigint; exact: boolean } {
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const twice = remainder * 2n;
  const roundUp = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return { quotient: roundUp ? quotient + 1n : quotient, exact: remainder === 0n };
}

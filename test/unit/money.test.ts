import { describe, expect, it } from 'vitest';
import { moneyToText, multiplyMinor, parseMoney, sumMoney } from '../../src/core/values/money.ts';
import { currency, EUR, money } from '../support/deals.ts';

const read = (text: string, code = 'EUR') => {
  const parsed = parseMoney(text, currency(code));
  return parsed.ok
    ? { minor: parsed.value.money.amountMinor, rounded: parsed.value.rounded }
    : parsed.error.code;
};

describe('an amount from the CRM', () => {
  it('is read to the cent from plain text', () => {
    expect(read('1234.5')).toEqual({ minor: 123_450n, rounded: false });
    expect(read(' 0012 ')).toEqual({ minor: 1_200n, rounded: false });
    expect(read('.5')).toEqual({ minor: 50n, rounded: false });
    expect(read('7.')).toEqual({ minor: 700n, rounded: false });
  });

  it('keeps its sign, so that a credit note is seen and not turned into a sale', () => {
    expect(read('-1500.01')).toEqual({ minor: -150_001n, rounded: false });
    expect(read('+3')).toEqual({ minor: 300n, rounded: false });
    expect(read('-0')).toEqual({ minor: 0n, rounded: false });
  });

  it('with nineteen decimals is rounded half to even and says so', () => {
    expect(read('10.1234567890123456789')).toEqual({ minor: 1_012n, rounded: true });
    expect(read('0.40000000000000002220446')).toEqual({ minor: 40n, rounded: true });
    expect(read('0.125')).toEqual({ minor: 12n, rounded: true });
    expect(read('0.135')).toEqual({ minor: 14n, rounded: true });
    expect(read('-0.125')).toEqual({ minor: -12n, rounded: true });
    expect(read('0.1250000000000000001')).toEqual({ minor: 13n, rounded: true });
  });

  it('in scientific notation is the amount it means', () => {
    expect(read('1E+2')).toEqual({ minor: 10_000n, rounded: false });
    expect(read('1.5e3')).toEqual({ minor: 150_000n, rounded: false });
    expect(read('12345e-2')).toEqual({ minor: 12_345n, rounded: false });
    expect(read('1E-999')).toEqual({ minor: 0n, rounded: true });
  });

  it('uses the decimals of its currency', () => {
    expect(read('1234', 'JPY')).toEqual({ minor: 1_234n, rounded: false });
    expect(read('1234.5', 'JPY')).toEqual({ minor: 1_234n, rounded: true });
    expect(read('1.234', 'KWD')).toEqual({ minor: 1_234n, rounded: false });
  });

  it.each([
    '',
    ' ',
    '.',
    '-',
    'null',
    'NaN',
    'Infinity',
    '12,50',
    '1 000',
    '0x10',
    '1e',
    '1e+',
    '--1',
    '1.2.3',
  ])('that cannot be read is refused: "%s"', (text) => expect(read(text)).toBe('AMOUNT_UNREADABLE'));

  it('that no deal can be worth is refused, whatever way it is written', () => {
    expect(read('9999999999999')).toEqual({ minor: 999_999_999_999_900n, rounded: false });
    expect(read('10000000000000')).toBe('AMOUNT_ABSURD');
    expect(read('1e300')).toBe('AMOUNT_ABSURD');
    expect(read('-1e300')).toBe('AMOUNT_ABSURD');
    expect(read('9999999999999.999')).toBe('AMOUNT_ABSURD');
    expect(read('1'.repeat(5_000))).toBe('AMOUNT_UNREADABLE');
    expect(read('0e999')).toEqual({ minor: 0n, rounded: false });
  });
});

describe('an amount for the CRM', () => {
  it('has exactly the decimals of its currency', () => {
    expect(moneyToText(money('1234.5'))).toBe('1234.50');
    expect(moneyToText(money('0.07'))).toBe('0.07');
    expect(moneyToText(money('-0.07'))).toBe('-0.07');
    expect(moneyToText(money('1234', 'JPY'))).toBe('1234');
    expect(moneyToText(money('0.001', 'KWD'))).toBe('0.001');
  });
});

describe('arithmetic', () => {
  it('rounds each product once, half to even, on both sides of zero', () => {
    expect(multiplyMinor(1n, 1n, 2n)).toBe(0n);
    expect(multiplyMinor(3n, 1n, 2n)).toBe(2n);
    expect(multiplyMinor(-3n, 1n, 2n)).toBe(-2n);
    expect(multiplyMinor(-1n, 1n, 2n)).toBe(0n);
    expect(multiplyMinor(101n, 4_000n, 10_000n)).toBe(40n);
  });

  it('adds up one currency and refuses a second one', () => {
    expect(sumMoney([money('1.10'), money('2.20')], EUR)).toEqual(money('3.30'));
    expect(sumMoney([], EUR)).toEqual(money('0'));
    expect(() => sumMoney([money('1'), money('1', 'USD')], EUR)).toThrow('convert first');
  });
});

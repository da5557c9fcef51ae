import { describe, expect, it } from 'vitest';
import { converterTo } from '../../src/core/values/exchange.ts';
import { currency, day, EUR, MONDAY, money, rate } from '../support/deals.ts';

const toEuro = (rates: Parameters<typeof converterTo>[1], amount = money('100', 'USD')) =>
  converterTo(EUR, rates, MONDAY)(amount);

describe('an amount in another currency', () => {
  it('needs no rate in the company currency', () => {
    expect(toEuro([], money('12.34'))).toBe(1_234n);
  });

  it('is converted by the rate in force: the latest that is not in the future', () => {
    const rates = [
      rate('USD', 'EUR', '0.90', '2026-11-01'),
      rate('USD', 'EUR', '0.80', '2026-01-01'),
      rate('USD', 'EUR', '0.50', '2026-11-24'),
    ];
    expect(toEuro(rates)).toBe(9_000n);
    expect(converterTo(EUR, rates, day('2026-10-31'))(money('100', 'USD'))).toBe(8_000n);
    expect(converterTo(EUR, rates, day('2026-11-24'))(money('100', 'USD'))).toBe(5_000n);
  });

  it('is converted by the opposite rate when there is no direct one', () => {
    expect(toEuro([rate('EUR', 'USD', '1.25', '2026-11-01')])).toBe(8_000n);
    expect(toEuro([rate('EUR', 'USD', '3', '2026-11-01')])).toBe(3_333n);
    expect(toEuro([rate('EUR', 'USD', '1.25', '2026-11-10'), rate('USD', 'EUR', '0.9', '2026-01-01')])).toBe(
      9_000n,
    );
  });

  it('follows the later of two rates of a day: the admin corrects the CRM', () => {
    expect(toEuro([rate('USD', 'EUR', '0.9', '2026-11-01'), rate('USD', 'EUR', '0.8', '2026-11-01')])).toBe(
      8_000n,
    );
  });

  it('respects the decimals of both currencies', () => {
    expect(toEuro([rate('JPY', 'EUR', '0.0061', '2026-11-01')], money('10000', 'JPY'))).toBe(6_100n);
    const toYen = converterTo(currency('JPY'), [rate('KWD', 'JPY', '489.5', '2026-11-01')], MONDAY);
    expect(toYen(money('2.001', 'KWD'))).toBe(979n);
  });

  it('reads long and scientific rates exactly', () => {
    expect(toEuro([rate('USD', 'EUR', '9.0000000000000000001E-1', '2026-11-01')])).toBe(9_000n);
    expect(toEuro([rate('USD', 'EUR', '1E+2', '2026-11-01')])).toBe(1_000_000n);
  });

  it('has no value without a usable rate, and never the value of the figure itself', () => {
    expect(toEuro([])).toBeNull();
    expect(toEuro([rate('USD', 'EUR', '0.9', '2026-12-01')])).toBeNull();
    expect(
      toEuro([rate('USD', 'GBP', '0.8', '2026-01-01'), rate('GBP', 'EUR', '1.1', '2026-01-01')]),
    ).toBeNull();
    for (const text of ['', '0', '0.000', '-1', 'n/a', '1,1'])
      expect(toEuro([rate('USD', 'EUR', text, '2026-01-01')])).toBeNull();
  });
});

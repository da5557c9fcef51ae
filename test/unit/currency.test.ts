import { describe, expect, it } from 'vitest';
import { exponentOf, parseCurrency } from '../../src/core/values/currency.ts';
import { currency } from '../support/deals.ts';

describe('a currency of the CRM', () => {
  it('is recognised whatever its case and the blanks around it', () => {
    expect(parseCurrency(' eur ')).toEqual({ ok: true, value: 'EUR' });
  });

  it.each(['', 'EURO', '€', 'XXX', 'XAU', 'null', 'constructor'])('that is none is refused: "%s"', (text) => {
    expect(parseCurrency(text)).toEqual({ ok: false, error: { code: 'CURRENCY_UNKNOWN', found: text } });
  });

  it('knows its decimals', () => {
    expect(['EUR', 'JPY', 'KWD', 'CLF', 'XOF'].map((code) => exponentOf(currency(code)))).toEqual([
      2, 0, 3, 4, 0,
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { lineAmount, quantityText } from '../../src/core/deals/product.ts';

describe('a line of a deal', () => {
  it('may be a gift or a discount: 0 and less are amounts here', () => {
    expect(lineAmount('0', 'EUR')).toEqual({ kind: 'money', money: { amountMinor: 0n, currency: 'EUR' } });
    expect(lineAmount('-12.5', 'EUR')).toMatchObject({ money: { amountMinor: -1_250n } });
  });

  it('keeps an amount that cannot be counted, with the reason', () => {
    expect(lineAmount('', 'EUR')).toEqual({ kind: 'missing' });
    expect(lineAmount(null, 'EUR')).toEqual({ kind: 'missing' });
    expect(lineAmount('12', null)).toMatchObject({ kind: 'unusable', reason: 'currency_missing' });
    expect(lineAmount('12', 'XXX')).toMatchObject({ kind: 'unusable', reason: 'currency_unknown' });
    expect(lineAmount('1E+20', 'EUR')).toMatchObject({ kind: 'unusable', reason: 'absurd' });
    expect(lineAmount('a dozen', 'EUR')).toBe('unreadable');
  });

  it('has a quantity with fractions, as it was written', () => {
    expect(['2', '2.50', '0.1', '-1', '007', '10.000'].map(quantityText)).toEqual([
      '2',
      '2.5',
      '0.1',
      '-1',
      '7',
      '10',
    ]);
    expect(['', 'two', '1e3', '1,5', '9'.repeat(31)].map(quantityText)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { CurrencyCode } from '../../src/core/values/currency.ts';
import { readTypedAmount } from '../../src/http/typed-amount.ts';

const EUR = 'EUR' as CurrencyCode;

function read(text: string, locale: 'fr' | 'en', currency = EUR): bigint | string {
  const amount = readTypedAmount(text, currency, locale);
  return amount.ok ? amount.value : amount.error;
}

describe('an amount as a manager types it', () => {
  it.each([
    ['1250000', 125_000_000n],
    ['1 250 000,50', 125_000_050n],
    ['1 250 000,50 €', 125_000_050n],
    ['1\u202F250\u00A0000,5', 125_000_050n],
    ['1,250,000.50', 125_000_050n],
    ['1.250.000,50', 125_000_050n],
    ["1'250'000.50", 125_000_050n],
    ['€1,250,000.50', 125_000_050n],
    ['EUR 1 250 000', 125_000_000n],
    ['1,25 M€', 125_000_000n],
    ['1.25m', 125_000_000n],
    ['650 k€', 65_000_000n],
    ['12,5k', 1_250_000n],
    ['-15 000', -1_500_000n],
    ['\u221215 000', -1_500_000n],
    ['+20 000', 2_000_000n],
    ['0', 0n],
  ])('reads %s alike in both languages', (text, minor) => {
    expect([read(text, 'fr'), read(text, 'en')]).toEqual([minor, minor]);
  });

  it('reads a comma before three digits as the language does, and refuses what the language leaves open', () => {
    expect(read('1,250', 'en')).toBe(125_000n);
    expect(read('1,250', 'fr')).toBe('ambiguous');
    expect(read('1.250', 'fr')).toBe('ambiguous');
    expect(read('1.250', 'en')).toBe('ambiguous');
    expect(read('1,250 M€', 'fr')).toBe(125_000_000n);
    expect(read('1,250k', 'en')).toBe(125_000_000n);
  });

  it.each([
    ['', 'unreadable'],
    ['soon', 'unreadable'],
    ['12 34', 'unreadable'],
    ['1,25,000', 'unreadable'],
    ['1.2.3', 'unreadable'],
    ['1 250,', 'unreadable'],
    ['(1 000)', 'unreadable'],
    ['1e6', 'unreadable'],
    ['=1+1', 'unreadable'],
    ['--5', 'unreadable'],
    ['１２', 'unreadable'],
    ['1 250 000 $', 'currency'],
    ['1 250 000 USD', 'currency'],
    ['10,005', 'ambiguous'],
    ['10,0055', 'decimals'],
    ['0,500', 'decimals'],
    ['0,5 c', 'unreadable'],
    ['99 999 999 999 999', 'absurd'],
    ['9'.repeat(80), 'unreadable'],
  ])('refuses %j, and says why', (text, problem) => {
    expect(read(text, 'fr')).toBe(problem);
  });

  it('knows how many decimals a currency has', () => {
    const yen = 'JPY' as CurrencyCode;
    expect(read('1 250 ¥', 'fr', yen)).toBe(1_250n);
    expect(read('12,5', 'fr', yen)).toBe('decimals');
    expect(read('1,5 k', 'fr', yen)).toBe(1_500n);
  });
});

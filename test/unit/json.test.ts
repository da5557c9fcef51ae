import { describe, expect, it } from 'vitest';
import { fromCanonicalJson, toCanonicalJson } from '../../src/core/values/json.ts';
import { at, day } from '../support/deals.ts';

describe('what a snapshot froze', () => {
  it('comes back as it was: amounts, dates, instants, nothing', () => {
    const frozen = {
      amountMinor: -(2n ** 70n),
      on: day('2026-02-28'),
      at: at('2026-02-28T10:00:00.123456789Z'),
      none: null,
      list: [1, 'é', [true, { deep: 0n }]],
      empty: {},
      changes: new Map([
        ['deal-2', [day('2026-02-28')]],
        ['deal-10', []],
      ]),
    };
    expect(fromCanonicalJson(toCanonicalJson(frozen))).toEqual(frozen);
    expect(fromCanonicalJson(JSON.parse(toCanonicalJson(frozen)))).toEqual(frozen);
  });

  it('has the same bytes whatever the order in which it was built', () => {
    expect(toCanonicalJson({ b: 1, a: { d: 2, c: 3 } })).toBe('{"a":{"c":3,"d":2},"b":1}');
    const map = (...keys: string[]) => toCanonicalJson(new Map(keys.map((key) => [key, 1n])));
    expect(map('b', 'a')).toBe(map('a', 'b'));
    expect(toCanonicalJson({ a: 1, b: undefined })).toBe(toCanonicalJson({ a: 1 }));
  });

  it('keeps a key that JavaScript would take for something else', () => {
    const odd = JSON.parse('{"__proto__":{"kind":"won"},"constructor":1}');
    expect(toCanonicalJson(odd)).toBe('{"__proto__":{"kind":"won"},"constructor":1}');
  });

  it('is refused when something in it would be lost', () => {
    expect(() => toCanonicalJson({ odds: Number.NaN })).toThrow('NaN');
    expect(() => toCanonicalJson(new Set(['a']))).toThrow('Set');
    expect(() => toCanonicalJson([undefined])).toThrow('Undefined');
    expect(() => toCanonicalJson({ when: new Date(0) })).toThrow('Date');
  });
});

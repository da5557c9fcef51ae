import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessDaysBetween } from '../../src/core/review/pace.ts';
import { daysBetween, periodContains, periodOf } from '../../src/core/values/calendar.ts';
import { converterTo } from '../../src/core/values/exchange.ts';
import { fromCanonicalJson, toCanonicalJson } from '../../src/core/values/json.ts';
import { moneyToText, multiplyMinor, parseMoney } from '../../src/core/values/money.ts';
import { currency, EUR, MONDAY, rate } from '../support/deals.ts';

const codes = fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF').map(currency);
const minor = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const date = fc
  .integer({ min: 0, max: 20_000 })
  .map((days) => Temporal.PlainDate.from('1999-12-28').add({ days }));

describe('money', () => {
  it('survives the way to text and back, to the last minor unit', () => {
    fc.assert(
      fc.property(minor, codes, (amountMinor, code) => {
        const parsed = parseMoney(moneyToText({ amountMinor, currency: code }), code);
        expect(parsed).toEqual({
          ok: true,
          value: { money: { amountMinor, currency: code }, rounded: false },
        });
      }),
    );
  });

  it('as plain text survives the way to money and back', () => {
    const text = fc
      .tuple(fc.constantFrom('', '-'), fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 0, max: 99 }))
      .map(([sign, whole, cents]) => `${sign}${whole}.${String(cents).padStart(2, '0')}`);
    fc.assert(
      fc.property(text, (written) => {
        const parsed = parseMoney(written, EUR);
        expect(parsed.ok && moneyToText(parsed.value.money)).toBe(written);
      }),
    );
  });

  it('that could be read can always be written and read again', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[+-]?\d{0,14}(\.\d{0,21})?([eE][+-]?\d{1,2})?$/),
        codes,
        (text, code) => {
          const first = parseMoney(text, code);
          if (!first.ok) return;
          const again = parseMoney(moneyToText(first.value.money), code);
          expect(again.ok && again.value).toEqual({ money: first.value.money, rounded: false });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is never more than half a minor unit off after a multiplication', () => {
    const factor = fc.bigInt({ min: 0n, max: 10n ** 9n });
    fc.assert(
      fc.property(minor, factor, fc.bigInt({ min: 1n, max: 10n ** 9n }), (amount, numerator, denominator) => {
        const off = 2n * (multiplyMinor(amount, numerator, denominator) * denominator - amount * numerator);
        expect(off <= denominator && off >= -denominator).toBe(true);
      }),
    );
  });
});

describe('a rate', () => {
  it('and the opposite one agree to a minor unit there and back', () => {
    const text = fc
      .integer({ min: 5_000, max: 50_000 })
      .map((tenThousandths) => (tenThousandths / 10_000).toFixed(4));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 10n }), text, (amountMinor, rateText) => {
        const rates = [rate('USD', 'EUR', rateText, '2026-01-01')];
        const euros = converterTo(EUR, rates, MONDAY)({ amountMinor, currency: currency('USD') });
        const back = converterTo(
          currency('USD'),
          rates,
          MONDAY,
        )({ amountMinor: euros ?? -1n, currency: EUR });
        const off = (back ?? -1n) - amountMinor;
        expect(off >= -1n && off <= 1n).toBe(true);
      }),
    );
  });
});

describe('the calendar', () => {
  it('puts each day into exactly one period, and periods touch', () => {
    fc.assert(
      fc.property(
        date,
        fc.constantFrom('month' as const, 'quarter' as const, 'year' as const),
        fc.integer({ min: 1, max: 12 }),
        (day, kind, fiscalStartMonth) => {
          const period = periodOf(day, kind, fiscalStartMonth);
          const next = periodOf(period.end, kind, fiscalStartMonth);
          expect(periodContains(period, day)).toBe(true);
          expect(next.start).toEqual(period.end);
          expect(next.key > period.key).toBe(true);
          expect(periodOf(period.start, kind, fiscalStartMonth)).toEqual(period);
        },
      ),
    );
  });

  it('counts days between dates as Temporal does', () => {
    const any = fc
      .integer({ min: -700_000, max: 700_000 })
      .map((days) => Temporal.PlainDate.from('1970-01-01').add({ days }));
    fc.assert(
      fc.property(any, any, (from, to) => {
        expect(daysBetween(from, to)).toBe(from.until(to, { largestUnit: 'day' }).days);
      }),
      { numRuns: 2_000 },
    );
  });

  it('counts business days as one would with a finger on the calendar', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: -5, max: 60 }), (from, days) => {
        let counted = 0;
        for (let step = 1; step <= days; step += 1) if (from.add({ days: step }).dayOfWeek <= 5) counted += 1;
        expect(businessDaysBetween(from, from.add({ days }))).toBe(counted);
      }),
    );
  });
});

describe('canonical JSON', () => {
  it('gives back what was frozen', () => {
    const leaf = fc.oneof(fc.bigInt(), date, fc.string(), fc.boolean(), fc.constant(null), fc.integer());
    const value = fc.dictionary(
      fc.string(),
      fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.string(), leaf)),
    );
    fc.assert(
      fc.property(value, (frozen) => {
        const bytes = toCanonicalJson(frozen);
        expect(toCanonicalJson(fromCanonicalJson(bytes))).toBe(bytes);
      }),
    );
  });
});

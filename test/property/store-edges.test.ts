import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunksOf, cleanText, toBulkJson } from '../../src/store/text.ts';
import { dateFromSql, dateToSql, instantFromSql, instantToSql } from '../../src/store/time.ts';

/** Every day that Temporal knows, also before Christ and beyond the year 9999. */
const anyDate = fc
  .integer({ min: -100_000_000, max: 100_000_000 })
  .map((days) => Temporal.PlainDate.from('1970-01-01').add({ days }));

const anyMicrosecond = fc
  .bigInt({ min: -8_640_000_000_000_000_000n, max: 8_640_000_000_000_000_000n })
  .map((microseconds) => Temporal.Instant.fromEpochNanoseconds(microseconds * 1_000n));

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('\u0000', '\ud83d', '\ude00', '\\', 'u0000', 'a', '"', '\u00e9'))
    .map((parts) => parts.join('')),
);

describe('what goes into SQL text', () => {
  it('every date and every microsecond comes back the same', () => {
    fc.assert(fc.property(anyDate, (date) => dateFromSql(dateToSql(date)).equals(date)));
    fc.assert(
      fc.property(anyMicrosecond, (instant) => instantFromSql(instantToSql(instant)).equals(instant)),
    );
  });

  it('is written as Postgres reads it: no sign before a year, no year zero', () => {
    const written = (text: string) => dateToSql(Temporal.PlainDate.from(text));
    expect(['2026-11-16', '+020226-03-01', '0000-02-29', '-000043-03-15'].map(written)).toEqual([
      '2026-11-16',
      '20226-03-01',
      '0001-02-29 BC',
      '0044-03-15 BC',
    ]);
  });

  it('a finer instant is cut to the microsecond, never rounded into the future', () => {
    const fine = Temporal.Instant.from('2026-11-16T06:00:00.123456999Z');
    expect(instantToSql(fine)).toBe('2026-11-16T06:00:00.123456Z');
  });

  it('text is always storable, and is left alone when it was storable before', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const clean = cleanText(text);
        expect(clean.isWellFormed() && !clean.includes('\u0000')).toBe(true);
        if (text.isWellFormed() && !text.includes('\u0000')) expect(clean).toBe(text);
      }),
    );
  });

  it('rows as JSON hold exactly the clean texts, however a backslash imitates an escape', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ name: anyText, tags: fc.array(anyText) })), (rows) => {
        const stored: unknown = JSON.parse(toBulkJson(rows));
        expect(stored).toEqual(
          rows.map(({ name, tags }) => ({ name: cleanText(name), tags: tags.map(cleanText) })),
        );
      }),
    );
  });

  it('chunks lose nothing and keep the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 7 }), (rows, size) => {
        const chunks = chunksOf(rows, size);
        expect(chunks.flat()).toEqual(rows);
        expect(chunks.every((chunk) => chunk.length > 0 && chunk.length <= size)).toBe(true);
      }),
    );
  });
});

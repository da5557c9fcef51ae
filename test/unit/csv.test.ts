import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { asId, type DealId, type OwnerId } from '../../src/core/values/ids.ts';
import { csvDocument } from '../../src/web/csv.ts';
import { dealsCsv, movementCsv } from '../../src/web/forecast/deals-csv.ts';
import { digestFixture, EUR, MILESTONES } from '../support/digest-model.ts';
import { lineFixture, linesFixture } from '../support/forecast-page.ts';
import { INJECTIONS } from '../support/injection-corpus.ts';

const read = (text: string, delimiter = ','): string[][] =>
  parse(text, { bom: true, delimiter, relax_column_count: false });

const owners = ['o1', 'o2'].map((id) => ({
  id: asId<OwnerId>(id),
  name: '=SUM(A1:A9)',
  email: null,
  active: true,
  teamIds: [],
}));

function table(lines = linesFixture(), locale: 'fr' | 'en' = 'en'): string[][] {
  const text = dealsCsv({ locale, currency: EUR, lines, owners, milestones: MILESTONES });
  return read(text, locale === 'fr' ? ';' : ',');
}

describe('a table as CSV', () => {
  it.each(INJECTIONS)('cannot be made to run a formula, to grow a cell or a row: %j', (name) => {
    const lines = [lineFixture(0, { dealName: name, dealId: asId<DealId>(name) }), lineFixture(1)];
    const rows = table(lines);
    expect(rows).toHaveLength(3);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+@|%＝＋－＠\t\r\n]|^-\D/);
    expect(rows.flat().join('')).not.toMatch(/[\p{Cc}\u200B-\u200F\u202A-\u202E\uFEFF]/u);
  });

  it('keeps quotes, commas and accents of an honest name', () => {
    const [, row] = table([lineFixture(0, { dealName: 'Élan, "Sud" – lot 2' })]);
    expect(row?.[1]).toBe('Élan, "Sud" – lot 2');
  });

  it('ends every row with CRLF and begins with the byte order mark', () => {
    expect(csvDocument('en', ['a', 'b'], [[{ text: 'x "y"' }, { figure: '-1.50' }]])).toBe(
      '\uFEFF"a","b"\r\n"x ""y""",-1.50\r\n',
    );
  });

  it('opens in a French spreadsheet: semicolons, and a comma in every amount', () => {
    const [, row] = table([lineFixture(0)], 'fr');
    expect(row).toContain('110070,40');
    expect(csvDocument('fr', ['a', 'b'], [[{ text: 'x;y' }, { figure: '-1.50' }]])).toBe(
      '\uFEFF"a";"b"\r\n"x;y";-1,50\r\n',
    );
  });

  it('refuses to write a text as a figure', () => {
    expect(() => csvDocument('en', ['a'], [[{ figure: '=1+1' }]])).toThrow('digits');
  });

  it('gives exact amounts, and none for what is in no sum', () => {
    const rows = table(linesFixture().slice(0, 5));
    const net = rows[0]?.indexOf('Net') ?? -1;
    expect(rows[1]?.[net]).toBe('110070.40');
    expect(rows[5]?.[net]).toBe('');
  });

  it('has one row per deal and the words of the reader', () => {
    expect(table()).toHaveLength(51);
    expect(table(linesFixture(), 'fr')[0]).toContain('Signature réaliste');
    expect(table(linesFixture(), 'fr')[3]).toContain('signée');
  });

  it('of what moved adds up from the forecast before to the forecast after', () => {
    const { movement } = digestFixture('en');
    const rows = read(movementCsv({ locale: 'en', currency: EUR, movement })).slice(1);
    const cents = rows.map((row) => BigInt((row.at(-1) ?? '').replace('.', '')));
    const [start = 0n, ...changes] = cents.slice(0, -1);
    expect(rows).toHaveLength(8);
    expect(changes.reduce((sum, change) => sum + change, start)).toBe(cents.at(-1));
  });

  it('of a first week, with nothing to compare, has its columns and no row', () => {
    expect(read(movementCsv({ locale: 'fr', currency: EUR, movement: null }), ';')).toHaveLength(1);
  });
});

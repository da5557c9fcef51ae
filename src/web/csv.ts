/**
 * Tables as CSV, RFC 4180: CRLF, quotes doubled; UTF-8 with a byte order mark, because spreadsheets guess otherwise. A French spreadsheet
 * reads semicolons and decimal commas, an English one commas and points: each reader gets a file that opens with a double click.
 * A spreadsheet runs a cell that begins like a formula, quoted or not, so texts of a CRM get an apostrophe in front of it
 * (owasp.org/www-community/attacks/CSV_Injection).
 */
import { visibleText } from '../../templates/text.ts';
import type { Locale } from '../core/milestones/milestone.ts';

/** `figure` is written by us: digits, sign and decimal point, in every language. Everything else is a `text`. */
export type CsvCell = { readonly text: string } | { readonly figure: string };

const BYTE_ORDER_MARK = '\uFEFF';
const LINE_END = '\r\n';

const WRITING: Readonly<Record<Locale, { readonly separator: string; readonly decimal: string }>> = {
  fr: { separator: ';', decimal: ',' },
  en: { separator: ',', decimal: '.' },
};

/** ASCII and full-width forms: some spreadsheets read both. */
const FORMULA_START = /^[=+\-@|%＝＋－＠]/;

const FIGURE = /^-?[\d.]*$/;

export function csvDocument(
  locale: Locale,
  columns: readonly string[],
  rows: readonly (readonly CsvCell[])[],
): string {
  return csvHead(locale, columns) + csvRows(locale, rows);
}

/** For a table too long to be held: the head, then its rows in as many pieces as one likes. */
export function csvHead(locale: Locale, columns: readonly string[]): string {
  return BYTE_ORDER_MARK + csvRows(locale, [columns.map((text) => ({ text }))]);
}

export function csvRows(locale: Locale, rows: readonly (readonly CsvCell[])[]): string {
  const { separator, decimal } = WRITING[locale];
  return rows
    .map((cells) => cells.map((cell) => cellText(cell, decimal)).join(separator) + LINE_END)
    .join('');
}

function cellText(cell: CsvCell, decimal: string): string {
  if ('text' in cell) return quoted(harmless(visibleText(cell.text, Number.POSITIVE_INFINITY)));
  if (!FIGURE.test(cell.figure)) throw new Error('a figure of a CSV holds digits only: write it as a text');
  return cell.figure.replace('.', decimal);
}

function harmless(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/**
 * Tables as CSV, RFC 4180: comma, CRLF, quotes doubled; UTF-8 with a byte order mark, because spreadsheets guess otherwise.
 * A spreadsheet runs a cell that begins like a formula, quoted or not, so texts of a CRM get an apostrophe in front of it
 * (owasp.org/www-community/attacks/CSV_Injection).
 */
import { visibleText } from '../../templates/text.ts';

/** `figure` is written by us: digits, sign and point. Everything else is a `text`. */
export type CsvCell = { readonly text: string } | { readonly figure: string };

const BYTE_ORDER_MARK = '\uFEFF';
const LINE_END = '\r\n';

/** ASCII and full-width forms: some spreadsheets read both. */
const FORMULA_START = /^[=+\-@|%＝＋－＠]/;

const FIGURE = /^-?[\d.]*$/;

export function csvDocument(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  const lines = [columns.map((text) => ({ text })), ...rows];
  return BYTE_ORDER_MARK + lines.map((cells) => cells.map(cellText).join(',') + LINE_END).join('');
}

function cellText(cell: CsvCell): string {
  if ('text' in cell) return quoted(harmless(visibleText(cell.text, Number.POSITIVE_INFINITY)));
  if (!FIGURE.test(cell.figure)) throw new Error('a figure of a CSV holds digits only: write it as a text');
  return cell.figure;
}

function harmless(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

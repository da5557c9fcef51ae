import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { LogError } from './types.ts';

/** An instant with its offset; a day without a time is none. */
const WITH_OFFSET = /T.*(Z|[+-]\d{2}:?\d{2})$/i;

export type Row = Readonly<Record<string, string>>;

/** The rows of a CSV file with a header line, gzipped or not; every cell as the text that stands there. */
export function readTable(file: string, columns: readonly string[]): readonly Row[] {
  const rows = parseCsv(file);
  const first = rows[0];
  const missing = first === undefined ? [] : columns.filter((column) => !(column in first));
  if (missing.length > 0) {
    throw new LogError(
      `${basename(file)} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; found ${Object.keys(first ?? {}).join(', ')}`,
    );
  }
  return rows;
}

function parseCsv(file: string): readonly Row[] {
  try {
    const raw = readFileSync(file);
    const text = file.endsWith('.gz') ? gunzipSync(raw) : raw;
    return parse<Row>(text, { columns: true, bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw new LogError(`${basename(file)} cannot be read as CSV: ${String(error)}`);
  }
}

/** The file or its gzipped twin in a folder; null when neither is there. */
export function tableIn(folder: string, name: string): string | null {
  return [join(folder, name), join(folder, `${name}.gz`)].find((file) => existsSync(file)) ?? null;
}

/** A cell, or null when it is empty or absent. */
export function cell(row: Row, column: string): string | null {
  const text = row[column];
  return text === undefined || text === '' ? null : text;
}

/**
 * Epoch milliseconds of an instant with an offset, of a local date and time, or of a day (its midnight), the latter two in the log's zone;
 * null when it is none of them.
 */
export function momentMs(text: string, zone: string): number | null {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      return Temporal.PlainDate.from(text).toZonedDateTime(zone).epochMilliseconds;
    }
    if (WITH_OFFSET.test(text)) {
      const ms = Date.parse(text);
      return Number.isNaN(ms) ? null : ms;
    }
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return null;
  }
}

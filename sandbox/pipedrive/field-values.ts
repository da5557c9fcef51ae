import type { CustomField } from './fields.ts';
import { isJson, isJsonNumber, rawNumber } from './reply.ts';

/** Custom values: one form in the world (text), one on the wire per field type (crm/pipedrive.md section 5). */

/** World text -> the value as v2 shows it. */
export function shownValue(field: CustomField, text: string | null): unknown {
  if (text === null || text === '') return null;
  if (field.type === 'double') return isJsonNumber(text) ? rawNumber(text) : text;
  if (field.type === 'enum') return Number(text);
  if (field.type === 'set') return text.split(',').map(Number);
  if (field.type !== 'monetary') return text;
  const [value = '', currency = ''] = text.split(' ');
  return { value: isJsonNumber(value) ? rawNumber(value) : value, currency };
}

export type KeptValue =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/** Value of a PATCH body -> world text, or the sentence with which the API refuses it. `null` clears any field. */
export function keptValue(field: CustomField, value: unknown): KeptValue {
  if (value === null) return { ok: true, text: '' };
  const text = KEEP[field.type]?.(value, field) ?? (typeof value === 'string' ? value : null);
  return text === null ? { ok: false, problem: `must be a valid ${field.type}` } : { ok: true, text };
}

type Keep = (value: unknown, field: CustomField) => string | null;

const KEEP: Readonly<Record<string, Keep>> = {
  varchar: (value) => (typeof value === 'string' && value.length <= 255 ? value : null),
  text: (value) => (typeof value === 'string' ? value : null),
  double: (value) => (typeof value === 'number' ? String(value) : null),
  date: (value) => (typeof value === 'string' && isDay(value) ? value : null),
  enum: (value, field) => (field.options.some((option) => option.id === value) ? String(value) : null),
  set: (value, field) => keptSet(value, field),
  monetary: (value) => keptMoney(value),
};

function keptSet(value: unknown, field: CustomField): string | null {
  const known = new Set(field.options.map((option) => option.id));
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.every((id) => typeof id === 'number' && known.has(id)) ? value.join(',') : null;
}

function keptMoney(value: unknown): string | null {
  if (!isJson(value)) return null;
  const { value: amount, currency } = value;
  if (typeof amount !== 'number' || typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return null;
  return `${amount} ${currency}`;
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

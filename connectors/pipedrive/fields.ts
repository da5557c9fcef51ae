/**
 * Custom fields have a 40-character key that differs in every company. Ours carry their logical name in their description, which survives a
 * renaming; fields made by others are found by name. Nothing is remembered beyond the session: each one reads the list (10 tokens).
 */
import type { PropertySpec } from '../../src/core/write-back/write-back.ts';
import type { PipedriveField } from './schema.ts';

/** Pipedrive field types that can hold a property; the first is the one we create. */
const TYPES: Readonly<Record<PropertySpec['type'], readonly string[]>> = {
  enumeration: ['enum'],
  number: ['double'],
  money: ['monetary'],
  date: ['date'],
  text: ['text', 'varchar'],
  textarea: ['text', 'varchar'],
};

export function typeFor(spec: PropertySpec): string {
  return TYPES[spec.type][0] ?? 'text';
}

export function fits(field: PipedriveField, spec: PropertySpec): boolean {
  return TYPES[spec.type].includes(field.field_type);
}

/** What the description of our own field ends with. */
export function markOf(key: string): string {
  return `[${key}]`;
}

/**
 * The custom field that holds `key`: marked as ours, else named like it (`names`: its labels). Of several, one that `suits` is preferred, then
 * the first: two runs at once may have made two.
 */
export function findField(
  fields: readonly PipedriveField[],
  key: string,
  names: readonly string[] = [],
  suits: (field: PipedriveField) => boolean = () => true,
): PipedriveField | null {
  const custom = fields.filter((field) => field.is_custom_field === true);
  const marked = custom.filter((field) => field.description?.trimEnd().endsWith(markOf(key)) === true);
  const wanted = new Set([key, ...names].map(folded));
  const named = custom.filter((field) => field.field_code === key || wanted.has(folded(field.field_name)));
  const found = marked.length > 0 ? marked : named;
  return found.find(suits) ?? found[0] ?? null;
}

function folded(name: string): string {
  return name.trim().toLowerCase();
}

/** Logical names -> field keys, for the names that the account has. */
export function codesOf(
  fields: readonly PipedriveField[],
  names: readonly string[],
): ReadonlyMap<string, PipedriveField> {
  const found = new Map<string, PipedriveField>();
  for (const name of names) {
    const field = findField(fields, name);
    if (field !== null) found.set(name, field);
  }
  return found;
}

/** Labels by which an option of ours may be known, in either language, or its key. */
export function optionFor(
  field: PipedriveField,
  option: NonNullable<PropertySpec['options']>[number],
): number | null {
  const labels = new Set([option.value, option.label.en, option.label.fr].map(folded));
  const id = field.options?.find((candidate) => labels.has(folded(candidate.label)))?.id;
  return typeof id === 'number' ? id : null;
}

/** A custom value of a deal as text, whatever the field's type: for evidence, which only asks whether and with what it is filled. */
export function customText(value: unknown, field: PipedriveField): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (Array.isArray(value))
    return value.length === 0 ? null : value.map((id) => optionLabel(field, id)).join(', ');
  if (typeof value === 'object') {
    const { value: inner, currency } = value as { value?: unknown; currency?: unknown };
    if (inner === null || inner === undefined || inner === '') return null;
    return typeof currency === 'string' ? `${String(inner)} ${currency}` : String(inner);
  }
  return field.field_type === 'enum' ? optionLabel(field, value) : String(value);
}

function optionLabel(field: PipedriveField, id: unknown): string {
  return field.options?.find((option) => option.id === id)?.label ?? String(id);
}

/** Our values as text <-> Pipedrive's shapes per field type. Only what is written is translated; nothing is guessed. */
import { parseCurrency } from '../../src/core/values/currency.ts';
import { moneyToText, parseMoney } from '../../src/core/values/money.ts';
import { err, ok, type Result } from '../../src/core/values/result.ts';
import type { DealWrite, PropertyKey, PropertyValue } from '../../src/core/write-back/write-back.ts';
import { exactNumber } from './exact-json.ts';
import { optionFor } from './fields.ts';
import type { OwnField } from './properties.ts';

/** Body of `custom_fields`, or the property that cannot be written and why. `null` clears a field of any type. */
export function customFieldsOf(
  write: DealWrite,
  usable: ReadonlyMap<PropertyKey, OwnField>,
): Result<Readonly<Record<string, unknown>>, { readonly key: PropertyKey; readonly missing: boolean }> {
  const body: Record<string, unknown> = {};
  for (const [key, value] of write.values) {
    const own = usable.get(key);
    if (own === undefined) return err({ key, missing: true });
    const shown = value === '' ? null : shapeOf(own, value, write.currency);
    if (shown === undefined) return err({ key, missing: false });
    body[own.field.field_code] = shown;
  }
  return ok(body);
}

const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** undefined: this value has no place in this field. */
function shapeOf({ spec, field }: OwnField, value: PropertyValue, currency: DealWrite['currency']): unknown {
  switch (spec.type) {
    case 'number':
      return DECIMAL.test(value) ? exactNumber(value) : undefined;
    case 'money':
      return DECIMAL.test(value) && currency !== null ? { value: exactNumber(value), currency } : undefined;
    case 'enumeration': {
      const option = spec.options?.find((candidate) => candidate.value === value);
      return option === undefined ? undefined : (optionFor(field, option) ?? undefined);
    }
    default:
      return value;
  }
}

/** What Pipedrive holds, as the text with which it was written; "" for nothing. */
export function presentValue({ spec, field }: OwnField, held: unknown): PropertyValue {
  if (held === null || held === undefined) return '';
  switch (spec.type) {
    case 'number':
      return plainDecimal(String(held));
    case 'money':
      return moneyText(held);
    case 'enumeration':
      return spec.options?.find((option) => optionFor(field, option) === held)?.value ?? String(held);
    default:
      return String(held);
  }
}

/** {value: "1234.5", currency: "EUR"} -> "1234.50". */
function moneyText(held: unknown): PropertyValue {
  const { value, currency } = held as { readonly value?: unknown; readonly currency?: unknown };
  const code = parseCurrency(String(currency));
  const parsed = code.ok ? parseMoney(String(value), code.value) : null;
  return parsed?.ok === true ? moneyToText(parsed.value.money) : String(value ?? '');
}

/** "60.50" -> "60.5", "60.0" -> "60". */
function plainDecimal(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}

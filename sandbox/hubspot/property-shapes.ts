import type { WorldRecord } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { Definition, PropertyOption, StandardProperty, ValueSource } from './property-types.ts';
import { same } from './values.ts';

export type PropertyKind = Definition['type'];
export type Shape = Partial<
  Pick<Definition, 'fieldType' | 'options' | 'groupName' | 'readOnlyValue' | 'calculated'>
>;

const FIELD_TYPES: Readonly<Record<PropertyKind, string>> = {
  string: 'text',
  number: 'number',
  date: 'date',
  datetime: 'date',
  enumeration: 'select',
  bool: 'booleancheckbox',
};

export function definition(name: string, label: string, type: PropertyKind, shape: Shape = {}): Definition {
  return {
    name,
    label,
    description: '',
    groupName: 'standardinformation',
    type,
    fieldType: FIELD_TYPES[type],
    options: [],
    hubspotDefined: true,
    calculated: false,
    readOnlyValue: false,
    archived: false,
    createdAtMs: 0,
    updatedAtMs: 0,
    extra: {},
    ...shape,
  };
}

export function options(values: readonly string[]): readonly PropertyOption[] {
  return values.map((value, at) => ({ label: value, value, displayOrder: at, hidden: false }));
}

const READ_ONLY: Shape = { readOnlyValue: true, calculated: true };

export function field(
  name: string,
  label: string,
  type: PropertyKind,
  from: string,
  translation: Partial<Pick<Extract<ValueSource, { kind: 'field' }>, 'show' | 'keep'>> = {},
  shape: Shape = {},
): StandardProperty {
  return {
    definition: definition(name, label, type, shape),
    source: { kind: 'field', field: from, show: same, keep: same, ...translation },
  };
}

export function calculated(
  name: string,
  label: string,
  type: PropertyKind,
  value: (record: WorldRecord, world: World) => string | null,
): StandardProperty {
  return { definition: definition(name, label, type, READ_ONLY), source: { kind: 'calculated', value } };
}

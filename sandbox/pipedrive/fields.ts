import { createHash } from 'node:crypto';
import type { RecordKind } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { Json } from './reply.ts';
import { v2Time } from './times.ts';

export interface FieldOption {
  readonly id: number;
  label: string;
}

/** A custom field. `code` is the 40-character key that differs in every company account; `worldField` is where the world keeps the value. */
export interface CustomField {
  readonly code: string;
  readonly worldField: string;
  name: string;
  readonly type: string;
  description: string;
  readonly options: FieldOption[];
  readonly addedAtMs: number;
  deleted: boolean;
}

/** Fields of the world that Pipedrive has itself; every other field of a record is a custom one. */
const OWN_FIELDS: Readonly<Partial<Record<RecordKind, readonly string[]>>> = {
  deal: ['name', 'amount', 'currency', 'pipeline', 'stage', 'close_date', 'owner'],
  contact: ['first_name', 'last_name', 'email', 'job_title', 'owner'],
};

const STANDARD: readonly (readonly [code: string, name: string, type: string])[] = [
  ['id', 'ID', 'int'],
  ['title', 'Title', 'varchar'],
  ['value', 'Value', 'monetary'],
  ['currency', 'Currency', 'varchar'],
  ['status', 'Status', 'status'],
  ['stage_id', 'Stage', 'stage'],
  ['owner_id', 'Owner', 'user'],
  ['expected_close_date', 'Expected close date', 'date'],
  ['add_time', 'Deal created', 'date'],
  ['update_time', 'Update time', 'date'],
];

/** The account's declared fields keep the name that other CRMs know them by at the end of their description: Pipedrive has no such name. */
const TYPES: Readonly<Record<string, string>> = {
  textarea: 'text',
  text: 'text',
  date: 'date',
  number: 'double',
};

/** Custom fields of one kind of record: those that the world's records already fill, and those that are made through the API. */
export class FieldBook {
  private readonly byCode = new Map<string, CustomField>();
  private readonly accountId: string;
  private nextOption = 1;

  constructor(world: World, kind: RecordKind) {
    this.accountId = `${world.account.id}/${kind}`;
    for (const { name, label, type } of world.customFields.filter((field) => field.kind === kind)) {
      const made = { name: label, type: TYPES[type] ?? 'text', worldField: name, labels: [], atMs: 0 };
      this.add({ ...made, description: `[${name}]` });
    }
    const values = customValues(world, kind, new Set(OWN_FIELDS[kind] ?? []));
    for (const [name, found] of values) {
      if (this.byWorldField(name) !== undefined) continue;
      const type = found.every((value) => /^\d{4}-\d{2}-\d{2}$/.test(value)) ? 'date' : 'text';
      this.add({ name, type, worldField: name, description: '', labels: [], atMs: world.asOfMs });
    }
  }

  add(field: {
    readonly name: string;
    readonly type: string;
    readonly worldField?: string;
    readonly description: string;
    readonly labels: readonly string[];
    readonly atMs: number;
  }): CustomField {
    const code = createHash('sha1')
      .update(`${this.accountId}/${this.byCode.size}/${field.name}`)
      .digest('hex');
    const made: CustomField = {
      code,
      worldField: field.worldField ?? code,
      name: field.name,
      type: field.type,
      description: field.description,
      options: field.labels.map((label) => this.option(label)),
      addedAtMs: field.atMs,
      deleted: false,
    };
    this.byCode.set(code, made);
    return made;
  }

  option(label: string): FieldOption {
    const option = { id: this.nextOption, label };
    this.nextOption += 1;
    return option;
  }

  get(code: string): CustomField | undefined {
    const field = this.byCode.get(code);
    return field?.deleted === false ? field : undefined;
  }

  byWorldField(worldField: string): CustomField | undefined {
    return [...this.byCode.values()].find((field) => !field.deleted && field.worldField === worldField);
  }

  present(): readonly CustomField[] {
    return [...this.byCode.values()].filter((field) => !field.deleted);
  }
}

function customValues(world: World, kind: RecordKind, own: ReadonlySet<string>): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const record of world.list(kind)) {
    for (const [field, versions] of record.fields) {
      if (own.has(field)) continue;
      const known = values.get(field) ?? [];
      known.push(...versions.map((version) => version.value).filter((value) => value !== ''));
      values.set(field, known);
    }
  }
  return values;
}

export function fieldJson(field: CustomField): Json {
  return {
    field_name: field.name,
    field_code: field.code,
    description: field.description,
    field_type: field.type,
    options:
      field.type === 'enum' || field.type === 'set'
        ? field.options.map(({ id, label }) => ({
            id,
            label,
            color: null,
            update_time: null,
            add_time: v2Time(field.addedAtMs),
          }))
        : null,
    subfields: field.type === 'monetary' ? [subfield(field, 'currency', 'Currency')] : null,
    is_custom_field: true,
    is_optional_response_field: false,
  };
}

function subfield(field: CustomField, suffix: string, name: string): Json {
  return {
    field_code: `${field.code}_${suffix}`,
    field_name: `${name} of ${field.name}`,
    field_type: 'varchar',
  };
}

export function standardFieldsJson(): readonly Json[] {
  return STANDARD.map(([code, name, type]) => ({
    field_name: name,
    field_code: code,
    field_type: type,
    options: null,
    subfields: null,
    is_custom_field: false,
    is_optional_response_field: false,
  }));
}

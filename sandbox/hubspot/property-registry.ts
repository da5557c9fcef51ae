import type { CustomField, RecordKind, WorldRecord } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { definition } from './property-shapes.ts';
import type { Definition, StandardProperty } from './property-types.ts';
import { standardProperties } from './standard-properties.ts';
import { same } from './values.ts';

export interface PropertyGroup {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
}

const CUSTOM_TYPES = {
  text: { type: 'string', fieldType: 'text' },
  textarea: { type: 'string', fieldType: 'textarea' },
  date: { type: 'date', fieldType: 'date' },
  number: { type: 'number', fieldType: 'number' },
} as const;

/** Property definitions and groups of one account, per kind of record: standard ones, those of the customer, those that apps create. */
export class PropertyRegistry {
  private readonly world: World;
  private readonly properties = new Map<RecordKind, Map<string, StandardProperty>>();
  private readonly groups = new Map<RecordKind, Map<string, PropertyGroup>>();

  constructor(world: World) {
    this.world = world;
    for (const custom of world.customFields) this.adopt(custom);
  }

  /** The property, archived or not. */
  find(kind: RecordKind, name: string): StandardProperty | undefined {
    return this.of(kind).get(name);
  }

  /** The property if it can be read and written now. */
  living(kind: RecordKind, name: string): StandardProperty | undefined {
    const property = this.find(kind, name);
    return property?.definition.archived === true ? undefined : property;
  }

  list(kind: RecordKind, archived: boolean): readonly Definition[] {
    return [...this.of(kind).values()]
      .map((property) => property.definition)
      .filter((candidate) => candidate.archived === archived);
  }

  groupsOf(kind: RecordKind): Map<string, PropertyGroup> {
    let groups = this.groups.get(kind);
    if (groups === undefined) {
      const standard = { name: 'standardinformation', label: 'Standard information', displayOrder: 0 };
      groups = new Map([[standard.name, standard]]);
      this.groups.set(kind, groups);
    }
    return groups;
  }

  /** Puts a definition in place; a custom property's value lives in the world's field of the same name. */
  define(kind: RecordKind, wanted: Definition): Definition {
    const source = this.find(kind, wanted.name)?.source;
    this.of(kind).set(wanted.name, {
      definition: wanted,
      source: source ?? { kind: 'field', field: wanted.name, show: same, keep: same },
    });
    return wanted;
  }

  /** Changes a definition as an admin of the account could: archived, read-only, another type. */
  change(kind: RecordKind, name: string, change: Partial<Definition>): void {
    const property = this.find(kind, name);
    if (property === undefined) throw new Error(`no property ${name} to change`);
    this.define(kind, { ...property.definition, ...change });
  }

  remove(kind: RecordKind, name: string): void {
    this.of(kind).delete(name);
  }

  /** Present value as HubSpot text; null when empty, undefined when there is no such property. */
  value(record: WorldRecord, name: string): string | null | undefined {
    const property = this.living(record.kind, name);
    if (property === undefined) return undefined;
    if (property.source.kind === 'calculated') return property.source.value(record, this.world);
    const value = this.world.value(record, property.source.field);
    return value === null ? null : property.source.show(value, this.world);
  }

  private of(kind: RecordKind): Map<string, StandardProperty> {
    let properties = this.properties.get(kind);
    if (properties === undefined) {
      properties = new Map(
        standardProperties(kind, this.world).map((property) => [property.definition.name, property]),
      );
      this.properties.set(kind, properties);
    }
    return properties;
  }

  private adopt(custom: CustomField): void {
    const group = custom.name.startsWith('jalon_') ? 'jalon' : 'customfields';
    const groups = this.groupsOf(custom.kind);
    if (!groups.has(group)) {
      groups.set(group, { name: group, label: 'Jalon - milestone forecast', displayOrder: 1 });
    }
    const { type, fieldType } = CUSTOM_TYPES[custom.type];
    this.define(custom.kind, {
      ...definition(custom.name, custom.label, type, { fieldType, groupName: group }),
      hubspotDefined: false,
    });
  }
}

import type { WorldRecord } from '../world/types.ts';
import type { World } from '../world/world.ts';

/** A property definition as `GET /crm/v3/properties/{type}/{name}` answers it, less the fields that are computed on reading. */
export interface Definition {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly groupName: string;
  readonly type: 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool';
  readonly fieldType: string;
  readonly options: readonly PropertyOption[];
  readonly hubspotDefined: boolean;
  readonly calculated: boolean;
  readonly readOnlyValue: boolean;
  readonly archived: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Fields that the account may set and that the sandbox only keeps: numberDisplayHint, showCurrencySymbol, ... */
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface PropertyOption {
  readonly label: string;
  readonly value: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
}

/** Where a property's value lives: a field of the world, with a translation both ways, or a calculation that cannot be written. */
export type ValueSource =
  | {
      readonly kind: 'field';
      readonly field: string;
      /** World text -> HubSpot text. */
      readonly show: (value: string, world: World) => string;
      /** HubSpot text -> world text. */
      readonly keep: (value: string, world: World) => string;
    }
  | { readonly kind: 'calculated'; readonly value: (record: WorldRecord, world: World) => string | null };

export interface StandardProperty {
  readonly definition: Definition;
  readonly source: ValueSource;
}

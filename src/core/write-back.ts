import type { CurrencyCode } from './currency.ts';
import type { DealId } from './ids.ts';

/** Logical names of our own properties; a connector maps them to the CRM's key. */
export type PropertyKey =
  | 'jalon_milestone'
  | 'jalon_weight'
  | 'jalon_net_amount'
  | 'jalon_milestone_since'
  | 'jalon_missing_evidence'
  | 'jalon_pace'
  | 'jalon_realistic_close'
  | `jalon_evidence_${string}`
  | 'jalon_verbal_commitment_on';

/** Text exactly as written: plain decimal, ISO date, stable option key, or "" for "no value". */
export type PropertyValue = string;

export interface PropertySpec {
  readonly key: PropertyKey;
  readonly type: 'enumeration' | 'number' | 'money' | 'date' | 'text' | 'textarea';
  readonly label: { readonly fr: string; readonly en: string };
  readonly description: { readonly fr: string; readonly en: string };
  readonly options?: readonly {
    readonly value: string;
    readonly label: { readonly fr: string; readonly en: string };
  }[];
}

/** Changed values of one deal. `currency` is the deal's, for a CRM whose money fields carry it. */
export interface DealWrite {
  readonly dealId: DealId;
  readonly currency: CurrencyCode | null;
  readonly values: ReadonlyMap<PropertyKey, PropertyValue>;
}

/**
 * A CRM account in neutral words: what a company has, before any vendor's shapes. The HubSpot and the Pipedrive sandbox are two faces
 * of this one world. Times are epoch milliseconds (UTC), as both vendors keep them; ids are decimal text and may exceed 2^53.
 */

export const RECORD_KINDS = [
  'deal',
  'company',
  'contact',
  'call',
  'email',
  'meeting',
  'note',
  'task',
  'product',
  'line_item',
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** Who changed a value: a person in the CRM, an import, an automation, or an app through the API (`id` is then the app's id). */
export interface ChangeSource {
  readonly kind: 'person' | 'import' | 'automation' | 'app';
  readonly id: string | null;
}

/** One value that a field had, from `atMs` until the next version. "" means cleared. */
export interface FieldVersion {
  readonly value: string;
  readonly atMs: number;
  readonly source: ChangeSource;
}

/**
 * Field names are neutral; a field that is not listed here is a custom field of the account and keeps its own name (`jalon_*`).
 *   deal     name, amount (decimal text), currency (ISO), pipeline, stage, close_date (ISO day), owner, type, next_step
 *   company  name, domain, industry, city, owner
 *   contact  first_name, last_name, email, job_title, buying_role (DECISION_MAKER, BUDGET_HOLDER, CHAMPION, ...), owner
 *   call     at, title, body, direction (inbound|outbound), outcome (connected|no_answer|left_voicemail|busy), duration_ms, owner
 *   email    at, subject, body, direction (outgoing|incoming), from, to, owner
 *   meeting  at, title, body, start, end, outcome (scheduled|completed|no_show|canceled|rescheduled or ""), owner
 *   note     at, body, owner
 *   task     at (due), subject, body, status (not_started|completed), owner
 *   product    name, code, price (decimal text), currency
 *   line_item  name, product (id), price, quantity (decimal texts), currency, discount_percent; linked to its deal
 * `at`, `start`, `end` are ISO instants. Any text is possible in any field: accounts hold bad values too.
 */
export interface WorldRecord {
  readonly id: string;
  readonly kind: RecordKind;
  readonly createdAtMs: number;
  updatedAtMs: number;
  archivedAtMs: number | null;
  /** Versions per field, oldest first; never empty. */
  readonly fields: Map<string, FieldVersion[]>;
  /** Ids of records that were merged into this one. */
  readonly mergedIds: string[];
}

export interface WorldStage {
  readonly id: string;
  readonly label: string;
  readonly order: number;
  /** Decimal text 0..1, as the CRM's admin set it. */
  readonly probability: string;
  readonly outcome: 'won' | 'lost' | null;
  readonly archived: boolean;
}

export interface WorldPipeline {
  readonly id: string;
  readonly label: string;
  readonly order: number;
  readonly archived: boolean;
  readonly stages: readonly WorldStage[];
}

export interface WorldTeam {
  readonly id: string;
  readonly name: string;
}

/** A user of the CRM to whom records can belong. `userId` differs from `id`, as it does at the vendors. */
export interface WorldOwner {
  readonly id: string;
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly active: boolean;
  readonly teamIds: readonly string[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** 1 unit of `currency` is worth `rate` (decimal text) units of the account's own currency from `effectiveAtMs` on. */
interface WorldRate {
  readonly currency: string;
  readonly rate: string;
  readonly effectiveAtMs: number;
}

export interface WorldAccount {
  /** Decimal text. */
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly currency: string;
  readonly locale: 'fr' | 'en';
  readonly extraCurrencies: readonly WorldRate[];
}

/** A link between two records; it reads the same from both ends. */
export interface Link {
  readonly kind: RecordKind;
  readonly id: string;
  /** The deal's main company. */
  readonly primary: boolean;
}

/** What happened to a record: told to every listener, so that a vendor's face can keep its own index, cache or change log. */
export interface WorldChange {
  readonly what: 'created' | 'edited' | 'archived' | 'restored' | 'purged' | 'merged' | 'linked' | 'unlinked';
  readonly record: WorldRecord;
  readonly atMs: number;
  /** For `merged`: the id that disappeared. */
  readonly lostId: string | null;
  /** For `created` and `edited`: names of the fields that were given. */
  readonly fields: readonly string[];
  readonly source: ChangeSource;
}

/** When and by whom a mutation is made. */
export interface Stamp {
  readonly atMs: number;
  readonly source: ChangeSource;
}

/** Something that happens in the life of an account. A company and an event log are lists of these, oldest first. */
export type WorldEvent =
  | {
      readonly what: 'create';
      readonly atMs: number;
      readonly kind: RecordKind;
      readonly id: string;
      readonly fields: Readonly<Record<string, string>>;
      readonly source?: ChangeSource;
    }
  | {
      readonly what: 'edit';
      readonly atMs: number;
      readonly kind: RecordKind;
      readonly id: string;
      readonly fields: Readonly<Record<string, string>>;
      readonly source?: ChangeSource;
    }
  | {
      readonly what: 'link';
      readonly atMs: number;
      readonly from: RecordRef;
      readonly to: RecordRef;
      readonly primary?: boolean;
    }
  | {
      readonly what: 'archive';
      readonly atMs: number;
      readonly kind: RecordKind;
      readonly id: string;
      readonly source?: ChangeSource;
    }
  | {
      readonly what: 'merge';
      readonly atMs: number;
      readonly kind: RecordKind;
      readonly winnerId: string;
      readonly loserId: string;
      readonly source?: ChangeSource;
    };

export interface RecordRef {
  readonly kind: RecordKind;
  readonly id: string;
}

/** A field that the customer (or Jalon, before) added to the account. */
export interface CustomField {
  readonly kind: RecordKind;
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'textarea' | 'date' | 'number';
}

/** The parts of an account that are not records. */
export interface WorldSetup {
  readonly account: WorldAccount;
  readonly customFields: readonly CustomField[];
  readonly pipelines: readonly WorldPipeline[];
  readonly teams: readonly WorldTeam[];
  readonly owners: readonly WorldOwner[];
}

/** A whole account with its life, also the part that lies after the day on which one looks at it. */
export interface WorldScript extends WorldSetup {
  /** Oldest first; events of one instant in the order in which they happened. */
  readonly events: readonly WorldEvent[];
}

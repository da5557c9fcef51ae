import type { CurrencyCode } from '../values/currency.ts';
import type {
  ActivityId,
  CompanyId,
  ContactId,
  DealId,
  OwnerId,
  PipelineId,
  StageId,
  TeamId,
} from '../values/ids.ts';
import type { Money } from '../values/money.ts';

/** What the CRM says a deal is worth. Never a default: an amount we cannot use keeps its text and the reason. */
export type GrossAmount =
  | { readonly kind: 'money'; readonly money: Money }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unusable'; readonly text: string; readonly reason: AmountProblem };

export type AmountProblem = 'negative' | 'absurd' | 'currency_missing' | 'currency_unknown';

/** The deal entered this stage at this instant; it stayed until the next entry. */
export interface StageEntry {
  readonly stageId: StageId;
  readonly enteredAt: Temporal.Instant;
}

export interface CloseDateChange {
  readonly closeDate: Temporal.PlainDate | null;
  readonly changedAt: Temporal.Instant;
}

/** A CRM property that an evidence rule looks at, with the moment it got its present value. `name` is Jalon's logical name. */
export interface FilledProperty {
  readonly name: string;
  readonly value: string;
  readonly filledAt: Temporal.Instant;
}

/** Something about a deal that a person should see, and that no calculation may hide. */
export type DealFlag =
  | 'amount_rounded'
  | 'close_date_missing'
  | 'close_before_creation'
  | 'owner_missing'
  | 'owner_unknown'
  | 'stage_unknown'
  | 'history_incomplete';

/** A deal as the CRM tells it, in our words. `stageId` is where it stands now; `stageHistory` is oldest first and ends with it. */
export interface Deal {
  readonly id: DealId;
  readonly name: string;
  readonly pipelineId: PipelineId;
  readonly stageId: StageId;
  readonly amount: GrossAmount;
  readonly closeDate: Temporal.PlainDate | null;
  readonly ownerId: OwnerId | null;
  readonly createdAt: Temporal.Instant;
  readonly updatedAt: Temporal.Instant;
  readonly stageHistory: readonly StageEntry[];
  readonly closeDateHistory: readonly CloseDateChange[];
  readonly properties: readonly FilledProperty[];
  readonly companyIds: readonly CompanyId[];
  readonly contactIds: readonly ContactId[];
  readonly flags: readonly DealFlag[];
}

/** A deal that left: deleted or archived in the CRM, or merged into `mergedInto`. */
export interface DealTombstone {
  readonly id: DealId;
  readonly reason: 'archived' | 'deleted' | 'merged';
  readonly mergedInto: DealId | null;
  readonly at: Temporal.Instant;
}

export interface Company {
  readonly id: CompanyId;
  readonly name: string;
  readonly updatedAt: Temporal.Instant;
}

export interface Contact {
  readonly id: ContactId;
  readonly name: string;
  readonly buyingRole: string | null;
  readonly updatedAt: Temporal.Instant;
}

export type ActivityKind = 'call' | 'email' | 'meeting' | 'note' | 'task';

/** `withCustomer` is true only when the customer took part: an incoming mail, a call that connected, a meeting held. */
export interface Activity {
  readonly id: ActivityId;
  readonly kind: ActivityKind;
  readonly at: Temporal.Instant;
  readonly ownerId: OwnerId | null;
  readonly withCustomer: boolean;
  readonly title: string;
  readonly dealIds: readonly DealId[];
  readonly updatedAt: Temporal.Instant;
}

/** The slow-moving part of a CRM account, read whole at each pull. */
export interface Directory {
  readonly account: Account;
  readonly pipelines: readonly Pipeline[];
  readonly owners: readonly Owner[];
  readonly teams: readonly Team[];
  readonly rates: readonly ExchangeRate[];
}

interface Account {
  readonly externalId: string;
  readonly name: string;
  readonly zone: string;
  readonly currency: CurrencyCode;
}

export interface Pipeline {
  readonly id: PipelineId;
  readonly label: string;
  readonly stages: readonly Stage[];
}

/** `outcome` is what the CRM itself says of the stage; our mapping may differ. Archived stages stay known, deals may still stand in them. */
export interface Stage {
  readonly id: StageId;
  readonly label: string;
  readonly order: number;
  readonly crmProbabilityBps: number | null;
  readonly outcome: 'won' | 'lost' | null;
  readonly archived: boolean;
}

export interface Owner {
  readonly id: OwnerId;
  readonly name: string;
  readonly email: string | null;
  readonly active: boolean;
  readonly teamIds: readonly TeamId[];
}

export interface Team {
  readonly id: TeamId;
  readonly name: string;
}

/** 1 unit of `from` is worth `rate` units of `to`, as decimal text, from `effectiveOn` until a later row. */
export interface ExchangeRate {
  readonly from: CurrencyCode;
  readonly to: CurrencyCode;
  readonly rate: string;
  readonly effectiveOn: Temporal.PlainDate;
}

export type RejectedObject =
  | 'deal'
  | 'company'
  | 'contact'
  | 'activity'
  | 'owner'
  | 'pipeline'
  | 'product'
  | 'deal_product';

/** A record that could not be read. Kept, counted and shown; `code` has a row in docs/errors.md. `field` never carries the value. */
export interface Rejection {
  readonly object: RejectedObject;
  readonly externalId: string;
  readonly code: RejectionCode;
  readonly field: string;
}

export type RejectionCode =
  | 'ID_MISSING'
  | 'ID_DUPLICATE'
  | 'PIPELINE_MISSING'
  | 'STAGE_MISSING'
  | 'AMOUNT_UNREADABLE'
  | 'DATE_UNREADABLE'
  | 'CREATED_MISSING'
  | 'SHAPE_UNEXPECTED';

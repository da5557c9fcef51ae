/** The forecast as data: what is stored with a snapshot, shown on pages and told by the digest. No amount here is a float. */

import type { DealFlag } from '../deals/deal.ts';
import type { MissingEvidence } from '../milestones/evidence.ts';
import type { WeightBps } from '../milestones/milestone.ts';
import type { Period } from '../values/calendar.ts';
import type { CurrencyCode } from '../values/currency.ts';
import type { DealId, MilestoneKey, OwnerId, PipelineId, StageId } from '../values/ids.ts';
import type { Money } from '../values/money.ts';

/** Where a deal stands for us. `unmapped`: its stage has no meaning in the model. */
export type Standing = 'open' | 'won' | 'lost' | 'unmapped';

/** Why a deal is in no sum. Each reason is counted and listed. */
export type Exclusion =
  | 'amount_missing'
  | 'amount_negative'
  | 'amount_absurd'
  | 'currency_missing'
  | 'currency_unknown'
  | 'no_rate'
  | 'stage_unmapped'
  | 'pipeline_excluded';

export type Pace = 'on_track' | 'stuck' | 'fast';

/** How long deals usually stay in a milestone, and where the figure comes from. Days. */
export interface PaceNorm {
  readonly milestone: MilestoneKey;
  readonly fastBelowDays: number;
  readonly medianDays: number;
  readonly stuckAboveDays: number;
  readonly source: 'own_history' | 'three_medians' | 'typical_days';
  readonly n: number;
}

/** How much the odds rest on the company's own past: resolved deals < 50, 50..200, > 200. */
export type HistoryLabel = 'your_weights' | 'partly_measured' | 'measured';

/** Why the odds are what they are, for "see the maths". */
export interface OddsReason {
  readonly label: HistoryLabel;
  readonly resolvedDeals: number;
  readonly ageDays: number;
  readonly horizonDays: number;
  /** Band of the age in days, and the daily rates measured there (already shrunk). */
  readonly bandFromDays: number;
  readonly bandToDays: number | null;
  readonly dailyForward: number;
  readonly dailyLost: number;
  readonly exposureDays: number;
}

/** One deal of a forecast. `*Minor` are minor units of the company currency; `gross` keeps the deal's own. */
export interface ForecastLine {
  readonly dealId: DealId;
  readonly dealName: string;
  readonly ownerId: OwnerId | null;
  readonly pipelineId: PipelineId;
  readonly stageId: StageId;
  readonly standing: Standing;
  readonly exclusion: Exclusion | null;
  readonly declared: MilestoneKey | null;
  readonly verified: MilestoneKey | null;
  readonly verifiedSince: Temporal.PlainDate | null;
  readonly daysInMilestone: number | null;
  readonly declaredWeightBps: WeightBps;
  readonly weightBps: WeightBps;
  readonly gross: Money | null;
  readonly grossMinor: bigint;
  readonly netMinor: bigint;
  readonly unprovenMinor: bigint;
  /** Net amount in the deal's own currency: what is written to the CRM. */
  readonly netOwn: Money | null;
  /** Chance to be won before the end of the period, 0..1. */
  readonly odds: number;
  /** Of an open deal in a snapshot: chance to be won before each day of the snapshot's outlook. */
  readonly oddsBy?: readonly number[];
  readonly oddsReason: OddsReason | null;
  readonly expectedMinor: bigint;
  readonly wonInPeriodMinor: bigint;
  readonly closedOn: Temporal.PlainDate | null;
  readonly closeDate: Temporal.PlainDate | null;
  /** First day of the month in which the signature is realistic. */
  readonly realisticClose: Temporal.PlainDate | null;
  readonly pace: Pace;
  /** The last milestone reached on an earlier day than the verified one, and the days in between; absent when none was. A fast deal is fast by this. */
  readonly passed?: { readonly milestone: MilestoneKey; readonly days: number };
  readonly closeDatePushes: number;
  readonly lastCustomerContact: Temporal.PlainDate | null;
  readonly missing: readonly MissingEvidence[];
  readonly flags: readonly DealFlag[];
}

/** What totals are made of: all that a rollup, a search or a comparison of two weeks needs of a line. */
export type LineFigures = Pick<
  ForecastLine,
  | 'dealId'
  | 'dealName'
  | 'ownerId'
  | 'pipelineId'
  | 'standing'
  | 'exclusion'
  | 'verified'
  | 'grossMinor'
  | 'netMinor'
  | 'unprovenMinor'
  | 'odds'
  | 'oddsBy'
  | 'expectedMinor'
  | 'wonInPeriodMinor'
  | 'closedOn'
  | 'closeDate'
  | 'realisticClose'
  | 'flags'
>;

/** P10 / P50 / P90 of the period's total and the chance to reach the target, with what they hang on. */
export interface ForecastRange {
  readonly p10Minor: bigint;
  readonly p50Minor: bigint;
  readonly p90Minor: bigint;
  readonly chanceOfTarget: number | null;
  /** max(0, 1 - coefficient of variation of the open part). */
  readonly reliabilityIndex: number;
  /** Deals that carry most of the variance, largest first, with their share of it (0..1). */
  readonly concentration: readonly { readonly dealId: DealId; readonly share: number }[];
}

export interface Rollup<Key> {
  readonly key: Key;
  readonly deals: number;
  readonly grossMinor: bigint;
  readonly netMinor: bigint;
  readonly unprovenMinor: bigint;
  readonly expectedMinor: bigint;
}

/** Totals of a set of lines. Each total is the sum of the rounded lines; `forecastMinor` = won + expected. */
export interface ForecastSummary {
  readonly asOf: Temporal.PlainDate;
  readonly period: Period;
  readonly currency: CurrencyCode;
  readonly modelVersion: number;
  readonly targetMinor: bigint | null;
  readonly wonMinor: bigint;
  readonly wonDeals: number;
  readonly expectedMinor: bigint;
  readonly forecastMinor: bigint;
  readonly gapMinor: bigint | null;
  readonly openDeals: number;
  readonly grossMinor: bigint;
  readonly netMinor: bigint;
  readonly unprovenMinor: bigint;
  /** Expected from deals that do not exist yet: shown apart, in no total. */
  readonly newBusinessMinor: bigint | null;
  readonly range: ForecastRange | null;
  readonly byMilestone: readonly Rollup<MilestoneKey | null>[];
  readonly byOwner: readonly Rollup<OwnerId | null>[];
  readonly byPipeline: readonly Rollup<PipelineId>[];
  readonly exclusions: readonly { readonly reason: Exclusion; readonly deals: number }[];
  readonly history: { readonly label: HistoryLabel; readonly resolvedDeals: number };
}

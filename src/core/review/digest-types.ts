/** The Monday digest as facts: no sentence, no format, no language. templates/digest turns it into a mail. */

import type { ForecastSummary, HistoryLabel } from '../forecast/forecast-types.ts';
import type { Locale } from '../milestones/milestone.ts';
import type { CrmKind } from '../values/crm.ts';
import type { DealId, MilestoneKey } from '../values/ids.ts';

/** One exclusive kind per deal, in this order of rank: the first that applies names the movement. */
export const MOVEMENT_KINDS = [
  'signed',
  'lost',
  'removed',
  'advanced',
  'fell_back',
  'new',
  'pushed_out',
  'pulled_in',
  'amount',
  'owner',
  'odds',
] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

export interface MovementRow {
  readonly dealId: DealId;
  readonly dealName: string;
  readonly kind: MovementKind;
  readonly changeMinor: bigint;
}

/** start + sum(rows) + others = end, to the minor unit. Amounts are forecast amounts (won in period, else expected in period). */
export interface Movement {
  readonly startMinor: bigint;
  readonly endMinor: bigint;
  readonly rows: readonly MovementRow[];
  readonly otherDeals: number;
  readonly othersMinor: bigint;
  /** Every change by its kind, also those without a row: start + sum(kinds) = end. Absent from snapshots made before it was kept. */
  readonly kinds?: readonly {
    readonly kind: MovementKind;
    readonly deals: number;
    readonly changeMinor: bigint;
  }[];
}

type QuestionKey = string;

/** A question for a one-to-one: a key of the bank with the facts it needs. The bank's sentences live in templates/i18n. */
export interface DigestQuestion {
  readonly key: QuestionKey;
  readonly repFirstName: string;
  readonly dealId: DealId;
  readonly dealName: string;
  readonly days: number | null;
  readonly date: Temporal.PlainDate | null;
  readonly milestone: MilestoneKey | null;
  readonly count: number | null;
  /** What was proven of the deal when the question was asked. */
  readonly verified: MilestoneKey | null;
}

/** How many of last week's questions have found their answer. */
export interface SettledCount {
  readonly settled: number;
  readonly asked: number;
}

export interface PaceRow {
  readonly dealId: DealId;
  readonly dealName: string;
  readonly milestone: MilestoneKey | null;
  readonly repFirstName: string | null;
  readonly netMinor: bigint;
  readonly days: number;
  readonly medianDays: number;
}

/** Deals whose pace a digest tells, largest net amount first: as many as it shows, how many are stuck in all, and how many have no milestone. */
export interface DigestPace {
  readonly stuck: readonly PaceRow[];
  readonly stuckTotal: number;
  readonly fast: readonly PaceRow[];
  readonly unmappedDeals: number;
}

/** The verdict names what explains the change: at most two losses and two gains, largest first. */
export interface Verdict {
  readonly kind: 'target_reached' | 'short' | 'no_target';
  readonly losses: readonly MovementRow[];
  readonly gains: readonly MovementRow[];
}

export interface AccuracyBar {
  readonly month: Temporal.PlainDate;
  /** Mean absolute error against what was signed, 0..; null: not known. */
  readonly wape: number | null;
}

export interface DigestModel {
  readonly locale: Locale;
  readonly crm: CrmKind;
  readonly managerName: string;
  readonly isoWeek: string;
  readonly summary: ForecastSummary;
  readonly movement: Movement | null;
  readonly verdict: Verdict;
  readonly questions: readonly DigestQuestion[];
  /** Null when nothing was asked in the week before. */
  readonly lastQuestions: SettledCount | null;
  readonly stuck: readonly PaceRow[];
  readonly stuckTotal: number;
  readonly fast: readonly PaceRow[];
  readonly accuracy: readonly AccuracyBar[];
  readonly historyLabel: HistoryLabel;
  /** Labels of milestones, for rows and questions. */
  readonly milestones: readonly {
    readonly key: MilestoneKey;
    readonly label: Readonly<Record<Locale, string>>;
  }[];
  readonly unmappedDeals: number;
  readonly excludedDeals: number;
  readonly rejectedRecords: number;
  readonly dataReadAt: Temporal.Instant;
  readonly zone: string;
  readonly links: DigestLinks;
}

/** Absolute addresses; `deal` opens the record in the CRM. */
export interface DigestLinks {
  readonly forecast: string;
  readonly settings: string;
  /** The stuck deals of that week, and what was asked about them. */
  readonly review: string;
  readonly unsubscribe: string;
  readonly browser: string;
  readonly deals: Readonly<Record<string, string>>;
}

/** What a rule of the question bank sees of a deal, and the few facts that several rules look at. */

import type { ForecastLine } from '../forecast/forecast-types.ts';
import type { MissingEvidence } from '../milestones/evidence.ts';
import { type EvidenceRule, type Milestone, milestoneIndexOf } from '../milestones/milestone.ts';
import { daysBetween } from '../values/calendar.ts';
import type { DealId, MilestoneKey } from '../values/ids.ts';
import type { DigestQuestion, MovementKind } from './digest-types.ts';
import { isSilent } from './pace.ts';

/** What the sentence may say. `count` is a count of events, never an amount. */
export type Facts = Partial<Pick<DigestQuestion, 'days' | 'date' | 'milestone' | 'count'>>;

export interface QuestionContext {
  readonly asOf: Temporal.PlainDate;
  readonly milestones: readonly Milestone[];
  /** Last week's movement of the deals that are worth a row. */
  readonly moved: ReadonlyMap<DealId, MovementKind>;
  /** Median gross amount of the open deals, in company minor units. */
  readonly usualMinor: bigint;
}

export interface QuestionRule {
  readonly key: string;
  /** Questions of one kind ask for the same thing in other words: a mail holds one of them. */
  readonly kind: string;
  /** The fact is of one week and passes by itself: the question stays open until the customer has been spoken to. */
  readonly ofOneWeek?: true;
  /** null: the deal gives no reason to ask. */
  readonly factsOf: (line: ForecastLine, context: QuestionContext) => Facts | null;
}

export function isAtLeast(
  reached: MilestoneKey | null,
  wanted: MilestoneKey,
  milestones: readonly Milestone[],
): boolean {
  return milestoneIndexOf(milestones, reached) >= milestoneIndexOf(milestones, wanted);
}

export function verbalKey(milestones: readonly Milestone[]): MilestoneKey | null {
  return milestones.find((milestone) => milestone.verbal)?.key ?? null;
}

/** The customer has said yes, and that is proven. */
export function isAgreed({ verified }: ForecastLine, { milestones }: QuestionContext): boolean {
  const verbal = verbalKey(milestones);
  return verbal !== null && isAtLeast(verified, verbal, milestones);
}

/** Days since the customer was last heard of when that is long ago, else null. */
export function silentDays({ lastCustomerContact }: ForecastLine, asOf: Temporal.PlainDate): number | null {
  if (lastCustomerContact === null || !isSilent(lastCustomerContact, asOf)) return null;
  return daysBetween(lastCustomerContact, asOf);
}

/** Days until the planned signature, negative when it is past; null without a date. */
export function daysToClose({ closeDate }: ForecastLine, asOf: Temporal.PlainDate): number | null {
  return closeDate === null ? null : daysBetween(asOf, closeDate);
}

export function closesWithin(line: ForecastLine, asOf: Temporal.PlainDate, days: number): boolean {
  const ahead = daysToClose(line, asOf);
  return ahead !== null && ahead >= 0 && ahead <= days;
}

/** The next proof to get, when a rule of this kind would be one. */
export function missingBy(
  { missing: [first] }: ForecastLine,
  kind: EvidenceRule['kind'],
): MissingEvidence | null {
  return first?.rules.some((rule) => rule.kind === kind) ? first : null;
}

/** Milestones between what is declared and what is proven. */
export function milestonesAhead(
  { declared, verified }: ForecastLine,
  { milestones }: QuestionContext,
): number {
  return milestoneIndexOf(milestones, declared) - milestoneIndexOf(milestones, verified);
}

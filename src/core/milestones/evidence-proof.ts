/**
 * When a rule was met, as spans of days. A proof given on day d stands from d until it expires; proofs that follow each other
 * without a gap make one span, so that a fresh call does not move the day on which a milestone was reached.
 */

import type { Activity, Contact, Deal, FilledProperty } from '../deals/deal.ts';
import { dailyRuns, reachedAt, type StateRun } from '../deals/standing.ts';
import type { DayReader } from '../odds/day-reader.ts';
import { epochDayOf } from '../values/calendar.ts';
import { VERBAL_COMMITMENT_PROPERTY } from './default-model.ts';
import type { EvidenceRule, Milestone } from './milestone.ts';

/** What the rules look at. Instants at or after `asOfInstant` do not exist; `days` reads them in the company's zone. */
export interface ProofSources {
  readonly deal: Deal;
  readonly activities: readonly Activity[];
  readonly contacts: readonly Contact[];
  readonly runs: readonly StateRun[];
  readonly asOf: Temporal.PlainDate;
  readonly asOfInstant: Temporal.Instant;
  readonly days: DayReader;
}

/** What the manager said of one milestone by `asOf`: days of the confirmations that still hold, oldest first, and of the last refusal (-Infinity: none). */
export interface ManagerWord {
  readonly confirmedDays: readonly number[];
  readonly refusedDay: number;
}

/** Property under which a connector reports that the customer signed a quote. */
export const SIGNED_QUOTE_PROPERTY = 'signed_quote';

/** The proof stands on every day d (since 1970-01-01) with sinceDay <= d < expiresDay; null: for good. */
export interface ProofSpan {
  readonly sinceDay: number;
  readonly expiresDay: number | null;
}

/**
 * The latest span of one rule of the milestone at `index`, whether or not it has expired by now; null when the rule was never met.
 * A refusal cancels what was there by that day; only what came on a later day counts.
 */
export function proofOf(
  rule: EvidenceRule,
  milestone: Milestone,
  index: number,
  sources: ProofSources,
  said: ManagerWord,
): ProofSpan | null {
  if (rule.kind === 'manager_confirmation')
    return latestSpan(said.confirmedDays, 1, milestone.evidenceExpiresAfterDays);
  const days = daysOf(rule, index, sources).filter((day) => day > said.refusedDay);
  const atLeast = rule.kind === 'activity_with_customer' ? rule.atLeast : 1;
  const expiresAfterDays = rule.kind === 'contact_role' ? null : milestone.evidenceExpiresAfterDays;
  return latestSpan(days, atLeast, expiresAfterDays);
}

/** Days on which the rule got something, oldest first. */
function daysOf(
  rule: Exclude<EvidenceRule, { readonly kind: 'manager_confirmation' }>,
  index: number,
  sources: ProofSources,
): readonly number[] {
  switch (rule.kind) {
    case 'stage_entered':
      return stageDays(index, sources);
    case 'property_filled':
      return propertyDays(rule.property, sources);
    case 'signed_quote':
      return propertyDays(SIGNED_QUOTE_PROPERTY, sources);
    case 'activity_with_customer':
      return activityDays(rule.activities, sources);
    case 'contact_role':
      return roleDays(rule.roles, sources);
  }
}

/**
 * The stage proves a milestone from the day the deal came to it, or beyond it, and stayed. A deal that fell back to it came to it again on
 * that day: the clock of the odds and of the pace starts anew.
 */
function stageDays(index: number, { runs, days }: ProofSources): readonly number[] {
  const daily = dailyRuns(runs, days.dayOf);
  const last = daily.at(-1);
  const isThere = last?.state.kind === 'milestone' && last.state.milestone === index;
  const since = isThere ? last.enteredAt : reachedAt(daily, index);
  return since === null ? [] : [days.dayOf(since)];
}

/** The day a text got the value it had. The date of a verbal commitment is the day itself; one that lies ahead is a hope, not a proof. */
function propertyDays(name: string, sources: ProofSources): readonly number[] {
  const { asOf, days } = sources;
  const filled = latestValue(name, sources);
  if (filled === null || filled.value.trim() === '') return [];
  const dated = name === VERBAL_COMMITMENT_PROPERTY ? parseDay(filled.value) : null;
  if (dated === null) return [days.dayOf(filled.filledAt)];
  return dated <= epochDayOf(asOf) ? [dated] : [];
}

/** The latest value before `asOfInstant`: connectors that know former values may list them all. */
function latestValue(name: string, { deal, asOfInstant }: ProofSources): FilledProperty | null {
  let latest: FilledProperty | null = null;
  for (const property of deal.properties) {
    const { epochMilliseconds } = property.filledAt;
    if (property.name !== name || epochMilliseconds >= asOfInstant.epochMilliseconds) continue;
    if (latest === null || epochMilliseconds >= latest.filledAt.epochMilliseconds) latest = property;
  }
  return latest;
}

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** null for a text that is no calendar day ("2026-02-30", "yes, by phone"). */
function parseDay(text: string): number | null {
  const trimmed = text.trim();
  if (!ISO_DAY.test(trimmed)) return null;
  try {
    return epochDayOf(Temporal.PlainDate.from(trimmed, { overflow: 'reject' }));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function activityDays(
  kinds: readonly Activity['kind'][],
  { activities, asOfInstant, days }: ProofSources,
): readonly number[] {
  return activities
    .filter((activity) => activity.withCustomer && kinds.includes(activity.kind))
    .filter((activity) => activity.at.epochMilliseconds < asOfInstant.epochMilliseconds)
    .map((activity) => days.dayOf(activity.at))
    .sort((left, right) => left - right);
}

/**
 * Neither CRM says since when a contact has its role. It counts from the deal's creation and is never out of date: a role alone
 * must not move the day on which a milestone was reached.
 */
function roleDays(roles: readonly string[], { deal, contacts, days }: ProofSources): readonly number[] {
  const wanted = new Set(roles.map(plainRole));
  const found = contacts.some(({ buyingRole }) =>
    (buyingRole ?? '').split(';').some((role) => wanted.has(plainRole(role))),
  );
  return found ? [days.dayOf(deal.createdAt)] : [];
}

function plainRole(role: string): string {
  return role.trim().toLowerCase();
}

/**
 * `atLeast` events prove from the day of the last of them until the first of them expires; spans that touch are one.
 * Returns the newest span.
 */
function latestSpan(
  days: readonly number[],
  atLeast: number,
  expiresAfterDays: number | null,
): ProofSpan | null {
  let span: ProofSpan | null = null;
  for (let last = atLeast - 1; last < days.length; last += 1) {
    const from = days[last];
    const oldest = days[last - atLeast + 1];
    if (from === undefined || oldest === undefined) continue;
    const expiresDay = expiresAfterDays === null ? null : oldest + expiresAfterDays;
    if (expiresDay !== null && expiresDay <= from) continue;
    span = { sinceDay: continues(span, from) ? span.sinceDay : from, expiresDay };
  }
  return span;
}

function continues(span: ProofSpan | null, from: number): span is ProofSpan {
  return span !== null && (span.expiresDay === null || from <= span.expiresDay);
}

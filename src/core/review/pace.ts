/** How long deals stay in a milestone, measured on the company's own won deals, and what is worth a word: stuck, fast, silent. */

import type { Activity, Deal } from '../deals/deal.ts';
import { type StateRun, stateRuns } from '../deals/standing.ts';
import type { Pace, PaceNorm } from '../forecast/forecast-types.ts';
import type { Milestone, MilestoneModel } from '../milestones/milestone.ts';
import { daysBetween } from '../values/calendar.ts';

/** Quartiles of fewer deals than this are noise; the median alone bears a little less. */
const MIN_DEALS_FOR_QUARTILES = 10;
const MIN_DEALS_FOR_MEDIAN = 3;

/** Without quartiles, a deal is stuck after this many times the usual stay; nothing is called fast. */
const STUCK_MULTIPLE = 3;

/** Business days without the customer after which the silence is worth a question. */
const SILENT_AFTER_BUSINESS_DAYS = 10;

/** Later moves of the close date from which on they are worth a question. */
export const MANY_PUSHES = 3;

const MS_PER_DAY = 86_400_000;

/**
 * One norm per milestone, in the order of the model, from deals won before `asOfInstant`: days spent in the milestone, all visits of a
 * deal added up. The stage history speaks for the time before evidence was recorded. Percentiles are those of the nearest rank.
 */
export function paceNorms(
  deals: readonly Deal[],
  model: MilestoneModel,
  asOfInstant: Temporal.Instant,
): readonly PaceNorm[] {
  const stays: number[][] = model.milestones.map(() => []);
  for (const deal of deals) {
    const runs = stateRuns(deal, model, asOfInstant);
    if (runs.at(-1)?.state.kind !== 'won') continue;
    for (const [index, days] of daysByMilestone(runs)) stays[index]?.push(days);
  }
  return model.milestones.map((milestone, index) => normOf(milestone, stays[index] ?? []));
}

function daysByMilestone(runs: readonly StateRun[]): ReadonlyMap<number, number> {
  const msByMilestone = new Map<number, number>();
  runs.forEach(({ state, enteredAt }, position) => {
    const next = runs[position + 1];
    if (state.kind !== 'milestone' || next === undefined) return;
    const stayMs = next.enteredAt.epochMilliseconds - enteredAt.epochMilliseconds;
    msByMilestone.set(state.milestone, (msByMilestone.get(state.milestone) ?? 0) + stayMs);
  });
  return new Map([...msByMilestone].map(([milestone, ms]) => [milestone, Math.floor(ms / MS_PER_DAY)]));
}

function normOf({ key, typicalDays }: Milestone, unsorted: readonly number[]): PaceNorm {
  const days = [...unsorted].sort((left, right) => left - right);
  const n = days.length;
  if (n >= MIN_DEALS_FOR_QUARTILES) {
    return {
      milestone: key,
      fastBelowDays: percentile(days, 25),
      medianDays: percentile(days, 50),
      stuckAboveDays: Math.max(1, percentile(days, 75)),
      source: 'own_history',
      n,
    };
  }
  const measured = n >= MIN_DEALS_FOR_MEDIAN;
  const medianDays = measured ? percentile(days, 50) : typicalDays;
  return {
    milestone: key,
    fastBelowDays: 0,
    medianDays,
    stuckAboveDays: Math.max(1, medianDays * STUCK_MULTIPLE),
    source: measured ? 'three_medians' : 'typical_days',
    n,
  };
}

/** Nearest rank: the smallest value that at least `percent` % of the sorted values do not exceed. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
}

/** The stay that a deal just ended, with the norm it is measured against. */
export interface PassedMilestone {
  readonly days: number;
  readonly norm: PaceNorm | undefined;
}

/**
 * Stuck: longer in the milestone than three quarters of the won deals were. Fast: the milestone before was passed sooner than by three
 * quarters of them, and the deal still moves (a deal that only just arrived somewhere is not fast for that).
 */
export function paceOf(
  daysInMilestone: number | null,
  norm: PaceNorm | undefined,
  passed: PassedMilestone | null,
): Pace {
  if (daysInMilestone === null || norm === undefined) return 'on_track';
  if (daysInMilestone > norm.stuckAboveDays) return 'stuck';
  const passedFast = passed?.norm !== undefined && passed.days < passed.norm.fastBelowDays;
  return passedFast && daysInMilestone <= norm.medianDays ? 'fast' : 'on_track';
}

/** The last moment before `asOfInstant` at which the customer took part in something. */
export function lastCustomerContact(
  activities: readonly Activity[],
  asOfInstant: Temporal.Instant,
): Temporal.Instant | null {
  let last: Temporal.Instant | null = null;
  for (const { at, withCustomer } of activities) {
    if (!withCustomer || at.epochMilliseconds >= asOfInstant.epochMilliseconds) continue;
    if (last === null || at.epochMilliseconds > last.epochMilliseconds) last = at;
  }
  return last;
}

/** Mondays to Fridays after `from` and up to `to`; public holidays differ by country and are not known here. */
export function businessDaysBetween(from: Temporal.PlainDate, to: Temporal.PlainDate): number {
  const days = daysBetween(from, to);
  if (days <= 0) return 0;
  const wholeWeeks = Math.floor(days / 7);
  let count = wholeWeeks * 5;
  for (let extra = wholeWeeks * 7 + 1; extra <= days; extra += 1) {
    const weekday = ((from.dayOfWeek - 1 + extra) % 7) + 1;
    if (weekday <= 5) count += 1;
  }
  return count;
}

/** True when the last known contact is 10 business days old. Without any known contact nothing is said: the CRM may not log them. */
export function isSilent(contact: Temporal.PlainDate | null, asOf: Temporal.PlainDate): boolean {
  return contact !== null && businessDaysBetween(contact, asOf) >= SILENT_AFTER_BUSINESS_DAYS;
}

/**
 * When a digest is due: pure answers, made from the rules of the zone at the moment of asking. Nothing is scheduled ahead: a stored delay would
 * keep last season's offset, these cannot.
 */

import type { Manager } from '../../src/core/deals/manager.ts';
import { dateIn, isoWeekOf, mondayOf } from '../../src/core/values/calendar.ts';
import type { SkipReason } from './digest-plan.ts';

/** Monday, in the manager's own zone. */
const SEND_AT = Temporal.PlainTime.from('08:00');
/** Data are read before the first manager's eight o'clock, so that figures are fresh and a slow CRM has its time. */
const READ_AHEAD_HOURS = 2;
/** A CRM that cannot be read keeps nobody waiting longer: the records as last read are told, with their time. */
const FALL_BACK_HOURS = 2;
/** A server that was down sends late once; older news is no news. */
const CLOSED_AFTER_HOURS = 36;
/** From nine on a digest is called late, and one that is neither sent nor explained is missing. */
const LATE_AFTER_HOURS = 1;

/** `wait`: not yet eight o'clock there. */
export type Due =
  | { readonly kind: 'wait' }
  | { readonly kind: 'send' }
  | { readonly kind: 'skip'; readonly reason: SkipReason };

type Choice = Pick<Manager, 'zone' | 'digest' | 'digestPausedUntil'>;

/** What is to be done now with a digest that has not left. `manager` null: no longer one. */
export function dueOf(isoWeek: string, manager: Choice | null, now: Temporal.Instant): Due {
  if (manager === null) return { kind: 'skip', reason: 'digest_off' };
  const sendAt = sendingTime(isoWeek, manager.zone);
  if (isBefore(now, sendAt)) return { kind: 'wait' };
  const reason = refusalOf(isoWeek, manager) ?? (isClosed(isoWeek, manager.zone, now) ? 'late' : null);
  return reason === null ? { kind: 'send' } : { kind: 'skip', reason };
}

/** The manager's own reason to have no mail this week; null when there is none. */
export function refusalOf(isoWeek: string, manager: Choice | null): SkipReason | null {
  if (manager === null || manager.digest === 'off') return 'digest_off';
  const until = manager.digestPausedUntil;
  return until !== null && Temporal.PlainDate.compare(mondayOfWeek(isoWeek), until) < 0 ? 'paused' : null;
}

/** Monday 08:00 of the ISO week in the zone: the first of two, or where a clock jumps over eight o'clock the first instant after. */
export function sendingTime(isoWeek: string, zone: string): Temporal.Instant {
  return firstInstantAt(mondayOfWeek(isoWeek).toPlainDateTime(SEND_AT), zone);
}

export function isLate(isoWeek: string, zone: string, now: Temporal.Instant): boolean {
  return !isBefore(now, sendingTime(isoWeek, zone).add({ hours: LATE_AFTER_HOURS }));
}

export function isClosed(isoWeek: string, zone: string, now: Temporal.Instant): boolean {
  return !isBefore(now, sendingTime(isoWeek, zone).add({ hours: CLOSED_AFTER_HOURS }));
}

/** The wall clock's first instant at or after `wanted`. */
export function firstInstantAt(wanted: Temporal.PlainDateTime, zone: string): Temporal.Instant {
  const found = wanted.toZonedDateTime(zone);
  if (found.toPlainDateTime().equals(wanted)) return found.toInstant();
  const beforeJump = wanted.toZonedDateTime(zone, { disambiguation: 'earlier' });
  return (beforeJump.getTimeZoneTransition('next') ?? found).toInstant();
}

/** "2026-W47" -> its Monday. 4 January is always in week 1. */
export function mondayOfWeek(isoWeek: string): Temporal.PlainDate {
  const [year = '', week = ''] = isoWeek.split('-W');
  const fourth = Temporal.PlainDate.from({ year: Number(year), month: 1, day: 4 });
  return mondayOf(fourth).add({ weeks: Number(week) - 1 });
}

/** One week's work: reading from `from`, from `fallBackFrom` without the CRM, until no manager can have a digest of that week any more. */
export interface MondayWindow {
  readonly isoWeek: string;
  readonly monday: Temporal.PlainDate;
  readonly fallBackFrom: Temporal.Instant;
}

/** The week whose digests are being made at `now`, for people in these zones; null between two Mondays. All the world's eight o'clocks lie within 26 hours. */
export function mondayWindow(zones: readonly string[], now: Temporal.Instant): MondayWindow | null {
  const open = weeksAround(now).map((isoWeek) => {
    const times = zones.map((zone) => sendingTime(isoWeek, zone)).sort(Temporal.Instant.compare);
    const [first, last] = [times[0], times.at(-1)];
    if (first === undefined || last === undefined) return null;
    const begun = !isBefore(now, first.subtract({ hours: READ_AHEAD_HOURS }));
    const ended = !isBefore(now, last.add({ hours: CLOSED_AFTER_HOURS }));
    if (!begun || ended) return null;
    return { isoWeek, monday: mondayOfWeek(isoWeek), fallBackFrom: first.add({ hours: FALL_BACK_HOURS }) };
  });
  return open.find((window) => window !== null) ?? null;
}

/** This week and, while it is already Monday somewhere, the next. */
function weeksAround(now: Temporal.Instant): readonly string[] {
  const today = dateIn('UTC', now);
  return [...new Set([today, today.add({ days: 1 })].map(isoWeekOf))];
}

/** Closed weeks that may still lack a row: the present one and the one before, in the manager's zone. Older ones are left in peace. */
export function closedWeeks(zone: string, now: Temporal.Instant): readonly string[] {
  const today = dateIn(zone, now);
  return [isoWeekOf(today.subtract({ weeks: 1 })), isoWeekOf(today)].filter((isoWeek) =>
    isClosed(isoWeek, zone, now),
  );
}

/**
 * The day on which a pause of so many Mondays ends. Asked for on a Monday after eight, when that Monday's digest has left, it counts from the
 * next one.
 */
export function pausedUntil(zone: string, weeks: number, now: Temporal.Instant): Temporal.PlainDate {
  const today = dateIn(zone, now);
  const hasLeft = today.dayOfWeek === 1 && !isBefore(now, sendingTime(isoWeekOf(today), zone));
  return today.add({ weeks, days: hasLeft ? 1 : 0 });
}

export function isBefore(left: Temporal.Instant, right: Temporal.Instant): boolean {
  return Temporal.Instant.compare(left, right) < 0;
}

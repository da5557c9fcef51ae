/**
 * Other periods than a snapshot's own, read from its lines without fitting anything again: each line keeps its chance to be won before the
 * days on which the coming periods begin and end. A pure rollup of what was frozen, so a past week says tomorrow what it says today.
 */

import { expected, quantiseOdds } from '../milestones/net-amount.ts';
import { daysBetween, type Period, periodContains } from '../values/calendar.ts';
import { type CalendarSettings, companyPeriodOf } from '../values/calendar-weeks.ts';
import type { PipelineId } from '../values/ids.ts';
import type { LineFigures } from './forecast-types.ts';

/** Frozen with a snapshot. Absent from snapshots made before it was kept: they can be read for their own period only. */
export interface Outlook {
  /** Firsts and ends of the periods on offer that lie after the snapshot, ascending: `LineFigures.oddsBy` has one chance for each. */
  readonly days: readonly Temporal.PlainDate[];
  /** Wins to expect before each of those days from deals that do not exist yet. */
  readonly newWinsBy: readonly number[];
  /** Wins in the history behind the odds of each pipeline, and of all together (null). */
  readonly wins: readonly { readonly pipelineId: PipelineId | null; readonly wins: number }[];
}

/** A period of the company with its months; none where the period is a month itself. */
export interface OfferedPeriod {
  readonly period: Period;
  readonly months: readonly Period[];
}

/** The period that contains `asOf`, and the one after it. */
export function offeredPeriods(
  asOf: Temporal.PlainDate,
  settings: CalendarSettings,
): readonly OfferedPeriod[] {
  const current = companyPeriodOf(asOf, settings);
  const next = companyPeriodOf(current.end, settings);
  return [current, next].map((period) => ({
    period,
    months: period.kind === 'month' ? [] : monthsOf(period, settings),
  }));
}

function monthsOf({ start, end }: Period, settings: CalendarSettings): readonly Period[] {
  const months: Period[] = [];
  for (let day = start; Temporal.PlainDate.compare(day, end) < 0; day = months.at(-1)?.end ?? end)
    months.push(companyPeriodOf(day, { ...settings, periodKind: 'month' }));
  return months;
}

/** The days by which each line of a snapshot keeps its chance. */
export function outlookDays(
  asOf: Temporal.PlainDate,
  settings: CalendarSettings,
): readonly Temporal.PlainDate[] {
  const days = offeredPeriods(asOf, settings)
    .flatMap(({ period, months }) => [period, ...months])
    .flatMap(({ start, end }) => [start, end])
    .filter((day) => daysBetween(asOf, day) > 0)
    .map((day) => [day.toString(), day] as const);
  return [...new Map(days).values()].toSorted(Temporal.PlainDate.compare);
}

/** Whether lines frozen on `asOf` can be read for the period. */
export function coversPeriod(
  days: readonly Temporal.PlainDate[],
  asOf: Temporal.PlainDate,
  period: Period,
): boolean {
  return [period.start, period.end].every(
    (day) => daysBetween(asOf, day) <= 0 || days.some((known) => known.equals(day)),
  );
}

/** The days by which the lines of a snapshot kept their chances. */
export interface OutlookFrame {
  readonly asOf: Temporal.PlainDate;
  readonly days: readonly Temporal.PlainDate[];
}

type PeriodFigures = Pick<LineFigures, 'odds' | 'expectedMinor' | 'wonInPeriodMinor'>;

/** The lines as forecasts of `period`; see `periodReader`. */
export function linesForPeriod<Line extends LineFigures>(
  lines: readonly Line[],
  frame: OutlookFrame,
  period: Period,
): readonly Line[] {
  const read = periodReader(frame, period);
  return lines.map((line) => ({ ...line, ...read(line) }));
}

/**
 * What a frozen line says of `period`. Expected in it is what is expected by its end less what is expected by its start, each rounded once:
 * so the months of a quarter add up to the quarter, to the minor unit. Throws when the period is not covered.
 */
export function periodReader(
  { asOf, days }: OutlookFrame,
  period: Period,
): (line: LineFigures) => PeriodFigures {
  const [from, to] = [indexOf(days, asOf, period.start), indexOf(days, asOf, period.end)];
  const known = new Map<Temporal.PlainDate, boolean>();
  const contains = (day: Temporal.PlainDate): boolean => {
    const answer = known.get(day) ?? periodContains(period, day);
    known.set(day, answer);
    return answer;
  };
  return (line) => {
    const { standing, closedOn, grossMinor } = line;
    const before = chanceBy(line, from);
    const byEnd = chanceBy(line, to);
    const counted = line.exclusion === null;
    const signed = standing === 'won' && closedOn !== null && contains(closedOn);
    return {
      odds: standing === 'open' ? quantiseOdds(byEnd - before) : line.odds,
      expectedMinor:
        counted && byEnd > before ? expected(grossMinor, byEnd) - expected(grossMinor, before) : 0n,
      wonInPeriodMinor: counted && signed ? grossMinor : 0n,
    };
  };
}

/** Wins to expect in the period from deals that do not exist yet. */
export function newWinsIn({ days, newWinsBy }: Outlook, asOf: Temporal.PlainDate, period: Period): number {
  const by = (day: Temporal.PlainDate): number => newWinsBy[indexOf(days, asOf, day) ?? -1] ?? 0;
  return by(period.end) - by(period.start);
}

/** Null: the day is past, and nothing open was won before it. */
function indexOf(
  days: readonly Temporal.PlainDate[],
  asOf: Temporal.PlainDate,
  day: Temporal.PlainDate,
): number | null {
  if (daysBetween(asOf, day) <= 0) return null;
  const index = days.findIndex((known) => known.equals(day));
  if (index < 0) throw new Error(`no chances were frozen for ${day}`);
  return index;
}

function chanceBy({ oddsBy }: LineFigures, index: number | null): number {
  return index === null ? 0 : (oddsBy?.[index] ?? 0);
}

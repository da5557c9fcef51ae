/** Totals of forecast lines. Each is the sum of lines already rounded, so that what is printed adds up. */

import type { Milestone } from '../milestones/milestone.ts';
import { type Period, periodContains } from '../values/calendar.ts';
import type { CurrencyCode } from '../values/currency.ts';
import type { MilestoneKey } from '../values/ids.ts';
import type {
  Exclusion,
  ForecastRange,
  ForecastSummary,
  HistoryLabel,
  LineFigures,
  Rollup,
} from './forecast-types.ts';

export interface SummaryFrame {
  readonly asOf: Temporal.PlainDate;
  readonly period: Period;
  readonly currency: CurrencyCode;
  readonly modelVersion: number;
  readonly milestones: readonly Milestone[];
  readonly targetMinor: bigint | null;
  readonly history: { readonly label: HistoryLabel; readonly resolvedDeals: number };
  readonly range?: ForecastRange | null;
  readonly newBusinessMinor?: bigint | null;
}

/**
 * Pipeline figures (deals, gross, net, unproven, expected, rollups) add up the open deals that are not excluded; won figures the deals
 * signed in the period. Excluded deals that would have counted are counted by reason.
 */
export function summarise(lines: readonly LineFigures[], frame: SummaryFrame): ForecastSummary {
  const open = openLines(lines);
  const won = lines.filter((line) => isWonIn(line, frame.period) && line.exclusion === null);
  const pipeline = rollup(null, open);
  const wonMinor = sum(won, (line) => line.wonInPeriodMinor);
  const forecastMinor = wonMinor + pipeline.expectedMinor;
  const { targetMinor } = frame;
  return {
    asOf: frame.asOf,
    period: frame.period,
    currency: frame.currency,
    modelVersion: frame.modelVersion,
    targetMinor,
    wonMinor,
    wonDeals: won.length,
    expectedMinor: pipeline.expectedMinor,
    forecastMinor,
    gapMinor: targetMinor === null ? null : atLeastZero(targetMinor - forecastMinor),
    openDeals: open.length,
    grossMinor: pipeline.grossMinor,
    netMinor: pipeline.netMinor,
    unprovenMinor: pipeline.unprovenMinor,
    newBusinessMinor: frame.newBusinessMinor ?? null,
    range: frame.range ?? null,
    byMilestone: byMilestone(open, frame.milestones),
    byOwner: rollups(open, (line) => line.ownerId),
    byPipeline: rollups(open, (line) => line.pipelineId),
    exclusions: countExclusions(lines, frame.period),
    history: frame.history,
  };
}

/** The deals that make the pipeline figures. */
export function openLines<Line extends LineFigures>(lines: readonly Line[]): readonly Line[] {
  return lines.filter((line) => line.standing === 'open' && line.exclusion === null);
}

function isWonIn(line: LineFigures, period: Period): boolean {
  return line.standing === 'won' && line.closedOn !== null && periodContains(period, line.closedOn);
}

function atLeastZero(amountMinor: bigint): bigint {
  return amountMinor > 0n ? amountMinor : 0n;
}

function sum(lines: readonly LineFigures[], amountOf: (line: LineFigures) => bigint): bigint {
  return lines.reduce((total, line) => total + amountOf(line), 0n);
}

function rollup<Key>(key: Key, lines: readonly LineFigures[]): Rollup<Key> {
  return {
    key,
    deals: lines.length,
    grossMinor: sum(lines, (line) => line.grossMinor),
    netMinor: sum(lines, (line) => line.netMinor),
    unprovenMinor: sum(lines, (line) => line.unprovenMinor),
    expectedMinor: sum(lines, (line) => line.expectedMinor),
  };
}

/** Every milestone of the model has its row, in order; deals with nothing verified come first, when there are any. */
function byMilestone(
  open: readonly LineFigures[],
  milestones: readonly Milestone[],
): readonly Rollup<MilestoneKey | null>[] {
  const groups = groupBy(open, (line) => line.verified);
  const unverified = groups.get(null);
  return [
    ...(unverified === undefined ? [] : [rollup(null, unverified)]),
    ...milestones.map(({ key }) => rollup(key, groups.get(key) ?? [])),
  ];
}

/** Largest net amount first, then by key. */
function rollups<Key extends string | null>(
  lines: readonly LineFigures[],
  keyOf: (line: LineFigures) => Key,
): readonly Rollup<Key>[] {
  const rows = [...groupBy(lines, keyOf)].map(([key, members]) => rollup(key, members));
  return rows.sort((left, right) => {
    if (left.netMinor !== right.netMinor) return left.netMinor > right.netMinor ? -1 : 1;
    return String(left.key) < String(right.key) ? -1 : 1;
  });
}

function groupBy<Key>(
  lines: readonly LineFigures[],
  keyOf: (line: LineFigures) => Key,
): ReadonlyMap<Key, readonly LineFigures[]> {
  const groups = new Map<Key, LineFigures[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [line]);
    else members.push(line);
  }
  return groups;
}

/** Deals that are in no sum although they are open, unmapped or were won in the period; most frequent reason first. */
function countExclusions(
  lines: readonly LineFigures[],
  period: Period,
): readonly { readonly reason: Exclusion; readonly deals: number }[] {
  const counts = new Map<Exclusion, number>();
  for (const line of lines) {
    const concerned = line.standing === 'open' || line.standing === 'unmapped' || isWonIn(line, period);
    if (!concerned || line.exclusion === null) continue;
    counts.set(line.exclusion, (counts.get(line.exclusion) ?? 0) + 1);
  }
  return [...counts]
    .map(([reason, deals]) => ({ reason, deals }))
    .sort((left, right) => right.deals - left.deals || (left.reason < right.reason ? -1 : 1));
}

/**
 * A frozen week seen by team, pipeline or period, beside the manager's scope: rollups of frozen lines and nothing else, so that a past week
 * says the same whenever it is opened.
 */

import type { Manager } from '../src/core/deals/manager.ts';
import { linesOfManager, targetFor } from '../src/core/deals/target.ts';
import type { ForecastRange, ForecastSummary, LineFigures } from '../src/core/forecast/forecast-types.ts';
import {
  GROUP_KINDS,
  type GroupForecast,
  type GroupKind,
  groupForecasts,
  groupKeyOf,
  rangeOfLines,
} from '../src/core/forecast/group-forecasts.ts';
import {
  coversPeriod,
  linesForPeriod,
  newWinsIn,
  type OfferedPeriod,
  type OutlookFrame,
  offeredPeriods,
  periodReader,
} from '../src/core/forecast/outlook.ts';
import { summarise } from '../src/core/forecast/summary.ts';
import type { Movement } from '../src/core/review/digest-types.ts';
import { movementBetween } from '../src/core/review/movement.ts';
import { type OpenDeal, rangeOf } from '../src/core/totals/totals.ts';
import type { Period } from '../src/core/values/calendar.ts';
import { converterTo } from '../src/core/values/exchange.ts';
import type { PipelineId, TeamId } from '../src/core/values/ids.ts';
import type { SnapshotHeader, StoredForecast } from '../src/ports/snapshot-store.ts';
import { atMeanWonAmount } from './compute-forecast.ts';

export interface Selection {
  readonly manager: Manager | null;
  readonly teamId: TeamId | null;
  readonly pipelineId: PipelineId | null;
  readonly period: Period;
}

/** A week as it was frozen; `stored` is the forecast of the selection's manager. */
export interface FrozenWeek {
  readonly header: SnapshotHeader;
  readonly stored: StoredForecast;
  readonly lines: readonly LineFigures[];
}

/**
 * Of more groups than this none gets a range of its own: each costs some milliseconds, and a page shows no more rows. A manager's team, or
 * one team of the company, is smaller.
 */
const MAX_RANGES = 40;

interface PeriodForecast {
  readonly period: Period;
  readonly wonMinor: bigint;
  readonly expectedMinor: bigint;
  readonly range: ForecastRange | null;
}

export interface SelectedForecast {
  /** Lines of the selection, as forecasts of its period. */
  readonly lines: readonly LineFigures[];
  readonly summary: ForecastSummary;
  readonly groups: Readonly<Record<GroupKind, readonly GroupForecast[]>>;
  /** The periods on offer with their months; empty where the snapshot can be read for its own period only. */
  readonly periods: readonly { readonly whole: PeriodForecast; readonly months: readonly PeriodForecast[] }[];
}

/** What the week can be asked for: its own period first. */
export function periodsOf({
  header,
  stored,
}: Pick<FrozenWeek, 'header' | 'stored'>): readonly OfferedPeriod[] {
  return header.outlook === undefined
    ? [{ period: stored.summary.period, months: [] }]
    : offeredPeriods(header.asOf, header.company);
}

export function selectForecast(week: FrozenWeek, selection: Selection): SelectedForecast {
  const inScope = scopeLines(week.lines, week.header, selection);
  const lines = inPeriod(inScope, week, selection.period);
  const wins = winsBehind(week.header);
  const summary = isWhole(week, selection)
    ? week.stored.summary
    : summaryOfSelection(lines, week, selection, wins(selection.pipelineId));
  const groupsBy = (kind: GroupKind): readonly GroupForecast[] => {
    const keyOf = groupKeyOf(kind, week.header.owners);
    const isCrowd = new Set(lines.map(keyOf)).size > MAX_RANGES;
    return groupForecasts(lines, keyOf, (key) =>
      isCrowd ? null : wins(kind === 'pipeline' ? (key as PipelineId | null) : selection.pipelineId),
    );
  };
  const periodForecast = (period: Period): PeriodForecast =>
    forecastOfPeriod(inScope, frameOf(week.header), period, wins(selection.pipelineId));
  return {
    lines,
    summary,
    groups: Object.fromEntries(GROUP_KINDS.map((kind) => [kind, groupsBy(kind)])) as Record<
      GroupKind,
      readonly GroupForecast[]
    >,
    periods:
      week.header.outlook === undefined
        ? []
        : periodsOf(week).map(({ period, months }) => ({
            whole: periodForecast(period),
            months: months.map(periodForecast),
          })),
  };
}

/** The scope whose forecast was computed when the week was frozen, with its target and what moved. */
export function isWhole({ stored }: Pick<FrozenWeek, 'stored'>, selection: Selection): boolean {
  return (
    selection.teamId === null &&
    selection.pipelineId === null &&
    selection.period.key === stored.summary.period.key
  );
}

/**
 * What moved in the selection since the snapshot before. Null when the older side was replayed, whose lines nobody kept, or does not
 * reach to the period.
 */
export function movementOfSelection(
  now: FrozenWeek,
  before: Pick<FrozenWeek, 'header' | 'lines'>,
  selection: Selection,
  maxRows: number,
): Movement | null {
  const { asOf, outlook } = before.header;
  if (outlook === undefined || !coversPeriod(outlook.days, asOf, selection.period)) return null;
  const side = (lines: readonly LineFigures[], header: SnapshotHeader) =>
    linesForPeriod(scopeLines(lines, now.header, selection), frameOf(header), selection.period);
  return movementBetween({
    before: side(before.lines, before.header),
    after: side(now.lines, now.header),
    milestones: now.header.model.milestones,
    maxRows,
    account: { before: idsOf(before.lines), after: idsOf(now.lines) },
  });
}

function idsOf(lines: readonly LineFigures[]) {
  return new Set(lines.map(({ dealId }) => dealId));
}

function scopeLines(
  lines: readonly LineFigures[],
  { owners }: SnapshotHeader,
  { manager, teamId, pipelineId }: Selection,
): readonly LineFigures[] {
  const ofManager = manager === null ? lines : linesOfManager(lines, manager, owners);
  const members = new Set(
    owners.filter(({ teamIds }) => teamId !== null && teamIds.includes(teamId)).map(({ id }) => id),
  );
  return ofManager.filter(
    (line) =>
      (teamId === null || (line.ownerId !== null && members.has(line.ownerId))) &&
      (pipelineId === null || line.pipelineId === pipelineId),
  );
}

function inPeriod(
  lines: readonly LineFigures[],
  { header, stored }: FrozenWeek,
  period: Period,
): readonly LineFigures[] {
  if (period.key === stored.summary.period.key) return lines;
  return linesForPeriod(lines, frameOf(header), period);
}

function frameOf({ asOf, outlook }: SnapshotHeader): OutlookFrame {
  return { asOf, days: outlook?.days ?? [] };
}

/** Null: the snapshot did not keep them. A pipeline without a history of its own was forecast by all of them together. */
function winsBehind({ outlook }: SnapshotHeader): (pipelineId: PipelineId | null) => number | null {
  const wins = new Map(outlook?.wins.map((one) => [one.pipelineId, one.wins]));
  return (pipelineId) => wins.get(pipelineId) ?? wins.get(null) ?? null;
}

function summaryOfSelection(
  lines: readonly LineFigures[],
  { header, stored }: FrozenWeek,
  selection: Selection,
  wins: number | null,
): ForecastSummary {
  const targetMinor = targetOfSelection(header, selection);
  return summarise(lines, {
    asOf: header.asOf,
    period: selection.period,
    currency: header.company.currency,
    modelVersion: header.model.version,
    milestones: header.model.milestones,
    targetMinor,
    history: stored.summary.history,
    range: wins === null ? null : rangeOfLines(lines, { targetMinor, wins }),
    newBusinessMinor: newBusinessOf(lines, header, selection),
  });
}

/** A team has the target of the manager who answers for exactly this team; a pipeline has none. */
function targetOfSelection(
  { managers, targets, company, rates, asOf }: SnapshotHeader,
  { manager, teamId, pipelineId, period }: Selection,
): bigint | null {
  if (pipelineId !== null) return null;
  const convert = converterTo(company.currency, rates, asOf);
  if (teamId === null) return targetFor(targets, manager, period.key, convert);
  const leader = managers.find(
    ({ teamIds, ownerIds }) => teamIds.length === 1 && teamIds[0] === teamId && ownerIds.length === 0,
  );
  const isTheirs = manager === null || manager.id === leader?.id;
  return leader === undefined || !isTheirs ? null : targetFor(targets, leader, period.key, convert);
}

/** Known for the whole company only. */
function newBusinessOf(
  lines: readonly LineFigures[],
  { outlook, asOf }: SnapshotHeader,
  { manager, teamId, pipelineId, period }: Selection,
): bigint | null {
  if (outlook === undefined || manager !== null || teamId !== null || pipelineId !== null) return null;
  return atMeanWonAmount(lines, newWinsIn(outlook, asOf, period));
}

function forecastOfPeriod(
  lines: readonly LineFigures[],
  frame: OutlookFrame,
  period: Period,
  wins: number | null,
): PeriodForecast {
  const read = periodReader(frame, period);
  const deals: OpenDeal[] = [];
  let wonMinor = 0n;
  let expectedMinor = 0n;
  for (const line of lines) {
    const figures = read(line);
    wonMinor += figures.wonInPeriodMinor;
    expectedMinor += figures.expectedMinor;
    if (figures.expectedMinor > 0n)
      deals.push({ dealId: line.dealId, amountMinor: line.grossMinor, odds: figures.odds });
  }
  const range = wins === null ? null : rangeOf({ deals, wonMinor, targetMinor: null, wins });
  return { period, wonMinor, expectedMinor, range };
}

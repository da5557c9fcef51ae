/** What was, or would have been, forecast of a period on a day before its end: from the snapshot of that day, or from the histories. */

import type { ForecastLine, ForecastRange } from '../src/core/forecast/forecast-types.ts';
import { milestoneIndexOf } from '../src/core/milestones/milestone.ts';
import { expected, quantiseOdds } from '../src/core/milestones/net-amount.ts';
import { fitOddsByPipeline, type PipelineOdds } from '../src/core/odds/fit-odds-pipelines.ts';
import type { VerifiedHistory } from '../src/core/odds/verified-history.ts';
import { daysBetween, type Period, periodContains } from '../src/core/values/calendar.ts';
import type { ManagerId, SnapshotId } from '../src/core/values/ids.ts';
import type { SnapshotHeader } from '../src/ports/snapshot-store.ts';
import type { TenantStore } from '../src/ports/store.ts';
import { computeForecast, type ForecastSources, periodAt } from './compute-forecast.ts';

export interface PastForecast {
  readonly asOf: Temporal.PlainDate;
  readonly source: 'snapshot' | 'replayed';
  readonly modelVersion: number;
  /** Odds, expected and won amounts are those of the period asked. */
  readonly lines: readonly ForecastLine[];
  /** Wins in the history known then. */
  readonly wins: number;
  /** Wins to expect in the period from deals that did not exist yet. */
  readonly newWins: number;
  /** Ranges as they were stored; empty where the snapshot was about another period. */
  readonly ranges: ReadonlyMap<ManagerId | null, ForecastRange>;
}

/** A snapshot older than this is not the forecast of that day: a Monday was missed. */
const WEEK = 7;
/** Fewer resolved deals than this say nothing about the forecast that one would have had. */
const MIN_RESOLVED = 20;

type Reading = <T>(work: (tenant: TenantStore) => Promise<T>) => Promise<T>;
type Snapshots = readonly { readonly id: SnapshotId; readonly asOf: Temporal.PlainDate }[];

/** Null when nothing could be said: no snapshot of that week, and too little history to replay it. */
export async function pastForecast(
  read: Reading,
  sources: ForecastSources,
  snapshots: Snapshots,
  period: Period,
  day: Temporal.PlainDate,
): Promise<PastForecast | null> {
  const nearest = snapshots
    .filter(({ asOf }) => daysBetween(asOf, day) >= 0 && daysBetween(asOf, day) < WEEK)
    .toSorted((left, right) => daysBetween(right.asOf, left.asOf))[0];
  if (nearest === undefined) return replayed(sources, period, day);
  return await read((tenant) => forecastOfSnapshot(tenant, nearest.id, period, sources.verified));
}

function replayed(sources: ForecastSources, period: Period, day: Temporal.PlainDate): PastForecast | null {
  const { lines, odds } = computeForecast(sources, day, period);
  if (odds.pooled.resolvedDeals < MIN_RESOLVED) return null;
  return {
    asOf: day,
    source: 'replayed',
    modelVersion: sources.model.version,
    lines,
    wins: odds.pooled.wins,
    newWins: newWinsIn(odds, day, period),
    ranges: new Map(),
  };
}

/** What a snapshot says of a period, its own or a later one; null without such a snapshot. */
export async function forecastOfSnapshot(
  tenant: TenantStore,
  id: SnapshotId,
  period: Period,
  recorded?: VerifiedHistory,
): Promise<PastForecast | null> {
  const header = await tenant.snapshots.header(id);
  if (header === null) return null;
  const verified = recorded ?? (await tenant.snapshots.verifiedHistory(header.connectionId));
  const deals = await tenant.snapshots.deals(id);
  const frozen = await tenant.snapshots.lines(id);
  const odds = fitOddsByPipeline(deals, header.model, header.asOf, header.company.zone, verified);
  const same = periodAt(header, header.asOf).key === period.key;
  const stored = same ? await tenant.snapshots.forecasts(id) : [];
  return {
    asOf: header.asOf,
    source: 'snapshot',
    modelVersion: header.model.version,
    lines: same ? frozen : frozen.map((line) => lineForPeriod(line, header, odds, period)),
    wins: odds.pooled.wins,
    newWins: newWinsIn(odds, header.asOf, period),
    ranges: new Map(
      stored.flatMap(({ managerId, summary }) =>
        summary.range === null ? [] : [[managerId, summary.range]],
      ),
    ),
  };
}

/** A frozen line says where the deal stood; what that meant for a later period is looked up as it would have been on that day. */
function lineForPeriod(
  line: ForecastLine,
  { model, asOf }: SnapshotHeader,
  { byPipeline, pooled }: PipelineOdds,
  period: Period,
): ForecastLine {
  const signedInIt =
    line.standing === 'won' && line.closedOn !== null && periodContains(period, line.closedOn);
  const wonInPeriodMinor = signedInIt && line.exclusion === null ? line.grossMinor : 0n;
  if (line.standing !== 'open' || line.oddsReason === null) return { ...line, wonInPeriodMinor };
  const book = byPipeline.get(line.pipelineId) ?? pooled;
  const milestone = milestoneIndexOf(model.milestones, line.verified);
  const within = (day: Temporal.PlainDate): number =>
    book.inDays(milestone, line.oddsReason?.ageDays ?? 0, Math.max(0, daysBetween(asOf, day)));
  const odds = quantiseOdds(within(period.end) - within(period.start));
  return {
    ...line,
    odds,
    expectedMinor: line.exclusion === null ? expected(line.grossMinor, odds) : 0n,
    wonInPeriodMinor: 0n,
  };
}

function newWinsIn({ pooled }: PipelineOdds, from: Temporal.PlainDate, period: Period): number {
  const until = (day: Temporal.PlainDate) => pooled.newWins(Math.max(0, daysBetween(from, day)));
  return until(period.end) - until(period.start);
}

/** Freezes what a forecast depends on, as of a day, and the forecast with it: one transaction, never changed afterwards. */

import type { ForecastLine } from '../src/core/forecast/forecast-types.ts';
import { coversPeriod, linesForPeriod, type Outlook, outlookDays } from '../src/core/forecast/outlook.ts';
import type { PipelineOdds } from '../src/core/odds/fit-odds-pipelines.ts';
import { daysBetween, isoWeekOf, type Period } from '../src/core/values/calendar.ts';
import { asId, type ConnectionId, type SnapshotId } from '../src/core/values/ids.ts';
import type { SnapshotHeader } from '../src/ports/snapshot-store.ts';
import type { TenantStore } from '../src/ports/store.ts';
import { dueBacktest } from './backtest.ts';
import {
  type ComputedForecast,
  computeForecast,
  type ForecastSources,
  periodAt,
  readSources,
} from './compute-forecast.ts';
import { type AskedLastWeek, type Comparison, scopeForecasts } from './scope-forecasts.ts';

/** An older snapshot than this is no "last week". */
const COMPARABLE_DAYS = 10;

import { type Job, type NextEffect, payloadOf } from './context.ts';

export const snapshot: Job = {
  kind: 'snapshot',
  async run(context, run) {
    const connectionId = asId<ConnectionId>(payloadOf(run.effect, 'connectionId'));
    const asOf = Temporal.PlainDate.from(payloadOf(run.effect, 'asOf'));
    const sources = await run.read((tenant) => readSources(tenant, connectionId));
    context.progress({ job: 'snapshot', connectionId, done: sources.deals.length, unit: 'deals' });
    const days = outlookDays(asOf, sources.company);
    const forecast = computeForecast(sources, asOf, undefined, days);
    const comparison = await run.read((tenant) => comparisonFor(tenant, sources, forecast));
    const asked = await run.read((tenant) => askedLastWeek(tenant, connectionId, asOf));
    const forecasts = await scopeForecasts(sources, forecast, comparison, asked);
    const snapshotId = await run.commit(async (tenant) => {
      const id = await tenant.snapshots.freeze(
        headerOf(sources, forecast, days, context.clock.now()),
        sources.deals,
      );
      await tenant.snapshots.saveForecast(id, forecast.lines, forecasts);
      return id;
    });
    context.logger.info('snapshot frozen', {
      connection: connectionId,
      snapshot: snapshotId,
      deals: sources.deals.length,
    });
    if (run.effect.payload['run'] !== 'monday') return [];
    const replay = await run.read((tenant) => dueBacktest(tenant, connectionId, asOf));
    const digests: NextEffect = {
      kind: 'digest_plan',
      key: snapshotId,
      payload: { ...run.effect.payload, snapshotId },
    };
    return [digests, ...replay];
  },
};

/**
 * What moved is told against the snapshot before, as it was sent; in the first week of a quarter against what that snapshot said of the
 * coming one. Where there is none, the Monday before is replayed from the histories: a new customer sees a true first digest.
 */
async function comparisonFor(
  tenant: TenantStore,
  sources: ForecastSources,
  { asOf, period }: ComputedForecast,
): Promise<Comparison> {
  const before = await tenant.snapshots.before(sources.connection.id, asOf);
  if (before !== null && daysBetween(before.asOf, asOf) <= COMPARABLE_DAYS) {
    const lines = await linesOfSnapshot(tenant, sources, before, period);
    if (lines !== null) return { asOf: before.asOf, kind: 'snapshot', lines };
  }
  const lastWeek = asOf.subtract({ weeks: 1 });
  return { asOf: lastWeek, kind: 'replay', lines: computeForecast(sources, lastWeek, period).lines };
}

/** As forecasts of the period: of the snapshot's own, or of one that it looked ahead to. Null when it says nothing of the period. */
async function linesOfSnapshot(
  tenant: TenantStore,
  sources: ForecastSources,
  { id, asOf, outlook }: SnapshotHeader,
  period: Period,
): Promise<readonly ForecastLine[] | null> {
  const isOwn = periodAt(sources, asOf).key === period.key;
  if (isOwn) return await tenant.snapshots.lines(id);
  if (outlook === undefined || !coversPeriod(outlook.days, asOf, period)) return null;
  return linesForPeriod(await tenant.snapshots.lines(id), { asOf, days: outlook.days }, period);
}

/** Questions of mails that left: what was never asked is neither settled nor open. */
async function askedLastWeek(
  tenant: TenantStore,
  connectionId: ConnectionId,
  asOf: Temporal.PlainDate,
): Promise<AskedLastWeek> {
  const before = await tenant.snapshots.before(connectionId, asOf);
  if (before === null || daysBetween(before.asOf, asOf) > COMPARABLE_DAYS) return new Map();
  const isoWeek = isoWeekOf(before.asOf);
  const mails = await tenant.digests.list(connectionId, { isoWeek, states: ['sent', 'uncertain'] });
  const asked = new Set(
    mails.filter(({ snapshotId }) => snapshotId === before.id).map((row) => row.managerId),
  );
  const forecasts = asked.size === 0 ? [] : await tenant.snapshots.forecasts(before.id);
  return new Map(
    forecasts.flatMap(({ managerId, questions = [] }) =>
      managerId !== null && asked.has(managerId)
        ? [[managerId, { asOf: before.asOf, questions }] as const]
        : [],
    ),
  );
}

/** What the lines of this snapshot need to be read for another period later. */
function outlookOf(
  { pooled, byPipeline }: PipelineOdds,
  asOf: Temporal.PlainDate,
  days: readonly Temporal.PlainDate[],
): Outlook {
  return {
    days,
    newWinsBy: days.map((day) => pooled.newWins(daysBetween(asOf, day))),
    wins: [
      { pipelineId: null, wins: pooled.wins },
      ...[...byPipeline].map(([pipelineId, { wins }]) => ({ pipelineId, wins })),
    ],
  };
}

function headerOf(
  sources: ForecastSources,
  { asOf, odds }: ComputedForecast,
  days: readonly Temporal.PlainDate[],
  takenAt: Temporal.Instant,
): SnapshotHeader {
  const { connection, company, model, managers, targets, rates, owners, teams, pipelines, rejections } =
    sources;
  return {
    id: asId<SnapshotId>(`${connection.id}-${asOf}`),
    connectionId: connection.id,
    asOf,
    takenAt,
    company,
    model,
    managers,
    targets,
    rates,
    owners,
    teams,
    pipelines,
    outlook: outlookOf(odds, asOf, days),
    rejections,
    dataReadAt: connection.lastPulledAt ?? takenAt,
  };
}

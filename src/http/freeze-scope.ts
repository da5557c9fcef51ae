/** What a manager looks at when freezing: the computed forecast of this period or the next, from the latest snapshot, and what was frozen before. */
import { forecastOfSnapshot, type PastForecast } from '../../jobs/past-forecast.ts';
import type { Manager } from '../core/deals/manager.ts';
import { linesOfManager, targetFor } from '../core/deals/target.ts';
import type { ForecastLine } from '../core/forecast/forecast-types.ts';
import type { FrozenForecast } from '../core/forecast/frozen-forecast.ts';
import { openLines } from '../core/forecast/summary.ts';
import { byStake } from '../core/review/questions.ts';
import type { Period } from '../core/values/calendar.ts';
import { companyPeriodOf } from '../core/values/calendar-weeks.ts';
import { converterTo } from '../core/values/exchange.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { SnapshotHeader, StoredForecast } from '../ports/snapshot-store.ts';
import type { TenantStore } from '../ports/store.ts';
import type { ComputedPeriod, FreezeScope, FrozenRow } from '../web/freeze/freeze-input.ts';
import type { Keep } from './keep-newest.ts';
import type { SnapshotLines } from './snapshot-lines.ts';

/** The latest snapshot with what was computed of each scope. */
export interface LatestWeek {
  readonly connection: ConnectionRow;
  readonly header: SnapshotHeader;
  readonly forecasts: readonly StoredForecast[];
  /** Those of the snapshot who still are managers. */
  readonly managers: readonly Manager[];
}

/** What the readers of a day share: lines of the snapshot, and what they mean for the next period. */
export interface FreezeCaches {
  readonly lines: SnapshotLines;
  readonly later: Keep<PastForecast | null>;
}

/** Null before the first snapshot. */
export async function latestWeek(tenant: TenantStore, connection: ConnectionRow): Promise<LatestWeek | null> {
  const header = await tenant.snapshots.latest(connection.id);
  if (header === null) return null;
  const present = new Set((await tenant.settings.managers()).map(({ id }) => id));
  return {
    connection,
    header,
    forecasts: await tenant.snapshots.forecasts(header.id),
    managers: header.managers.filter(({ id }) => present.has(id)),
  };
}

type Choice = Omit<FreezeScope, 'form' | 'draft' | 'saved'>;

/** `periodKey` of neither the current nor the next period falls back to the current one. */
export async function freezeScope(
  tenant: TenantStore,
  caches: FreezeCaches,
  week: LatestWeek,
  manager: Manager,
  periodKey: string,
): Promise<Choice> {
  const { header, connection } = week;
  const periods = periodsOf(header);
  const period = periods.find(({ key }) => key === periodKey) ?? periods[0];
  const own = (await tenant.frozenForecasts.list(connection.id)).filter(
    ({ managerId }) => managerId === manager.id,
  );
  return {
    manager,
    snapshotId: header.id,
    asOf: header.asOf,
    currency: header.company.currency,
    owners: header.owners,
    periods,
    period,
    computed: await computedPeriod(tenant, caches, week, manager, period),
    frozenNow: own.find((one) => one.snapshotId === header.id && one.periodKey === period.key) ?? null,
    history: await historyOf(tenant, week, manager, own),
  };
}

/** The period of the snapshot, and the next. */
function periodsOf({ asOf, company }: SnapshotHeader): readonly [Period, Period] {
  const current = companyPeriodOf(asOf, company);
  return [current, companyPeriodOf(current.end, company)];
}

async function computedPeriod(
  tenant: TenantStore,
  caches: FreezeCaches,
  { header, forecasts }: LatestWeek,
  manager: Manager,
  period: Period,
): Promise<ComputedPeriod> {
  const own = (lines: readonly ForecastLine[]) => linesOfManager(lines, manager, header.owners);
  const stored = forecasts.find(({ managerId }) => managerId === manager.id)?.summary;
  if (stored?.period.key === period.key) {
    const { wonMinor, expectedMinor, targetMinor } = stored;
    const lines = largestFirst(own(await caches.lines.of(tenant, header.id)));
    return { wonMinor, expectedMinor, targetMinor, lines };
  }
  const later = await caches.later(`${header.id}/${period.key}`, () =>
    forecastOfSnapshot(tenant, header.id, period),
  );
  const lines = own(later?.lines ?? []);
  const open = largestFirst(lines);
  const convert = converterTo(header.company.currency, header.rates, header.asOf);
  return {
    wonMinor: lines.reduce((sum, line) => sum + line.wonInPeriodMinor, 0n),
    expectedMinor: open.reduce((sum, line) => sum + line.expectedMinor, 0n),
    targetMinor: targetFor(header.targets, manager, period.key, convert),
    lines: open,
  };
}

/** By what is expected of them; where that is the same, by what is at stake. */
function largestFirst(lines: readonly ForecastLine[]): readonly ForecastLine[] {
  return byStake(openLines(lines)).toSorted((left, right) =>
    left.expectedMinor === right.expectedMinor ? 0 : left.expectedMinor > right.expectedMinor ? -1 : 1,
  );
}

/** Newest first, each with the outcome of its period once the monthly report has judged it. */
async function historyOf(
  tenant: TenantStore,
  { connection, header }: LatestWeek,
  manager: Manager,
  own: readonly FrozenForecast[],
): Promise<readonly FrozenRow[]> {
  const report = own.length === 0 ? null : await tenant.reliability.latest(connection.id);
  const outcomes = report?.accuracy.find(({ managerId }) => managerId === manager.id)?.outcomes ?? [];
  return own.toReversed().map((frozen) => ({
    frozen,
    period: periodsOf({ ...header, asOf: frozen.asOf }).find(({ key }) => key === frozen.periodKey) ?? null,
    actualMinor: outcomes.find(({ period }) => period.key === frozen.periodKey)?.actualMinor ?? null,
  }));
}

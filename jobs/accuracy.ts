/** At the end of each period its frozen forecasts meet the outcome: computed and manager's figure side by side, horizon by horizon. */

import type { Manager } from '../src/core/deals/manager.ts';
import { standingOf } from '../src/core/deals/standing.ts';
import { answersForAll, linesOfManager } from '../src/core/deals/target.ts';
import type { ForecastLine } from '../src/core/forecast/forecast-types.ts';
import { type FrozenForecast, frozenBy } from '../src/core/forecast/frozen-forecast.ts';
import { openLines } from '../src/core/forecast/summary.ts';
import { readGross } from '../src/core/milestones/net-amount.ts';
import { oddsOutcomes } from '../src/core/reliability/accuracy.ts';
import { ACCURACY_DAYS, accuracyAt, type MetForecast } from '../src/core/reliability/frozen-accuracy.ts';
import type { ScopeAccuracy } from '../src/core/reliability/reliability-report.ts';
import {
  isSignedIn,
  type PeriodOutcome,
  periodOutcome,
  type SignedLine,
} from '../src/core/reliability/restated.ts';
import { rangeOf } from '../src/core/totals/totals.ts';
import { dateIn, midnightOf, type Period } from '../src/core/values/calendar.ts';
import { converterTo } from '../src/core/values/exchange.ts';
import type { TenantStore } from '../src/ports/store.ts';
import { breathe } from './breathe.ts';
import { type ForecastSources, periodAt } from './compute-forecast.ts';
import { type PastForecast, pastForecast } from './past-forecast.ts';

/** Ended periods that are judged, by the length of the company's period. */
const JUDGED = { month: 6, quarter: 4, year: 2 } as const;
/** The first snapshot after the end speaks for the period only when it came this soon. */
const READ_WITHIN_DAYS = 31;

type Reading = <T>(work: (tenant: TenantStore) => Promise<T>) => Promise<T>;

/** A period that ended, what is known of its end, and its forecasts by days before it. */
interface EndedPeriod {
  readonly period: Period;
  readonly reported: readonly SignedLine[] | null;
  readonly today: readonly SignedLine[];
  readonly forecasts: ReadonlyMap<number, PastForecast>;
}

/** For the company, then for each manager. Reads one snapshot after the other, so that a long past does not fill the memory. */
export async function accuracyReport(
  read: Reading,
  sources: ForecastSources,
  asOf: Temporal.PlainDate,
): Promise<readonly ScopeAccuracy[]> {
  const frozen = await read((tenant) => tenant.frozenForecasts.list(sources.connection.id));
  const snapshots = await read((tenant) => tenant.snapshots.list(sources.connection.id));
  const today = signedLines(sources, asOf);
  const ended: EndedPeriod[] = [];
  for (const period of endedPeriods(sources, asOf)) {
    const forecasts = new Map<number, PastForecast>();
    for (const days of ACCURACY_DAYS) {
      const day = period.end.subtract({ days });
      await breathe();
      const past = await pastForecast(read, sources, snapshots, period, day);
      if (past !== null) forecasts.set(days, past);
    }
    if (forecasts.size === 0) continue;
    const reported = await read((tenant) => firstReading(tenant, snapshots, period));
    ended.push({ period, reported, today, forecasts });
  }
  const scopes: readonly (Manager | null)[] = [null, ...sources.managers];
  return scopes.map((manager) => scopeAccuracy(sources, ended, frozen, manager));
}

/** Oldest first. */
function endedPeriods(sources: ForecastSources, asOf: Temporal.PlainDate): readonly Period[] {
  const periods: Period[] = [];
  let period = periodAt(sources, asOf);
  for (let back = 0; back < JUDGED[sources.company.periodKind]; back += 1) {
    period = periodAt(sources, period.start.subtract({ days: 1 }));
    periods.unshift(period);
  }
  return periods;
}

/** Where every deal stands in the records of today. */
function signedLines(
  { deals, model, company, rates }: ForecastSources,
  asOf: Temporal.PlainDate,
): readonly SignedLine[] {
  const convert = converterTo(company.currency, rates, asOf);
  const instant = midnightOf(asOf, company.zone);
  return deals.flatMap((deal) => {
    const standing = standingOf(deal, model, instant);
    if (standing === null) return [];
    const { grossMinor, exclusion } = readGross(deal.amount, convert);
    const { closedAt } = standing;
    return [
      {
        dealId: deal.id,
        dealName: deal.name,
        ownerId: deal.ownerId,
        standing: standing.standing,
        exclusion: model.excludedPipelines.includes(deal.pipelineId) ? 'pipeline_excluded' : exclusion,
        closedOn: closedAt === null ? null : dateIn(company.zone, closedAt),
        grossMinor,
      },
    ];
  });
}

/** What the first snapshot on or after the end of the period said of it; null when none was taken soon enough. */
async function firstReading(
  tenant: TenantStore,
  snapshots: readonly {
    readonly id: Parameters<TenantStore['snapshots']['lines']>[0];
    readonly asOf: Temporal.PlainDate;
  }[],
  period: Period,
): Promise<readonly SignedLine[] | null> {
  const latest = period.end.add({ days: READ_WITHIN_DAYS });
  const [first] = snapshots
    .filter(
      ({ asOf }) =>
        Temporal.PlainDate.compare(asOf, period.end) >= 0 && Temporal.PlainDate.compare(asOf, latest) <= 0,
    )
    .toSorted((left, right) => Temporal.PlainDate.compare(left.asOf, right.asOf));
  return first === undefined ? null : await tenant.snapshots.lines(first.id);
}

function scopeAccuracy(
  sources: ForecastSources,
  ended: readonly EndedPeriod[],
  frozen: readonly FrozenForecast[],
  manager: Manager | null,
): ScopeAccuracy {
  const own = <Line extends Pick<SignedLine, 'ownerId'>>(lines: readonly Line[]): readonly Line[] =>
    manager === null ? lines : linesOfManager(lines, manager, sources.owners);
  const outcomes = new Map(
    ended.map(({ period, reported, today }) => [
      period.key,
      periodOutcome(period, reported === null ? null : own(reported), own(today)),
    ]),
  );
  const judge = manager ?? sources.managers.find(answersForAll) ?? null;
  return {
    managerId: manager?.id ?? null,
    outcomes: [...outcomes.values()],
    horizons: ACCURACY_DAYS.map((days) =>
      accuracyAt(
        days,
        ended.flatMap((one) => {
          const past = one.forecasts.get(days);
          const outcome = outcomes.get(one.period.key);
          if (past === undefined || outcome === undefined) return [];
          const figure = judge && frozenBy(frozen, judge.id, one.period.key, past.asOf);
          const lines = own(past.lines);
          const came = own(one.reported ?? one.today);
          return [meet(past, lines, came, outcome, manager, figure)];
        }),
      ),
    ),
  };
}

function meet(
  past: PastForecast,
  lines: readonly ForecastLine[],
  outcomeLines: readonly SignedLine[],
  { period, actualMinor }: PeriodOutcome,
  manager: Manager | null,
  figure: FrozenForecast | null,
): MetForecast {
  // Deals with nothing verified have no odds yet: like deals that do not exist, they are new business.
  const open = openLines(lines).filter(({ verified }) => verified !== null);
  const signed = outcomeLines.filter((line) => isSignedIn(line, period));
  const signedIds = new Set(signed.map(({ dealId }) => dealId));
  const wonMinor = lines.reduce((sum, line) => sum + line.wonInPeriodMinor, 0n);
  const known = new Set([
    ...open.map(({ dealId }) => dealId),
    ...lines.filter((line) => line.wonInPeriodMinor > 0n).map(({ dealId }) => dealId),
  ]);
  const forecastMinor = wonMinor + open.reduce((sum, line) => sum + line.expectedMinor, 0n);
  const range = past.ranges.get(manager?.id ?? null) ?? rangeIn(past, open, wonMinor);
  const newMinor = manager === null ? newBusinessMinor(past) : null;
  return {
    period,
    asOf: past.asOf,
    source: past.source,
    modelVersion: past.modelVersion,
    forecastMinor,
    lowMinor: range.p10Minor,
    highMinor: range.p90Minor,
    cameMinor: signed.reduce((sum, line) => sum + (known.has(line.dealId) ? line.grossMinor : 0n), 0n),
    withNewMinor: newMinor === null ? null : forecastMinor + newMinor,
    managerMinor: figure?.amountMinor ?? null,
    actualMinor,
    outcomes: oddsOutcomes(open.map(({ dealId, odds }) => ({ odds, won: signedIds.has(dealId) }))),
  };
}

function rangeIn(past: PastForecast, open: readonly ForecastLine[], wonMinor: bigint) {
  return rangeOf({
    deals: open.map(({ dealId, grossMinor, odds }) => ({ dealId, amountMinor: grossMinor, odds })),
    wonMinor,
    targetMinor: null,
    wins: past.wins,
  });
}

/** At the mean amount of the deals won by then; null when none was. */
function newBusinessMinor({ lines, newWins }: PastForecast): bigint | null {
  const won = lines.filter(
    (line) => line.standing === 'won' && line.exclusion === null && line.grossMinor > 0n,
  );
  if (won.length === 0) return null;
  const total = won.reduce((sum, line) => sum + line.grossMinor, 0n);
  return BigInt(Math.round((Number(total) / won.length) * newWins));
}

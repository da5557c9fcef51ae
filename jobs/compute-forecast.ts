/** From what the store holds to a forecast: reading is here and nowhere else, the arithmetic is the core's. */

import type { Activity, Contact, Deal, ExchangeRate, Owner, Pipeline, Team } from '../src/core/deals/deal.ts';
import type { Manager, Target } from '../src/core/deals/manager.ts';
import { standingOf } from '../src/core/deals/standing.ts';
import { linesOfManager, targetFor } from '../src/core/deals/target.ts';
import type { NewBusiness } from '../src/core/forecast/derivation-total.ts';
import { forecastLines, groupByDeal, verifiedReadings } from '../src/core/forecast/forecast.ts';
import type {
  ForecastLine,
  ForecastSummary,
  LineFigures,
  PaceNorm,
  Standing,
} from '../src/core/forecast/forecast-types.ts';
import { openLines, summarise } from '../src/core/forecast/summary.ts';
import type { Confirmation } from '../src/core/milestones/evidence.ts';
import type { MilestoneModel } from '../src/core/milestones/milestone.ts';
import { fitOddsByPipeline, type PipelineOdds } from '../src/core/odds/fit-odds-pipelines.ts';
import {
  knownOn,
  NOTHING_RECORDED,
  type VerifiedHistory,
  type VerifiedReading,
  withReading,
} from '../src/core/odds/verified-history.ts';
import { paceNorms } from '../src/core/review/pace.ts';
import { rangeOf } from '../src/core/totals/totals.ts';
import { daysBetween, midnightOf, type Period } from '../src/core/values/calendar.ts';
import { companyPeriodOf } from '../src/core/values/calendar-weeks.ts';
import { converterTo } from '../src/core/values/exchange.ts';
import type { ConnectionId, DealId } from '../src/core/values/ids.ts';
import type { ConnectionRow } from '../src/ports/connection-store.ts';
import type { CompanySettings } from '../src/ports/settings-store.ts';
import type { TenantStore } from '../src/ports/store.ts';
import { JobError } from './context.ts';

/** Everything that a forecast of a connection depends on. */
export interface ForecastSources {
  readonly connection: ConnectionRow;
  readonly company: CompanySettings;
  readonly model: MilestoneModel;
  readonly deals: readonly Deal[];
  readonly activities: readonly Activity[];
  readonly contacts: readonly Contact[];
  readonly confirmations: ReadonlyMap<DealId, readonly Confirmation[]>;
  /** What snapshots recorded so far. */
  readonly verified: VerifiedHistory;
  readonly rates: readonly ExchangeRate[];
  readonly managers: readonly Manager[];
  readonly targets: readonly Target[];
  readonly owners: readonly Owner[];
  readonly teams: readonly Team[];
  readonly pipelines: readonly Pipeline[];
  readonly rejections: number;
}

export interface ComputedForecast {
  readonly asOf: Temporal.PlainDate;
  readonly period: Period;
  readonly lines: readonly ForecastLine[];
  readonly norms: readonly PaceNorm[];
  readonly odds: PipelineOdds;
  /** What was verified, Monday after Monday, down to this day: what the odds were measured on beside the stages. */
  readonly verified: VerifiedHistory;
}

/** Throws JobError when the connection was never read or has no model. */
export async function readSources(tenant: TenantStore, connectionId: ConnectionId): Promise<ForecastSources> {
  const connection = await tenant.connections.get(connectionId);
  const directory = await tenant.records.directory(connectionId);
  const model = await tenant.settings.model(connectionId);
  const company = await tenant.settings.company();
  if (connection === null || directory === null) throw new JobError('CONNECTION_NOT_READ', connectionId);
  if (model === null || company === null) throw new JobError('MODEL_MISSING', connectionId);
  return {
    connection,
    company,
    model,
    deals: await tenant.records.deals(connectionId),
    activities: await tenant.records.activities(connectionId),
    contacts: await tenant.records.contacts(connectionId),
    confirmations: await tenant.records.confirmations(connectionId),
    verified: await tenant.snapshots.verifiedHistory(connectionId),
    // The admin's rates after the CRM's: where both have a row for one day, the admin's holds.
    rates: [...directory.rates, ...(await tenant.settings.rates())],
    managers: await tenant.settings.managers(),
    targets: await tenant.settings.targets(),
    owners: directory.owners,
    teams: directory.teams,
    pipelines: directory.pipelines,
    rejections: (await tenant.records.rejections(connectionId)).length,
  };
}

/**
 * The forecast as of the midnight that begins `asOf`: of today, or of a past day from the histories. With `ahead`, each open line also
 * keeps its chance by those days.
 */
export function computeForecast(
  sources: ForecastSources,
  asOf: Temporal.PlainDate,
  period = periodAt(sources, asOf),
  ahead: readonly Temporal.PlainDate[] = [],
): ComputedForecast {
  const { company, model, deals } = sources;
  const known = {
    deals,
    activitiesByDeal: groupByDeal(sources.activities),
    contactsById: new Map(sources.contacts.map((contact) => [contact.id, contact])),
    confirmations: sources.confirmations,
    model,
    company,
    asOf,
  };
  const verified = verifiedUntil(sources, asOf, () => verifiedReadings(known));
  const odds = fitOddsByPipeline(deals, model, asOf, company.zone, verified);
  const norms = paceNorms(deals, model, midnightOf(asOf, company.zone));
  const lines = forecastLines({
    ...known,
    rates: sources.rates,
    period,
    oddsByPipeline: odds.byPipeline,
    fallbackOdds: odds.pooled,
    paceNorms: norms,
    outlookDays: ahead,
  });
  return { asOf, period, lines, norms, odds, verified };
}

/**
 * The recordings before the day, closed by what is verified on the day itself: the same whether its snapshot is already frozen or not.
 * Nothing where no snapshot was frozen before: then only the stages are known.
 */
function verifiedUntil(
  { verified, model }: ForecastSources,
  asOf: Temporal.PlainDate,
  readings: () => readonly VerifiedReading[],
): VerifiedHistory {
  return knownOn(verified, asOf) === NOTHING_RECORDED
    ? NOTHING_RECORDED
    : withReading(verified, { asOf, modelVersion: model.version }, readings());
}

export function periodAt({ company }: Pick<ForecastSources, 'company'>, asOf: Temporal.PlainDate): Period {
  return companyPeriodOf(asOf, company);
}

/** Lines of one manager, or all of them for the company (null). */
export function linesInScope(
  sources: ForecastSources,
  lines: readonly ForecastLine[],
  manager: Manager | null,
): readonly ForecastLine[] {
  return manager === null ? lines : linesOfManager(lines, manager, sources.owners);
}

/** Totals, range and target of one scope. */
export function summaryOf(
  sources: ForecastSources,
  forecast: ComputedForecast,
  manager: Manager | null,
): ForecastSummary {
  const { company, model } = sources;
  const { asOf, period, odds } = forecast;
  const lines = linesInScope(sources, forecast.lines, manager);
  const targetMinor = targetFor(
    sources.targets,
    manager,
    period.key,
    converterTo(company.currency, sources.rates, asOf),
  );
  const { label, resolvedDeals, wins } = odds.pooled;
  const range = rangeOf({
    deals: openLines(lines).map((line) => ({
      dealId: line.dealId,
      amountMinor: line.grossMinor,
      odds: line.odds,
    })),
    wonMinor: lines.reduce((sum, line) => sum + line.wonInPeriodMinor, 0n),
    targetMinor,
    wins,
  });
  return summarise(lines, {
    asOf,
    period,
    currency: company.currency,
    modelVersion: model.version,
    milestones: model.milestones,
    targetMinor,
    history: { label, resolvedDeals },
    range,
    newBusinessMinor: manager === null ? (newBusinessOf(forecast)?.amountMinor ?? null) : null,
  });
}

/** Expected wins from deals that do not exist yet, at the mean amount of the deals won in the lines. Null without a won deal to measure by. */
export function newBusinessOf({ asOf, period, odds, lines }: ComputedForecast): NewBusiness | null {
  return atMeanWon(lines, odds.pooled.newWins(Math.max(0, daysBetween(asOf, period.end))));
}

/** A number of wins to come, in minor units. Null without a won deal to measure by. */
export function atMeanWonAmount(lines: readonly LineFigures[], wins: number): bigint | null {
  return atMeanWon(lines, wins)?.amountMinor ?? null;
}

function atMeanWon(lines: readonly LineFigures[], wins: number): NewBusiness | null {
  const won = lines.filter(
    (line) => line.standing === 'won' && line.exclusion === null && line.grossMinor > 0n,
  );
  if (won.length === 0) return null;
  const wonMinor = won.reduce((sum, line) => sum + line.grossMinor, 0n);
  const amountMinor = BigInt(Math.round((Number(wonMinor) / won.length) * wins));
  return { wins, wonDeals: won.length, wonMinor, amountMinor };
}

/** Deals by where they stand, also those closed too long ago to have a line. */
export function countStandings(
  { deals, model, company }: ForecastSources,
  asOf: Temporal.PlainDate,
): Record<Standing, number> {
  const counts: Record<Standing, number> = { open: 0, won: 0, lost: 0, unmapped: 0 };
  const asOfInstant = midnightOf(asOf, company.zone);
  for (const deal of deals) {
    const standing = standingOf(deal, model, asOfInstant)?.standing;
    if (standing !== undefined) counts[standing] += 1;
  }
  return counts;
}

/** One deal as it stands now, from the records of the moment: what a manager sees right after confirming a proof. */

import type { ExchangeRate, Owner, Pipeline } from '../src/core/deals/deal.ts';
import { standingOf } from '../src/core/deals/standing.ts';
import { forecastLines } from '../src/core/forecast/forecast.ts';
import type { ForecastLine, PaceNorm } from '../src/core/forecast/forecast-types.ts';
import { collectEvidence, type EvidenceReading } from '../src/core/milestones/evidence.ts';
import type { MilestoneModel } from '../src/core/milestones/milestone.ts';
import { dayReader } from '../src/core/odds/day-reader.ts';
import { fitOddsByPipeline, type PipelineOdds } from '../src/core/odds/fit-odds-pipelines.ts';
import { paceNorms } from '../src/core/review/pace.ts';
import { dateIn, midnightOf, type Period } from '../src/core/values/calendar.ts';
import { companyPeriodOf } from '../src/core/values/calendar-weeks.ts';
import type { ConnectionId } from '../src/core/values/ids.ts';
import type { ConnectionRow } from '../src/ports/connection-store.ts';
import type { DealFile } from '../src/ports/record-store.ts';
import type { CompanySettings } from '../src/ports/settings-store.ts';
import type { TenantStore } from '../src/ports/store.ts';
import { JobError } from './context.ts';

/** What the whole company's past says, the slow part: the same for every deal of a day. */
export interface HistoryFit {
  readonly odds: PipelineOdds;
  readonly norms: readonly PaceNorm[];
}

/** Keeps fits between requests. A fit holds until the next pull, the next snapshot, the next model or the next day. */
export type KeepFit = (key: string, fit: () => Promise<HistoryFit>) => Promise<HistoryFit>;

/** Everything that a forecast of one deal depends on beside the deal. */
export interface LiveFrame {
  readonly connection: ConnectionRow;
  readonly company: CompanySettings;
  readonly model: MilestoneModel;
  readonly owners: readonly Owner[];
  readonly pipelines: readonly Pipeline[];
  readonly rates: readonly ExchangeRate[];
  /** Today for the company: the forecast is made at the midnight that begins it. */
  readonly asOf: Temporal.PlainDate;
  readonly period: Period;
  readonly fit: HistoryFit;
}

export interface LiveDeal {
  /** Null for a deal that did not exist at midnight, or was closed too long ago to have a line. */
  readonly line: ForecastLine | null;
  readonly evidence: EvidenceReading;
}

/** Throws JobError when the connection was never read or has no model. */
export async function readLiveFrame(
  tenant: TenantStore,
  connection: ConnectionRow,
  now: Temporal.Instant,
  keep: KeepFit,
): Promise<LiveFrame> {
  const { id } = connection;
  const directory = await tenant.records.directory(id);
  const model = await tenant.settings.model(id);
  const company = await tenant.settings.company();
  if (directory === null) throw new JobError('CONNECTION_NOT_READ', id);
  if (model === null || company === null) throw new JobError('MODEL_MISSING', id);
  const asOf = dateIn(company.zone, now);
  const readAt = connection.lastPulledAt?.epochMilliseconds ?? 0;
  const frozen = (await tenant.snapshots.list(id)).at(-1)?.asOf;
  const fit = await keep(`${id}/${readAt}/${model.version}/${company.zone}/${asOf}/${frozen}`, () =>
    fitHistory(tenant, id, { model, company, asOf }),
  );
  return {
    connection,
    company,
    model,
    owners: directory.owners,
    pipelines: directory.pipelines,
    rates: [...directory.rates, ...(await tenant.settings.rates())],
    asOf,
    period: companyPeriodOf(asOf, company),
    fit,
  };
}

async function fitHistory(
  tenant: TenantStore,
  connectionId: ConnectionId,
  { model, company, asOf }: Pick<LiveFrame, 'model' | 'company' | 'asOf'>,
): Promise<HistoryFit> {
  const deals = await tenant.records.deals(connectionId);
  return {
    odds: fitOddsByPipeline(
      deals,
      model,
      asOf,
      company.zone,
      await tenant.snapshots.verifiedHistory(connectionId),
    ),
    norms: paceNorms(deals, model, midnightOf(asOf, company.zone)),
  };
}

export function liveDeal(frame: LiveFrame, file: DealFile): LiveDeal {
  const { deal, activities, contacts, confirmations } = file;
  const { asOf, company, fit, model } = frame;
  const [line = null] = forecastLines({
    ...frame,
    deals: [deal],
    activitiesByDeal: new Map([[deal.id, activities]]),
    contactsById: new Map(contacts.map((contact) => [contact.id, contact])),
    confirmations: new Map([[deal.id, confirmations]]),
    oddsByPipeline: fit.odds.byPipeline,
    fallbackOdds: fit.odds.pooled,
    paceNorms: fit.norms,
  });
  const asOfInstant = midnightOf(asOf, company.zone);
  const evidence = collectEvidence({
    asOf,
    asOfInstant,
    days: dayReader(company.zone),
    deal,
    activities,
    contacts,
    confirmations,
    runs: standingOf(deal, model, asOfInstant)?.runs ?? [],
    model,
  });
  return { line, evidence };
}

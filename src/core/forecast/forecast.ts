/** The forecast of one period, deal by deal. Pure: the same input gives the same bytes, in whatever order the deals come. */

import type { Activity, Contact, Deal, ExchangeRate } from '../deals/deal.ts';
import { standingOf } from '../deals/standing.ts';
import { type Confirmation, verifiedMilestone } from '../milestones/evidence.ts';
import type { MilestoneModel } from '../milestones/milestone.ts';
import { type DayReader, dayReader } from '../odds/day-reader.ts';
import type { Odds } from '../odds/odds.ts';
import type { VerifiedReading } from '../odds/verified-history.ts';
import { daysBetween, epochDayOf, midnightOf, type Period, periodOf } from '../values/calendar.ts';
import type { CurrencyCode } from '../values/currency.ts';
import { converterTo } from '../values/exchange.ts';
import type { ContactId, DealId, PipelineId } from '../values/ids.ts';
import { evidenceOf, type LineContext, lineOf } from './forecast-line.ts';
import type { ForecastLine, PaceNorm } from './forecast-types.ts';

export interface ForecastInput {
  readonly deals: readonly Deal[];
  readonly activitiesByDeal: ReadonlyMap<DealId, readonly Activity[]>;
  readonly contactsById: ReadonlyMap<ContactId, Contact>;
  readonly confirmations: ReadonlyMap<DealId, readonly Confirmation[]>;
  readonly model: MilestoneModel;
  /** Where two rows of a day differ the later one holds: the admin's after the CRM's. */
  readonly rates: readonly ExchangeRate[];
  readonly company: {
    readonly zone: string;
    readonly currency: CurrencyCode;
    readonly fiscalStartMonth: number;
  };
  /** The forecast is made at the midnight that begins this day; nothing of the day itself is known. */
  readonly asOf: Temporal.PlainDate;
  /** May lie ahead: then only a signature inside it counts. */
  readonly period: Period;
  readonly oddsByPipeline: ReadonlyMap<PipelineId, Odds>;
  /** For pipelines too young to have odds of their own. */
  readonly fallbackOdds: Odds;
  readonly paceNorms: readonly PaceNorm[];
  /** Days after `asOf` by which each open line also keeps its chance; none unless a snapshot is made. */
  readonly outlookDays?: readonly Temporal.PlainDate[];
}

/** Closed deals stay among the lines this long beyond the fiscal year, for the comparison with older snapshots. */
const CLOSED_REACH_DAYS = 100;

/** A line for each deal that is open or unmapped, or was closed since 100 days before the fiscal year of `asOf`; sorted: open ones first, by net amount. */
export function forecastLines(input: ForecastInput): readonly ForecastLine[] {
  const context = contextOf(input);
  const lines: ForecastLine[] = [];
  for (const deal of input.deals) {
    const line = lineOf(deal, context);
    if (line !== null) lines.push(line);
  }
  return sortLines(lines);
}

/** What the lines of open deals will say is verified: known before there are odds, because the odds are measured on it. */
export function verifiedReadings(
  input: Pick<
    ForecastInput,
    'deals' | 'activitiesByDeal' | 'contactsById' | 'confirmations' | 'model' | 'asOf'
  > & { readonly company: Pick<ForecastInput['company'], 'zone'> },
): readonly VerifiedReading[] {
  const { asOf, model, company } = input;
  const asOfInstant = midnightOf(asOf, company.zone);
  const context = { ...input, days: dayReader(company.zone), asOfInstant };
  return input.deals.flatMap((deal) => {
    const standing = standingOf(deal, model, asOfInstant);
    if (standing?.standing !== 'open') return [];
    const { key, since } = verifiedMilestone(evidenceOf(deal, standing, context).facts, model);
    return [{ dealId: deal.id, milestone: key, since }];
  });
}

function contextOf(input: ForecastInput): LineContext {
  const { asOf, company, model, period } = input;
  const days = dayReader(company.zone);
  const asOfDay = epochDayOf(asOf);
  const fiscalYear = periodOf(asOf, 'year', company.fiscalStartMonth);
  return {
    ...input,
    days,
    monthAfter: (count) => days.dateOf(monthStart(asOfDay + count, days)),
    asOfInstant: midnightOf(asOf, company.zone),
    closedSince: midnightOf(fiscalYear.start.subtract({ days: CLOSED_REACH_DAYS }), company.zone),
    convert: converterTo(company.currency, input.rates, asOf),
    excludedPipelines: new Set(model.excludedPipelines),
    norms: new Map(input.paceNorms.map((norm) => [norm.milestone, norm])),
    daysToStart: Math.max(0, daysBetween(asOf, period.start)),
    daysToEnd: Math.max(0, daysBetween(asOf, period.end)),
    daysAhead: (input.outlookDays ?? []).map((day) => daysBetween(asOf, day)),
  };
}

function monthStart(day: number, days: DayReader): number {
  return day - days.dateOf(day).day + 1;
}

/** Activities per deal; one that belongs to several deals speaks for each. */
export function groupByDeal(activities: readonly Activity[]): ReadonlyMap<DealId, readonly Activity[]> {
  const byDeal = new Map<DealId, Activity[]>();
  for (const activity of activities) {
    for (const dealId of activity.dealIds) {
      const known = byDeal.get(dealId);
      if (known === undefined) byDeal.set(dealId, [activity]);
      else known.push(activity);
    }
  }
  return byDeal;
}

/** Open deals first, then by net amount, largest first, then by id: one order for pages, mails and stored bytes. */
function sortLines(lines: readonly ForecastLine[]): readonly ForecastLine[] {
  return [...lines].sort(
    (left, right) =>
      Number(right.standing === 'open') - Number(left.standing === 'open') ||
      compareDescending(left.netMinor, right.netMinor) ||
      compareText(left.dealId, right.dealId),
  );
}

function compareDescending(left: bigint, right: bigint): number {
  return left === right ? 0 : left > right ? -1 : 1;
}

/** By code unit, so that no locale of the machine changes the bytes. */
function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

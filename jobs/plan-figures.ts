/** What is missing to the target and what could close it: from the same sources and the same lines as the forecast. */

import { type CompanyLog, companyLog } from '../src/core/deals/company-log.ts';
import type { Manager } from '../src/core/deals/manager.ts';
import type { ForecastLine, ForecastSummary } from '../src/core/forecast/forecast-types.ts';
import { openLines } from '../src/core/forecast/summary.ts';
import { funnelBefore } from '../src/core/gap/funnel.ts';
import { coverage, gapPlan, TOO_LATE, velocity } from '../src/core/gap/gap.ts';
import { rankActions } from '../src/core/gap/gap-actions.ts';
import type { CoverageFigure, PlanFigures, PlannedAction } from '../src/core/gap/plan-types.ts';
import { milestoneIndexOf } from '../src/core/milestones/milestone.ts';
import { LOST, positionAt, WON } from '../src/core/odds/history.ts';
import { dayNumber } from '../src/core/odds/history-days.ts';
import { modelCalibration } from '../src/core/reliability/model-calibration.ts';
import { daysBetween } from '../src/core/values/calendar.ts';
import type { DealId } from '../src/core/values/ids.ts';
import { type ComputedForecast, type ForecastSources, linesInScope, summaryOf } from './compute-forecast.ts';
import { amountReader } from './replay-sources.ts';

/** History (funnel, calibration, averages) is the whole company's; open deals and target are those of the scope. */
export function planFigures(
  sources: ForecastSources,
  forecast: ComputedForecast,
  manager: Manager | null = null,
): PlanFigures {
  const { model, company } = sources;
  const { asOf, period, odds } = forecast;
  const past = companyLog(sources.deals, model, company.zone, forecast.verified);
  const summary = summaryOf(sources, forecast, manager);
  const calibration = modelCalibration(past, model, asOf);
  const funnel = funnelOf(sources, past, asOf);
  const open = openLines(linesInScope(sources, forecast.lines, manager));
  const averageWonMinor = averageWon(sources, past, asOf);
  const inTime = (milestone: number) =>
    odds.pooled.inDays(milestone, 0, Math.max(0, daysBetween(asOf, period.end)));
  const firstInTime = inTime(0);
  const firstEventually = calibration[0]?.calibrated ?? 0;
  const contacts = measuredContacts(sources, past, asOf);
  const winRate = funnel[0]?.everReachedToWon ?? null;
  return {
    summary,
    gap:
      summary.targetMinor === null
        ? null
        : gapPlan({
            targetMinor: summary.targetMinor,
            wonMinor: summary.wonMinor,
            expectedMinor: summary.expectedMinor,
            averageWonMinor,
            firstInTime,
            firstEventually,
            meanContacts: contacts?.mean ?? null,
          }),
    averageWonMinor,
    firstInTime,
    firstEventually,
    helpsFrom: model.milestones.find((_, at) => inTime(at) >= TOO_LATE)?.key ?? null,
    contacts,
    actions: plannedActions(sources, forecast, open),
    coverage: coverageOf(summary, open),
    velocity: velocityOf(open.length, winRate, averageWonMinor, odds.pooled.medianCycleDays),
    funnel,
    calibration,
  };
}

function funnelOf(
  sources: ForecastSources,
  { deals, log }: CompanyLog,
  asOf: Temporal.PlainDate,
): PlanFigures['funnel'] {
  const amounts = deals.map(amountReader(sources, asOf));
  const { milestones } = sources.model;
  const steps = funnelBefore(log, amounts, dayNumber(asOf), milestones.length);
  return milestones.flatMap(({ key }, at) => {
    const step = steps[at];
    return step === undefined ? [] : [{ ...step, key }];
  });
}

/** Mean amount of the deals won before the day; deals without a usable amount are left out. Null without any. */
function averageWon(
  sources: ForecastSources,
  { deals, log }: CompanyLog,
  asOf: Temporal.PlainDate,
): bigint | null {
  const amountOf = amountReader(sources, asOf);
  const day = dayNumber(asOf);
  const won = deals
    .filter((_, at) => positionAt(log, at, day)?.state === WON)
    .map(amountOf)
    .filter((amount) => amount !== null && amount > 0n);
  return won.length === 0
    ? null
    : won.reduce((sum: bigint, amount) => sum + (amount ?? 0n), 0n) / BigInt(won.length);
}

/** Fewer closed deals than this with a logged contact measure nothing. */
const FEWEST_CONTACTED = 10;

function measuredContacts(
  { activities }: ForecastSources,
  { deals, log }: CompanyLog,
  asOf: Temporal.PlainDate,
): PlanFigures['contacts'] {
  const perDeal = new Map<DealId, number>();
  for (const { withCustomer, dealIds } of activities)
    for (const id of withCustomer ? dealIds : []) perDeal.set(id, (perDeal.get(id) ?? 0) + 1);
  const day = dayNumber(asOf);
  const counts = deals
    .filter((_, at) => [WON, LOST].includes(positionAt(log, at, day)?.state ?? -1))
    .map(({ id }) => perDeal.get(id) ?? 0)
    .filter((contacts) => contacts > 0);
  if (counts.length < FEWEST_CONTACTED) return null;
  return { mean: counts.reduce((sum, contacts) => sum + contacts, 0) / counts.length, deals: counts.length };
}

/** Each pipeline has odds of its own; the ranking is one. */
function plannedActions(
  { model }: ForecastSources,
  { asOf, period, odds }: ComputedForecast,
  open: readonly ForecastLine[],
): readonly PlannedAction[] {
  const horizonDays = Math.max(0, daysBetween(asOf, period.end));
  const lines = new Map(open.map((line) => [line.dealId, line]));
  const actions = [...Map.groupBy(open, ({ pipelineId }) => pipelineId)].flatMap(([pipelineId, members]) =>
    rankActions(
      members.map((line) => ({
        dealId: line.dealId,
        amountMinor: line.grossMinor,
        milestone: milestoneIndexOf(model.milestones, line.verified),
        ageDays: line.oddsReason?.ageDays ?? 0,
      })),
      { odds: odds.byPipeline.get(pipelineId) ?? odds.pooled, horizonDays, milestones: model.milestones },
    ),
  );
  return actions
    .toSorted((left, right) => Number(right.gainMinorPerDay - left.gainMinorPerDay))
    .flatMap((action) => {
      const line = lines.get(action.dealId);
      if (line === undefined) return [];
      return [
        { ...action, dealName: line.dealName, ownerId: line.ownerId, missing: line.missing[0] ?? null },
      ];
    });
}

/** A close date that has passed is due; a deal without one is counted apart. */
function coverageOf(summary: ForecastSummary, open: readonly ForecastLine[]): PlanFigures['coverage'] {
  const { targetMinor, wonMinor, period } = summary;
  const due = open.filter(
    ({ closeDate }) => closeDate !== null && Temporal.PlainDate.compare(closeDate, period.end) < 0,
  );
  const figure = (lines: readonly ForecastLine[]): CoverageFigure => {
    const dueMinor = lines.reduce((sum, line) => sum + line.grossMinor, 0n);
    const ratio = targetMinor === null ? null : coverage(dueMinor, targetMinor, wonMinor);
    return { dueMinor, deals: lines.length, ratio };
  };
  return {
    ...figure(due),
    toWinMinor: targetMinor === null ? null : targetMinor > wonMinor ? targetMinor - wonMinor : 0n,
    withoutCloseDate: open.filter(({ closeDate }) => closeDate === null).length,
    byMilestone: summary.byMilestone.map(({ key }) => ({
      milestone: key,
      ...figure(due.filter(({ verified }) => verified === key)),
    })),
  };
}

function velocityOf(
  openDeals: number,
  winRate: number | null,
  averageWonMinor: bigint | null,
  cycleDays: number | null,
): PlanFigures['velocity'] {
  const perDay =
    winRate === null || averageWonMinor === null
      ? null
      : velocity(openDeals, winRate, averageWonMinor, cycleDays);
  const perDayMinor = perDay === null ? null : BigInt(Math.round(perDay));
  return { openDeals, winRate, averageWonMinor, cycleDays, perDayMinor };
}

/** One deal of a forecast: where it stands, what is proven, what it weighs, and what it is expected to bring in the period. */

import type { Activity, Contact, Deal } from '../deals/deal.ts';
import { closeDateAt, closeDatePushes, type DealStanding, standingOf } from '../deals/standing.ts';
import {
  type Confirmation,
  collectEvidence,
  type EvidenceFact,
  type EvidenceReading,
  earliestByMilestone,
  missingEvidence,
  type Verified,
  verifiedMilestone,
} from '../milestones/evidence.ts';
import { MAX_WEIGHT_BPS, type MilestoneModel, weightAt } from '../milestones/milestone.ts';
import {
  expected,
  type GrossReading,
  quantiseOdds,
  readGross,
  unproven,
  weighted,
} from '../milestones/net-amount.ts';
import type { DayReader } from '../odds/day-reader.ts';
import { ageAt } from '../odds/history.ts';
import { dayNumber } from '../odds/history-days.ts';
import type { Odds } from '../odds/odds.ts';
import { lastCustomerContact, type PassedMilestone, paceOf } from '../review/pace.ts';
import { daysBetween, type Period, periodContains } from '../values/calendar.ts';
import type { Converter } from '../values/exchange.ts';
import type { ContactId, DealId, MilestoneKey, PipelineId } from '../values/ids.ts';
import type { Exclusion, ForecastLine, PaceNorm } from './forecast-types.ts';

/** What all lines of a forecast share, prepared once. Days count from `asOf`. */
export interface LineContext {
  readonly activitiesByDeal: ReadonlyMap<DealId, readonly Activity[]>;
  readonly contactsById: ReadonlyMap<ContactId, Contact>;
  readonly confirmations: ReadonlyMap<DealId, readonly Confirmation[]>;
  readonly model: MilestoneModel;
  readonly days: DayReader;
  /** First day of the month that lies `days` after `asOf`. */
  readonly monthAfter: (days: number) => Temporal.PlainDate;
  readonly asOf: Temporal.PlainDate;
  readonly asOfInstant: Temporal.Instant;
  readonly closedSince: Temporal.Instant;
  readonly period: Period;
  readonly daysToStart: number;
  readonly daysToEnd: number;
  /** Days of the outlook, counted from `asOf`. */
  readonly daysAhead: readonly number[];
  readonly convert: Converter;
  readonly excludedPipelines: ReadonlySet<PipelineId>;
  readonly norms: ReadonlyMap<MilestoneKey, PaceNorm>;
  readonly oddsByPipeline: ReadonlyMap<PipelineId, Odds>;
  readonly fallbackOdds: Odds;
}

/** null: the deal did not exist yet, or was closed too long ago to matter. */
export function lineOf(deal: Deal, context: LineContext): ForecastLine | null {
  const standing = standingOf(deal, context.model, context.asOfInstant);
  if (standing === null) return null;
  const { closedAt } = standing;
  if (closedAt !== null && closedAt.epochMilliseconds < context.closedSince.epochMilliseconds) return null;
  const base = baseLine(deal, standing, context);
  if (closedAt !== null) return closedLine(base, dateOfInstant(closedAt, context), context.period);
  return standing.standing === 'unmapped' ? base : openLine(base, deal, standing, context);
}

function dateOfInstant(instant: Temporal.Instant, { days }: LineContext): Temporal.PlainDate {
  return days.dateOf(days.dayOf(instant));
}

/** What every line says; a deal about which no more can be said (unmapped) stays at this: listed, in no sum. */
function baseLine(deal: Deal, standing: DealStanding, context: LineContext): ForecastLine {
  const amount = readGross(deal.amount, context.convert);
  const contact = lastCustomerContact(context.activitiesByDeal.get(deal.id) ?? [], context.asOfInstant);
  return {
    dealId: deal.id,
    dealName: deal.name,
    ownerId: deal.ownerId,
    pipelineId: deal.pipelineId,
    stageId: standing.stageId,
    standing: standing.standing,
    exclusion: exclusionOf(deal, standing, amount, context),
    declared: null,
    verified: null,
    verifiedSince: null,
    daysInMilestone: null,
    declaredWeightBps: 0,
    weightBps: 0,
    gross: amount.gross,
    grossMinor: amount.grossMinor,
    netMinor: 0n,
    unprovenMinor: 0n,
    netOwn: null,
    odds: 0,
    oddsReason: null,
    expectedMinor: 0n,
    wonInPeriodMinor: 0n,
    closedOn: null,
    closeDate: closeDateAt(deal, context.asOfInstant),
    realisticClose: null,
    pace: 'on_track',
    closeDatePushes: closeDatePushes(deal, context.asOfInstant),
    lastCustomerContact: contact && dateOfInstant(contact, context),
    missing: [],
    flags: deal.flags,
  };
}

function exclusionOf(
  deal: Deal,
  standing: DealStanding,
  amount: GrossReading,
  { excludedPipelines }: LineContext,
): Exclusion | null {
  if (excludedPipelines.has(deal.pipelineId)) return 'pipeline_excluded';
  if (standing.standing === 'unmapped') return 'stage_unmapped';
  return amount.exclusion;
}

/** A won deal needs no evidence: it weighs 100 %, and counts in full in the period in which it was signed. A lost one weighs nothing. */
function closedLine(base: ForecastLine, closedOn: Temporal.PlainDate, period: Period): ForecastLine {
  if (base.standing === 'lost') return { ...base, closedOn };
  const counted = base.exclusion === null;
  return {
    ...base,
    closedOn,
    declaredWeightBps: MAX_WEIGHT_BPS,
    weightBps: MAX_WEIGHT_BPS,
    odds: 1,
    netMinor: counted ? base.grossMinor : 0n,
    netOwn: counted ? base.gross : null,
    wonInPeriodMinor: counted && periodContains(period, closedOn) ? base.grossMinor : 0n,
  };
}

function openLine(
  base: ForecastLine,
  deal: Deal,
  standing: DealStanding,
  context: LineContext,
): ForecastLine {
  const { model, asOf } = context;
  const reading = evidenceOf(deal, standing, context);
  const verified = verifiedMilestone(reading.facts, model);
  const daysInMilestone = verified.since && Math.max(0, daysBetween(verified.since, asOf));
  return {
    ...base,
    declared: model.milestones[standing.declared]?.key ?? null,
    verified: verified.key,
    verifiedSince: verified.since,
    daysInMilestone,
    ...amountsOf(base, standing.declared, verified.index, model),
    ...chanceOf(base, deal, verified, context),
    ...paceFacts(verified, daysInMilestone, reading.facts, context),
    missing: missingEvidence(reading, model, standing.declared),
  };
}

/** What a reading of the evidence depends on. */
export type EvidenceContext = Pick<
  LineContext,
  'activitiesByDeal' | 'contactsById' | 'confirmations' | 'model' | 'days' | 'asOf' | 'asOfInstant'
>;

export function evidenceOf(deal: Deal, standing: DealStanding, context: EvidenceContext): EvidenceReading {
  return collectEvidence({
    ...context,
    deal,
    activities: context.activitiesByDeal.get(deal.id) ?? [],
    contacts: contactsOf(deal, context),
    confirmations: context.confirmations.get(deal.id) ?? [],
    runs: standing.runs,
  });
}

function contactsOf(deal: Deal, { contactsById }: EvidenceContext): readonly Contact[] {
  return deal.contactIds.flatMap((id) => contactsById.get(id) ?? []);
}

type Amounts = Partial<Pick<ForecastLine, 'netMinor' | 'unprovenMinor' | 'netOwn'>> &
  Pick<ForecastLine, 'declaredWeightBps' | 'weightBps'>;

/** An excluded deal keeps its weights and stays at no amount. */
function amountsOf(base: ForecastLine, declared: number, verified: number, model: MilestoneModel): Amounts {
  const declaredWeightBps = weightAt(model.milestones, declared);
  const weightBps = weightAt(model.milestones, verified);
  const { exclusion, gross, grossMinor } = base;
  if (exclusion !== null || gross === null) return { declaredWeightBps, weightBps };
  return {
    declaredWeightBps,
    weightBps,
    netMinor: weighted(grossMinor, weightBps),
    unprovenMinor: unproven(grossMinor, declaredWeightBps, weightBps),
    netOwn: { amountMinor: weighted(gross.amountMinor, weightBps), currency: gross.currency },
  };
}

/** Age of a deal with nothing verified: since it was created. For a period ahead: signed by its end, but not before its start. */
function chanceOf(
  base: ForecastLine,
  deal: Deal,
  verified: Verified,
  context: LineContext,
): Pick<ForecastLine, 'odds' | 'oddsBy' | 'oddsReason' | 'expectedMinor' | 'realisticClose'> {
  const { asOf, daysToStart, daysToEnd, daysAhead } = context;
  const book = context.oddsByPipeline.get(deal.pipelineId) ?? context.fallbackOdds;
  const since = verified.since ?? dateOfInstant(deal.createdAt, context);
  const ageDays = ageAt(dayNumber(since), dayNumber(asOf));
  const byEnd = book.inDays(verified.index, ageDays, daysToEnd);
  const beforeStart = daysToStart === 0 ? 0 : book.inDays(verified.index, ageDays, daysToStart);
  const odds = quantiseOdds(byEnd - beforeStart);
  const realisticDays = book.realisticDays(verified.index, ageDays);
  return {
    odds,
    ...(daysAhead.length === 0
      ? {}
      : { oddsBy: daysAhead.map((days) => quantiseOdds(book.inDays(verified.index, ageDays, days))) }),
    oddsReason: book.reason(verified.index, ageDays, daysToEnd),
    expectedMinor: base.exclusion === null ? expected(base.grossMinor, odds) : 0n,
    realisticClose: realisticDays === null ? null : context.monthAfter(realisticDays),
  };
}

function paceFacts(
  verified: Verified,
  daysInMilestone: number | null,
  facts: readonly EvidenceFact[],
  { model, norms }: LineContext,
): Pick<ForecastLine, 'pace' | 'passed'> {
  const passed = passedBefore(verified, facts, model);
  const against: PassedMilestone | null = passed && { days: passed.days, norm: norms.get(passed.milestone) };
  const norm = verified.key === null ? undefined : norms.get(verified.key);
  const pace = paceOf(daysInMilestone, norm, against);
  return passed === null ? { pace } : { pace, passed };
}

/**
 * The last milestone at which the deal was seen on an earlier day than at the verified one, and the days in between; null when all
 * came on one day: the deal was entered in the CRM late, and nobody knows how long it took.
 */
function passedBefore(
  verified: Verified,
  facts: readonly EvidenceFact[],
  model: MilestoneModel,
): { readonly milestone: MilestoneKey; readonly days: number } | null {
  const { since } = verified;
  const provenOn = earliestByMilestone(facts);
  let reachedOn: Temporal.PlainDate | null = null;
  let passed: { readonly milestone: MilestoneKey; readonly days: number } | null = null;
  for (const { key } of model.milestones.slice(0, Math.max(0, verified.index))) {
    const on = provenOn.get(key);
    if (on === undefined || since === null) continue;
    reachedOn = reachedOn !== null && daysBetween(reachedOn, on) < 0 ? reachedOn : on;
    const days = daysBetween(reachedOn, since);
    if (days > 0) passed = { milestone: key, days };
  }
  return passed;
}

/** Deals in few words, for tests of the method. Everything has a default that is plain and unremarkable. */

import type {
  Activity,
  Contact,
  Deal,
  ExchangeRate,
  FilledProperty,
  Owner,
} from '../../src/core/deals/deal.ts';
import { type ForecastInput, forecastLines } from '../../src/core/forecast/forecast.ts';
import type { ForecastLine } from '../../src/core/forecast/forecast-types.ts';
import { defaultModel } from '../../src/core/milestones/default-model.ts';
import type { Confirmation } from '../../src/core/milestones/evidence.ts';
import type { Milestone, MilestoneModel, StageMeaning } from '../../src/core/milestones/milestone.ts';
import type { Odds } from '../../src/core/odds/odds.ts';
import { type Period, periodOf } from '../../src/core/values/calendar.ts';
import { type CurrencyCode, parseCurrency } from '../../src/core/values/currency.ts';
import {
  type ActivityId,
  asId,
  type ContactId,
  type DealId,
  type MilestoneKey,
  type OwnerId,
  type PipelineId,
  type StageId,
  type TeamId,
} from '../../src/core/values/ids.ts';
import { parseMoney } from '../../src/core/values/money.ts';

export const ZONE = 'Europe/Paris';

export function currency(code: string): CurrencyCode {
  const parsed = parseCurrency(code);
  if (!parsed.ok) throw new Error(`${code} is no currency`);
  return parsed.value;
}

export const EUR = currency('EUR');

export const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);

/** Noon in Paris on that day (and in winter also noon less an hour UTC), or the exact instant when the text has a time. */
export const at = (text: string): Temporal.Instant =>
  text.includes('T')
    ? Temporal.Instant.from(text)
    : day(text).toZonedDateTime({ timeZone: ZONE, plainTime: '12:00' }).toInstant();

export const key = (text: string): MilestoneKey => asId<MilestoneKey>(text);
export const dealId = (text: string): DealId => asId<DealId>(text);

export function money(text: string, code = 'EUR') {
  const parsed = parseMoney(text, currency(code));
  if (!parsed.ok) throw new Error(`${text} is no amount`);
  return parsed.value.money;
}

/** Stages s-contact, s-need, s-solution, s-verbal, s-won, s-lost, s-hold (keep); s-other is unmapped. */
const MAPPING: Readonly<Record<string, StageMeaning>> = {
  's-contact': { kind: 'milestone', key: key('contact') },
  's-need': { kind: 'milestone', key: key('need') },
  's-solution': { kind: 'milestone', key: key('solution') },
  's-verbal': { kind: 'milestone', key: key('verbal') },
  's-won': { kind: 'won' },
  's-invoiced': { kind: 'won' },
  's-lost': { kind: 'lost' },
  's-hold': { kind: 'keep' },
};

/** The default model, mapped: evidence decides. */
export function evidenceModel(change: (milestone: Milestone) => Milestone = (same) => same): MilestoneModel {
  const model = defaultModel();
  return { ...model, mapping: MAPPING, milestones: model.milestones.map(change) };
}

/** The stage alone proves: a company in its first week. */
export function stageModel(): MilestoneModel {
  return evidenceModel((milestone) => ({
    ...milestone,
    evidence: [{ kind: 'stage_entered' }],
    evidenceExpiresAfterDays: null,
  }));
}

/** `stages` reads "s-contact 2026-01-05, s-need 2026-01-20": the deal entered each at noon, or at the instant given. */
export function deal(id: string, stages: string, changes: Partial<Deal> = {}): Deal {
  const stageHistory = stages.split(',').map((entry) => {
    const [stage = '', when = ''] = entry.trim().split(' ');
    return { stageId: asId<StageId>(stage), enteredAt: at(when) };
  });
  const first = stageHistory[0]?.enteredAt ?? at('2026-01-01');
  const last = stageHistory.at(-1);
  return {
    id: dealId(id),
    name: `Deal ${id}`,
    pipelineId: asId<PipelineId>('p-1'),
    stageId: last?.stageId ?? asId<StageId>('s-contact'),
    amount: { kind: 'money', money: money('1000') },
    closeDate: null,
    ownerId: asId<OwnerId>('o-1'),
    createdAt: first,
    updatedAt: last?.enteredAt ?? first,
    stageHistory,
    closeDateHistory: [],
    properties: [],
    companyIds: [],
    contactIds: [],
    flags: [],
    ...changes,
  };
}

export const amount = (text: string, code = 'EUR'): Pick<Deal, 'amount'> => ({
  amount: { kind: 'money', money: money(text, code) },
});

export const filled = (name: string, value: string, when: string): FilledProperty => ({
  name,
  value,
  filledAt: at(when),
});

export function activity(deal: string, when: string, changes: Partial<Activity> = {}): Activity {
  return {
    id: asId<ActivityId>(`a-${deal}-${when}`),
    kind: 'meeting',
    at: at(when),
    ownerId: asId<OwnerId>('o-1'),
    withCustomer: true,
    title: 'Meeting',
    dealIds: [dealId(deal)],
    updatedAt: at(when),
    ...changes,
  };
}

export const contact = (id: string, buyingRole: string | null): Contact => ({
  id: asId<ContactId>(id),
  name: 'Someone',
  buyingRole,
  updatedAt: at('2026-01-01'),
});

export const said = (milestone: string, verdict: Confirmation['verdict'], on: string): Confirmation => ({
  milestone: key(milestone),
  confirmedOn: day(on),
  customerPerson: 'Mme Roy',
  link: 'https://example.test/minutes',
  verdict,
});

export const owner = (id: string, name: string, changes: Partial<Owner> = {}): Owner => ({
  id: asId<OwnerId>(id),
  name,
  email: null,
  active: true,
  teamIds: [asId<TeamId>('t-1')],
  ...changes,
});

export const rate = (from: string, to: string, text: string, on: string): ExchangeRate => ({
  from: currency(from),
  to: currency(to),
  rate: text,
  effectiveOn: day(on),
});

/** Odds that a reader can compute: (milestone + 1) x horizon in thousandths, at most 0.9; signature realistic after 40 days. */
export const PLAIN_ODDS: Odds = {
  inDays: (milestone, _ageDays, horizonDays) => Math.min(0.9, ((milestone + 1) * horizonDays) / 1000),
  realisticDays: (milestone) => (milestone < 0 ? null : 40),
  reason: (_milestone, ageDays, horizonDays) => ({
    label: 'your_weights',
    resolvedDeals: 0,
    ageDays,
    horizonDays,
    bandFromDays: 0,
    bandToDays: null,
    dailyForward: 0.01,
    dailyLost: 0.001,
    exposureDays: 0,
  }),
  newWins: () => 0,
  label: 'your_weights',
  resolvedDeals: 0,
  wins: 0,
  medianCycleDays: null,
};

/** A Monday in the fourth quarter of 2026; 40 days are left of it. */
export const MONDAY = day('2026-11-23');
export const QUARTER: Period = periodOf(MONDAY, 'quarter');

export function forecastInput(deals: readonly Deal[], changes: Partial<ForecastInput> = {}): ForecastInput {
  const asOf = changes.asOf ?? MONDAY;
  return {
    deals,
    activitiesByDeal: new Map(),
    contactsById: new Map(),
    confirmations: new Map(),
    model: stageModel(),
    rates: [],
    company: { zone: ZONE, currency: EUR, fiscalStartMonth: 1 },
    asOf,
    period: periodOf(asOf, 'quarter'),
    oddsByPipeline: new Map(),
    fallbackOdds: PLAIN_ODDS,
    paceNorms: [],
    ...changes,
  };
}

/** The one line of one deal. */
export function lineOfDeal(subject: Deal, changes: Partial<ForecastInput> = {}): ForecastLine {
  const [line] = forecastLines(forecastInput([subject], changes));
  if (line === undefined) throw new Error(`${subject.id} has no line`);
  return line;
}

import { inOrderOfTime } from '../world/script.ts';
import type { CustomField, WorldEvent, WorldScript } from '../world/types.ts';
import { badPlans } from './bad-records.ts';
import { catalogueEvents } from './catalogue.ts';
import { type Customer, customersOf } from './customers.ts';
import { Days } from './days.ts';
import { activitiesOf, activityEvents } from './deal-activities.ts';
import { dealEvents, type PlannedDeal, type Telling } from './deal-life.ts';
import { LEFT_REP, type Staff, staffOf } from './people.ts';
import { companyPipelines } from './pipelines.ts';
import { creationDays, type DealPlan, randomPlan } from './plan.ts';
import { Chance } from './random.ts';
import { storyPlans } from './stories.ts';
import { MILESTONES, type Words } from './words.ts';
import { ENGLISH } from './words-en.ts';
import { FRENCH } from './words-fr.ts';

export interface CompanyOptions {
  /** Another seed, another company. Absent: the one of the demo. */
  readonly seed?: string;
  readonly locale: 'fr' | 'en';
  /** The day one looks: everything before its midnight has happened. The script goes on for two months after it. */
  readonly asOf: Temporal.PlainDate;
}

/** A company that sells maintenance software and services, with all that is needed to check what is read from its CRM. */
export interface SeededCompany {
  readonly options: CompanyOptions;
  readonly script: WorldScript;
  readonly staff: Staff;
  readonly days: Days;
  /** What becomes of every deal, also after the day one looks. */
  readonly deals: readonly PlannedDeal[];
  readonly home: string;
  readonly abroad: string;
  /** 1 unit of `abroad` in `home`. */
  readonly rate: string;
}

/** Random deals of 18 months, and of the two months that come. */
const PAST_DEALS = 342;
const COMING_DEALS = 38;
const FIRST_DAY = -548;
const LAST_DAY = 60;

const PLACES = {
  fr: { zone: 'Europe/Paris', home: 'EUR', abroad: 'CHF', rate: '1.04', words: FRENCH },
  en: { zone: 'Europe/London', home: 'GBP', abroad: 'EUR', rate: '0.86', words: ENGLISH },
} as const;

/** The same options give the same company, to the last id. */
export function seededCompany(options: CompanyOptions): SeededCompany {
  const { zone, home, abroad, rate, words } = PLACES[options.locale];
  const chance = new Chance(`${options.seed ?? 'jalon'} ${options.locale}`);
  const days = new Days(options.asOf, zone);
  const staff = staffOf(words, days);
  const { customers, events } = customersOf(chance, words, days);
  const deals = planned(chance, customers, plansOf(chance, days));
  const telling: Telling = { chance, days, words, reps: staff.reps, home, abroad };
  const lives = deals.flatMap((deal) => dealEvents(telling, deal));
  const acts = activityEvents(deals.flatMap((deal) => activitiesOf(telling, deal)));
  const sold = catalogueEvents(telling, deals, `${options.seed ?? 'jalon'} ${options.locale}`);
  const script: WorldScript = {
    account: {
      id: '148220315',
      name: words.accountName,
      zone,
      currency: home,
      locale: options.locale,
      extraCurrencies: [{ currency: abroad, rate, effectiveAtMs: days.atMs(FIRST_DAY - 60, 0) }],
    },
    customFields: customFields(words),
    pipelines: companyPipelines(words),
    teams: staff.teams,
    owners: [...staff.managers, ...staff.reps],
    events: inOrderOfTime([...events, ...lives, ...housekeeping(telling, deals), ...acts, ...sold]),
  };
  return { options, script, staff, days, deals, home, abroad, rate };
}

function plansOf(chance: Chance, days: Days): readonly DealPlan[] {
  const past = creationDays(chance, days, FIRST_DAY, -1, PAST_DEALS);
  const coming = creationDays(chance, days, 0, LAST_DAY, COMING_DEALS);
  const random = [...past, ...coming].map((day) => randomPlan(chance, days, day, repOn(chance, day)));
  return [...random, ...storyPlans(chance, days), ...badPlans(days)];
}

/** The rep who left took deals while there. */
function repOn(chance: Chance, day: number): number {
  return day < -75 && chance.happens(0.06) ? LEFT_REP : chance.whole(0, 11);
}

/** Gives each plan a customer and, in the order of creation, an id. */
function planned(
  chance: Chance,
  customers: readonly Customer[],
  plans: readonly DealPlan[],
): readonly PlannedDeal[] {
  let id = 52_300_000_000;
  return [...plans]
    .sort((a, b) => a.createdDay - b.createdDay)
    .map((plan) => {
      id += chance.whole(1, 90_000);
      return { id: String(id), plan, customer: chance.pick(customers) };
    });
}

/** Two test records thrown away and a duplicate merged: what a pull finds in the recycle bin and behind old ids. */
function housekeeping(telling: Telling, deals: readonly PlannedDeal[]): readonly WorldEvent[] {
  const { days, words } = telling;
  const kept = deals.find((deal) => deal.plan.createdDay > -60 && deal.plan.end === null);
  const fields = { name: words.testDeal, amount: '1', pipeline: 'default', stage: 'appointmentscheduled' };
  const create = (id: string, day: number): WorldEvent => ({
    what: 'create',
    atMs: days.atMs(day, 600),
    kind: 'deal',
    id,
    fields,
  });
  const [first, second, duplicate] = ['52299990001', '52299990002', '52299990003'];
  return [
    create(first, -200),
    { what: 'archive', atMs: days.atMs(-199, 700), kind: 'deal', id: first },
    create(second, -30),
    { what: 'archive', atMs: days.atMs(-12, 700), kind: 'deal', id: second },
    ...(kept === undefined
      ? []
      : [
          create(duplicate, -35),
          {
            what: 'merge' as const,
            atMs: days.atMs(-14, 800),
            kind: 'deal' as const,
            winnerId: kept.id,
            loserId: duplicate,
          },
        ]),
  ];
}

function customFields(words: Words): readonly CustomField[] {
  const proofs = MILESTONES.map((key) => ({
    kind: 'deal' as const,
    name: `jalon_evidence_${key}`,
    label: words.evidenceLabels[key],
    type: 'textarea' as const,
  }));
  return [
    ...proofs,
    { kind: 'deal', name: 'jalon_verbal_commitment_on', label: words.evidenceLabels.on, type: 'date' },
  ];
}

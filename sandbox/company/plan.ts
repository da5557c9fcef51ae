import type { Days } from './days.ts';
import type { Chance } from './random.ts';

/** What becomes of one deal, before it is told as events. Days count from the day one looks, see `Days`. */
export interface DealPlan {
  readonly createdDay: number;
  readonly pipeline: 'fresh' | 'growth';
  /** Index of the rep, 0..11; 12 is the one who left. */
  readonly rep: number;
  readonly amount: number;
  readonly foreign: boolean;
  /** Milestones declared by the rep, from the first on; the same one may come back after a fall. */
  readonly steps: readonly PlanStep[];
  readonly end: { readonly kind: 'won' | 'lost'; readonly day: number } | null;
  readonly closeDay: number;
  readonly pushes: readonly { readonly day: number; readonly toDay: number }[];
  /** From this day on nobody did or said anything. */
  readonly silentFrom: number | null;
  readonly newAmount: { readonly day: number; readonly amount: number } | null;
  /** Field values that replace those of the plan: for records that are wrong on purpose. */
  readonly fields: Readonly<Record<string, string>>;
  readonly name: string | null;
}

/** Parked: only the first pipeline has such a stage. */
export const HOLD = -1;

export interface PlanStep {
  /** 0..3, see MILESTONES; HOLD: parked, the stage says nothing. */
  readonly milestone: number;
  readonly day: number;
  /** Days until the proof was written down; null when nobody has any. */
  readonly proofAfter: number | null;
}

/** Chance to go on from a milestone rather than be lost, and the median days that a deal stays there. */
export const ADVANCE = [0.66, 0.74, 0.74, 0.8] as const;
export const MEDIAN_DAYS = [11, 18, 22, 13] as const;
/** Customers who know us decide faster and more often. */
const GROWTH = { advance: 1.08, days: 0.75, amount: 0.55 };
const PROVEN = 0.88;
/** Deals that nobody works any more but nobody closes either. */
const FORGOTTEN = 0.03;
const MEDIAN_AMOUNT = 25_000;

/** New deals per month of the year, against the mean. */
const SEASON = [1.1, 1.0, 1.15, 1.0, 0.95, 1.0, 0.75, 0.4, 1.35, 1.2, 1.1, 0.65] as const;

/** Creation days of about `count` deals between two days, thinner in summer and at Christmas, ascending. */
export function creationDays(
  chance: Chance,
  days: Days,
  from: number,
  to: number,
  count: number,
): readonly number[] {
  const chosen: number[] = [];
  while (chosen.length < count) {
    const day = chance.whole(from, to);
    const season = SEASON[days.date(day).month - 1] ?? 1;
    if (chance.next() * 1.35 < season) chosen.push(days.workday(day));
  }
  return chosen.sort((a, b) => a - b);
}

export function randomPlan(chance: Chance, days: Days, createdDay: number, rep: number): DealPlan {
  const growth = chance.happens(0.32);
  const life = liveOn(chance, days, createdDay, growth);
  const amount = roundAmount(chance.around(MEDIAN_AMOUNT * (growth ? GROWTH.amount : 1), 0.6));
  const closing = closeDates(chance, days, createdDay, life);
  const worked = life.steps.at(-1)?.day ?? createdDay;
  return {
    createdDay,
    pipeline: growth ? 'growth' : 'fresh',
    rep,
    amount,
    foreign: chance.happens(0.12),
    steps: life.steps,
    end: life.end,
    ...closing,
    silentFrom: life.forgottenFrom,
    newAmount: chance.happens(0.16)
      ? { day: worked + 1, amount: roundAmount(amount * (0.75 + chance.next() * 0.5)) }
      : null,
    fields: {},
    name: null,
  };
}

interface Life {
  readonly steps: readonly PlanStep[];
  readonly end: DealPlan['end'];
  readonly forgottenFrom: number | null;
}

/** Walks the milestones until the deal is won, lost or forgotten. A forgotten deal is closed as lost some months later. */
function liveOn(chance: Chance, days: Days, createdDay: number, growth: boolean): Life {
  const steps: PlanStep[] = [];
  let day = createdDay;
  for (let milestone = 0; milestone < ADVANCE.length; milestone += 1) {
    steps.push({ milestone, day, proofAfter: chance.happens(PROVEN) ? chance.whole(0, 3) : null });
    const stay = chance.around((MEDIAN_DAYS[milestone] ?? 15) * (growth ? GROWTH.days : 1), 0.55);
    const advances = chance.happens((ADVANCE[milestone] ?? 0) * (growth ? GROWTH.advance : 1));
    if (chance.happens(FORGOTTEN)) {
      const from = day + Math.round(stay / 2) + 1;
      return {
        steps,
        end: { kind: 'lost', day: days.workday(from + chance.whole(90, 140)) },
        forgottenFrom: from,
      };
    }
    day = days.workday(day + Math.max(2, Math.round(stay)));
    if (!advances) return { steps, end: { kind: 'lost', day }, forgottenFrom: null };
  }
  return { steps, end: { kind: 'won', day: beforeQuarterEnd(chance, days, day) }, forgottenFrom: null };
}

/** Signatures that would fall just after a quarter's end are often hurried into it. */
function beforeQuarterEnd(chance: Chance, days: Days, day: number): number {
  const start = days.quarterStart(day);
  const late = day - start;
  return late < 12 && chance.happens(0.5) ? days.workday(start - chance.whole(1, 4)) : day;
}

/** The date a rep promises, moved each time it comes near while the deal is still open. */
function closeDates(
  chance: Chance,
  days: Days,
  createdDay: number,
  life: Life,
): Pick<DealPlan, 'closeDay' | 'pushes'> {
  const closeDay = days.monthEnd(createdDay + chance.whole(45, 80));
  const until = life.forgottenFrom ?? life.end?.day ?? 400;
  const pushes: { day: number; toDay: number }[] = [];
  let promised = closeDay;
  while (promised < until) {
    const day = days.workday(promised - chance.whole(-3, 5));
    promised = days.monthEnd(promised + chance.whole(20, 45));
    if (day > createdDay && day < until) pushes.push({ day, toDay: promised });
  }
  return { closeDay, pushes };
}

export function roundAmount(amount: number): number {
  return Math.max(900, Math.round(amount / 100) * 100);
}

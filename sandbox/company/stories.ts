import type { Days } from './days.ts';
import { type DealPlan, HOLD, type PlanStep, roundAmount } from './plan.ts';
import type { Chance } from './random.ts';

/**
 * Deals whose fate is decided, so that in every team something has happened in the last week and a manager meets each kind of news:
 * won, lost, advanced, fallen back, pushed, new, stuck, fast, silent, declared far ahead of its proof.
 */
export function storyPlans(chance: Chance, days: Days): readonly DealPlan[] {
  return [0, 1, 2].flatMap((team) => STORIES.map((story, at) => storyPlan(chance, days, team, at, story)));
}

interface Story {
  readonly amount: number;
  /** [milestone, day] or [milestone, day, "unproven"]. */
  readonly steps: readonly (readonly [number, number, 'unproven'?])[];
  readonly end?: readonly ['won' | 'lost', number];
  readonly closeDay: number;
  readonly pushes?: readonly (readonly [day: number, toDay: number])[];
  readonly silentFrom?: number;
  readonly newAmount?: readonly [day: number, factor: number];
}

const STORIES: readonly Story[] = [
  // Won this week, after a sound cycle.
  {
    amount: 23_500,
    steps: [
      [0, -82],
      [1, -66],
      [2, -40],
      [3, -15],
    ],
    end: ['won', -3],
    closeDay: 4,
  },
  // Lost this week, late.
  {
    amount: 16_500,
    steps: [
      [0, -90],
      [1, -70],
      [2, -38],
    ],
    end: ['lost', -2],
    closeDay: 20,
  },
  // Gave their word this week; they will sign.
  {
    amount: 27_500,
    steps: [
      [0, -70],
      [1, -52],
      [2, -30],
      [3, -4],
    ],
    end: ['won', 9],
    closeDay: 18,
  },
  // Need confirmed this week, fast from the start.
  {
    amount: 12_000,
    steps: [
      [0, -9],
      [1, -2],
      [2, 11],
    ],
    closeDay: 40,
  },
  // Fell back: the specification has to be redone.
  {
    amount: 19_000,
    steps: [
      [0, -75],
      [1, -60],
      [2, -33],
      [1, -5],
    ],
    closeDay: 34,
  },
  // Pushed for the third time, now into the next quarter.
  {
    amount: 32_000,
    steps: [
      [0, -120],
      [1, -98],
      [2, -61],
    ],
    closeDay: -60,
    pushes: [
      [-64, -30],
      [-33, 5],
      [-4, 62],
    ],
  },
  // Stuck: nothing new validated for three months, though people still talk.
  {
    amount: 14_500,
    steps: [
      [0, -140],
      [1, -104],
    ],
    closeDay: 12,
    pushes: [[-50, 12]],
  },
  // Silent for weeks, with a date in the past.
  {
    amount: 9_500,
    steps: [
      [0, -95],
      [1, -72],
    ],
    closeDay: -9,
    silentFrom: -41,
  },
  // The rep says "verbal", the customer has not said it; it will be lost.
  {
    amount: 39_000,
    steps: [
      [0, -64],
      [1, -47],
      [2, -29, 'unproven'],
      [3, -10, 'unproven'],
    ],
    end: ['lost', 16],
    closeDay: 16,
  },
  // The amount fell this week; it will be signed.
  {
    amount: 18_000,
    steps: [
      [0, -58],
      [1, -43],
      [2, -20],
      [3, 6],
    ],
    end: ['won', 20],
    closeDay: 25,
    newAmount: [-3, 0.8],
  },
  // New this week.
  { amount: 10_500, steps: [[0, -3]], closeDay: 75 },
  // Parked by the customer.
  {
    amount: 7_500,
    steps: [
      [0, -85],
      [1, -63],
      [HOLD, -26, 'unproven'],
    ],
    closeDay: 55,
    silentFrom: -26,
  },
];

/** Stories that happen with known customers. */
const GROWING: readonly number[] = [3, 7];

function storyPlan(chance: Chance, days: Days, team: number, at: number, story: Story): DealPlan {
  const shift = team === 0 ? 0 : chance.whole(-1, 0);
  const on = (day: number) => days.workday(day + (day > -8 ? 0 : shift * 3));
  const steps: PlanStep[] = story.steps.map(([milestone, day, unproven]) => ({
    milestone,
    day: on(day),
    proofAfter: unproven === 'unproven' ? null : 0,
  }));
  const amount = roundAmount(story.amount * (0.8 + chance.next() * 0.4));
  return {
    createdDay: steps[0]?.day ?? on(-60),
    pipeline: GROWING.includes(at) ? 'growth' : 'fresh',
    rep: team * 4 + (at % 4),
    amount,
    foreign: at === 4,
    steps,
    end: story.end === undefined ? null : { kind: story.end[0], day: on(story.end[1]) },
    closeDay: story.closeDay,
    pushes: (story.pushes ?? []).map(([day, toDay]) => ({ day: on(day), toDay })),
    silentFrom: story.silentFrom ?? null,
    newAmount:
      story.newAmount === undefined
        ? null
        : { day: on(story.newAmount[0]), amount: roundAmount(amount * story.newAmount[1]) },
    fields: {},
    name: null,
  };
}

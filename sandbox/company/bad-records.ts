import type { Days } from './days.ts';
import type { DealPlan } from './plan.ts';

/** Records as every grown account has some: each kind is counted, so that a test can ask whether all of them were met. */
export const PLANTED = {
  amountMissing: 3,
  amountNegative: 1,
  amountTooPrecise: 1,
  amountAbsurd: 1,
  ownerUnknown: 2,
  ownerMissing: 1,
  ownerLeft: 2,
  stageUnmapped: 2,
  closeDateMissing: 3,
  closeBeforeCreation: 2,
  nameWithMarkup: 1,
  nameWithControl: 1,
} as const;

/** An owner id that nobody in the account has. */
const NOBODY = '990000404';

type Flaw = Readonly<Record<string, string>>;

const FLAWS: Readonly<Record<keyof typeof PLANTED, Flaw>> = {
  amountMissing: { amount: '' },
  amountNegative: { amount: '-4200' },
  amountTooPrecise: { amount: '12500.1234567890123456789' },
  amountAbsurd: { amount: '1E+21' },
  ownerUnknown: { owner: NOBODY },
  ownerMissing: { owner: '' },
  ownerLeft: {},
  stageUnmapped: { stage: 'tender' },
  closeDateMissing: { close_date: '' },
  closeBeforeCreation: {},
  nameWithMarkup: { name: '<b>Offre</b> & "Fils" <script>alert(1)</script>' },
  nameWithControl: { name: 'Contrat \u202Etnegru\u202C\u0007 annuel' },
};

export function badPlans(days: Days): readonly DealPlan[] {
  const kinds = Object.keys(FLAWS) as (keyof typeof PLANTED)[];
  return kinds.flatMap((kind, at) =>
    Array.from({ length: PLANTED[kind] }, (_, copy) => badPlan(days, kind, at + copy)),
  );
}

function badPlan(days: Days, kind: keyof typeof PLANTED, at: number): DealPlan {
  const createdDay = days.workday(-25 - 2 * at);
  return {
    createdDay,
    pipeline: 'fresh',
    rep: kind === 'ownerLeft' ? 12 : at % 12,
    amount: 6_000 + 500 * at,
    foreign: false,
    steps: [
      { milestone: 0, day: createdDay, proofAfter: 1 },
      ...(kind === 'stageUnmapped'
        ? []
        : [{ milestone: 1, day: days.workday(-8 - (at % 9)), proofAfter: 0 }]),
    ],
    end: null,
    closeDay: kind === 'closeBeforeCreation' ? createdDay - 30 : 45,
    pushes: [],
    silentFrom: null,
    newAmount: null,
    fields: FLAWS[kind],
    name: null,
  };
}

import { SMALL_SETUP } from '../../sandbox/world/small-world.ts';
import type { WorldSetup } from '../../sandbox/world/types.ts';
import { BY_PERSON, World } from '../../sandbox/world/world.ts';

/** A HubSpot account with one deal of every flaw beside four sound ones. Its owners, teams and rates are those of the small world. */

const EXTRA_STAGES = [
  { id: 'tender', label: 'Tender', order: 4, probability: '0.3', outcome: null, archived: false },
  { id: 'gone', label: 'Gone', order: 5, probability: '0.3', outcome: null, archived: false },
] as const;

const SETUP: WorldSetup = {
  ...SMALL_SETUP,
  pipelines: SMALL_SETUP.pipelines.map((pipeline) => ({
    ...pipeline,
    stages: [...pipeline.stages, ...EXTRA_STAGES],
  })),
};

const AS_OF_MS = Date.UTC(2026, 2, 2, 7);
const CREATED_MS = Date.UTC(2026, 1, 2, 8);

const SOUND = {
  amount: '1000',
  currency: 'EUR',
  pipeline: 'default',
  stage: 'second',
  close_date: '2026-03-31',
  owner: '81',
};

export const HOSTILE_NAMES = {
  markup: '<img src=x onerror=alert(1)> & "Sons" <script>alert(1)</script>',
  bidi: 'Contract \u202Egnp.exe\u202C yearly',
  control: 'Line one\r\nBcc: all@example.com\u0007\u001B[31m red\u0000',
};

/** What differs from a sound deal: 1,000 EUR at the second stage, to close in March. */
const DEALS = {
  sound: {},
  swiss: { currency: 'CHF' },
  exponent: { amount: '1E+2', stage: 'first' },
  decimals: { amount: '12500.1234567890123456789', stage: 'first' },

  amountNull: { amount: '' },
  amountNegative: { amount: '-4200' },
  amountAbsurd: { amount: '1E+21' },
  amountBillions: { amount: '10000000000000' },
  amountWords: { amount: 'twelve thousand' },
  currencyMissing: { currency: '' },
  currencyUnknown: { currency: 'ZZZ' },
  currencyWithoutRate: { currency: 'USD' },

  stageNever: { stage: 'nowhere' },
  stageDeleted: { stage: 'gone' },
  stageUnmapped: { stage: 'tender' },
  stageMissing: { stage: '' },
  pipelineMissing: { pipeline: '' },

  ownerMissing: { owner: '' },
  ownerStranger: { owner: '990000404' },
  ownerLeft: { owner: '83' },

  closeMissing: { close_date: '' },
  closeBefore: { close_date: '2025-01-01' },
  closeWords: { close_date: 'soon' },
  createdWords: { created_at: 'once upon a time' },

  markup: { name: HOSTILE_NAMES.markup },
  bidi: { name: HOSTILE_NAMES.bidi },
  control: { name: HOSTILE_NAMES.control },

  survivor: {},
  mergedAway: {},
  archived: {},
} as const satisfies Readonly<Record<string, Partial<typeof SOUND & { name: string; created_at: string }>>>;

export type BadDeal = keyof typeof DEALS;

const FIRST_ID = 9_100_000_001;

export function idOf(deal: BadDeal): string {
  return String(FIRST_ID + Object.keys(DEALS).indexOf(deal));
}

export function badWorld(): World {
  const world = new World(SETUP, AS_OF_MS);
  Object.entries(DEALS).forEach(([name, flaw], at) => {
    const stamp = { atMs: CREATED_MS + at * 60_000, source: BY_PERSON };
    world.create('deal', String(FIRST_ID + at), { name, ...SOUND, ...flaw }, stamp);
  });
  const later = { atMs: CREATED_MS + 86_400_000, source: BY_PERSON };
  world.merge('deal', idOf('survivor'), idOf('mergedAway'), later);
  world.archive('deal', idOf('archived'), later);
  world.removeStage('gone');
  return world;
}

/** Every stage is its own proof, so that net amounts can be told by heart: 10 % and 25 %. */
export const BAD_ACCOUNT_YAML = `
name: Atelier Nord
zone: Europe/Paris
currency: EUR
locale: fr
period: quarter
milestones:
  - { key: contact, label: { fr: Contact, en: Contact }, weight: 10, typical_days: 10, evidence: [stage_entered] }
  - { key: need, label: { fr: Besoin, en: Need }, weight: 25, typical_days: 10, evidence: [stage_entered] }
  - { key: verbal, label: { fr: Accord, en: Yes }, weight: 60, typical_days: 10, verbal: true, evidence: [stage_entered] }
stages: { first: contact, second: need, closedwon: won, closedlost: lost }
managers:
  - { name: Ana Chef, email: ana.chef@example.com, locale: fr, teams: [Nord] }
  - { name: Direction, email: direction@example.com, locale: en }
targets: [{ period: 2026-Q1, amount: "100000" }]
`;

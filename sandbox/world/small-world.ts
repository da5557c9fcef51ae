import type { WorldSetup } from './types.ts';
import { BY_PERSON, World } from './world.ts';

/** First id of the deals of a small world: above 2^31, as real ids are. */
export const FIRST_SMALL_DEAL_ID = 9_000_000_001;

export const SMALL_SETUP: WorldSetup = {
  account: {
    id: '25400100',
    name: 'Atelier Nord',
    zone: 'Europe/Paris',
    currency: 'EUR',
    locale: 'en',
    extraCurrencies: [{ currency: 'CHF', rate: '1.04', effectiveAtMs: Date.UTC(2026, 0, 1) }],
  },
  customFields: [
    { kind: 'deal', name: 'jalon_evidence_need', label: 'Evidence: need', type: 'textarea' },
    { kind: 'deal', name: 'jalon_verbal_commitment_on', label: 'Verbal commitment on', type: 'date' },
  ],
  pipelines: [
    {
      id: 'default',
      label: 'Sales',
      order: 0,
      archived: false,
      stages: [
        { id: 'first', label: 'First contact', order: 0, probability: '0.2', outcome: null, archived: false },
        { id: 'second', label: 'Offer', order: 1, probability: '0.6', outcome: null, archived: false },
        { id: 'closedwon', label: 'Won', order: 2, probability: '1.0', outcome: 'won', archived: false },
        { id: 'closedlost', label: 'Lost', order: 3, probability: '0.0', outcome: 'lost', archived: false },
      ],
    },
  ],
  teams: [{ id: '51', name: 'Nord' }],
  owners: [
    owner('81', 'Ana', 'Roux', true),
    owner('82', 'Ben', 'Hale', true),
    owner('83', 'Carla', 'Left', false),
  ],
};

function owner(id: string, firstName: string, lastName: string, active: boolean) {
  return {
    id,
    userId: `77${id}`,
    firstName,
    lastName,
    email: `${firstName}.${lastName}@example.com`.toLowerCase(),
    active,
    teamIds: ['51'],
    createdAtMs: Date.UTC(2025, 0, 1),
    updatedAtMs: Date.UTC(2025, 0, 1),
  };
}

/**
 * The smallest account worth reading: `deals` deals, created a second apart from 2026-01-05T08:00Z, each with a second stage an hour later,
 * a company and a contact. For tests of what a server does with records, not of what records mean.
 */
export function smallWorld(deals: number, setup: WorldSetup = SMALL_SETUP): World {
  const asOf = Temporal.Instant.from('2026-03-02T00:00:00Z');
  const world = new World(setup, asOf.epochMilliseconds);
  const startMs = Date.UTC(2026, 0, 5, 8);
  for (let at = 0; at < deals; at += 1) addDeal(world, at, startMs + at * 1_000);
  return world;
}

function addDeal(world: World, at: number, atMs: number): void {
  const stamp = { atMs, source: BY_PERSON };
  const id = String(FIRST_SMALL_DEAL_ID + at);
  const fields = {
    name: `Deal ${at + 1}`,
    amount: String(1_000 + at),
    currency: at % 5 === 4 ? 'CHF' : 'EUR',
    pipeline: 'default',
    stage: 'first',
    close_date: '2026-03-31',
    owner: ['81', '82', '83'][at % 3] ?? '81',
  };
  world.create('deal', id, fields, stamp);
  const company = world.create('company', String(8_000_000_001 + at), { name: `Company ${at + 1}` }, stamp);
  const contact = world.create(
    'contact',
    String(7_000_000_001 + at),
    { first_name: 'Dana', last_name: `Buyer ${at + 1}`, buying_role: 'DECISION_MAKER' },
    stamp,
  );
  world.link({ kind: 'deal', id }, company, stamp, true);
  world.link({ kind: 'deal', id }, contact, stamp);
  world.edit('deal', id, { stage: 'second' }, { atMs: atMs + 3_600_000, source: BY_PERSON });
}

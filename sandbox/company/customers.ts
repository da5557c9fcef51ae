import type { WorldEvent } from '../world/types.ts';
import type { Days } from './days.ts';
import { emailOf } from './people.ts';
import type { Chance } from './random.ts';
import type { Words } from './words.ts';

export interface Customer {
  readonly companyId: string;
  readonly name: string;
  readonly contacts: readonly Person[];
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

const ROLES = ['DECISION_MAKER', 'BUDGET_HOLDER', 'CHAMPION', 'END_USER', 'INFLUENCER'] as const;
/** Customers were known before the first deal. */
const KNOWN_SINCE = -620;

/** All companies that the words allow, each with one to three contacts, and the events that create them. */
export function customersOf(
  chance: Chance,
  words: Words,
  days: Days,
): { readonly customers: readonly Customer[]; readonly events: readonly WorldEvent[] } {
  const events: WorldEvent[] = [];
  const customers: Customer[] = [];
  for (const [at, name] of companyNames(chance, words).entries()) {
    const atMs = days.atMs(KNOWN_SINCE + (at % 30), 540 + (at % 400));
    const companyId = String(21_400_000_001 + at * 3);
    const fields = { name, industry: chance.pick(words.industries), city: chance.pick(words.cities) };
    events.push({ what: 'create', atMs, kind: 'company', id: companyId, fields });
    const contacts = Array.from({ length: chance.whole(1, 3) }, (_, nth) =>
      contactOf(chance, words, companyId, String(31_700_000_001 + at * 9 + nth * 2), atMs, nth, events),
    );
    customers.push({ companyId, name, contacts });
  }
  return { customers, events };
}

function companyNames(chance: Chance, words: Words): readonly string[] {
  const names = words.companyHeads.flatMap((head) => words.companyTails.map((tail) => `${head} ${tail}`));
  return names
    .map((name) => ({ name, order: chance.next() }))
    .sort((a, b) => a.order - b.order)
    .map((one) => one.name);
}

function contactOf(
  chance: Chance,
  words: Words,
  companyId: string,
  id: string,
  atMs: number,
  nth: number,
  events: WorldEvent[],
): Person {
  const [first, last] = [chance.pick(words.firstNames), chance.pick(words.lastNames)];
  const email = emailOf([first, last]).replace('@', `.${id.slice(-5)}@`);
  const role = chance.happens(0.75) ? (ROLES[nth] ?? chance.pick(ROLES)) : '';
  const fields = {
    first_name: first,
    last_name: last,
    email,
    job_title: chance.pick(words.jobTitles),
    buying_role: role,
  };
  events.push({ what: 'create', atMs: atMs + 60_000, kind: 'contact', id, fields });
  events.push({
    what: 'link',
    atMs: atMs + 60_000,
    from: { kind: 'contact', id },
    to: { kind: 'company', id: companyId },
  });
  return { id, name: `${first} ${last}`, email };
}

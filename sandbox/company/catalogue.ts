import type { WorldEvent } from '../world/types.ts';
import type { PlannedDeal, Telling } from './deal-life.ts';
import { Chance } from './random.ts';

const KNOWN_SINCE = -620;
const FIRST_PRODUCT = 1_870_000_001;
const FIRST_LINE = 6_110_000_001;
/** The step at which an offer is made, see MILESTONES: from there on a deal says what it is made of. */
const OFFER = 2;
/** Some reps never fill in the lines. */
const FILLED_IN = 0.8;
const QUANTITIES = [1, 1, 2, 5, 10] as const;

/** What the company sells, and the lines of the deals that got as far as an offer. Draws from a chance of its own: nothing else moves. */
export function catalogueEvents(
  telling: Telling,
  deals: readonly PlannedDeal[],
  seed: string,
): readonly WorldEvent[] {
  const chance = new Chance(`${seed} catalogue`);
  const products = telling.words.topics.map((name, at) => ({
    id: String(FIRST_PRODUCT + at * 7),
    name,
    code: `P-${String(at + 1).padStart(3, '0')}`,
  }));
  const known = products.map(({ id, name, code }, at): WorldEvent => {
    const fields = { name, code, price: String(900 + at * 450), currency: telling.home };
    return { what: 'create', atMs: telling.days.atMs(KNOWN_SINCE, 600), kind: 'product', id, fields };
  });
  let nextLine = FIRST_LINE;
  const lines = deals.flatMap((deal) => {
    const offer = deal.plan.steps.find((step) => step.milestone >= OFFER);
    if (offer === undefined || 'amount' in deal.plan.fields || !chance.happens(FILLED_IN)) return [];
    return shares(chance, deal.plan.amount).flatMap((share) => {
      const product = chance.pick(products);
      const id = String(nextLine);
      nextLine += chance.whole(1, 900);
      return lineEvents(telling, deal, { id, product, share, day: offer.day });
    });
  });
  return [...known, ...lines];
}

interface PlannedLine {
  readonly id: string;
  readonly product: { readonly id: string; readonly name: string };
  readonly share: { readonly quantity: number; readonly price: string };
  readonly day: number;
}

function lineEvents(telling: Telling, deal: PlannedDeal, line: PlannedLine): readonly WorldEvent[] {
  const { id, product, share, day } = line;
  const atMs = telling.days.atMs(day, 1_140);
  const fields = {
    name: product.name,
    product: product.id,
    quantity: String(share.quantity),
    price: share.price,
    currency: deal.plan.foreign ? telling.abroad : telling.home,
  };
  return [
    { what: 'create', atMs, kind: 'line_item', id, fields },
    { what: 'link', atMs, from: { kind: 'line_item', id }, to: { kind: 'deal', id: deal.id } },
  ];
}

/** One to three lines that come to the amount exactly: prices in tenths, of a quantity that divides them. */
function shares(chance: Chance, amount: number): readonly PlannedLine['share'][] {
  const count = amount < 1_000 ? 1 : chance.whole(1, 3);
  const parts = Array.from({ length: count - 1 }, () =>
    Math.max(1, Math.floor((amount / count) * (0.6 + chance.next() * 0.3))),
  );
  const rest = amount - parts.reduce((sum, part) => sum + part, 0);
  return [...parts, rest].map((part) => {
    const quantity = chance.pick(QUANTITIES);
    const tenths = (part * 10) / quantity;
    return { quantity, price: `${Math.floor(tenths / 10)}.${tenths % 10}` };
  });
}

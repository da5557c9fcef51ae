/** Raw records of one reply -> the content of a page: what could be read, what left, what was refused and why. */

import type { Deal, DealTombstone, Rejection } from '../../src/core/deals/deal.ts';
import { asId } from '../../src/core/values/ids.ts';
import type { PullPage } from '../../src/ports/connector.ts';
import type { HubspotApi } from './api.ts';
import { readAssociations, withLinks } from './associations.ts';
import type { AccountFacts } from './directory.ts';
import { dealFromHubspot, type NormalisedDeal, unexpectedShape } from './normalise.ts';
import { dealProductFromHubspot, productFromHubspot } from './normalise-products.ts';
import {
  type ActivityType,
  activityFromHubspot,
  companyFromHubspot,
  contactFromHubspot,
} from './normalise-records.ts';
import { recordSchema } from './schema.ts';

export type Content = Pick<
  PullPage,
  | 'deals'
  | 'tombstones'
  | 'companies'
  | 'contacts'
  | 'activities'
  | 'products'
  | 'dealProducts'
  | 'dealProductIds'
  | 'rejections'
>;

export const EMPTY: Content = {
  deals: [],
  tombstones: [],
  companies: [],
  contacts: [],
  activities: [],
  rejections: [],
};

export interface DealReading {
  readonly api: HubspotApi;
  readonly facts: AccountFacts;
  readonly evidenceProperties: readonly string[];
  /** For what not every token may read: null where it is not permitted, which is told in the log. */
  readonly optional: <Found>(ask: () => Promise<Found>) => Promise<Found | null>;
  /** Modified times of the deals that this pull has delivered. */
  readonly seen: Map<string, number>;
}

/** Deals whose links did not fit in the reply are read again with all of them: at most 2 more calls, for the whole page together. */
export async function dealContent(raws: readonly unknown[], reading: DealReading): Promise<Content> {
  const read = (raw: unknown) => dealFromHubspot(raw, reading.facts, reading.evidenceProperties);
  const first = raws.map((raw) => ({ raw, result: read(raw) }));
  const links = await cutLinks(
    first.flatMap(({ result }) => (result.ok ? [result.value] : [])),
    reading.api,
  );
  const complete = first.map(({ raw, result }) =>
    result.ok && result.value.cutAssociations.length > 0
      ? read(linkedFully(raw, result.value, links))
      : result,
  );
  const { values, rejections } = sorted(complete);
  const { kept, doubles } = withoutDoubles(values, reading.seen);
  return {
    ...EMPTY,
    deals: kept.map((one) => one.deal),
    tombstones: kept.flatMap((one) => one.tombstones),
    rejections: [...rejections, ...doubles],
  };
}

const LINKED = ['companies', 'contacts'] as const;

/** By kind of the linked record, then by deal. */
type Links = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

async function cutLinks(deals: readonly NormalisedDeal[], api: HubspotApi): Promise<Links> {
  const links = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (const to of LINKED) {
    const ids = deals.filter((one) => one.cutAssociations.includes(to)).map((one) => one.deal.id);
    if (ids.length > 0) links.set(to, await readAssociations(api, 'deals', to, ids));
  }
  return links;
}

function linkedFully(raw: unknown, { deal, cutAssociations }: NormalisedDeal, links: Links): unknown {
  return cutAssociations.reduce(
    (filled, to) => withLinks(filled, to, links.get(to)?.get(deal.id) ?? []),
    raw,
  );
}

/** A deal that comes twice in one pull: the newest is kept, and the other is a visible rejection. */
function withoutDoubles(
  deals: readonly NormalisedDeal[],
  seen: Map<string, number>,
): { readonly kept: NormalisedDeal[]; readonly doubles: Rejection[] } {
  const kept = new Map<string, NormalisedDeal>();
  const doubles: Rejection[] = [];
  for (const one of deals) {
    const { id, updatedAt } = one.deal;
    const before = seen.get(id);
    if (before !== undefined)
      doubles.push({ object: 'deal', externalId: id, code: 'ID_DUPLICATE', field: 'id' });
    if (before !== undefined && before >= updatedAt.epochMilliseconds) continue;
    seen.set(id, updatedAt.epochMilliseconds);
    kept.set(id, one);
  }
  return { kept: [...kept.values()], doubles };
}

export function archivedContent(raws: readonly unknown[]): Content {
  const tombstones: DealTombstone[] = [];
  const rejections: Rejection[] = [];
  for (const raw of raws) {
    const parsed = recordSchema.safeParse(raw);
    if (!parsed.success) {
      rejections.push(unexpectedShape('deal', raw, parsed.error.issues[0]?.path ?? []));
      continue;
    }
    const { id, archivedAt, updatedAt } = parsed.data;
    tombstones.push({
      id: asId<Deal['id']>(id),
      reason: 'archived',
      mergedInto: null,
      at: archivedAt ?? updatedAt,
    });
  }
  return { ...EMPTY, tombstones, rejections };
}

export function companyContent(raws: readonly unknown[]): Content {
  const { values, rejections } = sorted(raws.map(companyFromHubspot));
  return { ...EMPTY, companies: values, rejections };
}

export function contactContent(raws: readonly unknown[]): Content {
  const { values, rejections } = sorted(raws.map(contactFromHubspot));
  return { ...EMPTY, contacts: values, rejections };
}

export function activityContent(type: ActivityType, raws: readonly unknown[]): Content {
  const { values, rejections } = sorted(raws.map((raw) => activityFromHubspot(type, raw)));
  return { ...EMPTY, activities: values, rejections };
}

export function productContent(raws: readonly unknown[]): Content {
  const { values, rejections } = sorted(raws.map(productFromHubspot));
  return { ...EMPTY, products: values, rejections };
}

export function lineItemContent(raws: readonly unknown[], facts: AccountFacts): Content {
  const { values, rejections } = sorted(raws.map((raw) => dealProductFromHubspot(raw, facts)));
  return { ...EMPTY, dealProducts: values.filter((line) => line !== null), rejections };
}

type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Rejection };

function sorted<Value>(results: readonly Read<Value>[]): { values: Value[]; rejections: Rejection[] } {
  const values: Value[] = [];
  const rejections: Rejection[] = [];
  for (const result of results) {
    if (result.ok) values.push(result.value);
    else rejections.push(result.error);
  }
  return { values, rejections };
}

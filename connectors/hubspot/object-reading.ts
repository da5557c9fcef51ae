/** What is asked of each HubSpot object type, in a full walk and in a search for changes: one row per type. */
import type { ListQuery, ObjectType } from './api.ts';
import type { AccountFacts } from './directory.ts';
import { DEAL_PROPERTIES } from './normalise.ts';
import { LINE_ITEM_PROPERTIES, PRODUCT_PROPERTIES } from './normalise-products.ts';
import {
  type ActivityType,
  activityProperties,
  COMPANY_PROPERTIES,
  CONTACT_PROPERTIES,
} from './normalise-records.ts';
import {
  activityContent,
  type Content,
  companyContent,
  contactContent,
  lineItemContent,
  productContent,
} from './page-content.ts';

/** A type whose search rows are whole: no history to fetch. Activities need their deals beside. */
export interface PlainType {
  readonly type: Exclude<ObjectType, 'deals'>;
  readonly modifiedProperty: string;
  readonly properties: readonly string[];
  readonly linkedToDeals: boolean;
  /** Needs a scope of its own, which an older token may lack. */
  readonly optional?: true;
  content(raws: readonly unknown[], facts: AccountFacts): Content;
}

const ACTIVITY_TYPES: readonly ActivityType[] = ['calls', 'emails', 'meetings', 'notes', 'tasks'];

export const PLAIN_TYPES: readonly PlainType[] = [
  {
    type: 'companies',
    modifiedProperty: 'hs_lastmodifieddate',
    properties: COMPANY_PROPERTIES,
    linkedToDeals: false,
    content: companyContent,
  },
  {
    type: 'contacts',
    modifiedProperty: 'lastmodifieddate',
    properties: CONTACT_PROPERTIES,
    linkedToDeals: false,
    content: contactContent,
  },
  ...ACTIVITY_TYPES.map((type) => ({
    type,
    modifiedProperty: 'hs_lastmodifieddate',
    properties: activityProperties(type),
    linkedToDeals: true,
    content: (raws: readonly unknown[]) => activityContent(type, raws),
  })),
  {
    type: 'line_items',
    modifiedProperty: 'hs_lastmodifieddate',
    properties: LINE_ITEM_PROPERTIES,
    linkedToDeals: true,
    optional: true,
    content: lineItemContent,
  },
];

/** Not in `PLAIN_TYPES`: the catalogue changes rarely, and a pull looks at it once a day. */
export const PRODUCTS: PlainType = {
  type: 'products',
  modifiedProperty: 'hs_lastmodifieddate',
  properties: PRODUCT_PROPERTIES,
  linkedToDeals: false,
  optional: true,
  content: productContent,
};

/** Records of one list page; HubSpot's cap, halved when histories are asked for. */
export const LIST_PAGE = 100;
export const HISTORY_PAGE = 50;

/** Our own date, filled in by people; evidence texts are named by the model and come with the request. */
const OWN_EVIDENCE = 'jalon_verbal_commitment_on';

export function evidenceNames(asked: readonly string[]): string[] {
  return [...new Set([OWN_EVIDENCE, ...asked])];
}

/** Present values, and histories where the moment of a change matters. */
export function dealProperties(evidence: readonly string[]): { properties: string[]; history: string[] } {
  return {
    properties: [...new Set<string>([...DEAL_PROPERTIES, ...evidence])],
    history: [...new Set(['dealstage', 'closedate', ...evidence])],
  };
}

export function plainListQuery(plain: PlainType): ListQuery {
  const query = { limit: LIST_PAGE, properties: plain.properties };
  return plain.linkedToDeals ? { ...query, associations: ['deals'] } : query;
}

import type { Account } from './account.ts';
import { getChangelog, getDeal, listArchivedDeals, listDeals } from './deal-lists.ts';
import { patchDeal } from './deal-writes.ts';
import { addDealFieldOptions, createDealField } from './field-writes.ts';
import { listDealProducts, listProducts } from './product-lists.ts';
import {
  getMe,
  listActivities,
  listDealFields,
  listNotes,
  listOrganizations,
  listPersonFields,
  listPersons,
  listPipelines,
  listStages,
  listTeams,
  listUsers,
  summariseDeals,
} from './record-lists.ts';
import type { Call, Reply } from './reply.ts';

import { addWebhook, deleteWebhook, listWebhooks } from './webhook-routes.ts';
import type { WebhookDesk } from './webhooks.ts';

/** What an account allows beyond its data. */
export interface Terms {
  readonly maxCustomFields: number;
  readonly webhooks: WebhookDesk;
}

/** `cost` is the vendor's published x-token-cost. `scopes`: any one of them opens the route. */
interface Route {
  readonly method: string;
  readonly template: string;
  readonly cost: number;
  readonly scopes: readonly string[];
  answer(account: Account, call: Call, terms: Terms): Reply;
}

const DEALS_READ = ['deals:read', 'deals:full'];
const FIELDS = ['deals:read', 'deals:full', 'admin', 'deal-fields:full'];
const PRODUCTS_READ = ['products:read', 'products:full'];
const CONTACTS_READ = ['contacts:read', 'contacts:full'];

/** Every path that the connector uses; v1 also answers without the /api prefix. */
const ROUTES: readonly Route[] = [
  route('GET', '/api/v2/deals', 10, DEALS_READ, listDeals),
  route('GET', '/api/v2/deals/archived', 20, DEALS_READ, listArchivedDeals),
  route('GET', '/api/v2/deals/{id}', 1, DEALS_READ, getDeal),
  route('PATCH', '/api/v2/deals/{id}', 5, ['deals:full'], patchDeal),
  route('GET', '/api/v2/deals/products', 10, [...PRODUCTS_READ, ...DEALS_READ], listDealProducts),
  route('GET', '/api/v2/products', 10, PRODUCTS_READ, listProducts),
  route('GET', '/api/v2/organizations', 10, CONTACTS_READ, listOrganizations),
  route('GET', '/api/v2/persons', 10, CONTACTS_READ, listPersons),
  route('GET', '/api/v2/activities', 10, ['activities:read', 'activities:full'], listActivities),
  route('GET', '/api/v2/pipelines', 5, [...DEALS_READ, 'admin'], listPipelines),
  route('GET', '/api/v2/stages', 5, [...DEALS_READ, 'admin'], listStages),
  route('GET', '/api/v2/dealFields', 10, FIELDS, listDealFields),
  route('POST', '/api/v2/dealFields', 5, ['admin', 'deal-fields:full'], (account, call, terms) =>
    createDealField(account, call, terms.maxCustomFields),
  ),
  route('POST', '/api/v2/dealFields/{code}/options', 5, FIELDS, addDealFieldOptions),
  route('GET', '/api/v2/personFields', 10, [...CONTACTS_READ, 'admin'], listPersonFields),
  route('GET', '/api/v1/users', 20, ['users:read'], listUsers),
  route('GET', '/api/v1/users/me', 2, ['base'], getMe),
  route('GET', '/api/v1/legacyTeams', 20, ['users:read'], listTeams),
  route('GET', '/api/v1/notes', 20, [...DEALS_READ, ...CONTACTS_READ], listNotes),
  route('GET', '/api/v1/deals/summary', 40, DEALS_READ, summariseDeals),
  route('GET', '/api/v1/webhooks', 10, ['admin'], (account, call, { webhooks }) =>
    listWebhooks(account, call, webhooks),
  ),
  route('POST', '/api/v1/webhooks', 10, ['admin'], (account, call, { webhooks }) =>
    addWebhook(account, call, webhooks),
  ),
  route('DELETE', '/api/v1/webhooks/{id}', 6, ['admin'], (account, call, { webhooks }) =>
    deleteWebhook(account, call, webhooks),
  ),
  route('GET', '/api/v1/deals/{id}/changelog', 20, ['recents:read'], getChangelog),
];

export interface FoundRoute {
  readonly route: Route;
  readonly path: readonly string[];
}

/** Exact templates win over those with variables: "deals/archived" is no deal. */
export function findRoute(method: string, pathname: string): FoundRoute | null {
  const asked = pathname.startsWith('/v1/') ? `/api${pathname}` : pathname;
  const found = ROUTES.filter((candidate) => candidate.method === method).flatMap((candidate) => {
    const path = match(candidate.template, asked);
    return path === null ? [] : [{ route: candidate, path }];
  });
  return found.sort((a, b) => a.path.length - b.path.length)[0] ?? null;
}

function match(template: string, pathname: string): string[] | null {
  const wanted = template.split('/');
  const given = pathname.split('/');
  if (wanted.length !== given.length) return null;
  const variables: string[] = [];
  for (const [index, part] of wanted.entries()) {
    const value = decodeURIComponent(given[index] ?? '');
    if (part.startsWith('{')) variables.push(value);
    else if (part !== value) return null;
  }
  return variables;
}

function route(
  method: string,
  template: string,
  cost: number,
  scopes: readonly string[],
  answer: Route['answer'],
): Route {
  return { method, template, cost, scopes, answer };
}

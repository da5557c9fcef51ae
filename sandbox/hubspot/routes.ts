import { batchReadAssociations, readAssociations } from './associations.ts';
import { batchArchive, batchRead, batchUpdate } from './batches.ts';
import {
  accountDetails,
  currentRates,
  getOwner,
  getPipeline,
  listOwners,
  listPipelines,
} from './directory.ts';
import { getObject, listObjects, unknownType } from './object-reads.ts';
import { type ObjectType, objectType } from './object-types.ts';
import { archiveObject, createObject, mergeObjects, patchObject } from './object-writes.ts';
import type { Portal } from './portal.ts';
import {
  archiveProperty,
  createGroup,
  createProperties,
  createProperty,
  getGroup,
  getProperty,
  listGroups,
  listProperties,
  readProperties,
  updateProperty,
} from './property-routes.ts';
import type { Lane } from './rate-limits.ts';
import type { Call, Reply } from './reply.ts';
import { searchObjects } from './search.ts';

/** One path of the API. `template` is version-free: see `canonicalPath`. Variables are written {name}. */
interface Route {
  readonly method: string;
  readonly template: string;
  readonly lane: Lane;
  readonly scopes: (call: Call) => readonly string[];
  readonly answer: (portal: Portal, call: Call) => Reply;
}

type ObjectAnswer = (portal: Portal, type: ObjectType, call: Call) => Reply;

function onObject(answer: ObjectAnswer): Route['answer'] {
  return (portal, call) => {
    const type = objectType(call.path[0] ?? '');
    return type === undefined ? unknownType(call.path[0] ?? '') : answer(portal, type, call);
  };
}

function readScopes(call: Call): readonly string[] {
  return objectType(call.path[0] ?? '')?.readScopes ?? [];
}

function writeScopes(call: Call): readonly string[] {
  return objectType(call.path[0] ?? '')?.writeScopes ?? [];
}

function only(...scopes: readonly string[]): Route['scopes'] {
  return () => scopes;
}

function route(
  method: string,
  template: string,
  lane: Lane,
  scopes: Route['scopes'],
  answer: Route['answer'],
): Route {
  return { method, template, lane, scopes, answer };
}

const SCHEMA_READ = only('crm.schemas.deals.read');
const SCHEMA_WRITE = only('crm.schemas.deals.write');
const OWNERS_READ = only('crm.objects.owners.read');
const DEALS_READ = only('crm.objects.deals.read');

/** Order matters where a fixed word stands in the place of a variable. */
const ROUTES: readonly Route[] = [
  route('POST', '/crm/objects/{type}/batch/read', 'read', readScopes, onObject(batchRead)),
  route('POST', '/crm/objects/{type}/batch/update', 'write', writeScopes, onObject(batchUpdate)),
  route('POST', '/crm/objects/{type}/batch/archive', 'write', writeScopes, onObject(batchArchive)),
  route('POST', '/crm/objects/{type}/search', 'search', readScopes, onObject(searchObjects)),
  route('POST', '/crm/objects/{type}/merge', 'write', writeScopes, onObject(mergeObjects)),
  route('GET', '/crm/objects/{type}', 'list', readScopes, onObject(listObjects)),
  route('POST', '/crm/objects/{type}', 'write', writeScopes, onObject(createObject)),
  route('GET', '/crm/objects/{type}/{id}/associations/{toType}', 'read', readScopes, readAssociations),
  route('GET', '/crm/objects/{type}/{id}', 'read', readScopes, onObject(getObject)),
  route('PATCH', '/crm/objects/{type}/{id}', 'write', writeScopes, onObject(patchObject)),
  route('DELETE', '/crm/objects/{type}/{id}', 'write', writeScopes, onObject(archiveObject)),
  route(
    'POST',
    '/crm/associations/{type}/{toType}/batch/read',
    'associations',
    readScopes,
    batchReadAssociations,
  ),
  route('GET', '/crm/pipelines/{type}', 'directory', DEALS_READ, listPipelines),
  route('GET', '/crm/pipelines/{type}/{id}', 'directory', DEALS_READ, getPipeline),
  route('GET', '/crm/owners', 'directory', OWNERS_READ, listOwners),
  route('GET', '/crm/owners/{id}', 'directory', OWNERS_READ, getOwner),
  route('GET', '/crm/properties/{type}/groups', 'directory', SCHEMA_READ, listGroups),
  route('POST', '/crm/properties/{type}/groups', 'setup', SCHEMA_WRITE, createGroup),
  route('GET', '/crm/properties/{type}/groups/{name}', 'directory', SCHEMA_READ, getGroup),
  route('POST', '/crm/properties/{type}/batch/create', 'setup', SCHEMA_WRITE, createProperties),
  route('POST', '/crm/properties/{type}/batch/read', 'directory', SCHEMA_READ, readProperties),
  route('GET', '/crm/properties/{type}', 'directory', SCHEMA_READ, listProperties),
  route('POST', '/crm/properties/{type}', 'setup', SCHEMA_WRITE, createProperty),
  route('GET', '/crm/properties/{type}/{name}', 'directory', SCHEMA_READ, getProperty),
  route('PATCH', '/crm/properties/{type}/{name}', 'setup', SCHEMA_WRITE, updateProperty),
  route('DELETE', '/crm/properties/{type}/{name}', 'setup', SCHEMA_WRITE, archiveProperty),
  route('GET', '/account-info/details', 'directory', only('oauth'), accountDetails),
  route(
    'GET',
    '/settings/currencies/exchange-rates/current',
    'directory',
    only('settings.currencies.read'),
    currentRates,
  ),
];

const VERSION = /^(v[34]|2026-03)$/;

/** A path without its version, which stands second in numbered APIs and third in dated ones, and without a trailing slash. */
export function canonicalPath(pathname: string): string {
  const parts = pathname.split('/').filter((part) => part !== '');
  const at = parts.findIndex((part, index) => index >= 1 && index <= 2 && VERSION.test(part));
  return `/${parts.filter((_, index) => index !== at).join('/')}`;
}

export interface Match {
  readonly route: Route;
  readonly variables: readonly string[];
}

export function matchRoute(method: string, canonical: string): Match | null {
  const parts = canonical.split('/').slice(1);
  for (const candidate of ROUTES) {
    if (candidate.method !== method) continue;
    const variables = variablesOf(candidate.template.split('/').slice(1), parts);
    if (variables !== null) return { route: candidate, variables };
  }
  return null;
}

function variablesOf(template: readonly string[], parts: readonly string[]): readonly string[] | null {
  if (template.length !== parts.length) return null;
  const variables: string[] = [];
  for (const [at, part] of parts.entries()) {
    const wanted = template[at] ?? '';
    if (wanted.startsWith('{')) variables.push(decodeURIComponent(part));
    else if (wanted !== part) return null;
  }
  return variables;
}

/** The path as the journal keeps it: version and type as they came, ids and names as variables. */
export function journalPath(pathname: string, match: Match | null): string {
  if (match === null) return pathname;
  const hidden = new Set(
    match.variables.filter((_, at) => !['{type}', '{toType}'].includes(variableNames(match.route)[at] ?? '')),
  );
  return pathname
    .split('/')
    .map((part) => (hidden.has(decodeURIComponent(part)) && part !== '' ? '{id}' : part))
    .join('/');
}

function variableNames(found: Route): readonly string[] {
  return found.template.split('/').filter((part) => part.startsWith('{'));
}

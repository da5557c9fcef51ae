/**
 * The only file that knows @hubspot/api-client. The client's generated groups build paths, queries and bodies and read the replies;
 * the transport carries them (`httpApi`), so that its timeouts, retries and limits hold. The client's own retries and limiter belong to
 * its `Client` class, are shared by the whole process, and are never made here. Dated paths, which the client does not know, and
 * property creation, whose model drops the currency display, are sent as JSON through the same transport.
 */
import * as associationsV4 from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import * as objects from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import * as owners from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import * as pipelines from '@hubspot/api-client/lib/codegen/crm/pipelines/index.js';
import * as properties from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import type * as z from 'zod';
import { ConnectorError } from '../../src/ports/connector.ts';
import type { Transport } from '../transport.ts';
import { HubspotRefusal } from './errors.ts';
import { chargeOf } from './limits.ts';
import * as schema from './schema.ts';

/** Dated paths of HubSpot: supported for 18 months after March 2026. /2026-09/ enforces account rules on API writes. */
const HUBSPOT_API_VERSION = '2026-03';

export const HUBSPOT_ORIGIN = 'https://api.hubapi.com';

/** Types that the connector reads, by their name in paths. */
export type ObjectType =
  | 'deals'
  | 'companies'
  | 'contacts'
  | 'calls'
  | 'emails'
  | 'meetings'
  | 'notes'
  | 'tasks'
  | 'line_items'
  | 'products';

export interface ListQuery {
  readonly limit: number;
  readonly after?: string;
  readonly properties: readonly string[];
  readonly history?: readonly string[];
  readonly associations?: readonly string[];
  readonly archived?: boolean;
}

export interface SearchFilter {
  readonly propertyName: string;
  readonly operator: 'LT' | 'LTE' | 'GT' | 'GTE' | 'EQ' | 'BETWEEN';
  readonly value: string;
  readonly highValue?: string;
}

export interface SearchQuery {
  /** Any group may match; all filters of a group must. At most 3 groups of 3 are used here, the smallest documented limit. */
  readonly groups: readonly (readonly SearchFilter[])[];
  readonly sort: { readonly propertyName: string; readonly direction: 'ASCENDING' | 'DESCENDING' };
  readonly properties: readonly string[];
  readonly limit: number;
  readonly after?: string;
}

interface BatchReadQuery {
  readonly ids: readonly string[];
  readonly properties: readonly string[];
  readonly history?: readonly string[];
}

export interface UpdateInput {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** Methods throw `ConnectorError`; a refusal of the request itself is a `HubspotRefusal`, a write without reply a `LostReply`. */
export interface HubspotApi {
  list(type: ObjectType, query: ListQuery): Promise<z.infer<typeof schema.pageSchema>>;
  /** The record, or the one it was merged into; null when it is gone. */
  get(type: ObjectType, id: string, propertyNames: readonly string[]): Promise<unknown>;
  search(type: ObjectType, query: SearchQuery): Promise<z.infer<typeof schema.searchSchema>>;
  batchRead(type: ObjectType, query: BatchReadQuery): Promise<schema.BatchReply>;
  batchUpdate(type: ObjectType, inputs: readonly UpdateInput[]): Promise<schema.BatchReply>;
  associations(
    from: ObjectType,
    to: ObjectType,
    inputs: readonly { readonly id: string; readonly after?: string }[],
  ): Promise<z.infer<typeof schema.associationsSchema>>;
  dealPipelines(): Promise<z.infer<typeof schema.pipelinesSchema>>;
  ownerPage(archived: boolean, after?: string): Promise<z.infer<typeof schema.ownerPageSchema>>;
  account(): Promise<schema.HubspotAccount>;
  currentRates(): Promise<z.infer<typeof schema.ratesSchema>>;
  dealProperties(archived: boolean): Promise<readonly schema.HubspotProperty[]>;
  createDealPropertyGroup(group: { readonly name: string; readonly label: string }): Promise<void>;
  createDealProperty(body: Readonly<Record<string, unknown>>): Promise<void>;
  setDealPropertyOptions(name: string, options: readonly properties.OptionInput[]): Promise<void>;
}

export function createHubspotApi(transport: Transport, origin: string = HUBSPOT_ORIGIN): HubspotApi {
  const carrier = { send: (request: VendorRequest) => carry(transport, request) };
  return { ...recordCalls(carrier, origin), ...accountCalls(carrier, transport, origin) };
}

interface Carrier {
  send(request: VendorRequest): Promise<objects.ResponseContext>;
}

type RecordCall = 'list' | 'get' | 'search' | 'batchRead' | 'batchUpdate' | 'associations';

function recordCalls(carrier: Carrier, origin: string): Pick<HubspotApi, RecordCall> {
  const configuration = objects.createConfiguration({
    baseServer: new objects.ServerConfiguration(origin, {}),
    httpApi: objects.wrapHttpLibrary(carrier),
  });
  const basic = new objects.BasicApi(configuration);
  const batch = new objects.BatchApi(configuration);
  const searches = new objects.SearchApi(configuration);
  const associationBatch = new associationsV4.BatchApi(
    associationsV4.createConfiguration({
      baseServer: new associationsV4.ServerConfiguration(origin, {}),
      httpApi: associationsV4.wrapHttpLibrary(carrier),
    }),
  );
  return {
    list: async (type, query) => {
      const { limit, after, history, associations, archived } = query;
      const page = basic.getPage(
        type,
        limit,
        after,
        [...query.properties],
        copyOf(history),
        copyOf(associations),
        archived ?? false,
      );
      return read(schema.pageSchema, type, page);
    },
    get: (type, id, propertyNames) =>
      fromClient(basic.getById(type, id, [...propertyNames]), type).catch((error: unknown) => {
        if (error instanceof HubspotRefusal && error.status === 404) return null;
        throw error;
      }),
    search: async (type, query) =>
      read(schema.searchSchema, type, searches.doSearch(type, searchBody(query))),
    batchRead: async (type, query) =>
      read(
        schema.batchSchema,
        type,
        batch.read(type, {
          inputs: query.ids.map((id) => ({ id })),
          properties: [...query.properties],
          propertiesWithHistory: [...(query.history ?? [])],
        }),
      ),
    batchUpdate: async (type, inputs) =>
      read(
        schema.batchSchema,
        type,
        batch.update(type, {
          inputs: inputs.map((input) => ({
            ...input,
            objectWriteTraceId: input.id,
            properties: { ...input.properties },
          })),
        }),
      ),
    associations: async (from, to, inputs) =>
      read(schema.associationsSchema, from, associationBatch.getPage(from, to, { inputs: [...inputs] })),
  };
}

function accountCalls(carrier: Carrier, transport: Transport, origin: string): Omit<HubspotApi, RecordCall> {
  const ownersApi = new owners.OwnersApi(
    owners.createConfiguration({
      baseServer: new owners.ServerConfiguration(origin, {}),
      httpApi: owners.wrapHttpLibrary(carrier),
    }),
  );
  const pipelinesApi = new pipelines.PipelinesApi(
    pipelines.createConfiguration({
      baseServer: new pipelines.ServerConfiguration(origin, {}),
      httpApi: pipelines.wrapHttpLibrary(carrier),
    }),
  );
  const propertyApis = properties.createConfiguration({
    baseServer: new properties.ServerConfiguration(origin, {}),
    httpApi: properties.wrapHttpLibrary(carrier),
  });
  const coreProperties = new properties.CoreApi(propertyApis);
  const propertyGroups = new properties.GroupsApi(propertyApis);
  const dated = (path: string): Promise<unknown> => askJson(transport, 'GET', `${origin}${path}`);
  return {
    dealPipelines: async () => read(schema.pipelinesSchema, 'pipelines', pipelinesApi.getAll('deals')),
    ownerPage: async (archived, after) =>
      read(schema.ownerPageSchema, 'owners', ownersApi.getPage(undefined, after, OWNER_PAGE, archived)),
    account: async () =>
      read(schema.accountSchema, 'account', dated(`/account-info/${HUBSPOT_API_VERSION}/details`)),
    currentRates: async () =>
      read(
        schema.ratesSchema,
        'rates',
        dated(`/settings/currencies/${HUBSPOT_API_VERSION}/exchange-rates/current`),
      ),
    dealProperties: async (archived) =>
      (await read(schema.propertiesSchema, 'properties', coreProperties.getAll('deals', archived))).results,
    createDealPropertyGroup: async (group) => {
      await fromClient(propertyGroups.create('deals', { ...group, displayOrder: -1 }), 'properties');
    },
    createDealProperty: async (body) => {
      await askJson(transport, 'POST', `${origin}/crm/v3/properties/deals`, body);
    },
    setDealPropertyOptions: async (name, options) => {
      await fromClient(coreProperties.update('deals', name, { options: [...options] }), 'properties');
    },
  };
}

const OWNER_PAGE = 500;

function searchBody(query: SearchQuery): objects.PublicObjectSearchRequest {
  const filterGroups = query.groups.map((filters) => ({
    filters: filters.map((filter) => ({
      ...filter,
      operator: filter.operator as objects.FilterOperatorEnum,
    })),
  }));
  const body = { filterGroups, properties: [...query.properties], limit: query.limit };
  /** The model says text, HubSpot documents an object: both pass through the client unchanged. */
  const sorts = [query.sort] as unknown as string[];
  return query.after === undefined ? { ...body, sorts } : { ...body, sorts, after: query.after };
}

function copyOf(names: readonly string[] | undefined): string[] | undefined {
  return names === undefined ? undefined : [...names];
}

/** The part of the client's request that all its groups share. */
interface VendorRequest {
  getUrl(): string;
  getHttpMethod(): string;
  getHeaders(): Record<string, string>;
  getBody(): unknown;
}

/** Hands a request of the client to the transport. Refusals end here: the client would drop half of what HubSpot says in them. */
async function carry(transport: Transport, request: VendorRequest): Promise<objects.ResponseContext> {
  const body = request.getBody();
  const text = await ask(transport, request.getHttpMethod(), request.getUrl(), request.getHeaders(), body);
  const replyBody = { text: async () => text.body, binary: async () => Buffer.from(text.body) };
  return new objects.ResponseContext(text.status, { 'content-type': 'application/json' }, replyBody);
}

async function askJson(transport: Transport, method: string, url: string, body?: unknown): Promise<unknown> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const reply = await ask(
    transport,
    method,
    url,
    headers,
    body === undefined ? undefined : JSON.stringify(body),
  );
  return reply.json;
}

async function ask(
  transport: Transport,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<{ readonly status: number; readonly body: string; readonly json: unknown }> {
  const { pathname } = new URL(url);
  const outbound = { method, url, headers, ...chargeOf(method, pathname) };
  const reply = await transport.call(typeof body === 'string' ? { ...outbound, body } : outbound);
  if (reply.status >= 400) throw new HubspotRefusal(`${method} ${pathname}`, reply);
  return { status: reply.status, body: reply.text, json: reply.json };
}

async function read<Shape>(
  shape: z.ZodType<Shape>,
  subject: string,
  asked: Promise<unknown>,
): Promise<Shape> {
  const parsed = shape.safeParse(await fromClient(asked, subject));
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ConnectorError('CRM_UNREADABLE', `hubspot ${subject}: unexpected shape at ${field}`, {
    retry: { kind: 'never' },
    whoMustAct: 'developer',
  });
}

/** The client throws on a status or a shape that it does not know, with the whole body in its message: none of that may get out. */
function fromClient<Reply>(asked: Promise<Reply>, subject: string): Promise<Reply> {
  return asked.catch((error: unknown) => {
    if (error instanceof ConnectorError) throw error;
    const name = error instanceof Error ? error.constructor.name : typeof error;
    throw new ConnectorError('CRM_UNREADABLE', `hubspot ${subject}: the client could not read it (${name})`, {
      retry: { kind: 'never' },
      whoMustAct: 'developer',
    });
  });
}

/**
 * The only file that knows the `pipedrive` client: v2 where it exists, v1 for users, teams, notes and the changelog. The client builds paths,
 * queries and bodies; the adapter below hands them to the transport, which owns time-outs, retries and limits and shows status and headers,
 * all of which the client lacks. Refusals end in the adapter: the client's interceptor would reduce them to a plain object.
 */
import * as v1 from 'pipedrive/v1';
import * as v2 from 'pipedrive/v2';
import type * as z from 'zod';
import { ConnectorError } from '../../src/ports/connector.ts';
import { isNotPermitted } from '../asking.ts';
import type { Transport } from '../transport.ts';
import { PipedriveRefusal } from './errors.ts';
import { parseWithExactValues } from './exact-json.ts';
import { chargeOf } from './limits.ts';
import * as schema from './schema.ts';
import type { TokenLedger } from './tokens.ts';

/** Used when a connection names no address of its own; an OAuth connection gives the company's `api_domain`. */
export const PIPEDRIVE_ORIGIN = 'https://api.pipedrive.com';

const PAGE_ROWS = 500;
/** Most ids of `ids=`, and most keys of `custom_fields=`. */
export const MAX_IDS = 100;
const MAX_CUSTOM_KEYS = 15;

export interface ListPage {
  readonly rows: readonly unknown[];
  /** null: last page. */
  readonly next: string | null;
}

/** The lists that change: each read by its own walk. */
type WalkedList =
  | 'deals'
  | 'archived'
  | 'deleted'
  | 'organizations'
  | 'persons'
  | 'activities'
  | 'notes'
  | 'products';

interface ListQuery {
  readonly after: string | null;
  /** Inclusive, whole seconds. */
  readonly updatedSince: string | null;
  /** Custom fields of deals to send along; more than 15 or none of them means all. */
  readonly customKeys: readonly string[];
}

interface DealQuery {
  readonly status: string;
  readonly sort: 'id' | 'newest';
  readonly limit: number;
  readonly after: string | null;
  readonly customKeys: readonly string[];
}

interface NewField {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly labels: readonly string[];
}

/** Methods throw `ConnectorError`; a refusal of the request itself is a `PipedriveRefusal`, a write without reply a `LostReply`. */
export interface PipedriveApi {
  list(list: WalkedList, query: ListQuery): Promise<ListPage>;
  deals(query: DealQuery): Promise<ListPage>;
  /** Deals of any state but archived, as the walks list them; at most 100. */
  namedDeals(ids: readonly number[], customKeys: readonly string[]): Promise<readonly unknown[]>;
  namedArchivedDeals(ids: readonly number[], customKeys: readonly string[]): Promise<readonly unknown[]>;
  dealsById(ids: readonly number[], customKeys: readonly string[]): Promise<readonly unknown[]>;
  /** All lines of at most 100 deals. */
  dealProducts(dealIds: readonly number[]): Promise<readonly unknown[]>;
  changelog(dealId: number, after: string | null): Promise<ListPage>;
  updateDeal(
    dealId: number,
    customFields: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly update_time: string }>;
  me(): Promise<schema.PipedriveMe>;
  users(): Promise<readonly unknown[]>;
  /** Empty where the plan has no teams. */
  teams(): Promise<readonly unknown[]>;
  pipelines(): Promise<readonly unknown[]>;
  stages(): Promise<readonly unknown[]>;
  dealFields(): Promise<readonly schema.PipedriveField[]>;
  personFields(): Promise<readonly schema.PipedriveField[]>;
  createDealField(field: NewField): Promise<schema.PipedriveField>;
  addDealFieldOptions(code: string, labels: readonly string[]): Promise<void>;
  webhooks(): Promise<readonly schema.PipedriveWebhook[]>;
  /** Version 2.0, for everything that happens to a deal. */
  createWebhook(wanted: {
    readonly url: string;
    readonly user: string;
    readonly password: string;
  }): Promise<void>;
  deleteWebhook(id: number): Promise<void>;
}

export function createPipedriveApi(
  transport: Transport,
  ledger: TokenLedger,
  origin: string = PIPEDRIVE_ORIGIN,
): PipedriveApi {
  const adapter = (request: ClientRequest) => carry(transport, ledger, request);
  const c2 = new v2.Configuration({ basePath: `${origin}/api/v2` });
  const c1 = new v1.Configuration({ basePath: `${origin}/api/v1` });
  c2.baseOptions = { adapter };
  c1.baseOptions = { adapter };
  const deals = new v2.DealsApi(c2);
  const fields = new v2.DealFieldsApi(c2);
  const persons = new v2.PersonsApi(c2);
  const organizations = new v2.OrganizationsApi(c2);
  const activities = new v2.ActivitiesApi(c2);
  const products = new v2.ProductsApi(c2);
  const dealProducts = new v2.DealProductsApi(c2);
  const v1Deals = new v1.DealsApi(c1);
  const notes = new v1.NotesApi(c1);
  const webhooks = new v1.WebhooksApi(c1);

  const walks: Readonly<Record<WalkedList, (query: ListQuery) => Promise<ListPage>>> = {
    deals: async (query) => page('deals', await deals.getDeals(dealParameters(query))),
    archived: async (query) => page('archived deals', await deals.getArchivedDeals(dealParameters(query))),
    deleted: async (query) =>
      page('deleted deals', await deals.getDeals({ ...cursorOf(query), status: 'deleted' })),
    organizations: async (query) =>
      page('organizations', await organizations.getOrganizations(sinceOf(query))),
    persons: async (query) => page('persons', await persons.getPersons(sinceOf(query))),
    activities: async (query) => page('activities', await activities.getActivities(sinceOf(query))),
    notes: (query) => notePage(notes, query),
    products: async (query) => page('products', await products.getProducts(sinceOf(query))),
  };

  return {
    list: (list, query) => walks[list](query),
    deals: async ({ status, sort, limit, after, customKeys }) => {
      const order = sort === 'newest' ? ({ sort_by: 'add_time', sort_direction: 'desc' } as const) : {};
      const position = after === null ? {} : { cursor: after };
      const wanted = { status, limit, ...order, ...position, ...customOf(customKeys), ...INCLUDED };
      return page('deals', await deals.getDeals(wanted as v2.DealsApiGetDealsRequest));
    },
    namedDeals: async (ids, customKeys) => {
      const wanted = { ...named(ids), ...customOf(customKeys), ...INCLUDED, status: EVERY_STATUS };
      return page('deals', await deals.getDeals(wanted as v2.DealsApiGetDealsRequest)).rows;
    },
    namedArchivedDeals: async (ids, customKeys) => {
      const wanted = { ...named(ids), ...customOf(customKeys), ...INCLUDED };
      return page('archived deals', await deals.getArchivedDeals(wanted)).rows;
    },
    dealsById: async (ids, customKeys) => {
      const wanted = { ...named(ids), ...customOf(customKeys) };
      return page('deals', await deals.getDeals(wanted)).rows;
    },
    dealProducts: (ids) =>
      allRows('deal products', (position) =>
        dealProducts.getDealsProducts({ deal_ids: [...ids], ...position }),
      ),
    changelog: async (id, after) => {
      const position = after === null ? {} : { cursor: after };
      return page('changelog', await v1Deals.getDealChangelog({ id, limit: PAGE_ROWS, ...position }));
    },
    updateDeal: async (id, customFields) => {
      const body = { custom_fields: customFields } as v2.UpdateDealRequest;
      return read(schema.updatedDealSchema, 'deal', await deals.updateDeal({ id, UpdateDealRequest: body }))
        .data;
    },
    me: async () => read(schema.meSchema, 'user', await new v1.UsersApi(c1).getCurrentUser()).data,
    users: async () => page('users', await new v1.UsersApi(c1).getUsers()).rows,
    teams: () => teamRows(new v1.LegacyTeamsApi(c1)),
    pipelines: () => allRows('pipelines', (position) => new v2.PipelinesApi(c2).getPipelines(position)),
    stages: () => allRows('stages', (position) => new v2.StagesApi(c2).getStages(position)),
    dealFields: async () =>
      readFields(await allRows('deal fields', (position) => fields.getDealFields(position))),
    personFields: async () =>
      readFields(
        await allRows('person fields', (position) => new v2.PersonFieldsApi(c2).getPersonFields(position)),
      ),
    createDealField: async ({ name, type, description, labels }) => {
      const options = labels.length === 0 ? {} : { options: labels.map((label) => ({ label })) };
      const wanted = { field_name: name, field_type: type, description, ...options };
      const made = await fields.addDealField({ AddDealFieldRequest: wanted as v2.AddDealFieldRequest });
      return read(schema.fieldReplySchema, 'deal field', made).data;
    },
    addDealFieldOptions: async (code, labels) => {
      const options = labels.map((label) => ({ label }));
      await fields.addDealFieldOptions({ field_code: code, AddDealFieldOptionsRequestInner: options });
    },
    webhooks: async () => read(schema.webhooksSchema, 'webhooks', await webhooks.getWebhooks()).data,
    createWebhook: async ({ url, user, password }) => {
      const wanted = {
        name: 'Jalon',
        subscription_url: url,
        event_action: '*',
        event_object: 'deal',
      } as const;
      const credentials = { http_auth_user: user, http_auth_password: password };
      await webhooks.addWebhook({ AddWebhookRequest: { ...wanted, ...credentials, version: '2.0' } });
    },
    deleteWebhook: async (id) => void (await webhooks.deleteWebhook({ id })),
  };
}

/** The last incoming mail and the number of lines come with the list: the one saves a call per deal, the other most of the calls for lines. */
/** The client's type allows one name; Pipedrive takes a list. */
const INCLUDED = {
  include_fields: 'last_incoming_mail_time,products_count' as 'last_incoming_mail_time',
} as const;

const EVERY_STATUS = 'open,won,lost,deleted';

function named(ids: readonly number[]) {
  return { ids: ids.join(','), limit: MAX_IDS };
}

function dealParameters(query: ListQuery) {
  return { ...sinceOf(query), ...customOf(query.customKeys), ...INCLUDED };
}

/** Absent parameters must be absent: the client throws on null. */
function sinceOf(query: ListQuery) {
  const since = query.updatedSince === null ? {} : { updated_since: query.updatedSince };
  return { ...cursorOf(query), ...since };
}

function cursorOf({ after }: ListQuery) {
  return after === null ? { limit: PAGE_ROWS } : { limit: PAGE_ROWS, cursor: after };
}

function customOf(keys: readonly string[]) {
  return keys.length === 0 || keys.length > MAX_CUSTOM_KEYS ? {} : { custom_fields: keys.join(',') };
}

async function notePage(notes: v1.NotesApi, { after, updatedSince }: ListQuery): Promise<ListPage> {
  const start = after === null ? 0 : Number(after);
  const since = updatedSince === null ? {} : { updated_since: updatedSince };
  const reply = await notes.getNotes({ start, limit: PAGE_ROWS, sort: 'id ASC', ...since });
  const { data, additional_data } = read(schema.startListSchema, 'notes', reply);
  const more = additional_data?.pagination?.more_items_in_collection ?? false;
  return { rows: data, next: more && data.length > 0 ? String(start + data.length) : null };
}

/** Teams exist on the larger plans only, and their endpoint is on its way out: without it there are no teams, and nothing else is wrong. */
async function teamRows(teams: v1.LegacyTeamsApi): Promise<readonly unknown[]> {
  try {
    return page('teams', await teams.getTeams({})).rows;
  } catch (error) {
    if (isNotPermitted(error)) return [];
    throw error;
  }
}

async function allRows(
  subject: string,
  ask: (position: { cursor?: string; limit: number }) => Promise<unknown>,
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  let after: string | null = null;
  do {
    const found: ListPage = page(
      subject,
      await ask(after === null ? { limit: PAGE_ROWS } : { limit: PAGE_ROWS, cursor: after }),
    );
    rows.push(...found.rows);
    after = found.next === after ? null : found.next;
  } while (after !== null);
  return rows;
}

function page(subject: string, reply: unknown): ListPage {
  const { data, additional_data } = read(schema.listSchema, subject, reply);
  return { rows: data, next: additional_data?.next_cursor ?? null };
}

/** Fields that cannot be read are left out: ours are then found missing, which is reported. */
function readFields(rows: readonly unknown[]): readonly schema.PipedriveField[] {
  return rows.flatMap((row) => {
    const parsed = schema.fieldSchema.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The part of an axios request that the client fills. */
interface ClientRequest {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: { toJSON?(): Record<string, unknown> };
  readonly data?: unknown;
}

/** Hands a request of the client to the transport. What comes back is what the client expects of axios. */
async function carry(transport: Transport, ledger: TokenLedger, request: ClientRequest) {
  const url = request.url ?? '';
  const method = (request.method ?? 'get').toUpperCase();
  const address = new URL(url);
  const { pathname } = address;
  const { tokens, ...charge } = chargeOf(method, address);
  const answered = ledger.begin(tokens);
  const outbound = { method, url, headers: headersOf(request), ...charge };
  const reply = await transport
    .call(typeof request.data === 'string' ? { ...outbound, body: request.data } : outbound)
    .finally(answered);
  if (reply.status >= 400) throw new PipedriveRefusal(`${method} ${pathname}`, reply);
  const data = parseWithExactValues(reply.text);
  return { data, status: reply.status, statusText: '', headers: {}, config: request, request: null };
}

function headersOf(request: ClientRequest): Record<string, string> {
  const given = request.headers?.toJSON?.() ?? {};
  const texts = Object.entries(given).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts.map(([name, value]) => [name.toLowerCase(), value]));
}

function read<Shape>(shape: z.ZodType<Shape>, subject: string, reply: unknown): Shape {
  const parsed = shape.safeParse(reply);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ConnectorError('CRM_UNREADABLE', `pipedrive ${subject}: unexpected shape at ${field}`, {
    retry: { kind: 'never' },
    whoMustAct: 'developer',
  });
}

/** Pipedrive's published limits and prices. pipedrive.readme.io/docs/core-api-concepts-rate-limiting and x-token-cost of the API reference. */
import { tokensOfPlan } from '../../src/core/deals/pipedrive-plan.ts';
import type { ConnectorLimits } from '../../src/ports/connector.ts';
import type { RateLimit } from '../governor.ts';

/** Requests per rolling 2 s on the smallest plan. Replies name the account's real figure, which is then followed. */
const API_TOKEN_BURST = 20;
const WINDOW_MS = 2_000;

/** One Lite seat: the smallest daily budget there is. Assumed only while neither headers nor configuration tell. */
export const SMALLEST_DAILY_TOKENS = tokensOfPlan('lite', 1);

export function pipedriveBuckets(
  limits: ConnectorLimits = {},
): Readonly<Record<string, RateLimit & { readonly ceiling?: number }>> {
  const wished = limits.callsPerTenSeconds;
  const burst = { calls: API_TOKEN_BURST, perMs: WINDOW_MS };
  if (wished === undefined) return { burst };
  const ceiling = Math.max(1, Math.floor(wished / 5));
  return { burst: { ...burst, calls: ceiling, ceiling } };
}

export interface Charge {
  readonly lane: string;
  readonly bucket: 'burst';
  readonly repeatable: boolean;
  readonly tokens: number;
}

interface ChargeRow extends Charge {
  readonly method: string;
  readonly path: RegExp;
}

function row(method: string, path: RegExp, lane: string, tokens: number): ChargeRow {
  return { method, path, lane, tokens, bucket: 'burst', repeatable: method === 'GET' };
}

/** The first row that matches decides. Writes are never sent twice on a guess: a repeated PATCH starts the customer's automations again. */
const CHARGES: readonly ChargeRow[] = [
  row('GET', /\/v2\/deals\/archived$/, 'archived', 20),
  row('GET', /\/v2\/deals\/products$/, 'deal products', 10),
  row('GET', /\/v2\/products$/, 'products', 10),
  row('GET', /\/v2\/deals$/, 'deals', 10),
  row('PATCH', /\/v2\/deals\/\d+$/, 'write', 5),
  row('GET', /\/v2\/organizations$/, 'organizations', 10),
  row('GET', /\/v2\/persons$/, 'persons', 10),
  row('GET', /\/v2\/activities$/, 'activities', 10),
  row('GET', /\/v1\/notes$/, 'notes', 20),
  row('GET', /\/v1\/deals\/\d+\/changelog$/, 'history', 20),
  row('GET', /\/v1\/deals\/summary$/, 'directory', 40),
  row('GET', /\/v2\/(pipelines|stages)$/, 'directory', 5),
  row('GET', /\/v2\/(deal|person)Fields$/, 'directory', 10),
  row('GET', /\/v1\/users\/me$/, 'directory', 2),
  row('GET', /\/v1\/(users|legacyTeams)$/, 'directory', 20),
  row('POST', /\/v2\/dealFields/, 'fields', 5),
  row('GET', /\/v1\/webhooks$/, 'webhooks', 10),
  row('POST', /\/v1\/webhooks$/, 'webhooks', 10),
  row('DELETE', /\/v1\/webhooks\/\d+$/, 'webhooks', 6),
];

/** The same list, in a walk of its own. */
const DELETED = row('GET', /./, 'deleted', 10);

/** Dearest price of the table: a budget below it counts as none. */
export const DEAREST_CALL_TOKENS = 40;

export function chargeOf(method: string, { pathname: path, searchParams }: URL): Charge {
  if (method === 'GET' && searchParams.get('status') === 'deleted') return DELETED;
  const found = CHARGES.find((candidate) => candidate.method === method && candidate.path.test(path));
  return found ?? row(method, /./, 'other', DEAREST_CALL_TOKENS);
}

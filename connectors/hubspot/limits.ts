/** HubSpot's published limits, and which of them a call is charged to. developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
import type { ConnectorLimits } from '../../src/ports/connector.ts';
import type { RateLimits } from '../governor.ts';

/** Free and Starter: the smallest plan. Replies name the account's real figure, which is then followed. */
const CALLS_PER_TEN_SECONDS = 100;
/** Per account over all objects; search replies carry no rate headers. */
const SEARCHES_PER_SECOND = 5;
/** Own cap of v4 associations on the smallest plan; exempt from the ten-secondly limit. */
const ASSOCIATION_CALLS_PER_TEN_SECONDS = 100;

export function hubspotBuckets(limits: ConnectorLimits = {}): RateLimits {
  const burst = { calls: CALLS_PER_TEN_SECONDS, perMs: 10_000 };
  const wished = limits.callsPerTenSeconds;
  return {
    burst: wished === undefined ? burst : { ...burst, calls: wished, ceiling: wished },
    search: { calls: limits.searchesPerSecond ?? SEARCHES_PER_SECOND, perMs: 1_000 },
    associations: { calls: ASSOCIATION_CALLS_PER_TEN_SECONDS, perMs: 10_000 },
  };
}

interface Charge {
  readonly lane: string;
  readonly bucket: string;
  readonly repeatable: boolean;
}

/**
 * The first row that matches decides. Creating a property twice is answered by 409 and harmless; setting values twice is not:
 * it fills the record's history and starts the customer's workflows again.
 */
const CHARGES: readonly { readonly method: RegExp; readonly path: RegExp; readonly charge: Charge }[] = [
  { method: /^POST$/, path: /\/search$/, charge: { lane: 'search', bucket: 'search', repeatable: true } },
  {
    method: /^POST$/,
    path: /^\/crm\/v4\/associations\/.*\/batch\/read$/,
    charge: { lane: 'associations', bucket: 'associations', repeatable: true },
  },
  { method: /^POST$/, path: /\/batch\/read$/, charge: { lane: 'read', bucket: 'burst', repeatable: true } },
  {
    method: /^POST$/,
    path: /\/batch\/update$/,
    charge: { lane: 'write', bucket: 'burst', repeatable: false },
  },
  {
    method: /./,
    path: /^\/crm\/v3\/properties\//,
    charge: { lane: 'properties', bucket: 'burst', repeatable: true },
  },
  {
    method: /^GET$/,
    path: /^\/crm\/v3\/objects\/[^/]+$/,
    charge: { lane: 'list', bucket: 'burst', repeatable: true },
  },
  {
    method: /^GET$/,
    path: /^\/crm\/v3\/objects\//,
    charge: { lane: 'read', bucket: 'burst', repeatable: true },
  },
  { method: /^GET$/, path: /./, charge: { lane: 'directory', bucket: 'burst', repeatable: true } },
  { method: /./, path: /./, charge: { lane: 'write', bucket: 'burst', repeatable: false } },
];

export function chargeOf(method: string, path: string): Charge {
  const row = CHARGES.find((candidate) => candidate.method.test(method) && candidate.path.test(path));
  return row?.charge ?? { lane: 'write', bucket: 'burst', repeatable: false };
}

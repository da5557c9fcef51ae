import { createHubspotConnector } from '../../connectors/hubspot/index.ts';
import {
  type HubspotSandbox,
  type HubspotSandboxOptions,
  startHubspotSandbox,
} from '../../sandbox/hubspot/server.ts';
import { SMALL_SETUP } from '../../sandbox/world/small-world.ts';
import { BY_PERSON, World } from '../../sandbox/world/world.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import type { DealWrite, PropertyKey } from '../../src/core/write-back/write-back.ts';
import type {
  ConnectorLimits,
  CrmSession,
  OwnWriteSpan,
  PullCursor,
  PullPage,
  WriteOutcome,
} from '../../src/ports/connector.ts';
import { type LogBook, logBook } from './log-book.ts';
import { virtualTime } from './virtual-time.ts';

/** Limits so wide that a test of something else never waits for them; the connector learns the first from the replies. */
const WIDE = { tenSecondly: 100_000, searchPerSecond: 100_000, associationsPerTenSeconds: 100_000 };

const running: HubspotSandbox[] = [];

export async function sandboxWith(
  options: Pick<HubspotSandboxOptions, 'world'> & Partial<HubspotSandboxOptions>,
): Promise<HubspotSandbox> {
  const sandbox = await startHubspotSandbox({ limits: WIDE, ...options });
  running.push(sandbox);
  return sandbox;
}

export async function closeSandboxes(): Promise<void> {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
}

/** A session whose waits take no real time. */
export function sessionOn(
  sandbox: HubspotSandbox,
  options: { limits?: ConnectorLimits; token?: string; log?: LogBook } = {},
): CrmSession {
  return createHubspotConnector(virtualTime()).open({
    accessToken: async () => options.token ?? sandbox.token,
    baseUrl: sandbox.url,
    logger: options.log ?? logBook(),
    limits: { searchesPerSecond: 100_000, ...options.limits },
  });
}

export interface Pulled {
  readonly pages: readonly PullPage[];
  readonly cursor: PullCursor;
  readonly dealIds: readonly string[];
  readonly calls: number;
}

/** Pulls to the end, or takes `pages` pages and leaves. */
export async function pullFrom(
  session: CrmSession,
  cursor: PullCursor | null,
  options: { ownWrites?: OwnWriteSpan; evidenceProperties?: string[]; pages?: number } = {},
): Promise<Pulled> {
  const { ownWrites = null, evidenceProperties = [] } = options;
  const pages: PullPage[] = [];
  for await (const page of session.pull({ cursor, evidenceProperties, ownWrites })) {
    pages.push(page);
    if (pages.length === options.pages) break;
  }
  const dealIds = pages.flatMap((page) => page.deals.map((deal) => deal.id));
  return { pages, cursor: pages.at(-1)?.cursor ?? {}, dealIds, calls: session.usage().calls };
}

/** Deals alone, all touched at the same second unless `atMs` says otherwise; ids leave no gap. */
export function worldOfDeals(
  count: number,
  atMs: (nth: number) => number = () => Date.UTC(2026, 0, 5, 8),
): World {
  const setup = { ...SMALL_SETUP, account: { ...SMALL_SETUP.account, extraCurrencies: [] } };
  const world = new World(setup, Temporal.Instant.from('2026-03-02T00:00:00Z').epochMilliseconds);
  for (let nth = 0; nth < count; nth += 1) {
    const fields = {
      name: `Deal ${nth}`,
      amount: '1000',
      currency: 'EUR',
      pipeline: 'default',
      stage: 'first',
    };
    world.create('deal', String(9_000_000_001 + nth), fields, { atMs: atMs(nth), source: BY_PERSON });
  }
  return world;
}

export function dealWrites(
  ids: readonly string[],
  values: Partial<Record<PropertyKey, string>>,
): DealWrite[] {
  const entries = Object.entries(values) as [PropertyKey, string][];
  return ids.map((id) => ({ dealId: asId<DealId>(id), currency: null, values: new Map(entries) }));
}

export async function written(session: CrmSession, writes: readonly DealWrite[]): Promise<WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  for await (const batch of session.write(writes)) outcomes.push(...batch);
  return outcomes;
}

export function spanOf(outcomes: readonly WriteOutcome[]): OwnWriteSpan {
  const receipts = outcomes.flatMap((one) =>
    one.kind === 'written' && one.modifiedAt !== null ? [[one.dealId, one.modifiedAt] as const] : [],
  );
  const times = receipts.map(([, at]) => at).sort(Temporal.Instant.compare);
  const [from, to] = [times[0], times.at(-1)];
  if (from === undefined || to === undefined) throw new Error('nothing was written');
  return { from, to, modifiedAt: new Map(receipts) };
}

/** What the store must hold at the end of a round, by the account itself. */
import { createPipedriveConnector } from '../../connectors/pipedrive/index.ts';
import type { HubspotSandbox } from '../../sandbox/hubspot/server.ts';
import type { PipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import type { WorldRecord } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { MilestoneModel } from '../../src/core/milestones/milestone.ts';
import { parseCurrency } from '../../src/core/values/currency.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import { moneyToText, parseMoney } from '../../src/core/values/money.ts';
import { propertySpecs } from '../../src/core/write-back/property-specs.ts';
import type { PropertyKey } from '../../src/core/write-back/write-back.ts';
import { Landed } from '../support/landed.ts';
import { logBook } from '../support/log-book.ts';
import { virtualTime } from '../support/virtual-time.ts';
import type { StoredDeal, StoreState } from './order.ts';
import { storedDeal } from './store-state.ts';

export interface Truth {
  readonly deals: readonly StoredDeal[];
  /** Our properties as the account shows them; cleared ones absent or "". */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** HubSpot's deals read like the world's: ids, stages and owners are the same words. */
export function hubspotTruth({ world, written }: HubspotSandbox): Truth {
  const living = world.list('deal').filter((deal) => deal.archivedAtMs === null);
  return { deals: living.map((deal) => dealIn(world, deal)), values: written().values };
}

/** Pipedrive has words of its own for everything: there the truth is what one reading from nothing finds, which nobody disturbs. */
export async function pipedriveTruth(
  sandbox: PipedriveSandbox,
  model: MilestoneModel,
  state: StoreState,
): Promise<Truth> {
  const session = createPipedriveConnector(virtualTime()).open({
    accessToken: async () => sandbox.token,
    baseUrl: sandbox.url,
    logger: logBook(),
    limits: { dailyShareBps: 10_000, historyShareBps: 10_000 },
  });
  const landed = new Landed();
  await landed.pull(session);
  const ids = Object.keys(state.acknowledged).map((id) => asId<DealId>(id));
  const keys = [...new Set(Object.values(state.acknowledged).flatMap((values) => Object.keys(values)))];
  // All there: nothing is made. What the options of an enumeration mean is known after it.
  await session.ensureProperties(propertySpecs(model));
  const present = await session.readBack(ids, keys as PropertyKey[]);
  return {
    deals: landed.present.map(storedDeal),
    values: Object.fromEntries([...present].map(([id, { values }]) => [id, Object.fromEntries(values)])),
  };
}

function dealIn(world: World, record: WorldRecord): StoredDeal {
  const value = (field: string) => world.value(record, field);
  return {
    id: record.id,
    stage: value('stage') ?? '',
    pipeline: value('pipeline') ?? '',
    amount: amountIn(value('amount'), value('currency') ?? world.account.currency),
    closeDate: value('close_date'),
    owner: value('owner'),
    stages: world
      .history(record, 'stage')
      .filter((version) => version.value !== '')
      .map((version) => `${version.value}@${version.atMs}`),
  };
}

function amountIn(text: string | null, code: string): string {
  if (text === null) return 'missing';
  const currency = parseCurrency(code);
  const parsed = currency.ok ? parseMoney(text, currency.value) : null;
  if (!parsed?.ok || parsed.value.money.amountMinor < 0n) return text;
  return `${moneyToText(parsed.value.money)} ${parsed.value.money.currency}`;
}

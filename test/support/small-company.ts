/** A small company with a model, a team and a few deals, in a store: what pages and jobs are tried on. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { backtest } from '../../jobs/backtest.ts';
import { type ReplayRequest, replayPast as replayInThisThread } from '../../jobs/replay-past.ts';
import { snapshot } from '../../jobs/snapshot.ts';
import { readConfig } from '../../src/config.ts';
import type { Deal, Directory } from '../../src/core/deals/deal.ts';
import type { Manager, Target } from '../../src/core/deals/manager.ts';
import { defaultModel } from '../../src/core/milestones/default-model.ts';
import type { MilestoneModel } from '../../src/core/milestones/milestone.ts';
import {
  asId,
  type DealId,
  type ManagerId,
  type OwnerId,
  type PipelineId,
  type StageId,
} from '../../src/core/values/ids.ts';
import { createApp } from '../../src/http/app.ts';
import type { Store } from '../../src/ports/store.ts';
import { newTenant, type OwnTenant } from './store-engines.ts';
import { activityOf, date, dealOf, EUR, instant, land, managerId } from './store-records.ts';

export const NOW = instant('2026-11-18T09:30:00Z');

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const STAGES = ['contact', 'need', 'solution', 'verbal'] as const;

const SMALL_MODEL: MilestoneModel = {
  ...defaultModel(),
  mapping: {
    ...Object.fromEntries(STAGES.map((key) => [key, { kind: 'milestone' as const, key: asId<never>(key) }])),
    won: { kind: 'won' },
    lost: { kind: 'lost' },
  },
};

/** In stage `stage` since `since`, after a meeting with the customer on the day it began. */
export function dealAt(id: string, stage: string, changes: Partial<Deal> = {}): Deal {
  return dealOf(id, {
    stageId: asId<StageId>(stage),
    stageHistory: [
      { stageId: asId<StageId>('contact'), enteredAt: instant('2026-09-01T08:00:00Z') },
      ...(stage === 'contact'
        ? []
        : [{ stageId: asId<StageId>(stage), enteredAt: instant('2026-10-05T08:00:00Z') }]),
    ],
    ownerId: asId<OwnerId>('sophie'),
    properties: [],
    amount: { kind: 'money', money: { amountMinor: 10_000_00n, currency: EUR } },
    ...changes,
  });
}

export interface SmallCompany extends OwnTenant {
  readonly store: Store;
}

/** What a company has beside the deals; the small one has a pipeline, two owners and no team. */
export interface SmallCompanyChanges {
  readonly directory?: Partial<Directory>;
  readonly managers?: readonly Manager[];
  readonly targets?: readonly Target[];
}

export async function smallCompany(
  store: Store,
  deals: readonly Deal[],
  writeBack: 'on' | 'plan_only' = 'on',
  more: SmallCompanyChanges = {},
): Promise<SmallCompany> {
  const own = await newTenant(store);
  const { connectionId } = own;
  const activities = deals.map(({ id }) =>
    activityOf(`met-${id}`, [id], { at: instant('2026-09-01T10:00:00Z') }),
  );
  await land(own, { deals, activities });
  await own.run(async (tenant) => {
    const [connection] = await tenant.connections.list();
    if (connection !== undefined) await tenant.connections.save({ ...connection, lastPulledAt: NOW });
    await tenant.records.landDirectory(connectionId, { ...directory(), ...more.directory }, NOW);
    await tenant.settings.saveModel(connectionId, SMALL_MODEL, 'claire', 'first', NOW);
    await tenant.settings.saveManagers(
      more.managers ?? [manager('claire', 'Claire Vasseur'), manager('marc', 'Marc Oger')],
    );
    await tenant.settings.saveTargets([
      { managerId: null, periodKey: '2026-Q4', amountMinor: 500_000_00n, currency: EUR },
      ...(more.targets ?? []),
    ]);
    await tenant.settings.saveCompany({
      zone: 'Europe/Paris',
      currency: EUR,
      locale: 'fr',
      fiscalStartMonth: 1,
      periodKind: 'quarter',
      writeBack,
    });
  });
  return { ...own, store };
}

export function manager(id: string, name: string): Manager {
  return {
    id: managerId(id) as ManagerId,
    name,
    email: `${id}@example.test`,
    locale: 'fr' as const,
    zone: 'Europe/Paris',
    teamIds: [],
    ownerIds: [],
    digest: 'on' as const,
    digestPausedUntil: null,
  };
}

function directory() {
  const stage = (id: string, order: number, outcome: 'won' | 'lost' | null) => ({
    id: asId<StageId>(id),
    label: id,
    order,
    crmProbabilityBps: null,
    outcome,
    archived: false,
  });
  return {
    account: { externalId: '4242', name: 'Company', zone: 'Europe/Paris', currency: EUR },
    pipelines: [
      {
        id: asId<PipelineId>('sales'),
        label: 'Sales',
        stages: [
          ...STAGES.map((id, order) => stage(id, order, null)),
          stage('won', 8, 'won'),
          stage('lost', 9, 'lost'),
        ],
      },
    ],
    owners: [
      { id: asId<OwnerId>('sophie'), name: 'Sophie Lemoine', email: null, active: true, teamIds: [] },
      { id: asId<OwnerId>('karim'), name: 'Karim Benali', email: null, active: true, teamIds: [] },
    ],
    teams: [],
    rates: [{ from: 'USD' as typeof EUR, to: EUR, rate: '0.92', effectiveOn: date('2026-11-01') }],
  };
}

export interface SmallSite {
  readonly url: string;
  /** As a browser on our own page would send the form. */
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Record<string, string>,
  ): Promise<Response>;
  get(path: string): Promise<string>;
  /** Effects that the pages rang for. */
  readonly rung: readonly string[];
  close(): Promise<void>;
}

/** The pages of the company on a free port. */
export async function openSite({ store, tenantId }: SmallCompany): Promise<SmallSite> {
  const rung: string[] = [];
  const app = createApp({
    store,
    tenantId,
    crm: 'hubspot',
    clock: { now: () => NOW },
    logger: SILENT as never,
    links: {
      deal: (_crm, account, dealId: DealId) => `https://crm.test/${account}/${dealId}`,
      digest: () => ({ forecast: '', review: '', settings: '', unsubscribe: '', browser: '' }),
      digestPage: () => '',
    },
    mailSource: async () => new Uint8Array(),
    ring: (effectIds) => void rung.push(...effectIds),
    key: Buffer.alloc(32),
    config: readConfig({}),
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    rung,
    get: async (path) => (await fetch(url + path)).text(),
    post: (path, fields, headers = { 'sec-fetch-site': 'same-origin' }) =>
      fetch(url + path, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The Monday's snapshot with its forecasts, by the job that takes it. */
export async function takeSnapshot(company: SmallCompany, asOf: string): Promise<void> {
  const context = { clock: { now: () => NOW }, logger: SILENT, progress: () => undefined };
  const effect = { payload: { connectionId: company.connectionId, asOf } };
  await snapshot.run(
    context as never,
    { tenantId: company.tenantId, effect, commit: company.run, read: company.run } as never,
  );
}

/** The monthly report on ended periods, by the job that makes it. */
export async function replayPast(company: SmallCompany, asOf: string): Promise<void> {
  const context = {
    clock: { now: () => NOW },
    logger: SILENT,
    progress: () => undefined,
    replay: async (request: ReplayRequest) => replayInThisThread(request),
  };
  const effect = { payload: { connectionId: company.connectionId, asOf } };
  await backtest.run(
    context as never,
    { tenantId: company.tenantId, effect, commit: company.run, read: company.run } as never,
  );
}

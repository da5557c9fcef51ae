import type { JobContext } from '../../jobs/context.ts';
import { replayPast } from '../../jobs/replay-past.ts';
import { tick } from '../../jobs/schedule.ts';
import { answer } from '../../jobs/worker.ts';
import { linkMaker } from '../../src/compose/links.ts';
import type { Directory } from '../../src/core/deals/deal.ts';
import type { Manager } from '../../src/core/deals/manager.ts';
import { asId, type ManagerId } from '../../src/core/values/ids.ts';
import type { ConnectionRow } from '../../src/ports/connection-store.ts';
import { ConnectorError, type CrmSession } from '../../src/ports/connector.ts';
import type { DigestRow } from '../../src/ports/digest-store.ts';
import type { Mail, Mailer } from '../../src/ports/mailer.ts';
import type { Store } from '../../src/ports/store.ts';
import { activity, currency, deal, stageModel } from './deals.ts';
import { logBook } from './log-book.ts';
import { newTenant, type OwnTenant } from './store-engines.ts';

export const LINK_KEY = Buffer.alloc(32, 7);

export function managerOf(name: string, changes: Partial<Manager> = {}): Manager {
  return {
    id: asId<ManagerId>(name),
    name,
    email: `${name}@company.example`,
    locale: 'en',
    zone: 'Europe/Paris',
    teamIds: [],
    ownerIds: [],
    digest: 'on',
    digestPausedUntil: null,
    ...changes,
  };
}

/** A company whose Mondays can be lived minute by minute: a clock to set, a CRM that can be away, and every mail that left. */
export interface MondayCompany {
  readonly own: OwnTenant;
  readonly context: JobContext;
  readonly mails: Mail[];
  now: Temporal.Instant;
  /** What the CRM answers: its records, or that it is away. */
  crmIsAway: boolean;
  /** Replaces the mailer that keeps everything it is given. */
  mailer: Mailer;
  /** One minute of a running service: `schedulers` ticks at once, then everything that is due, by as many workers. */
  minute(schedulers?: number): Promise<void>;
  /** Everything that is due, without a tick. */
  work(workers?: number): Promise<void>;
  setManagers(managers: readonly Manager[]): Promise<void>;
  rows(): Promise<readonly DigestRow[]>;
}

export async function mondayCompany(
  store: Store,
  managers: readonly Manager[],
  startsAt: string,
  companyZone = 'Europe/Paris',
): Promise<MondayCompany> {
  const own = await newTenant(store);
  const mails: Mail[] = [];
  const company: MondayCompany = {
    own,
    mails,
    now: Temporal.Instant.from(startsAt),
    crmIsAway: false,
    mailer: keepingMailer(mails),
    context: {
      store: onlyFor(store, own),
      mailer: {
        send: (mail) => company.mailer.send(mail),
        source: (mail) => company.mailer.source(mail),
        close: async () => undefined,
      },
      clock: { now: () => company.now },
      logger: logBook(),
      openSession: () => sessionOf(company),
      mailFrom: { name: 'Jalon', address: 'jalon@jalon.example' },
      links: linkMaker({ base: 'https://jalon.example' }, LINK_KEY),
      progress: () => undefined,
      replay: async (request) => replayPast(request),
    },
    minute: (schedulers = 1) => oneMinute(company, schedulers),
    work: (workers = 1) => workOff(company, workers),
    setManagers: (list) => own.run((tenant) => tenant.settings.saveManagers(list)),
    rows: () => own.run((tenant) => tenant.digests.list(own.connectionId)),
  };
  await own.run(async (tenant) => {
    const euro = currency('EUR');
    const calendar = { fiscalStartMonth: 1, periodKind: 'quarter', writeBack: 'plan_only' } as const;
    await tenant.settings.saveCompany({ zone: companyZone, currency: euro, locale: 'en', ...calendar });
    await tenant.settings.saveModel(own.connectionId, stageModel(), 'test', 'test', company.now);
    await tenant.settings.saveManagers(managers);
  });
  return company;
}

/** The tick and the sweep see this company and no other of the suite. */
function onlyFor(store: Store, { tenantId }: OwnTenant): Store {
  const dueEffects: Store['system']['dueEffects'] = async (now, limit) =>
    (await store.system.dueEffects(now, 10_000)).filter((due) => due.tenantId === tenantId).slice(0, limit);
  return {
    ...store,
    inTenant: (id, work) => store.inTenant(id, work),
    system: { ...store.system, tenants: async () => [tenantId], dueEffects },
  };
}

async function oneMinute(company: MondayCompany, schedulers: number): Promise<void> {
  const queue = { ring: async () => undefined };
  await Promise.all(Array.from({ length: schedulers }, () => tick(company.context, queue)));
  await workOff(company, schedulers);
}

async function workOff({ context, now }: MondayCompany, workers: number): Promise<void> {
  const queue = { ring: async () => undefined };
  for (let round = 0; round < 10; round += 1) {
    const due = await context.store.system.dueEffects(now, 100);
    if (due.length === 0) return;
    const worker = async () => {
      for (const doorbell of due) await answer(context, queue, doorbell);
    };
    await Promise.all(Array.from({ length: workers }, worker));
  }
}

function keepingMailer(mails: Mail[]): Mailer {
  return {
    send: async (mail) => {
      mails.push(mail);
      return { kind: 'sent', response: '250 kept' };
    },
    source: async () => new Uint8Array(),
    close: async () => undefined,
  };
}

/** Two open deals and one that was won: enough to have something to tell. */
function sessionOf(company: MondayCompany): CrmSession {
  const answers = <T>(value: T): T => {
    if (!company.crmIsAway) return value;
    throw new ConnectorError('CRM_UNAVAILABLE', 'GET /deals', {
      retry: { kind: 'after', delayMs: 1_000 },
      whoMustAct: 'nobody',
      status: 503,
    });
  };
  return {
    readDirectory: async () => answers(DIRECTORY),
    async *pull() {
      yield answers({
        lane: 'deals',
        deals: DEALS,
        tombstones: [],
        companies: [],
        contacts: [],
        activities: [activity('d-1', '2026-01-20')],
        rejections: [],
        cursor: { end: true },
      });
    },
    readDeals: async function* () {},
    registerWebhook: async () => 'by_app',
    removeWebhooks: async () => 0,
    ensureProperties: async () => ({ created: [], existing: [], unusable: [] }),
    write: async function* () {},
    readBack: async () => new Map(),
    writeBatchSize: 100,
    usage: () => ({ callsByLane: {}, calls: 0, retries: 0, rateLimited: 0 }),
  };
}

const DEALS = [
  deal('d-1', 's-contact 2026-01-05, s-solution 2026-01-20'),
  deal('d-2', 's-need 2026-01-12'),
  deal('d-3', 's-contact 2025-11-03, s-won 2026-01-06'),
];

const DIRECTORY: Directory = {
  account: { externalId: '4242', name: 'Company', zone: 'Europe/Paris', currency: currency('EUR') },
  pipelines: [],
  owners: [],
  teams: [],
  rates: [],
};

export function connectionOf(company: MondayCompany): Promise<ConnectionRow> {
  return company.own.run(async (tenant) => {
    const row = await tenant.connections.get(company.own.connectionId);
    if (row === null) throw new Error('the company has a connection');
    return row;
  });
}

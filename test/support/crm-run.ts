import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobKind } from '../../jobs/context.ts';
import { answer } from '../../jobs/worker.ts';
import { type HubspotSandbox, startHubspotSandbox } from '../../sandbox/hubspot/server.ts';
import type { PipedriveLimits } from '../../sandbox/pipedrive/limits.ts';
import { type PipedriveSandbox, startPipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import { smallWorld } from '../../sandbox/world/small-world.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { App, PerformReport, Services } from '../../src/cli/app.ts';
import { parseCompanyFile } from '../../src/cli/company-file.ts';
import type { ExitCode } from '../../src/cli/exit-codes.ts';
import { prepareCompany } from '../../src/cli/prepare-company.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { openServices } from '../../src/compose/services.ts';
import { type Config, readConfig } from '../../src/config.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import { asId, type ConnectionId } from '../../src/core/values/ids.ts';
import type { TenantStore } from '../../src/ports/store.ts';

/** The company of the small world (sandbox/world/small-world.ts): two stages, every proof is the stage itself. */
export const SMALL_COMPANY = `
name: Atelier Nord
zone: Europe/Paris
currency: EUR
locale: en
write_back: "on"
milestones:
  - { key: contact, label: { fr: Contact, en: Contact }, weight: 20, typical_days: 10, evidence: [stage_entered] }
  - { key: verbal, verbal: true, label: { fr: Accord, en: Verbal }, weight: 60, typical_days: 10, evidence: [stage_entered] }
stages: { First contact: contact, Offer: verbal, Won: won, Lost: lost }
rates: [{ from: CHF, to: EUR, rate: "1.04", effective_on: 2026-01-01 }]
`;

const SILENT: Terminal = {
  interactive: false,
  locale: 'en',
  print: () => undefined,
  note: () => undefined,
  progress: () => undefined,
};

interface RunOptions {
  readonly world?: World;
  readonly company?: string;
  /** Environment of the product, beside address and token of the sandbox. */
  readonly environment?: Readonly<Record<string, string>>;
}

interface CommandOutcome {
  readonly exit: ExitCode;
  readonly printed: string;
  readonly noted: string;
}

/** The product as it runs, on an embedded database and a local CRM whose clock it shares. */
export interface CrmRun<Sandbox> {
  readonly services: Services;
  readonly sandbox: Sandbox;
  readonly connectionId: ConnectionId;
  perform(kind: JobKind, payload?: Readonly<Record<string, string>>): Promise<PerformReport>;
  /** Effects that are due by now. */
  performDue(): Promise<void>;
  /** A command of the terminal on this very store: what it printed, result and notes apart. */
  command(work: (app: App) => Promise<ExitCode>, locale?: 'fr' | 'en'): Promise<CommandOutcome>;
  read<T>(work: (tenant: TenantStore) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openHubspotRun(options: RunOptions = {}): Promise<CrmRun<HubspotSandbox>> {
  const wide = { tenSecondly: 1_000_000, searchPerSecond: 1_000_000, associationsPerTenSeconds: 1_000_000 };
  const sandbox = await startHubspotSandbox({ world: options.world ?? smallWorld(40), limits: wide });
  return await openRun('hubspot', sandbox, options);
}

export async function openPipedriveRun(
  options: RunOptions & { readonly limits?: Partial<PipedriveLimits> } = {},
): Promise<CrmRun<PipedriveSandbox>> {
  const limits = { burst: 1_000_000, dailyTokens: 1_000_000_000, ...options.limits };
  const sandbox = await startPipedriveSandbox({ world: options.world ?? smallWorld(40), limits });
  return await openRun('pipedrive', sandbox, options);
}

async function openRun<Sandbox extends HubspotSandbox | PipedriveSandbox>(
  crm: CrmKind,
  sandbox: Sandbox,
  options: RunOptions,
): Promise<CrmRun<Sandbox>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jalon-run-'));
  const config = readConfig({ LOG_LEVEL: 'silent', JALON_LOCALE: 'en', ...options.environment });
  const account = { baseUrl: sandbox.url, token: sandbox.token };
  const services = await openServices(config, SILENT, { crm, dataDir, clock: sandbox.clock, account });
  const company = options.company ?? SMALL_COMPANY;
  const companyFile = join(dataDir, 'company.yaml');
  writeFileSync(companyFile, company);
  const file = parseCompanyFile(company, 'en');
  if (!file.ok) throw new Error(JSON.stringify(file.error));
  await prepareCompany(services, file.value);
  const { store, context, tenantId } = services;
  let runs = 0;
  return {
    services,
    sandbox,
    connectionId: asId<ConnectionId>(crm),
    perform: (kind, payload = {}) => {
      runs += 1;
      return services.perform({ kind, key: `test/${runs}`, payload: { connectionId: crm, ...payload } });
    },
    performDue: async () => {
      const queue = { ring: async () => undefined };
      for (const doorbell of await store.system.dueEffects(context.clock.now(), 100))
        await answer(context, queue, doorbell);
    },
    command: (work, locale = 'en') => runCommand({ ...config, companyFile }, services, work, locale),
    read: (work) => store.inTenant(tenantId, work),
    close: async () => {
      await services.close();
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function runCommand(
  config: Config,
  services: Services,
  work: (app: App) => Promise<ExitCode>,
  locale: 'fr' | 'en',
): Promise<CommandOutcome> {
  const printed: string[] = [];
  const noted: string[] = [];
  const app: App = {
    config,
    terminal: {
      ...SILENT,
      locale,
      print: (line) => void printed.push(line),
      note: (line) => void noted.push(line),
    },
    open: async () => ({ ...services, close: async () => undefined }),
    startSandbox: () => Promise.reject(new Error('the sandbox runs already')),
    startMailSink: () => Promise.reject(new Error('no mails here')),
    readEventLog: () => {
      throw new Error('no log here');
    },
  };
  const exit = await work(app);
  return { exit, printed: printed.join('\n'), noted: noted.join('\n') };
}

/** One Monday run in a process of its own, made to be killed: prepares the company, runs what is left of the run, says what it found and ends. */
import { readFileSync, writeFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import type { Services } from '../../src/cli/app.ts';
import { parseCompanyFile } from '../../src/cli/company-file.ts';
import { prepareCompany } from '../../src/cli/prepare-company.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { performEffect } from '../../src/compose/perform.ts';
import { openServices } from '../../src/compose/services.ts';
import { readConfig } from '../../src/config.ts';
import { asId, type ConnectionId } from '../../src/core/values/ids.ts';
import { crashingServices } from './crash-points.ts';
import type { MondayOrder, Told } from './order.ts';
import { leftBehind, storeState } from './store-state.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as MondayOrder;
const CONNECTION = asId<ConnectionId>(order.crm);

function tell(told: Told): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

async function open(): Promise<Services> {
  const config = readConfig({ JALON_LOCALE: 'en', LOG_LEVEL: 'warn' });
  const terminal = openTerminal({ out: process.stdout, err: process.stderr }, 'en');
  return await openServices(config, terminal, {
    crm: order.crm,
    dataDir: order.dataDir,
    clock: { now: () => Temporal.Now.instant().add({ milliseconds: order.shiftMs }) },
    smtpUrl: order.smtpUrl,
    account: order.account,
    progress: ({ job }) => tell({ say: 'step', job }),
  });
}

async function prepare(services: Services): Promise<void> {
  const parsed = parseCompanyFile(readFileSync(order.companyFile, 'utf8'), 'en');
  if (!parsed.ok) throw new Error('the company file of the sandbox is not valid');
  const { company } = parsed.value;
  await prepareCompany(services, { ...parsed.value, company: { ...company, writeBack: 'on' } });
}

/** More deaths in a row than any process has by itself: what is parked for them is tried again, as a person would. */
async function tryCrashedAgain({ store, tenantId, context }: Services): Promise<boolean> {
  return await store.inTenant(tenantId, async ({ effects }) => {
    const parked = await effects.list({ state: 'parked' });
    const crashed = parked.filter(({ lastError }) => lastError?.startsWith('EFFECT_CRASHED') === true);
    for (const { id } of crashed) await effects.unpark(id, context.clock.now());
    return crashed.length > 0;
  });
}

async function mondayRun(services: Services): Promise<string[]> {
  const effect = {
    kind: 'pull' as const,
    key: order.key,
    payload: { connectionId: CONNECTION, asOf: order.asOf, run: 'monday', send: 'now' },
  };
  const { context, queue, tenantId } = services;
  if (order.mode === 'workers') await services.startWorking({ schedule: false });
  const report =
    order.mode === 'workers'
      ? await services.perform(effect)
      : await performEffect(context, queue, tenantId, effect, false);
  return report.unfinished.map(({ kind, state, error }) => `${kind} ${state} ${error ?? ''}`);
}

// Node writes its cache at the end of a process; most of these have none.
flushCompileCache();
const opened = await open();
tell({ say: 'left', left: await leftBehind(opened, CONNECTION, order.key) });
const services = order.crash === null ? opened : crashingServices(opened, order.crash);
await prepare(services);
tell({ say: 'prepared' });
let unfinished = await mondayRun(services);
while (await tryCrashedAgain(services)) unfinished = await mondayRun(services);
for (const text of unfinished) {
  tell({ say: 'unfinished', text });
  process.exitCode = 1;
}
writeFileSync(order.stateFile, JSON.stringify(await storeState(opened, CONNECTION)));
await opened.close();

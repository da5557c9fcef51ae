import { planWriteBack, type WriteBackPlan } from '../../jobs/write-back-plan.ts';
import { errorLine } from '../../templates/errors/catalogue.ts';
import { visibleText } from '../../templates/text.ts';
import type { CrmKind } from '../core/values/crm.ts';
import { postponedDeals } from '../core/write-back/postponed-writes.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { App, Services } from './app.ts';
import { countByCode, noteByCode } from './by-code.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { money } from './figures.ts';
import { say } from './messages.ts';
import { noteStillToCome } from './still-to-come.ts';
import { table } from './terminal.ts';
import { exitOfReport, withCompany } from './with-services.ts';

export interface WriteBackOptions {
  readonly crm: CrmKind;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = 10;
/** Our own properties are fewer; a run writes one audit entry for each that it could not use. */
const RECENT = 50;

/** What would change, and nothing else. */
export async function writeBackPlan(app: App, options: WriteBackOptions): Promise<ExitCode> {
  return await withCompany(app, options, async (services, connection) => {
    const { terminal } = app;
    const plan = await planOf(services, connection);
    if (options.json) terminal.print(JSON.stringify(plainPlan(plan)));
    else printPlan(app, plan);
    await noteWaiting(app, services, connection);
    noteStillToCome(app, 'refused', plan.parked.length, connection.crm);
    return EXIT.ok;
  });
}

/** The first time needs `--yes`: by it the company says that it has seen the plan, and from then on each run writes. */
export async function writeBackApply(app: App, options: WriteBackOptions): Promise<ExitCode> {
  return await withCompany(app, options, async (services, connection) => {
    const { store, tenantId, context } = services;
    const company = await store.inTenant(tenantId, (tenant) => tenant.settings.company());
    if (company?.writeBack !== 'on' && !options.yes)
      throw new CommandError([errorLine('WRITE_NOT_CONFIRMED', app.terminal.locale)], EXIT.usage);
    if (company !== null)
      await store.inTenant(tenantId, (tenant) =>
        tenant.settings.saveCompany({ ...company, writeBack: 'on' }),
      );
    const startedAt = context.clock.now();
    const before = await store.inTenant(tenantId, (tenant) => tenant.receipts.writtenCount(connection.id));
    const report = await services.perform({
      kind: 'write_back',
      key: `command/${connection.id}/${context.clock.now().epochMilliseconds}`,
      payload: { connectionId: connection.id },
    });
    const result = await store.inTenant(tenantId, async (tenant) => ({
      values: (await tenant.receipts.writtenCount(connection.id)) - before,
      deals: (await tenant.receipts.acknowledged(connection.id)).size,
      refusals: (await tenant.receipts.refusals(connection.id)).filter(({ at }) => isSince(at, startedAt)),
      properties: (await tenant.audit.list(RECENT))
        .filter(({ at, action }) => action.startsWith('property.') && isSince(at, startedAt))
        .map(({ action, subject }) => ({ code: action, property: subject })),
    }));
    const { values, deals, refusals, properties } = result;
    const refusedByCode = countByCode(refusals);
    const counts = { values, deals, refused: refusals.length };
    app.terminal.print(
      options.json
        ? JSON.stringify({ ...counts, refusedByCode, properties })
        : say(app.terminal.locale, 'apply.done', counts),
    );
    noteByCode(app, refusedByCode);
    await noteWaiting(app, services, connection);
    for (const { code, property } of properties)
      app.terminal.note(errorLine(code, app.terminal.locale, property));
    const exit = exitOfReport(app, report);
    return exit === EXIT.ok && refusals.length + properties.length > 0 ? EXIT.partly : exit;
  });
}

/** Values that wait for the CRM's budget of tomorrow. */
async function noteWaiting(
  app: App,
  { store, tenantId }: Services,
  { id, crm }: ConnectionRow,
): Promise<void> {
  const waiting = await store.inTenant(tenantId, (tenant) => tenant.effects.list({ state: 'pending' }));
  noteStillToCome(app, 'postponed', postponedDeals(waiting, id), crm);
}

function isSince(at: Temporal.Instant, since: Temporal.Instant): boolean {
  return Temporal.Instant.compare(at, since) >= 0;
}

async function planOf(
  { store, tenantId, context }: Services,
  connection: ConnectionRow,
): Promise<WriteBackPlan> {
  return await store.inTenant(tenantId, (tenant) =>
    planWriteBack(tenant, connection.id, context.clock.now()),
  );
}

function plainPlan({ writes, acknowledged }: WriteBackPlan): unknown {
  return writes.map(({ dealId, values }) => ({
    dealId,
    values: Object.fromEntries(values),
    before: Object.fromEntries(
      [...values.keys()].map((key) => [key, acknowledged.get(dealId)?.get(key) ?? '']),
    ),
  }));
}

function printPlan({ terminal }: App, plan: WriteBackPlan): void {
  const { locale } = terminal;
  if (plan.writes.length === 0) {
    terminal.print(say(locale, 'plan.nothing'));
    return;
  }
  const { lines } = plan.forecast;
  const { summary } = plan;
  const values = plan.writes.reduce((count, write) => count + write.values.size, 0);
  const net = money(summary.netMinor, summary.currency, locale);
  const gross = money(summary.grossMinor, summary.currency, locale);
  terminal.print(say(locale, 'plan.summary', { deals: plan.writes.length, values, gross, net }));
  const names = new Map(lines.map((line) => [line.dealId, line.dealName]));
  const rows = plan.writes.slice(0, EXAMPLES).map(({ dealId, values: after }) => {
    const before = plan.acknowledged.get(dealId)?.get('jalon_net_amount') ?? '';
    return [
      visibleText(names.get(dealId) ?? dealId, 40),
      before || '-',
      after.get('jalon_net_amount') || '-',
    ];
  });
  const titles = [say(locale, 'forecast.deal'), say(locale, 'plan.before'), say(locale, 'plan.after')];
  for (const line of table([titles, ...rows])) terminal.print(line);
  terminal.print(say(locale, 'plan.apply'));
}

import { dateIn } from '../core/values/calendar.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { App } from './app.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './messages.ts';
import { exitOfReport, withCompany } from './with-services.ts';

/** Freezes today, in the company's own zone. A second snapshot of one day is the first. */
export async function snapshot(
  app: App,
  options: { readonly crm: CrmKind; readonly json?: boolean },
): Promise<ExitCode> {
  return await withCompany(app, options, async (services, connection) => {
    const { store, tenantId, context } = services;
    const company = await store.inTenant(tenantId, (tenant) => tenant.settings.company());
    const asOf = dateIn(company?.zone ?? 'UTC', context.clock.now()).toString();
    const report = await services.perform({
      kind: 'snapshot',
      key: `command/${connection.id}/${context.clock.now().epochMilliseconds}`,
      payload: { connectionId: connection.id, asOf },
    });
    const header = await store.inTenant(tenantId, (tenant) => tenant.snapshots.latest(connection.id));
    const exit = exitOfReport(app, report);
    if (header === null) return exit === EXIT.ok ? EXIT.failed : exit;
    const deals = (await store.inTenant(tenantId, (tenant) => tenant.snapshots.lines(header.id))).length;
    const date = header.asOf.toString();
    app.terminal.print(
      options.json
        ? JSON.stringify({ id: header.id, asOf: date, deals })
        : say(app.terminal.locale, 'snapshot.done', { id: header.id, date, deals }),
    );
    return exit;
  });
}

import type { CrmKind } from '../core/values/crm.ts';
import type { App } from './app.ts';
import { countByCode, noteByCode } from './by-code.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './messages.ts';
import { noteStillToCome } from './still-to-come.ts';
import { exitOfReport, withCompany } from './with-services.ts';

export async function pull(
  app: App,
  options: { readonly crm: CrmKind; readonly full?: boolean; readonly json?: boolean },
): Promise<ExitCode> {
  return await withCompany(app, options, async (services, connection) => {
    const { store, tenantId, context } = services;
    const report = await services.perform({
      kind: 'pull',
      key: `command/${connection.id}/${context.clock.now().epochMilliseconds}`,
      payload: { connectionId: connection.id, ...(options.full ? { whole: 'yes' } : {}) },
    });
    const result = await store.inTenant(tenantId, async (tenant) => ({
      counts: await tenant.records.dealCounts(connection.id),
      rejections: await tenant.records.rejections(connection.id),
      incomplete: (await tenant.records.deals(connection.id)).filter(({ flags }) =>
        flags.includes('history_incomplete'),
      ).length,
    }));
    const rejected = result.rejections.length;
    const rejectionsByCode = countByCode(result.rejections);
    const { calls, callsByLane, retries, rateLimited } = services.usage();
    const { present, hidden } = result.counts;
    app.terminal.print(
      options.json
        ? JSON.stringify({
            deals: result.counts,
            historyIncomplete: result.incomplete,
            rejections: rejected,
            rejectionsByCode,
            calls,
            callsByLane,
            retries,
            rateLimited,
          })
        : say(app.terminal.locale, 'pull.done', {
            deals: present,
            hidden,
            rejections: rejected,
            calls,
          }),
    );
    noteByCode(app, rejectionsByCode);
    noteStillToCome(app, 'history', result.incomplete, connection.crm);
    const exit = exitOfReport(app, report);
    return exit === EXIT.ok && rejected > 0 ? EXIT.partly : exit;
  });
}

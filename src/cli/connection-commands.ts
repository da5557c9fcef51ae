/** Stopping and starting one CRM account: `jalon disconnect`, `jalon connect`. */
import type { CrmKind } from '../core/values/crm.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { App, Services } from './app.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './messages.ts';
import { withCompany } from './with-services.ts';

/** Takes our webhooks back and stops reading and writing; what was read stays. */
export async function disconnect(app: App, options: { readonly crm: CrmKind }): Promise<ExitCode> {
  return await withCompany(app, options, async (services, connection) => {
    const target = services.context.webhookTarget?.(connection) ?? null;
    const webhooks = target === null ? 0 : await services.session(connection).removeWebhooks(target.url);
    await become(services, connection, 'paused');
    app.terminal.print(say(app.terminal.locale, 'disconnect.done', { crm: connection.crm, webhooks }));
    return EXIT.ok;
  });
}

export async function connect(app: App, options: { readonly crm: CrmKind }): Promise<ExitCode> {
  return await withCompany(app, options, async (services, connection) => {
    await become(services, connection, 'active');
    app.terminal.print(say(app.terminal.locale, 'connect.done', { crm: connection.crm }));
    return EXIT.ok;
  });
}

async function become(
  { store, tenantId }: Services,
  { id }: ConnectionRow,
  state: ConnectionRow['state'],
): Promise<void> {
  await store.inTenant(tenantId, async (tenant) => {
    const connection = await tenant.connections.get(id);
    if (connection !== null) await tenant.connections.save({ ...connection, state });
  });
}

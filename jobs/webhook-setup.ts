/** Asks the CRM to tell of changed deals, and again every week: a CRM drops a webhook that could not be delivered for days, without a word. */
import { asId, type ConnectionId } from '../src/core/values/ids.ts';
import type { ConnectionRow } from '../src/ports/connection-store.ts';
import type { WebhookRegistration } from '../src/ports/webhooks.ts';
import { type Job, JobError, type NextEffect, payloadOf } from './context.ts';

export const webhookSetup: Job = {
  kind: 'webhook_setup',
  async run(context, run) {
    const id = asId<ConnectionId>(payloadOf(run.effect, 'connectionId'));
    const connection = await run.read((tenant) => tenant.connections.get(id));
    if (connection === null) throw new JobError('CONNECTION_UNKNOWN', id);
    const target = context.webhookTarget?.(connection) ?? null;
    if (target === null || connection.state !== 'active') return [];
    const registration = await context.openSession(connection, run.signal).registerWebhook(target);
    const code = CODES[registration];
    // Without webhooks the hourly reading finds everything: told, and nothing stops for it.
    if (code !== null) context.logger.warn('no webhooks', { connection: id, code });
    else context.logger.info('webhooks', { connection: id, registration });
    return [];
  },
};

const CODES: Readonly<Record<WebhookRegistration, string | null>> = {
  registered: null,
  kept: null,
  by_app: null,
  refused: 'WEBHOOK_REFUSED',
  not_permitted: 'WEBHOOK_NOT_PERMITTED',
};

/** Once per ISO week and address: a new public address is registered at once. */
export function webhookSetupWork(
  { id, state, lastPulledAt }: ConnectionRow,
  url: string,
  isoWeek: string,
): NextEffect[] {
  if (state !== 'active' || lastPulledAt === null) return [];
  return [{ kind: 'webhook_setup', key: `${id}/${isoWeek}/${url}`, payload: { connectionId: id } }];
}

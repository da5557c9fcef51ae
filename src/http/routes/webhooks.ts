/**
 * What a CRM tells by itself. Durable before the answer, which comes at once: a job reads the deals again. A CRM that is refused tries again,
 * and after ten refusals Pipedrive drops what happens in the next half hour: so whatever is authentic is accepted, also what is of no use.
 */
import express, { type ErrorRequestHandler, type Request, Router } from 'express';
import { webhookWork } from '../../../jobs/webhooks.ts';
import { asId, type ConnectionId } from '../../core/values/ids.ts';
import type { ConnectionRow } from '../../ports/connection-store.ts';
import type { TenantStore } from '../../ports/store.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { WebhookEvent } from '../../ports/webhooks.ts';
import type { HttpContext } from '../context.ts';
import { WEBHOOK_PATH, type WebhookCounts, type WebhookDoor } from '../webhook-door.ts';

/** HubSpot sends up to 100 events at once, and a value may be long. */
const BODY_LIMIT = '2mb';

const STATUS: Readonly<Record<keyof WebhookCounts, number>> = {
  taken: 204,
  repeated: 204,
  ofNoUse: 204,
  unreadable: 204,
  refused: 401,
  oversized: 413,
};

export function webhookRoutes(context: HttpContext, door: WebhookDoor): Router {
  const router = Router();
  const count = (what: keyof WebhookCounts): number => {
    door.counts[what] += 1;
    const times = door.counts[what];
    // The first, the tenth, the hundredth: whoever knocks all night does not fill the log.
    if (STATUS[what] !== 204 || what === 'unreadable')
      if (Number.isInteger(Math.log10(times))) context.logger.warn('webhook not taken', { what, times });
    return STATUS[what];
  };
  router.post(
    `${WEBHOOK_PATH}/:connection`,
    express.raw({ type: () => true, limit: BODY_LIMIT }),
    async (request, response) => {
      try {
        const id = asId<ConnectionId>(String(request.params['connection']));
        response.status(count(await take(context, door, id, request))).end();
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        // Not kept, so not accepted: the CRM sends it again.
        response.status(503).end();
      }
    },
  );
  const tooLarge: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
    if (status === 413) response.status(count('oversized')).end();
    else next(error);
  };
  router.use(WEBHOOK_PATH, tooLarge);
  return router;
}

/** One transaction: a CRM may send hundreds at once, and each waits for its answer. */
async function take(
  { store, tenantId, clock }: HttpContext,
  door: WebhookDoor,
  id: ConnectionId,
  request: Request,
): Promise<keyof WebhookCounts> {
  const now = clock.now();
  return await store.inTenant(tenantId, async (tenant) => {
    const connection = await tenant.connections.get(id);
    const told = connection === null ? 'refused' : eventsFrom(door, connection, request, now);
    if (typeof told === 'string') return told;
    return (await keep(tenant, id, told, now)) > 0 ? 'taken' : 'repeated';
  });
}

/** What is ours of an authentic delivery, or why nothing is taken. */
function eventsFrom(
  door: WebhookDoor,
  connection: ConnectionRow,
  request: Request,
  now: Temporal.Instant,
): readonly WebhookEvent[] | keyof WebhookCounts {
  const reader = door.reader(connection.crm);
  const target = door.target(connection);
  if (reader === null || target === null) return 'refused';
  const body: Buffer = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { method, headers, originalUrl } = request;
  const url = target.url + originalUrl.slice(request.path.length);
  const delivery = { method, url, headers: textHeaders(headers), body };
  if (!reader.isAuthentic(delivery, target.secret, now)) return 'refused';
  const events = reader.read(body);
  if (events === null) return 'unreadable';
  const ours = events.filter(
    ({ accountId, hint }) => accountId === connection.externalAccountId && hint !== null,
  );
  return ours.length === 0 ? 'ofNoUse' : ours;
}

/** With the work that follows. A sweep wakes it when its minute is over, so that a burst is read once. */
async function keep(
  tenant: TenantStore,
  connectionId: ConnectionId,
  events: readonly WebhookEvent[],
  now: Temporal.Instant,
): Promise<number> {
  let kept = 0;
  for (const { dedupeKey, hint } of events) {
    const raw = JSON.stringify(hint);
    if (await tenant.inbox.record({ connectionId, dedupeKey, receivedAt: now, raw })) kept += 1;
  }
  if (kept > 0) await tenant.effects.add(webhookWork(connectionId, now));
  return kept;
}

function textHeaders(headers: Request['headers']): Readonly<Record<string, string | undefined>> {
  const texts = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value[0] : value,
  ]);
  return Object.fromEntries(texts) as Record<string, string | undefined>;
}

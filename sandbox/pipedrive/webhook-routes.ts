import type { Account } from './account.ts';
import type { Call } from './reply.ts';
import { isJson, type Json, type Reply, reply } from './reply.ts';
import { v2Time } from './times.ts';
import type { Webhook } from './webhook.ts';
import type { WebhookDesk } from './webhooks.ts';

const ACTIONS = ['create', 'change', 'delete', '*'];
const OBJECTS = [
  'activity',
  'deal',
  'lead',
  'note',
  'organization',
  'person',
  'pipeline',
  'product',
  'stage',
  'user',
  '*',
];

/** GET /v1/webhooks. */
export function listWebhooks(account: Account, _call: Call, desk: WebhookDesk): Reply {
  return reply(200, done([...desk.registered.values()].map((webhook) => webhookJson(account, webhook))));
}

/** POST /v1/webhooks. */
export function addWebhook(account: Account, { body }: Call, desk: WebhookDesk): Reply {
  const given: Json = isJson(body) ? body : {};
  const text = (key: string) => (typeof given[key] === 'string' ? given[key] : null);
  const [url, action, object, name] = ['subscription_url', 'event_action', 'event_object', 'name'].map(text);
  if (url == null || !isReachable(url))
    return refused({ subscription_url: ['invalid or non-reachable URL'] });
  if (action == null || !ACTIONS.includes(action)) return refused({ event_action: ['invalid value'] });
  if (object == null || !OBJECTS.includes(object)) return refused({ event_object: ['invalid value'] });
  if (name == null || name === '') return refused({ name: ['required'] });
  const webhook = desk.add({
    url,
    action,
    object,
    name,
    version: text('version') ?? '2.0',
    user: text('http_auth_user'),
    password: text('http_auth_password'),
  });
  if (webhook === null)
    return reply(422, { status: 'error', success: false, errors: { base: ['webhooks limit reached'] } });
  return reply(201, done(webhookJson(account, webhook)));
}

/** DELETE /v1/webhooks/{id}. */
export function deleteWebhook(_account: Account, { path }: Call, desk: WebhookDesk): Reply {
  return desk.registered.delete(Number(path[0]))
    ? reply(200, { status: 'ok', success: true })
    : reply(404, { status: 'error', success: false, errors: { id: ['not found'] } });
}

/** Public HTTPS, and not Pipedrive itself. This machine's own address is the sandbox's one leniency. */
function isReachable(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.hostname.endsWith('.pipedrive.com')) return false;
  return url.protocol === 'https:' || url.hostname === '127.0.0.1';
}

function done(data: unknown): Json {
  return { status: 'ok', success: true, data };
}

function refused(errors: Json): Reply {
  return reply(400, { status: 'error', success: false, errors });
}

function webhookJson(account: Account, webhook: Webhook): Json {
  return {
    id: webhook.id,
    company_id: Number(account.world.account.id),
    owner_id: 1,
    user_id: 1,
    event_action: webhook.action,
    event_object: webhook.object,
    subscription_url: webhook.url,
    version: webhook.version,
    is_active: 1,
    add_time: v2Time(webhook.addedAtMs),
    remove_time: null,
    type: 'general',
    http_auth_user: webhook.user,
    http_auth_password: webhook.password,
    remove_reason: null,
    last_delivery_time: webhook.lastAtMs === null ? null : v2Time(webhook.lastAtMs),
    last_http_status: webhook.lastStatus,
    admin_id: 1,
    name: webhook.name,
  };
}

/** Pipedrive's webhooks 2.0: known by HTTP Basic alone, for there is no signature. pipedrive.readme.io/docs/guide-for-webhooks-v2 */
import { hash } from 'node:crypto';
import * as z from 'zod';
import { asId } from '../../src/core/values/ids.ts';
import type {
  DealHint,
  WebhookReader,
  WebhookRegistration,
  WebhookTarget,
} from '../../src/ports/webhooks.ts';
import { isNotPermitted } from '../asking.ts';
import { isSameText } from '../same-text.ts';
import type { PipedriveApi } from './api.ts';
import { PipedriveRefusal } from './errors.ts';
import { knownInstant } from './times.ts';

/** Ids come as texts here, unlike everywhere else. Unknown keys pass. */
const body = z.object({
  meta: z.object({
    version: z.string(),
    action: z.string(),
    entity: z.string(),
    entity_id: z.coerce.string().regex(/^\d{1,15}$/),
    company_id: z.coerce.string().regex(/^\d{1,15}$/),
    id: z.string().min(1).nullish(),
    merged_to_id: z.coerce
      .string()
      .regex(/^\d{1,15}$/)
      .nullish(),
  }),
  data: z.object({ update_time: z.string().nullish() }).nullish(),
});

export const pipedriveWebhooks: WebhookReader = {
  isAuthentic: ({ headers }, secret) => isSameText(headers['authorization'] ?? '', authorisationFor(secret)),
  read: (bytes) => {
    const parsed = body.safeParse(jsonOf(bytes));
    if (!parsed.success) return null;
    const { meta, data } = parsed.data;
    const hint: DealHint = {
      dealId: asId(meta.entity_id),
      modifiedAt: knownInstant(data?.update_time)?.toString() ?? null,
      mergedInto: meta.merged_to_id == null ? null : asId(meta.merged_to_id),
    };
    return [
      {
        accountId: meta.company_id,
        dedupeKey: meta.id ?? hash('sha256', bytes),
        hint: meta.entity === 'deal' ? hint : null,
      },
    ];
  },
};

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}

/** The user name tells which secret a webhook was registered with, and nothing of the secret itself. */
function userFor(secret: string): string {
  return `jalon-${hash('sha256', `user ${secret}`).slice(0, 12)}`;
}

function authorisationFor(secret: string): string {
  return `Basic ${Buffer.from(`${userFor(secret)}:${secret}`).toString('base64')}`;
}

/** 10 tokens when it is there already, 20 when it is made. One that carries an older secret is replaced. */
export async function registerPipedriveWebhook(
  api: PipedriveApi,
  { url, secret }: WebhookTarget,
): Promise<WebhookRegistration> {
  try {
    const ours = (await api.webhooks()).filter((webhook) => webhook.subscription_url === url);
    const good = ours.find((webhook) => isGood(webhook, secret));
    for (const webhook of ours) if (webhook !== good) await api.deleteWebhook(webhook.id);
    if (good !== undefined) return 'kept';
    await api.createWebhook({ url, user: userFor(secret), password: secret });
    return 'registered';
  } catch (error) {
    if (isNotPermitted(error)) return 'not_permitted';
    if (error instanceof PipedriveRefusal) return 'refused';
    throw error;
  }
}

export async function removePipedriveWebhooks(api: PipedriveApi, url: string): Promise<number> {
  const ours = (await api.webhooks()).filter((webhook) => webhook.subscription_url === url);
  for (const webhook of ours) await api.deleteWebhook(webhook.id);
  return ours.length;
}

type Registered = Awaited<ReturnType<PipedriveApi['webhooks']>>[number];

function isGood(webhook: Registered, secret: string): boolean {
  return (
    webhook.is_active === 1 &&
    webhook.version === '2.0' &&
    webhook.event_action === '*' &&
    webhook.event_object === 'deal' &&
    webhook.http_auth_user === userFor(secret)
  );
}

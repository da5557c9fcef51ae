/** Where the webhooks of a connection are taken, and the secret that shows who sent them. */
import { createHmac } from 'node:crypto';
import type { JobContext } from '../../jobs/context.ts';
import type { OpenOptions } from '../cli/app.ts';
import type { Config } from '../config.ts';
import { WEBHOOK_PATH } from '../http/webhook-door.ts';

type Target = NonNullable<JobContext['webhookTarget']>;

/**
 * HubSpot signs with the secret of the app; Pipedrive sends the credentials of the registration, which are made of a key that is not in the
 * database: the same after every restart, and worthless for anything else.
 */
export function webhookTargets(
  config: Config,
  key: Buffer,
  { account }: Pick<OpenOptions, 'account'>,
): Target {
  return ({ id, crm }) => {
    const { publicUrl } = config;
    const crmUrl = account?.baseUrl ?? config.crm[crm].baseUrl;
    if (publicUrl === null || !isReachableFrom(crmUrl, publicUrl)) return null;
    const secret = crm === 'hubspot' ? config.hubspotClientSecret : derived(key, id);
    const base = publicUrl.replace(/\/+$/, '');
    return secret === null ? null : { url: `${base}${WEBHOOK_PATH}/${encodeURIComponent(id)}`, secret };
  };
}

/** A CRM calls public https addresses only; a local one calls this machine. */
function isReachableFrom(crmUrl: string | null, publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return isThisMachine(hostname)
    ? crmUrl !== null && isThisMachine(new URL(crmUrl).hostname)
    : protocol === 'https:';
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]';
}

function derived(key: Buffer, connectionId: string): string {
  return createHmac('sha256', key).update(`webhook-v1.${connectionId}`).digest('base64url');
}

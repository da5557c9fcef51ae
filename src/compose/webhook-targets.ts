/** Where the webhooks of a connection are taken, and the secret that shows who sent them. */
import { createHmac } from 'node:crypto';
import type { JobContext } from '../../jobs/context.ts';
import type { Config } from '../config.ts';
import { WEBHOOK_PATH } from '../http/webhook-door.ts';

/**
 * HubSpot signs with the secret of the app; Pipedrive sends the credentials of the registration, which are made of a key that is not in the
 * database: the same after every restart, and worthless for anything else.
 */
export function webhookTargets(config: Config, key: Buffer): NonNullable<JobContext['webhookTarget']> {
  return ({ id, crm }) => {
    if (config.publicUrl === null) return null;
    const secret = crm === 'hubspot' ? config.hubspotClientSecret : derived(key, id);
    const base = config.publicUrl.replace(/\/+$/, '');
    return secret === null ? null : { url: `${base}${WEBHOOK_PATH}/${encodeURIComponent(id)}`, secret };
  };
}

function derived(key: Buffer, connectionId: string): string {
  return createHmac('sha256', key).update(`webhook-v1.${connectionId}`).digest('base64url');
}

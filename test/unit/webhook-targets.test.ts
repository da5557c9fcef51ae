import { describe, expect, it } from 'vitest';
import { webhookTargets } from '../../src/compose/webhook-targets.ts';
import { readConfig } from '../../src/config.ts';
import { asId, type ConnectionId } from '../../src/core/values/ids.ts';

const LOCAL_CRM = { baseUrl: 'http://127.0.0.1:5000', token: 'x' };
const SECRET = { HUBSPOT_CLIENT_SECRET: 'the-client-secret' };

function targetFor(
  crm: 'hubspot' | 'pipedrive',
  environment: Record<string, string>,
  account?: typeof LOCAL_CRM,
  key = Buffer.alloc(32, 7),
) {
  const options = account === undefined ? {} : { account };
  return webhookTargets(readConfig(environment), key, options)({ id: asId<ConnectionId>(crm), crm });
}

describe('the address at which a CRM’s webhooks are taken', () => {
  it('is below the public address; without one, or without https, nothing is registered and nothing taken', () => {
    expect(targetFor('pipedrive', { PUBLIC_URL: 'https://jalon.example/app/' })?.url).toBe(
      'https://jalon.example/app/webhooks/pipedrive',
    );
    expect(targetFor('pipedrive', {})).toBeNull();
    expect(targetFor('pipedrive', { PUBLIC_URL: 'http://jalon.example' })).toBeNull();
  });

  it('is this machine only for a CRM on this machine', () => {
    const PUBLIC_URL = 'http://127.0.0.1:4321';
    expect(targetFor('pipedrive', { PUBLIC_URL })).toBeNull();
    expect(targetFor('pipedrive', { PUBLIC_URL }, LOCAL_CRM)).not.toBeNull();
  });

  it('carries HubSpot’s own secret, and for Pipedrive one that another key would not make', () => {
    const PUBLIC_URL = 'https://jalon.example';
    expect(targetFor('hubspot', { PUBLIC_URL })).toBeNull();
    expect(targetFor('hubspot', { PUBLIC_URL, ...SECRET })?.secret).toBe('the-client-secret');
    const [first, again, other] = [7, 7, 8].map(
      (fill) => targetFor('pipedrive', { PUBLIC_URL }, undefined, Buffer.alloc(32, fill))?.secret,
    );
    expect(first).toMatch(/^[\w-]{43}$/);
    expect([again === first, other === first]).toEqual([true, false]);
  });
});

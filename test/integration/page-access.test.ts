import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { smallWorld } from '../../sandbox/world/small-world.ts';
import { type CrmRun, openHubspotRun } from '../support/crm-run.ts';

const TOKEN = 'a-secret-of-more-than-sixteen';

describe('who may look at the pages', () => {
  let run: CrmRun<HubspotSandbox>;
  let url: string;
  beforeAll(async () => {
    run = await openHubspotRun({ world: smallWorld(3), environment: { JALON_ACCESS_TOKEN: TOKEN } });
    url = await run.services.listen(0);
  }, 120_000);
  afterAll(() => run.close());

  const get = (path: string, authorization?: string) =>
    fetch(`${url}${path}`, authorization === undefined ? {} : { headers: { authorization } });
  const basic = (password: string) => `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}`;

  it('listens on this machine only, unless the configuration says otherwise', () => {
    expect(new URL(url).hostname).toBe('127.0.0.1');
  });

  it('asks for the password, and takes it as a browser or as a script gives it', async () => {
    const refused = await get('/');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Basic');
    expect((await get('/', basic('something else'))).status).toBe(401);
    expect((await get('/', basic(TOKEN))).status).toBe(200);
    expect((await get('/', `Bearer ${TOKEN}`)).status).toBe(200);
  });

  it('protects every page that holds figures, and leaves health open', async () => {
    for (const path of [
      '/',
      '/review',
      '/gap',
      '/reliability',
      '/deals.csv',
      '/digest/latest',
      '/digests',
      '/nowhere',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 401]);
    }
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
  });

  it('lets no script run, no frame from elsewhere in, and nothing be stored', async () => {
    const page = await get('/', basic(TOKEN));
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('x-powered-by')).toBeNull();
  });

  it('says how to get a forecast when there is none yet', async () => {
    const english = await (await get('/?lang=en', basic(TOKEN))).text();
    const french = await (await get('/?lang=fr', basic(TOKEN))).text();
    expect(english).toContain('jalon pull');
    expect(french).toContain('Pas encore de prévision');
  });
});

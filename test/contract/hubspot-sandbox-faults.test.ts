import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../sandbox/hubspot/fault-board.ts';
import {
  type HubspotSandbox,
  type HubspotSandboxOptions,
  startHubspotSandbox,
} from '../../sandbox/hubspot/server.ts';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';

const first = String(FIRST_SMALL_DEAL_ID);
const open: HubspotSandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

async function sandboxWith(options: Partial<HubspotSandboxOptions> = {}, faults: readonly FaultRule[] = []) {
  const sandbox = await startHubspotSandbox({ world: smallWorld(5), ...options });
  open.push(sandbox);
  for (const fault of faults) sandbox.faults.add(fault);
  return sandbox;
}

function ask(sandbox: HubspotSandbox, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' };
  return fetch(`${sandbox.url}${path}`, { headers, signal: AbortSignal.timeout(5_000), ...init });
}

const LIST = '/crm/v3/objects/deals?limit=1';

function search(sandbox: HubspotSandbox, body: unknown = {}): Promise<Response> {
  return ask(sandbox, '/crm/v3/objects/deals/search', { method: 'POST', body: JSON.stringify(body) });
}

interface RefusedBody {
  readonly errors: readonly { readonly errors: readonly { readonly code: string }[] }[];
}

interface SearchBody {
  readonly total: number;
  readonly results: readonly { readonly id: string; readonly properties: Readonly<Record<string, string>> }[];
}

function write(sandbox: HubspotSandbox, value: string): Promise<Response> {
  const inputs = [{ id: first, properties: { jalon_evidence_need: value }, objectWriteTraceId: '1' }];
  return ask(sandbox, '/crm/v3/objects/deals/batch/update', {
    method: 'POST',
    body: JSON.stringify({ inputs }),
  });
}

describe('tokens', () => {
  it('answers 401 without a token and 403 with the missing scope', async () => {
    const sandbox = await sandboxWith({ tokens: { poor: ['oauth'] } });
    const bare = await ask(sandbox, LIST, { headers: {} });
    expect(bare.status).toBe(401);
    expect(await bare.json()).toMatchObject({ category: 'INVALID_AUTHENTICATION' });
    const poor = await ask(sandbox, LIST);
    expect(poor.status).toBe(403);
    expect(await poor.json()).toMatchObject({
      category: 'MISSING_SCOPES',
      errors: [{ context: { requiredGranularScopes: ['crm.objects.deals.read'] } }],
    });
    sandbox.tokens.grant('poor');
    expect((await ask(sandbox, LIST)).status).toBe(200);
    sandbox.tokens.expire('poor');
    expect(await (await ask(sandbox, LIST)).json()).toMatchObject({ category: 'EXPIRED_AUTHENTICATION' });
  });
});

describe('rate buckets', () => {
  const still = { monotonicMs: () => 0 };

  it('counts ordinary calls in ten seconds and says how many are left', async () => {
    const sandbox = await sandboxWith({ ...still, limits: { tenSecondly: 2 } });
    const one = await ask(sandbox, LIST);
    expect(one.headers.get('x-hubspot-ratelimit-max')).toBe('2');
    expect(one.headers.get('x-hubspot-ratelimit-remaining')).toBe('1');
    expect(one.headers.get('x-hubspot-ratelimit-daily')).toBe('650000');
    await ask(sandbox, LIST);
    const third = await ask(sandbox, LIST);
    expect(third.status).toBe(429);
    expect(await third.json()).toMatchObject({ policyName: 'TEN_SECONDLY_ROLLING', errorType: 'RATE_LIMIT' });
  });

  it('gives searches and associations buckets of their own, and searches no rate headers', async () => {
    const sandbox = await sandboxWith({ ...still, limits: { tenSecondly: 1, searchPerSecond: 1 } });
    expect((await ask(sandbox, LIST)).status).toBe(200);
    const found = await search(sandbox);
    expect(found.status).toBe(200);
    expect(found.headers.get('x-hubspot-ratelimit-max')).toBeNull();
    const links = await ask(sandbox, '/crm/v4/associations/deals/companies/batch/read', {
      method: 'POST',
      body: JSON.stringify({ inputs: [{ id: first }] }),
    });
    expect(links.status).toBe(200);
    const refusedSearch = await search(sandbox);
    expect(refusedSearch.status).toBe(429);
    const body = await refusedSearch.json();
    expect(body).toMatchObject({ category: 'RATE_LIMITS', message: 'You have reached your secondly limit.' });
    expect(body).not.toHaveProperty('policyName');
  });

  it('lets calls in again as the window rolls on', async () => {
    let now = 0;
    const sandbox = await sandboxWith({ monotonicMs: () => now, limits: { tenSecondly: 1 } });
    await ask(sandbox, LIST);
    now = 9_999;
    expect((await ask(sandbox, LIST)).status).toBe(429);
    now = 10_001;
    expect((await ask(sandbox, LIST)).status).toBe(200);
    expect(sandbox.summary()).toMatchObject({
      rateLimited: 1,
      buckets: { burst: { peak: 1, sharePercent: 100 } },
    });
  });

  it('ends the day with the daily body and starts anew at the midnight of the account', async () => {
    const sandbox = await sandboxWith({ limits: { daily: 1 } });
    await ask(sandbox, LIST);
    expect(await (await ask(sandbox, LIST)).json()).toMatchObject({ policyName: 'DAILY' });
    sandbox.advance({ hours: 24 });
    expect((await ask(sandbox, LIST)).status).toBe(200);
  });
});

describe('answers that are none', () => {
  it.each([
    ['unauthorised', 401],
    ['forbidden', 403],
    ['conflict', 409],
    ['locked', 423],
    ['rate_ten_secondly', 429],
    ['rate_search', 429],
    ['rate_daily', 429],
    ['migrating', 477],
    ['error_500', 500],
    ['unavailable', 503],
    ['batch_refused', 400],
  ] as const)('%s is a %i in JSON, once, and then all is well', async (kind, status) => {
    const sandbox = await sandboxWith({}, [{ kind }]);
    const hit = await ask(sandbox, LIST);
    expect(hit.status).toBe(status);
    expect(await hit.json()).toHaveProperty('message');
    if (kind === 'migrating') expect(hit.headers.get('retry-after')).toBe('2');
    expect((await ask(sandbox, LIST)).status).toBe(200);
    expect(sandbox.faults.hits()).toEqual({ [kind]: 1 });
  });

  it.each([
    ['bad_gateway', 502],
    ['unknown_520', 520],
    ['timeout_524', 524],
  ] as const)('%s is a %i in HTML', async (kind, status) => {
    const sandbox = await sandboxWith({}, [{ kind }]);
    const hit = await ask(sandbox, LIST);
    expect(hit.status).toBe(status);
    expect(hit.headers.get('content-type')).toContain('text/html');
    expect(await hit.text()).toContain('<html>');
  });

  it('an empty error has neither body nor content type', async () => {
    const sandbox = await sandboxWith({}, [{ kind: 'empty_error' }]);
    const hit = await ask(sandbox, LIST);
    expect([hit.status, hit.headers.get('content-type'), await hit.text()]).toEqual([500, null, '']);
  });

  it('truncated JSON ends in the middle', async () => {
    const sandbox = await sandboxWith({}, [{ kind: 'truncated_json' }]);
    const text = await (await ask(sandbox, LIST)).text();
    expect(text.length).toBeGreaterThan(10);
    expect(() => JSON.parse(text)).toThrow();
  });

  it.each(['reset', 'reset_mid_body'] as const)('%s breaks the connection', async (kind) => {
    const sandbox = await sandboxWith({}, [{ kind }]);
    await expect(ask(sandbox, LIST).then((answer) => answer.text())).rejects.toThrow();
  });

  it('a hang answers nothing until the caller gives up', async () => {
    const sandbox = await sandboxWith({}, [{ kind: 'hang' }]);
    await expect(ask(sandbox, LIST, { signal: AbortSignal.timeout(200) })).rejects.toThrow();
  });

  it('a slow drip arrives whole in the end', async () => {
    const sandbox = await sandboxWith({}, [{ kind: 'slow_drip', delayMs: 200 }]);
    expect(await (await ask(sandbox, LIST)).json()).toHaveProperty('results');
  });

  it('hits only the calls a rule names, after those it lets pass', async () => {
    const sandbox = await sandboxWith({}, [{ kind: 'error_500', lane: 'search', skip: 1, times: 2 }]);
    const statuses = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await search(sandbox)).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect((await ask(sandbox, LIST)).status).toBe(200);
  });
});

describe('writes', () => {
  it('a reply lost after acceptance leaves the value in the account', async () => {
    const sandbox = await sandboxWith({}, [{ kind: 'reply_lost', lane: 'write' }]);
    await expect(write(sandbox, 'letter')).rejects.toThrow();
    expect(sandbox.written().values[first]).toEqual({ jalon_evidence_need: 'letter' });
    await write(sandbox, 'letter');
    expect(sandbox.written()).toMatchObject({
      total: 2,
      accepted: { [`${first} jalon_evidence_need letter`]: 2 },
      doubled: [{ recordId: first, already: true }],
    });
  });

  it('an error before acceptance leaves the account as it was', async () => {
    const sandbox = await sandboxWith({}, [{ kind: 'bad_gateway', lane: 'write' }]);
    await write(sandbox, 'letter');
    expect(sandbox.written().total).toBe(0);
  });

  it('one deal can break a rule of the account without its neighbours', async () => {
    const sandbox = await sandboxWith({}, [{ kind: 'refuse_record', ids: [first] }]);
    const refused = await write(sandbox, 'letter');
    expect(refused.status).toBe(207);
    expect(await refused.json()).toMatchObject({
      numErrors: 1,
      errors: [{ errors: [{ code: 'REQUIRED_FIELD' }] }],
    });
    sandbox.faults.add({ kind: 'bad_value_refuses_batch' });
    expect((await write(sandbox, 'letter')).status).toBe(400);
  });

  it('a property can be gone, archived, read-only or of another type', async () => {
    const sandbox = await sandboxWith();
    const code = async () => {
      const body = (await (await write(sandbox, 'letter')).json()) as RefusedBody;
      return body.errors[0]?.errors[0]?.code;
    };
    sandbox.edit.changeProperty('jalon_evidence_need', { type: 'number' });
    expect(await code()).toBe('INVALID_DOUBLE');
    sandbox.edit.changeProperty('jalon_evidence_need', { type: 'string', readOnlyValue: true });
    expect(await code()).toBe('READ_ONLY_VALUE');
    sandbox.edit.changeProperty('jalon_evidence_need', { readOnlyValue: false, archived: true });
    expect(await code()).toBe('PROPERTY_DOESNT_EXIST');
    sandbox.edit.removeProperty('jalon_evidence_need');
    expect(await code()).toBe('PROPERTY_DOESNT_EXIST');
  });
});

describe('the search index', () => {
  const changed = (sandbox: HubspotSandbox) =>
    search(sandbox, {
      filterGroups: [
        {
          filters: [
            { propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(sandbox.world.asOfMs) },
          ],
        },
      ],
    }).then((answer) => answer.json() as Promise<SearchBody>);

  it('lags behind a change, and then shows it', async () => {
    const now = Temporal.Instant.from('2026-03-02T09:00:00Z');
    const sandbox = await sandboxWith({ indexLagMs: 60_000, clock: { now: () => now } });
    sandbox.edit.set('deal', first, { amount: '5' });
    expect((await changed(sandbox)).total).toBe(0);
    sandbox.advance({ seconds: 60 });
    expect((await changed(sandbox)).total).toBe(1);
  });

  it('may show a row newer than the window that found it', async () => {
    const now = Temporal.Instant.from('2026-03-02T09:00:00Z');
    const sandbox = await sandboxWith({ indexLagMs: 60_000, clock: { now: () => now } });
    sandbox.edit.set('deal', first, { amount: '5' });
    const answer = await search(sandbox, {
      filterGroups: [
        {
          filters: [
            { propertyName: 'hs_lastmodifieddate', operator: 'LT', value: String(sandbox.world.asOfMs) },
          ],
        },
      ],
    });
    const row = ((await answer.json()) as SearchBody).results.find((deal) => deal.id === first);
    expect(row?.properties['hs_lastmodifieddate']).toBe('2026-03-02T09:00:00.000Z');
  });

  it('never shows archived deals', async () => {
    const sandbox = await sandboxWith({ indexLagMs: 60_000 });
    sandbox.edit.archive('deal', first);
    expect(((await (await search(sandbox)).json()) as SearchBody).total).toBe(4);
  });
});

describe('the journal', () => {
  it('keeps each call with its path, lane and what was touched, and never a token or a value', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jalon-journal-'));
    const journalFile = join(folder, 'journal.jsonl');
    const sandbox = await sandboxWith({ journalFile });
    await ask(sandbox, `/crm/v3/objects/deals/${first}`);
    await write(sandbox, 'a secret letter');
    const lines = readFileSync(journalFile, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { seq: 1, method: 'GET', path: '/crm/v3/objects/deals/{id}', lane: 'read', status: 200 },
      {
        seq: 2,
        path: '/crm/v3/objects/deals/batch/update',
        lane: 'write',
        ids: [first],
        keys: ['jalon_evidence_need'],
      },
    ]);
    expect(lines.join('')).not.toContain(sandbox.token);
    expect(lines.join('')).not.toContain('secret letter');
    rmSync(folder, { recursive: true });
  });

  it('is told to other processes, with faults, clock and edits, by doors of its own', async () => {
    const sandbox = await sandboxWith();
    const door = (path: string, body?: unknown) =>
      fetch(
        `${sandbox.url}/__sandbox/${path}`,
        body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
      ).then((answer) => answer.json());
    await door('faults', { kind: 'locked' });
    expect((await ask(sandbox, LIST)).status).toBe(423);
    await door('edit', { do: 'set', kind: 'deal', id: first, fields: { amount: '77' } });
    expect(sandbox.world.value(sandbox.world.list('deal')[0] ?? never(), 'amount')).toBe('77');
    const before = sandbox.clock.nowMs();
    await door('advance', { duration: 'PT1H' });
    expect(sandbox.clock.nowMs() - before).toBeGreaterThanOrEqual(3_600_000);
    expect(await door('summary')).toMatchObject({ calls: 1, byStatus: { 423: 1 } });
    expect(await door('summary?as=lines')).toContain('calls 1, 429: 0');
    expect(await door('state')).toMatchObject({ records: { deal: { living: 5, archived: 0 } } });
  });
});

function never(): never {
  throw new Error('unreachable');
}

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultKind, FaultRule } from '../../sandbox/hubspot/fault-board.ts';
import { smallWorld } from '../../sandbox/world/small-world.ts';
import { asId, type ConnectionId, type DealId } from '../../src/core/values/ids.ts';
import { BAD_ACCOUNT_YAML } from '../support/bad-account.ts';
import { type CommandBench, openCommandBench } from '../support/command-bench.ts';

/** A sound account of 12 deals behind a CRM that misbehaves: one store, one account, one trouble after another. */
const DEALS = 12;
const FIRST = '9000000001';
const CONNECTION = asId<ConnectionId>('hubspot');

let bench: CommandBench;
let edits = 0;

beforeAll(async () => {
  bench = await openCommandBench(smallWorld(DEALS), BAD_ACCOUNT_YAML);
  expect((await bench.run('pull')).exit).toBe(0);
}, 180_000);

afterAll(async () => {
  await bench.close();
});

afterEach(() => {
  bench.sandbox.faults.clear();
  bench.limits.timeoutMs = 5_000;
  bench.limits.maxAttempts = 2;
});

/** An amount that only a pull which really read the account can know. */
function editDeal(): string {
  edits += 1;
  const amount = `${2_000 + edits}`;
  bench.sandbox.edit.set('deal', FIRST, { amount });
  bench.sandbox.advance({ minutes: 5 });
  return amount;
}

async function storedAmount(): Promise<string | null> {
  const { store, tenantId } = bench.services;
  const deal = await store.inTenant(tenantId, (tenant) =>
    tenant.records.deal(CONNECTION, asId<DealId>(FIRST)),
  );
  return deal?.amount.kind === 'money' ? String(deal.amount.money.amountMinor / 100n) : null;
}

async function present(): Promise<number> {
  const { store, tenantId } = bench.services;
  return (await store.inTenant(tenantId, (tenant) => tenant.records.dealCounts(CONNECTION))).present;
}

async function connectionState(): Promise<string | undefined> {
  const { store, tenantId } = bench.services;
  return (await store.inTenant(tenantId, (tenant) => tenant.connections.get(CONNECTION)))?.state;
}

/** Each trouble gets a token of its own: what the connector learned about limits with one does not delay the next. */
function trouble(kind: FaultKind, rule: Partial<FaultRule> = {}): void {
  bench.useToken(`token-for-${kind}`);
  bench.sandbox.faults.add({ times: null, ...rule, kind });
}

describe('a CRM that answers badly', () => {
  it.each<[FaultKind, string, number, Partial<FaultRule>]>([
    ['bad_gateway', 'CRM_UNAVAILABLE', 1, {}],
    ['error_500', 'CRM_UNAVAILABLE', 1, {}],
    ['unknown_520', 'CRM_UNAVAILABLE', 1, {}],
    ['timeout_524', 'CRM_UNAVAILABLE', 1, {}],
    ['empty_error', 'CRM_UNAVAILABLE', 1, {}],
    ['empty_ok', 'CRM_UNREADABLE', 1, {}],
    ['truncated_json', 'CRM_UNREADABLE', 1, {}],
    ['reset', 'CRM_UNREACHABLE', 1, {}],
    ['reset_mid_body', 'CRM_UNREACHABLE', 1, {}],
    ['hang', 'CRM_TIMEOUT', 1, { delayMs: 60_000 }],
    ['locked', 'CRM_LOCKED', 1, {}],
    ['migrating', 'CRM_LOCKED', 1, { retryAfterSeconds: 1 }],
    ['rate_ten_secondly', 'CRM_RATE_LIMITED', 5, {}],
    ['rate_search', 'CRM_RATE_LIMITED', 5, { lane: 'search' }],
    ['rate_daily', 'CRM_DAILY_LIMIT', 5, {}],
  ])('%s: the pull says %s, ends with %i, loses nothing, and catches up', async (kind, code, exit, rule) => {
    const amount = editDeal();
    bench.limits.maxAttempts = 1;
    bench.limits.timeoutMs = 1_100;
    trouble(kind, rule);

    const failed = await bench.run('pull');

    expect(failed.exit).toBe(exit);
    expect(failed.err).toMatch(new RegExp(`^${code}: .+ \\(hubspot \\w+ /.+\\)\\. .+\\.$`, 'm'));
    expect(failed.err).toContain('pull waits until');
    expect(await present()).toBe(DEALS);
    expect(await storedAmount()).not.toBe(amount);

    bench.sandbox.faults.clear();
    bench.limits.timeoutMs = 5_000;
    bench.useToken(`token-after-${kind}`);
    bench.sandbox.advance({ hours: 2 });
    expect((await bench.run('pull')).exit).toBe(0);
    expect(await storedAmount()).toBe(amount);
    expect(await present()).toBe(DEALS);
    expect(await connectionState()).toBe('active');
  });

  it.each<FaultKind>(['bad_gateway', 'truncated_json', 'empty_ok', 'reset', 'rate_search'])(
    '%s once: nobody notices',
    async (kind) => {
      const amount = editDeal();
      trouble(kind, { times: 1 });
      const { exit, err } = await bench.run('pull');
      expect({ exit, err }).toEqual({ exit: 0, err: '' });
      expect(await storedAmount()).toBe(amount);
    },
  );

  it('a missing scope is named, in the language of the user, and nothing is tried again by itself', async () => {
    trouble('forbidden');
    bench.locale = 'fr';
    const { exit, err } = await bench.run('pull');
    bench.locale = 'en';
    expect(exit).toBe(4);
    expect(err).toContain('CRM_FORBIDDEN: Il manque au jeton un droit nécessaire à cette étape (hubspot GET');
    expect(err).toContain('missing scope crm.objects.deals.read');
    expect(err).toContain('mis de côté');
    expect(await connectionState()).toBe('active');
  });
});

describe('a token that is refused', () => {
  it('asks for reconnection, says so on the page, and a pull with a new token sets everything going again', async () => {
    const { services, sandbox } = bench;
    const amount = editDeal();
    sandbox.tokens.revoke('token-revoked');
    bench.useToken('token-revoked', false);

    const refused = await bench.run('pull');
    expect(refused.exit).toBe(4);
    expect(refused.err).toContain('CRM_UNAUTHORISED: The CRM does not accept the access token');
    expect(await connectionState()).toBe('reconnect_needed');
    const monday = await services.perform({
      kind: 'pull',
      key: 'monday-with-a-dead-token',
      payload: { connectionId: CONNECTION, asOf: '2026-03-02', run: 'monday' },
    });
    expect(monday.unfinished).toMatchObject([{ kind: 'pull', state: 'parked' }]);
    expect(await storedAmount()).not.toBe(amount);

    bench.useToken('token-renewed');
    expect((await bench.run('pull')).exit).toBe(0);
    expect(await connectionState()).toBe('active');
    expect(await storedAmount()).toBe(amount);
    const resumed = await services.store.inTenant(services.tenantId, async (tenant) => ({
      parked: (await tenant.effects.list({ state: 'parked', kind: 'pull' })).map(({ key }) => key),
      snapshots: (await tenant.snapshots.list(CONNECTION)).map(({ asOf }) => asOf.toString()),
    }));
    expect(resumed.parked).not.toContain('monday-with-a-dead-token');
    expect(resumed.snapshots).toContain('2026-03-02');
  });

  it('is shown on the page until then', async () => {
    const url = await bench.services.listen(0);
    const pill = async () => /class="pill (\w+)"/.exec(await (await fetch(`${url}/?lang=en`)).text())?.[1];
    expect(await pill()).toBe('active');
    bench.useToken('token-revoked', false);
    await bench.run('pull');
    expect(await pill()).toBe('reconnect_needed');
    bench.useToken('token-renewed');
    await bench.run('pull');
    expect(await pill()).toBe('active');
  });
});

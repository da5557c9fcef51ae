import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/registry.ts';
import { worthReading } from '../../jobs/webhooks.ts';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { Deal } from '../../src/core/deals/deal.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import type { DealWrite, PropertyKey, PropertySpec } from '../../src/core/write-back/write-back.ts';
import { ConnectorError, type CrmSession, type WriteOutcome } from '../../src/ports/connector.ts';
import { entryOf } from '../../templates/errors/catalogue.ts';
import { benches, type ConnectorBench, type Trouble } from '../support/connector-bench.ts';
import { Landed, ownWritesOf } from '../support/landed.ts';
import { openDoor } from '../support/webhook-door.ts';

/** The promises that every entry of connectors/registry.ts keeps, each against its own sandbox. A new connector adds a bench, no test. */

/** 12,000 changed deals take half a minute on a busy machine. */
const PATIENCE_MS = 180_000;

const open: ConnectorBench[] = [];
const kept = new Map<string, Map<string, boolean>>();

afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

/** The contract as a table: rows are promises, columns connectors. */
afterAll(() => {
  const kinds = [...connectors.keys()];
  const rows = [...kept].map(([promise, by]) => {
    const marks = kinds.map((kind) => (by.get(kind) ? 'kept' : 'BROKEN').padEnd(10));
    return `  ${marks.join(' ')} ${promise}`;
  });
  process.stdout.write(`\n  ${kinds.map((kind) => kind.padEnd(10)).join(' ')} promise\n${rows.join('\n')}\n`);
});

const worldId = (nth: number) => String(FIRST_SMALL_DEAL_ID + nth);

const label = { fr: 'Poids du jalon (%)', en: 'Milestone weight (%)' };
const net = { fr: 'Montant net (jalon)', en: 'Net amount (milestone)' };
const pace = { fr: 'Rythme', en: 'Pace' };
const SPECS: readonly PropertySpec[] = [
  { key: 'jalon_weight', type: 'number', label, description: label },
  { key: 'jalon_net_amount', type: 'money', label: net, description: net },
  {
    key: 'jalon_pace',
    type: 'enumeration',
    label: pace,
    description: pace,
    options: [
      { value: 'stuck', label: { fr: 'Bloqué', en: 'Stuck' } },
      { value: 'fast', label: { fr: 'Rapide', en: 'Fast' } },
    ],
  },
];

function writesFor(bench: ConnectorBench, count: number, weight = '60'): DealWrite[] {
  return Array.from({ length: count }, (_, nth) => ({
    dealId: asId<DealId>(bench.dealId(worldId(nth))),
    currency: 'EUR' as DealWrite['currency'],
    values: new Map<PropertyKey, string>([
      ['jalon_weight', weight],
      ['jalon_net_amount', `${600 + nth}.50`],
      ['jalon_pace', 'stuck'],
    ]),
  }));
}

async function writeAll(session: CrmSession, writes: readonly DealWrite[]): Promise<WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  for (let start = 0; start < writes.length; start += session.writeBatchSize) {
    const batch = writes.slice(start, start + session.writeBatchSize);
    for await (const some of session.write(batch)) outcomes.push(...some);
  }
  return outcomes;
}

async function errorOf(work: Promise<unknown>): Promise<ConnectorError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectorError)) throw new Error(`expected a ConnectorError, got ${String(error)}`);
  return error;
}

describe.each([...connectors.keys()])('the %s connector', (kind) => {
  async function bench(world: World = smallWorld(40)): Promise<ConnectorBench> {
    const made = await benches[kind](world);
    open.push(made);
    return made;
  }

  /** One promise: a test, and a row of the table. */
  function promises(promise: string, work: () => Promise<void>): void {
    const keep = async () => {
      const row = kept.get(promise) ?? new Map<string, boolean>();
      kept.set(promise, row.set(kind, false));
      await work();
      row.set(kind, true);
    };
    it(promise, keep, PATIENCE_MS);
  }

  promises('pages to the end, and reads every deal, company and contact', async () => {
    const crm = await bench(smallWorld(1_230));
    const landed = new Landed();
    await landed.pull(crm.session());
    expect(landed.present).toHaveLength(1_230);
    expect([landed.companies.size, landed.contacts.size]).toEqual([1_230, 1_230]);
    expect(landed.rejections).toEqual([]);
  });

  promises('reads the same deal in the same words as any other CRM', async () => {
    const crm = await bench();
    const landed = new Landed();
    const session = crm.session();
    const directory = await session.readDirectory();
    await landed.pull(session);
    const deal = landed.deals.get(crm.dealId(worldId(0)));
    const stages = directory.pipelines.flatMap((pipeline) => pipeline.stages);
    const names = deal?.stageHistory.map(
      ({ stageId }) => stages.find((stage) => stage.id === stageId)?.label,
    );
    expect(names).toEqual(['First contact', 'Offer']);
    expect(deal?.stageHistory.map(({ enteredAt }) => enteredAt.toString())).toEqual([
      '2026-01-05T08:00:00Z',
      '2026-01-05T09:00:00Z',
    ]);
    expect(deal?.amount).toEqual({ kind: 'money', money: { amountMinor: 100_000n, currency: 'EUR' } });
    expect(deal?.closeDate?.toString()).toBe('2026-03-31');
    expect([deal?.companyIds.length, deal?.contactIds.length, deal?.flags]).toEqual([1, 1, []]);
    const owner = directory.owners.find(({ id }) => id === deal?.ownerId);
    expect(owner).toMatchObject({ name: 'Ana Roux', email: 'ana.roux@example.com', active: true });
    expect(directory.account).toMatchObject({ zone: 'Europe/Paris', currency: 'EUR' });
  });

  promises('goes on after a stop behind any page, and loses nothing', async () => {
    const crm = await bench(smallWorld(260));
    const landed = new Landed();
    for (let stops = 0; stops < 60; stops += 1) {
      await landed.pull(crm.session(), { pages: 1 });
    }
    await landed.pull(crm.session());
    expect(landed.present).toHaveLength(260);
    expect([landed.companies.size, landed.contacts.size]).toEqual([260, 260]);
  });

  promises('reads everything again when the cursor makes no sense', async () => {
    const crm = await bench();
    for (const cursor of [
      {},
      { version: 99 },
      { version: 1, mode: 'changes', sinceMs: 'soon' },
      { walk: 'moon' },
    ]) {
      const landed = new Landed();
      landed.cursor = cursor;
      await landed.pull(crm.session());
      expect(landed.present).toHaveLength(40);
    }
  });

  promises('finds what changed, and nothing else', async () => {
    const crm = await bench();
    const landed = new Landed();
    await landed.pull(crm.session());
    crm.advance({ minutes: 30 });
    crm.edit.set('deal', worldId(3), { amount: '77000' });
    crm.edit.set('deal', worldId(4), { stage: 'closedwon' });
    crm.advance({ minutes: 5 });
    const delivered = await landed.pull(crm.session());
    expect(delivered.map((deal) => deal.id).sort()).toEqual(
      [crm.dealId(worldId(3)), crm.dealId(worldId(4))].sort(),
    );
    expect(landed.deals.get(crm.dealId(worldId(3)))?.amount).toMatchObject({
      money: { amountMinor: 7_700_000n },
    });
    expect(landed.deals.get(crm.dealId(worldId(4)))?.stageHistory).toHaveLength(3);
  });

  promises(
    'takes a webhook for a hint: from the CRM alone, and the deal that it names is read again',
    async () => {
      const crm = await bench();
      const landed = new Landed();
      const session = crm.session();
      await landed.pull(session);
      const { account } = await session.readDirectory();
      const secret = 'a-secret-of-this-connection';
      await using door = await openDoor();
      const sent = await crm.tellOfChanges({ url: door.url, secret });
      crm.advance({ minutes: 30 });
      crm.edit.set('deal', worldId(4), { stage: 'closedwon' });
      const wonAt = crm.nowMs();
      crm.advance({ minutes: 1 });
      crm.edit.archive('deal', worldId(5));
      crm.edit.merge('deal', worldId(6), worldId(7));
      await Promise.resolve();
      await sent();
      const now = Temporal.Instant.fromEpochMilliseconds(crm.nowMs());
      for (const delivery of door.deliveries) {
        expect(crm.webhooks.isAuthentic(delivery, secret, now)).toBe(true);
        expect(crm.webhooks.isAuthentic(delivery, 'another secret', now)).toBe(false);
      }
      const events = door.deliveries.flatMap(({ body }) => crm.webhooks.read(body) ?? []);
      expect(new Set(events.map(({ accountId }) => accountId))).toEqual(new Set([account.externalId]));
      const hints = worthReading(
        events.flatMap(({ hint }) => hint ?? []),
        null,
      );
      expect(hints.map(({ dealId }) => dealId).sort()).toEqual(
        [4, 5, 6, 7].map((nth) => crm.dealId(worldId(nth))).sort(),
      );
      const again = await landed.readAgain(session, hints);
      const won = again.find(({ id }) => id === crm.dealId(worldId(4)))?.stageHistory.at(-1);
      expect(Math.abs((won?.enteredAt.epochMilliseconds ?? 0) - wonAt)).toBeLessThan(1_000);
      expect(landed.gone.get(crm.dealId(worldId(5)))?.reason).toBe('deleted');
      expect(landed.gone.get(crm.dealId(worldId(7)))).toMatchObject({
        reason: 'merged',
        mergedInto: crm.dealId(worldId(6)),
      });
      expect(landed.present).toHaveLength(38);
    },
  );

  promises('does not take what it wrote itself for news when the CRM tells of it', async () => {
    const crm = await bench();
    const session = crm.session();
    await session.ensureProperties(SPECS);
    await using door = await openDoor();
    const secret = 'a-secret-of-this-connection';
    const sent = await crm.tellOfChanges({ url: door.url, secret });
    const outcomes = await writeAll(session, writesFor(crm, 12));
    await sent();
    expect(door.deliveries.length).toBeGreaterThan(0);
    const told = door.deliveries.flatMap(({ body }) => crm.webhooks.read(body) ?? []);
    const hints = told.flatMap(({ hint }) => hint ?? []);
    expect(worthReading(hints, ownWritesOf(outcomes))).toEqual([]);
  });

  promises(
    'reads products and the lines of deals, to the cent, and loses a line that was taken off',
    async () => {
      const crm = await bench();
      const sell = (id: string, nth: number, fields: Readonly<Record<string, string>>) => {
        const stamp = { atMs: crm.nowMs() - 1_000, source: { kind: 'person', id: '1' } } as const;
        const line = crm.world.create('line_item', id, { currency: 'EUR', ...fields }, stamp);
        crm.world.link(line, { kind: 'deal', id: worldId(nth) }, stamp);
      };
      const stamp = { atMs: crm.nowMs() - 1_000, source: { kind: 'person', id: '1' } } as const;
      crm.world.create('product', '4001', { name: 'Licence', code: 'L-1', price: '19.99' }, stamp);
      sell('5001', 0, { name: 'Licence', product: '4001', quantity: '2.5', price: '19.99' });
      sell('5002', 0, { name: 'Gift', product: '4001', quantity: '1', price: '0' });
      sell('5003', 1, {
        name: 'Audit',
        product: '4001',
        quantity: '3',
        price: '1000.10',
        discount_percent: '10',
      });
      const landed = new Landed();
      await landed.pull(crm.session());
      expect([...landed.products.values()]).toMatchObject([
        { name: 'Licence', code: 'L-1', archived: false },
      ]);
      const [product] = landed.products.keys();
      const shown = () =>
        [...landed.lines.values()]
          .map(({ dealId, productId, name, quantity, unitPrice, total }) => ({
            ...{ dealId, name, quantity, known: productId === product },
            ...{ price: minorOf(unitPrice), total: minorOf(total) },
          }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      const [first, second] = [crm.dealId(worldId(0)), crm.dealId(worldId(1))];
      const audit = {
        dealId: second,
        name: 'Audit',
        quantity: '3',
        known: true,
        price: 100_010n,
        total: 270_027n,
      };
      const licence = {
        dealId: first,
        name: 'Licence',
        quantity: '2.5',
        known: true,
        price: 1_999n,
        total: 4_997n,
      };
      expect(shown()).toEqual([
        audit,
        { dealId: first, name: 'Gift', quantity: '1', known: true, price: 0n, total: 0n },
        licence,
      ]);
      crm.advance({ minutes: 30 });
      crm.edit.archive('line_item', '5002');
      crm.edit.set('line_item', '5001', { quantity: '4' });
      // Both CRMs count a change of lines as a change of the deal.
      crm.edit.set('deal', worldId(0), { amount: '79.96' });
      crm.advance({ minutes: 5 });
      await landed.pull(crm.session());
      expect(shown()).toEqual([audit, { ...licence, quantity: '4', total: 7_996n }]);
    },
  );

  promises('finds 12,000 deals that changed in one second', async () => {
    const crm = await bench(smallWorld(12_000));
    const landed = new Landed();
    const limits = { historyShareBps: 0 };
    await landed.pull(crm.session({ limits }));
    crm.advance({ minutes: 30 });
    const stamp = { atMs: crm.nowMs(), source: { kind: 'person', id: '1' } } as const;
    for (let nth = 0; nth < 12_000; nth += 1)
      crm.world.edit('deal', worldId(nth), { amount: `${5_000 + nth}` }, stamp);
    crm.advance({ minutes: 5 });
    const delivered = await landed.pull(crm.session({ limits }));
    expect(new Set(delivered.map((deal) => deal.id)).size).toBe(12_000);
    const amounts = landed.present.map((deal) =>
      deal.amount.kind === 'money' ? deal.amount.money.amountMinor : 0n,
    );
    expect(amounts.every((amount) => amount >= 500_000n)).toBe(true);
  });

  promises('costs at most 14 calls when nothing changed', async () => {
    const crm = await bench(smallWorld(400));
    const landed = new Landed();
    await landed.pull(crm.session());
    crm.advance({ minutes: 30 });
    const session = crm.session();
    const before = crm.calls();
    await session.readDirectory();
    expect(await landed.pull(session)).toEqual([]);
    expect(crm.calls() - before).toBeLessThanOrEqual(14);
  });

  promises('tells of deals that were deleted, and counts merged ones once', async () => {
    const crm = await bench();
    const landed = new Landed();
    await landed.pull(crm.session());
    crm.advance({ minutes: 30 });
    crm.edit.archive('deal', worldId(7));
    crm.edit.merge('deal', worldId(8), worldId(9));
    crm.advance({ minutes: 5 });
    await landed.pull(crm.session());
    const gone = [worldId(7), worldId(9)].map((id) => crm.dealId(id));
    expect([...landed.gone.keys()].sort()).toEqual(gone.sort());
    expect(landed.present).toHaveLength(38);
  });

  promises('rejects a record it cannot read with the reason, and reads its neighbours', async () => {
    const crm = await bench();
    crm.edit.set('deal', worldId(5), { amount: 'about 12 thousand' });
    const landed = new Landed();
    await landed.pull(crm.session());
    expect(landed.rejections).toEqual([
      {
        object: 'deal',
        externalId: crm.dealId(worldId(5)),
        code: 'AMOUNT_UNREADABLE',
        field: expect.any(String),
      },
    ]);
    expect(landed.present).toHaveLength(39);
  });

  promises('keeps amounts that cannot be counted, with the reason, and never as zero', async () => {
    const crm = await bench();
    crm.edit.set('deal', worldId(0), { amount: '' });
    crm.edit.set('deal', worldId(1), { amount: '-5000' });
    crm.edit.set('deal', worldId(2), { amount: '1E+20' });
    crm.edit.set('deal', worldId(3), { amount: '1234.4000000000000002220' });
    crm.edit.set('deal', worldId(4), { currency: 'XXX' });
    const landed = new Landed();
    await landed.pull(crm.session());
    const amountOf = (nth: number) => landed.deals.get(crm.dealId(worldId(nth)))?.amount;
    expect(amountOf(0)).toEqual({ kind: 'missing' });
    expect(amountOf(1)).toMatchObject({ kind: 'unusable', reason: 'negative' });
    expect(amountOf(2)).toMatchObject({ kind: 'unusable', reason: 'absurd' });
    expect(amountOf(3)).toMatchObject({ kind: 'money', money: { amountMinor: 123_440n } });
    expect(amountOf(4)).toMatchObject({ kind: 'unusable', reason: 'currency_unknown' });
  });

  promises('creates its properties once', async () => {
    const crm = await bench();
    const first = await crm.session().ensureProperties(SPECS);
    expect([first.created, first.existing, first.unusable]).toEqual([SPECS.map(({ key }) => key), [], []]);
    const before = crm.calls();
    const second = await crm.session().ensureProperties(SPECS);
    expect([second.created, second.existing.length]).toEqual([[], SPECS.length]);
    expect(crm.calls() - before).toBeLessThanOrEqual(3);
  });

  promises('writes values that the CRM then holds, and only its own keys', async () => {
    const crm = await bench();
    const session = crm.session();
    await session.ensureProperties(SPECS);
    const writes = writesFor(crm, 25);
    const outcomes = await writeAll(session, writes);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(25).fill('written'));
    const keys: PropertyKey[] = ['jalon_weight', 'jalon_net_amount', 'jalon_pace'];
    const present = await session.readBack(
      writes.map(({ dealId }) => dealId),
      keys,
    );
    for (const { dealId, values } of writes) expect(present.get(dealId)?.values).toEqual(values);
    const ours = new Set([...keys, ...SPECS.map((spec) => `custom_fields.${spec.label.en}`)]);
    expect([...new Set(crm.keysWritten())].filter((key) => !ours.has(key))).toEqual([]);
    expect(crm.writes()).toEqual({ total: 75, doubled: 0 });
  });

  promises('clears a value with an empty one', async () => {
    const crm = await bench();
    const session = crm.session();
    await session.ensureProperties(SPECS);
    const [write] = writesFor(crm, 1);
    if (write === undefined) throw new Error('no write');
    await writeAll(session, [write]);
    await writeAll(session, [
      { ...write, values: new Map([...write.values.keys()].map((key) => [key, ''])) },
    ]);
    const present = await session.readBack([write.dealId], [...write.values.keys()]);
    expect([...(present.get(write.dealId)?.values.values() ?? [])]).toEqual(['', '', '']);
  });

  promises('makes no call when there is nothing to write', async () => {
    const crm = await bench();
    const session = crm.session();
    expect(await writeAll(session, [])).toEqual([]);
    expect(crm.calls()).toBe(0);
  });

  promises('never sends a write twice when its reply is lost: it reads back', async () => {
    const crm = await bench();
    const session = crm.session();
    await session.ensureProperties(SPECS);
    crm.trouble('write_reply_lost');
    const writes = writesFor(crm, 3);
    const outcomes = await writeAll(session, writes);
    const lost = outcomes.filter((outcome) => outcome.kind === 'uncertain').map(({ dealId }) => dealId);
    expect(lost.length).toBeGreaterThan(0);
    const present = await session.readBack(lost, ['jalon_weight']);
    for (const dealId of lost) expect(present.get(dealId)?.values.get('jalon_weight')).toBe('60');
    expect(crm.writes().doubled).toBe(0);
  });

  promises('names the deal that is gone, and writes its neighbours', async () => {
    const crm = await bench();
    const session = crm.session();
    await session.ensureProperties(SPECS);
    crm.edit.archive('deal', worldId(1));
    const outcomes = await writeAll(session, writesFor(crm, 3));
    const byDeal = new Map(outcomes.map((outcome) => [outcome.dealId as string, outcome]));
    expect(byDeal.get(crm.dealId(worldId(0)))?.kind).toBe('written');
    expect(byDeal.get(crm.dealId(worldId(1)))).toMatchObject({ kind: 'refused', code: 'DEAL_GONE' });
    expect(byDeal.get(crm.dealId(worldId(2)))?.kind).toBe('written');
  });

  promises('takes its own write coming back for what it is', async () => {
    const crm = await bench(smallWorld(300));
    const session = crm.session();
    await session.ensureProperties(SPECS);
    const landed = new Landed();
    await landed.pull(session);
    crm.advance({ minutes: 30 });
    const before = new Map([...landed.deals].map(([id, deal]) => [id, withoutTime(deal)]));
    const outcomes = await writeAll(crm.session(), []);
    const writer = crm.session();
    await writer.ensureProperties(SPECS);
    outcomes.push(...(await writeAll(writer, writesFor(crm, 250))));
    crm.advance({ minutes: 30 });
    const reader = crm.session();
    await reader.readDirectory();
    await landed.pull(reader, { ownWrites: ownWritesOf(outcomes) });
    expect(reader.usage().calls).toBeLessThanOrEqual(16);
    for (const [id, deal] of landed.deals) expect(withoutTime(deal)).toEqual(before.get(id));
  });

  promises('stops at a token that is not accepted, and says that the admin must act', async () => {
    const crm = await bench();
    const error = await errorOf(crm.session({ token: 'a-token-that-was-revoked' }).readDirectory());
    expect([error.code, error.whoMustAct, error.retry.kind]).toEqual(['CRM_UNAUTHORISED', 'admin', 'never']);
    expect(crm.calls()).toBeLessThanOrEqual(14);
  });

  promises('waits as told when it calls too often, and then gets its answer', async () => {
    const crm = await bench();
    crm.trouble('rate_limited', 1);
    const landed = new Landed();
    const session = crm.session();
    await landed.pull(session);
    expect(landed.present).toHaveLength(40);
    expect(session.usage().rateLimited).toBe(1);
    expect(Math.max(...crm.time.slept)).toBeGreaterThanOrEqual(1_000);
  });

  promises('gives up for the day when the day’s limit is used up, and says when to come back', async () => {
    const crm = await bench();
    const session = crm.session();
    await session.readDirectory();
    crm.trouble('day_used_up', null);
    const error = await errorOf(new Landed().pull(session));
    expect(error.code).toBe('CRM_DAILY_LIMIT');
    expect(error.retry).toMatchObject({ kind: 'after', delayMs: expect.any(Number) });
  });

  promises('gets over a server that fails for a moment, whatever it sends', async () => {
    const troubles: Trouble[] = ['server_error', 'html_502', 'truncated_json', 'empty_reply', 'reset'];
    for (const trouble of troubles) {
      const crm = await bench();
      crm.trouble(trouble, 2);
      const landed = new Landed();
      const session = crm.session();
      await landed.pull(session);
      expect([trouble, landed.present.length]).toEqual([trouble, 40]);
      expect(session.usage().retries).toBeGreaterThan(0);
    }
  });

  promises('gives up on a server that keeps failing within a bounded number of calls', async () => {
    const crm = await bench();
    crm.trouble('server_error', null);
    const error = await errorOf(crm.session({ limits: { maxAttempts: 3 } }).readDirectory());
    expect([error.code, error.retry.kind]).toEqual(['CRM_UNAVAILABLE', 'after']);
    expect(crm.calls()).toBeLessThanOrEqual(7 * 3);
  });

  promises('stops when it is asked to stop', async () => {
    const crm = await bench();
    const stop = new AbortController();
    stop.abort();
    const connector = connectors.get(kind);
    const session = connector?.open({
      accessToken: async () => crm.token,
      baseUrl: 'http://127.0.0.1:1',
      logger: crm.log,
      signal: stop.signal,
    });
    const error = await errorOf(session?.readDirectory() ?? Promise.resolve());
    expect(error.code).toBe('CRM_STOPPED');
  });

  promises('has a sentence in French and in English for every code that it can give', async () => {
    const codes = codesIn(new URL(`../../connectors/${kind}/`, import.meta.url));
    expect(codes.length).toBeGreaterThan(12);
    const speechless = codes.filter((code) => {
      const { fr, en } = entryOf(code) ?? {};
      return (
        [fr?.what, fr?.todo, en?.what, en?.todo].some((text) => (text ?? '') === '') || fr?.what === en?.what
      );
    });
    expect(speechless).toEqual([]);
  });

  promises('puts no token, name or amount into a log or an error', async () => {
    const crm = await bench();
    crm.edit.set('deal', worldId(0), { name: 'Secret Deal Name', amount: '987654' });
    crm.trouble('server_error', 2);
    crm.trouble('html_502', 1);
    const session = crm.session();
    await session.ensureProperties(SPECS);
    await new Landed().pull(session);
    await writeAll(session, writesFor(crm, 2, '61'));
    const refused = await errorOf(crm.session({ token: 'pat-secret-1234567890' }).readDirectory());
    const said = [...crm.log.lines, refused.message, String(refused.stack)].join('\n');
    for (const secret of [crm.token, 'pat-secret-1234567890', 'Secret Deal Name', '987654', 'Ana Roux'])
      expect(said).not.toContain(secret);
  });
});

/** Errors, refusals and reasons of rejection named in a connector's source, or in what all connectors share. */
function codesIn(folder: URL): readonly string[] {
  const files = (at: URL) =>
    readdirSync(at)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(name, at), 'utf8'));
  const found = [...files(folder), ...files(new URL('../', folder))].flatMap((source) => [
    ...source.matchAll(/'([A-Z]+(?:_[A-Z]+)+|OTHER)'/g),
  ]);
  return [...new Set(found.map(([, code = '']) => code))].filter((code) => !VENDOR_WORDS.test(code));
}

/** Texts in capitals that come from a vendor or from Node. */
const VENDOR_WORDS = /^(INCOMING_EMAIL|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/;

function minorOf(amount: Deal['amount']): bigint | null {
  return amount.kind === 'money' ? amount.money.amountMinor : null;
}

function withoutTime(deal: Deal): Omit<Deal, 'updatedAt'> {
  const { updatedAt: _, ...rest } = deal;
  return rest;
}

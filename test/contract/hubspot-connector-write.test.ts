import { afterEach, describe, expect, it } from 'vitest';
import type { HubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import type { PropertyKey, PropertySpec } from '../../src/core/write-back/write-back.ts';
import type { WriteOutcome } from '../../src/ports/connector.ts';
import {
  closeSandboxes,
  dealWrites,
  sandboxWith,
  sessionOn,
  worldOfDeals,
  written,
} from '../support/hubspot-session.ts';

afterEach(closeSandboxes);

const text = (en: string) => ({ fr: en, en });
const spec = (
  key: PropertyKey,
  type: PropertySpec['type'],
  more: Partial<PropertySpec> = {},
): PropertySpec => ({
  key,
  type,
  label: text(key),
  description: text(key),
  ...more,
});
const MILESTONES = ['contact', 'need'].map((value) => ({ value, label: text(value) }));
const SPECS: readonly PropertySpec[] = [
  spec('jalon_milestone', 'enumeration', { options: MILESTONES }),
  spec('jalon_weight', 'number'),
  spec('jalon_net_amount', 'money'),
  spec('jalon_milestone_since', 'date'),
  spec('jalon_missing_evidence', 'text'),
  spec('jalon_evidence_solution', 'textarea'),
];

const dealId = (nth: number) => String(9_000_000_001 + nth);
const dealIds = (count: number) => Array.from({ length: count }, (_, nth) => dealId(nth));

async function ready(deals: number): Promise<HubspotSandbox> {
  const sandbox = await sandboxWith({ world: worldOfDeals(deals) });
  await sessionOn(sandbox).ensureProperties(SPECS);
  return sandbox;
}

function counted(outcomes: readonly WriteOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of outcomes) {
    const key = one.kind === 'refused' ? one.code : one.kind;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const callsTo = (sandbox: HubspotSandbox, path: string) => sandbox.summary().byPath[path] ?? 0;
const UPDATE = 'POST /crm/v3/objects/deals/batch/update';

describe('our properties in HubSpot', () => {
  it('are created once, in a group of their own; later one call finds that all is well', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(1) });
    const first = await sessionOn(sandbox).ensureProperties(SPECS);
    expect(first.created).toEqual(SPECS.map((one) => one.key));
    const session = sessionOn(sandbox);
    const second = await session.ensureProperties(SPECS);
    expect(second).toEqual({ created: [], existing: SPECS.map((one) => one.key), unusable: [] });
    expect(session.usage().calls).toBe(1);
    const net = sandbox.properties.find('deal', 'jalon_net_amount')?.definition;
    expect(net).toMatchObject({ groupName: 'jalon', type: 'number', extra: { showCurrencySymbol: true } });
  });

  it('get the milestones that the model gained, and lose none', async () => {
    const sandbox = await ready(1);
    const options = ['need', 'verbal'].map((value) => ({ value, label: text(value) }));
    await sessionOn(sandbox).ensureProperties([spec('jalon_milestone', 'enumeration', { options })]);
    const found = sandbox.properties.find('deal', 'jalon_milestone')?.definition.options;
    expect(found?.map((option) => option.value)).toEqual(['contact', 'need', 'verbal']);
  });

  it('are reported, not recreated, when an admin archived, froze or retyped one', async () => {
    const sandbox = await ready(1);
    sandbox.edit.changeProperty('jalon_weight', { archived: true });
    sandbox.edit.changeProperty('jalon_net_amount', { readOnlyValue: true });
    sandbox.edit.changeProperty('jalon_milestone_since', { type: 'string' });
    const report = await sessionOn(sandbox).ensureProperties(SPECS);
    expect(report.created).toEqual([]);
    expect(report.unusable).toEqual([
      { key: 'jalon_weight', problem: 'archived' },
      { key: 'jalon_net_amount', problem: 'read_only' },
      { key: 'jalon_milestone_since', problem: 'wrong_type' },
    ]);
  });

  it('are reported as not permitted when the token may not make them', async () => {
    const sandbox = await sandboxWith({ world: worldOfDeals(1) });
    sandbox.faults.add({ kind: 'forbidden', method: 'POST', times: null });
    const report = await sessionOn(sandbox).ensureProperties([spec('jalon_weight', 'number')]);
    expect(report.unusable).toEqual([{ key: 'jalon_weight', problem: 'not_permitted' }]);
  });

  it('count as made when another process made them meanwhile', async () => {
    const sandbox = await ready(1);
    sandbox.faults.add({ kind: 'conflict', method: 'POST' });
    const report = await sessionOn(sandbox).ensureProperties([...SPECS, spec('jalon_pace', 'text')]);
    expect(report.created).toEqual(['jalon_pace']);
  });
});

describe('the write-back to HubSpot', () => {
  it('writes 250 deals in 3 calls, after 3 that look who was there before, with the modified time of each', async () => {
    const sandbox = await ready(250);
    const session = sessionOn(sandbox);
    const outcomes = await written(
      session,
      dealWrites(dealIds(250), { jalon_net_amount: '1234.50', jalon_weight: '60' }),
    );
    expect(counted(outcomes)).toEqual({ written: 250 });
    expect(session.usage().callsByLane).toEqual({ read: 3, write: 3 });
    expect(sandbox.written().values[dealId(0)]).toMatchObject({ jalon_net_amount: '1234.50' });
    const present = await session.readBack(
      [asId<DealId>(dealId(7)), asId<DealId>('404')],
      ['jalon_net_amount', 'jalon_milestone'],
    );
    expect([...present.keys()]).toEqual([dealId(7)]);
    const deal = present.get(asId<DealId>(dealId(7)));
    expect(Object.fromEntries(deal?.values ?? [])).toEqual({
      jalon_net_amount: '1234.50',
      jalon_milestone: '',
    });
    const receipt = outcomes.find((one) => one.dealId === dealId(7));
    expect(receipt?.kind === 'written' && receipt.modifiedAt?.equals(deal?.modifiedAt ?? '')).toBe(true);
  });

  it('never touches stage, amount, close date or what people fill in', async () => {
    const sandbox = await ready(1);
    const session = sessionOn(sandbox);
    for (const key of [
      'amount',
      'dealstage',
      'closedate',
      'jalon_evidence_solution',
      'jalon_verbal_commitment_on',
    ]) {
      await expect(written(session, dealWrites(dealIds(1), { [key]: '1' }))).rejects.toThrow(
        `does not write ${key}`,
      );
    }
    expect(callsTo(sandbox, UPDATE)).toBe(0);
  });

  it('names the deals that HubSpot refuses and writes their neighbours, batch by batch', async () => {
    const sandbox = await ready(150);
    sandbox.edit.archive('deal', dealId(3));
    sandbox.edit.merge('deal', dealId(4), dealId(5));
    sandbox.faults.add({ kind: 'refuse_record', ids: [dealId(6)], times: null });
    const writes = [
      ...dealWrites(dealIds(150).slice(0, 149), { jalon_weight: '60' }),
      ...dealWrites([dealId(149)], { jalon_milestone: 'nonsense' }),
    ];
    const outcomes = await written(sessionOn(sandbox), writes);
    expect(counted(outcomes)).toEqual({ written: 146, DEAL_GONE: 2, RULE_OF_ACCOUNT: 1, VALUE_REFUSED: 1 });
    expect(outcomes).toHaveLength(150);
    expect(callsTo(sandbox, UPDATE)).toBe(2);
  });

  it.each([1, 3, 7])('finds %i bad deals in a batch that is refused whole, by halves', async (bad) => {
    const sandbox = await ready(100);
    sandbox.faults.add({ kind: 'bad_value_refuses_batch', times: null });
    const ids = dealIds(100);
    const spread = new Set(Array.from({ length: bad }, (_, nth) => ids[nth * 13 + 5]));
    const writes = ids.flatMap((id) =>
      dealWrites([id], spread.has(id) ? { jalon_milestone: 'nonsense' } : { jalon_weight: '60' }),
    );
    const outcomes = await written(sessionOn(sandbox), writes);
    expect(counted(outcomes)).toEqual({ written: 100 - bad, VALUE_REFUSED: bad });
    expect(callsTo(sandbox, UPDATE)).toBeLessThanOrEqual(2 * bad * Math.log2(100) + 1);
    expect(sandbox.written().doubled).toEqual([]);
  });

  it.each([
    ['missing', 'PROPERTY_MISSING', (sandbox: HubspotSandbox) => sandbox.edit.removeProperty('jalon_weight')],
    [
      'read-only',
      'PROPERTY_READ_ONLY',
      (sandbox: HubspotSandbox) => sandbox.edit.changeProperty('jalon_weight', { readOnlyValue: true }),
    ],
  ] as const)(
    'gives up on a %s property at once, and writes deals that do without it',
    async (_name, code, spoil) => {
      const sandbox = await ready(100);
      spoil(sandbox);
      sandbox.faults.add({ kind: 'bad_value_refuses_batch', times: null });
      const writes = [
        ...dealWrites(dealIds(60), { jalon_weight: '60' }),
        ...dealWrites(dealIds(100).slice(60), { jalon_net_amount: '1.00' }),
      ];
      expect(counted(await written(sessionOn(sandbox), writes))).toEqual({ [code]: 60, written: 40 });
      expect(callsTo(sandbox, UPDATE)).toBe(2);
    },
  );

  it.each(['reply_lost', 'truncated_json', 'reset_mid_body', 'empty_ok'] as const)(
    'calls a batch uncertain when its reply is lost by %s: not sent again, and the next batch goes on',
    async (kind) => {
      const sandbox = await ready(150);
      sandbox.faults.add({ kind, lane: 'write' });
      const session = sessionOn(sandbox);
      const outcomes = await written(session, dealWrites(dealIds(150), { jalon_weight: '60' }));
      expect(counted(outcomes)).toEqual({ uncertain: 100, written: 50 });
      expect(callsTo(sandbox, UPDATE)).toBe(2);
      expect(sandbox.written().doubled).toEqual([]);
    },
  );

  it('waits and writes when HubSpot is locked or busy: it did nothing yet', async () => {
    const sandbox = await ready(50);
    sandbox.faults.add({ kind: 'locked', lane: 'write' });
    sandbox.faults.add({ kind: 'rate_ten_secondly', lane: 'write' });
    const outcomes = await written(sessionOn(sandbox), dealWrites(dealIds(50), { jalon_weight: '60' }));
    expect(counted(outcomes)).toEqual({ written: 50 });
    expect(sandbox.written().doubled).toEqual([]);
  });

  it('stops after a round with several lost replies, having said which deals are uncertain', async () => {
    const sandbox = await ready(450);
    sandbox.faults.add({ kind: 'reply_lost', lane: 'write', times: null });
    const seen: WriteOutcome[] = [];
    const work = (async () => {
      const writes = dealWrites(dealIds(450), { jalon_weight: '60' });
      for await (const batch of sessionOn(sandbox).write(writes)) seen.push(...batch);
    })();
    await expect(work).rejects.toMatchObject({ code: 'CRM_UNREACHABLE' });
    expect(counted(seen)).toEqual({ uncertain: 400 });
  });

  it('waits for its other calls when one of them is refused, so that no write arrives behind the back of the next run', async () => {
    const sandbox = await ready(300);
    sandbox.faults.add({ kind: 'forbidden', lane: 'write' });
    sandbox.faults.add({ kind: 'slow', lane: 'write', delayMs: 300, times: 2 });
    const seen: WriteOutcome[] = [];
    const work = (async () => {
      const writes = dealWrites(dealIds(300), { jalon_weight: '60' });
      for await (const batch of sessionOn(sandbox).write(writes)) seen.push(...batch);
    })();
    await expect(work).rejects.toMatchObject({ code: 'CRM_FORBIDDEN' });
    const accepted = sandbox.written().total;
    expect(counted(seen)).toEqual({ written: accepted });
    expect(accepted).toBe(200);
  });
});

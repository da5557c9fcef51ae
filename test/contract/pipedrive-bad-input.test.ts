import { afterEach, describe, expect, it } from 'vitest';
import { smallWorld } from '../../sandbox/world/small-world.ts';
import { Landed } from '../support/landed.ts';
import {
  closeSandboxes,
  label,
  sandboxWith,
  sessionOn,
  WEIGHT,
  weights,
  worldId,
  written,
} from '../support/pipedrive-session.ts';

/** What only Pipedrive can serve: one line of trouble, one test. What any CRM can serve is in every-connector.test.ts and bad-input-*.test.ts. */

afterEach(closeSandboxes);

const EVIDENCE = ['jalon_evidence_need'];

describe('what people do to a Pipedrive account while Jalon reads it', () => {
  it('a company that was renamed, and has a new domain, is the same account', async () => {
    const sandbox = await sandboxWith();
    const before = await sessionOn(sandbox).readDirectory();
    sandbox.edit.renameCompany('Another name');
    const after = await sessionOn(sandbox).readDirectory();
    expect(after.account.externalId).toBe(before.account.externalId);
  });

  it('deals of a deleted stage are read where they stand, and the stage is known as gone', async () => {
    const world = smallWorld(40);
    world.pipelines = world.pipelines.map((pipeline) => ({
      ...pipeline,
      stages: pipeline.stages.map((stage) => ({ ...stage, archived: stage.id === 'second' })),
    }));
    const sandbox = await sandboxWith({ world });
    const session = sessionOn(sandbox);
    const { pipelines } = await session.readDirectory();
    const gone = pipelines.flatMap(({ stages }) => stages).filter(({ archived }) => archived);
    const landed = new Landed();
    await landed.pull(session);
    expect(gone).toHaveLength(1);
    expect(landed.present.filter(({ stageId }) => stageId === gone[0]?.id)).toHaveLength(40);
    expect(landed.present.flatMap(({ flags }) => flags)).not.toContain('stage_unknown');
  });

  it('deals of a deleted pipeline are read too: all its stages are known as gone', async () => {
    const world = smallWorld(40);
    world.pipelines = world.pipelines.map((pipeline) => ({ ...pipeline, archived: true }));
    const sandbox = await sandboxWith({ world });
    const session = sessionOn(sandbox);
    const { pipelines } = await session.readDirectory();
    const landed = new Landed();
    await landed.pull(session);
    const own = pipelines.flatMap(({ stages }) => stages).filter(({ id }) => !id.startsWith('status:'));
    expect(own.every(({ archived }) => archived)).toBe(true);
    expect(landed.present).toHaveLength(40);
    expect(landed.rejections).toEqual([]);
  });

  it('deals in a stage that Pipedrive does not even list any more are read, and flagged', async () => {
    const sandbox = await sandboxWith();
    sandbox.edit.removeStage('second');
    const landed = new Landed();
    await landed.pull(sessionOn(sandbox));
    expect(landed.present).toHaveLength(40);
    expect(landed.present.every((deal) => deal.flags.includes('stage_unknown'))).toBe(true);
  });

  it('an evidence field that an admin deleted is no evidence any more, and the deal is read all the same', async () => {
    const sandbox = await sandboxWith();
    sandbox.edit.set('deal', worldId(3), { jalon_evidence_need: 'letter of the buyer' });
    const landed = new Landed();
    await landed.pull(sessionOn(sandbox), { evidenceProperties: EVIDENCE });
    expect(landed.deals.get(worldId(3))?.properties).toHaveLength(1);
    const [field] = await fieldNames(sandbox);
    sandbox.advance({ hours: 1 });
    sandbox.edit.removeDealField(field ?? '');
    sandbox.edit.set('deal', worldId(3), { amount: '4321' });
    await landed.pull(sessionOn(sandbox), { evidenceProperties: EVIDENCE });
    expect(landed.deals.get(worldId(3))).toMatchObject({
      properties: [],
      amount: { money: { amountMinor: 432_100n } },
    });
  });
});

describe('odd shapes of Pipedrive', () => {
  it('zero dates, visible_to as a text, a deal without owner are read; what is no deal is rejected with its reason', async () => {
    const sandbox = await sandboxWith();
    sandbox.edit.bend('deal', worldId(0), (json) => ({
      ...json,
      expected_close_date: '0000-00-00',
      visible_to: '3',
    }));
    sandbox.edit.bend('deal', worldId(1), (json) => ({ ...json, owner_id: null }));
    sandbox.edit.bend('deal', worldId(2), (json) => ({ ...json, id: undefined }));
    sandbox.edit.bend('deal', worldId(3), (json) => ({ ...json, add_time: 'yesterday' }));
    sandbox.edit.bend('deal', worldId(4), (json) => ({ ...json, stage_id: null }));
    const landed = new Landed();
    await landed.pull(sessionOn(sandbox));
    expect(landed.deals.get(worldId(0))?.flags).toContain('close_date_missing');
    expect(landed.deals.get(worldId(1))?.flags).toContain('owner_missing');
    expect(landed.rejections.map(({ code, field }) => `${code} ${field}`).sort()).toEqual([
      'DATE_UNREADABLE add_time',
      'ID_MISSING id',
      'STAGE_MISSING stage_id',
    ]);
  });

  it('dates without a zone, as v1 writes them, are UTC wherever this machine stands', async () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    try {
      const world = smallWorld(2);
      const stamp = { atMs: Date.UTC(2026, 1, 3, 4, 5, 6), source: { kind: 'person', id: '1' } } as const;
      world.edit('deal', worldId(0), { stage: 'closedwon' }, stamp);
      const landed = new Landed();
      await landed.pull(sessionOn(await sandboxWith({ world })));
      const last = landed.deals.get(worldId(0))?.stageHistory.at(-1);
      expect(String(last?.enteredAt)).toBe('2026-02-03T04:05:06Z');
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});

describe('fields that are not as Jalon made them', () => {
  it('a field of the same name and another type is left alone, and the others are written', async () => {
    const sandbox = await sandboxWith();
    sandbox.edit.addDealField(label.en, 'text');
    const report = await sessionOn(sandbox).ensureProperties([WEIGHT]);
    expect(report.unusable).toEqual([{ key: 'jalon_weight', problem: 'wrong_type' }]);
    expect(sandbox.summary().byPath['POST /api/v2/dealFields']).toBeUndefined();
  });

  it('a key that an admin deleted is said to be missing, and the field is made again at the next preparation', async () => {
    const sandbox = await sandboxWith();
    const session = sessionOn(sandbox);
    await session.ensureProperties([WEIGHT]);
    sandbox.edit.removeDealField(label.en);
    expect(await written(session, weights(1))).toMatchObject([{ kind: 'refused', code: 'PROPERTY_MISSING' }]);
    const again = sessionOn(sandbox);
    expect((await again.ensureProperties([WEIGHT])).created).toEqual(['jalon_weight']);
    expect(await written(again, weights(1))).toMatchObject([{ kind: 'written' }]);
  });
});

describe('what the plan does not allow', () => {
  it('no more custom fields: told with the property, and nothing else stops', async () => {
    const sandbox = await sandboxWith({ maxCustomFields: 2 });
    const report = await sessionOn(sandbox).ensureProperties([WEIGHT]);
    expect(report.unusable).toEqual([{ key: 'jalon_weight', problem: 'not_permitted' }]);
  });

  it('a deal that may not be changed (403 with a code of the plan) is refused with that code, its neighbours are written', async () => {
    const sandbox = await sandboxWith();
    const session = sessionOn(sandbox);
    await session.ensureProperties([WEIGHT]);
    sandbox.faults.add({ kind: 'plan_capped', method: 'PATCH', skip: 1, times: 1 });
    const outcomes = await written(session, weights(4));
    const refused = outcomes.filter(({ kind }) => kind === 'refused');
    expect(refused).toMatchObject([{ code: 'RULE_OF_ACCOUNT', message: 'feature_capping_deals_limit' }]);
    expect(outcomes.filter(({ kind }) => kind === 'written')).toHaveLength(3);
  });

  it('the day used up by other apps in the middle of a pull stops it; the next day it goes on from where it was', async () => {
    const sandbox = await sandboxWith({ world: smallWorld(700) });
    sandbox.faults.add({ kind: 'rate_daily', path: '/persons', skip: 1, times: 1 });
    const landed = new Landed();
    const error = await landed.pull(sessionOn(sandbox)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CRM_DAILY_LIMIT' });
    expect([landed.companies.size, landed.contacts.size]).toEqual([700, 500]);
    sandbox.advance({ hours: 24 });
    await landed.pull(sessionOn(sandbox));
    expect([landed.present.length, landed.contacts.size]).toEqual([700, 700]);
    expect(sandbox.summary().byPath['GET /api/v2/organizations']).toBe(2);
  });

  it('the day used up by others in the middle of a write-back postpones the rest, and nothing is written twice', async () => {
    const sandbox = await sandboxWith();
    const session = sessionOn(sandbox);
    await session.ensureProperties([WEIGHT]);
    sandbox.faults.add({ kind: 'rate_daily', method: 'PATCH', skip: 10, times: null });
    const outcomes = await written(session, weights(40));
    const count = (kind: string) => outcomes.filter((outcome) => outcome.kind === kind).length;
    expect([outcomes.length, count('written'), count('postponed')]).toEqual([40, 10, 30]);
    expect(sandbox.written().doubled).toEqual([]);
  });
});

async function fieldNames(sandbox: Awaited<ReturnType<typeof sandboxWith>>): Promise<string[]> {
  const reply = await fetch(`${sandbox.url}/api/v2/dealFields?limit=500`, {
    headers: { 'x-api-token': sandbox.token },
  });
  const { data } = (await reply.json()) as { data: { field_name: string; description: string | null }[] };
  return data
    .filter((field) => field.description?.includes('jalon_evidence_need'))
    .map((field) => field.field_name);
}

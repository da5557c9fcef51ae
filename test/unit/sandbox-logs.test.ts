import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldFromLog } from '../../sandbox/logs/log-world.ts';
import { readLog } from '../../sandbox/logs/read-log.ts';
import type { EventLog } from '../../sandbox/logs/types.ts';
import type { World } from '../../sandbox/world/world.ts';

const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'jalon-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MAPPING = `
name: Small log
zone: Europe/Paris
currency: EUR
pipelines: [{ id: sales, label: Sales, stages: [Met, Agreed, Signed, Gone] }]
milestones: [{ key: met, weight: 20 }, { key: agreed, weight: 60 }]
stages: { Met: met, Agreed: agreed, Signed: won, Gone: lost }
`;

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const path = mkdtempSync(join(folder, 'case-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

const DEALS = `deal_id,name,amount,currency,owner,pipeline,created_at,expected_close
d-1,One,100.50,EUR,Ana,sales,2026-01-05,2026-03-31
d-2,Two,,,,,2026-01-06T09:00:00+01:00,
d-2,Two again,1,EUR,Ana,sales,2026-01-06,
d-3,Three,7,EUR,Ana,sales,,
`;
const STAGES = `deal_id,entered_at,stage
d-1,2026-01-05T10:00:00,Met
d-1,2026-01-20T10:00:00,Agreed
d-1,2026-01-20T10:00:00,Signed
d-2,2026-01-07T00:00:00+01:00,Unheard
d-9,2026-01-07,Met
`;

function small(stages: string | Buffer = STAGES, name = 'stages.csv'): string {
  return folderWith({ 'deals.csv': DEALS, [name]: stages, 'mapping.yaml': MAPPING });
}

function at(log: EventLog, day: string): World {
  return worldFromLog(log, { asOf: Temporal.PlainDate.from(day) });
}

function stagesOf(world: World): readonly string[] {
  return world.list('deal').flatMap((deal) => world.history(deal, 'stage').map((version) => version.value));
}

describe('a log in the neutral form', () => {
  it('is read with missing amounts left missing', () => {
    const world = at(readLog(small()), '2026-02-01');
    const amounts = world.list('deal').map((deal) => world.value(deal, 'amount'));
    expect(amounts).toEqual(['100.50', null]);
  });

  it('shows nothing that happened on or after the day asked', () => {
    const log = readLog(small());
    expect(at(log, '2026-01-05').list('deal')).toHaveLength(0);
    expect(stagesOf(at(log, '2026-01-07'))).toEqual(['Met']);
    expect(stagesOf(at(log, '2026-01-08'))).toEqual(['Met', 'Unheard']);
  });

  it('keeps the order of the file for events of one instant', () => {
    expect(stagesOf(at(readLog(small()), '2026-02-01'))).toEqual(['Met', 'Agreed', 'Signed', 'Unheard']);
  });

  it('may be gzipped', () => {
    expect(readLog(small(gzipSync(STAGES), 'stages.csv.gz')).stages).toHaveLength(4);
  });

  it('lists every row that cannot be placed, with its reason', () => {
    expect(readLog(small()).unplaced).toEqual([
      { file: 'deals.csv', dealId: 'd-2', reason: 'ID_DUPLICATE' },
      { file: 'deals.csv', dealId: 'd-3', reason: 'NO_DATE' },
      { file: 'stages.csv', dealId: 'd-9', reason: 'DEAL_UNKNOWN' },
    ]);
  });

  it('keeps a stage that the mapping forgot, so that it shows as unmapped', () => {
    const stages = at(readLog(small()), '2026-02-01').pipelines[0]?.stages ?? [];
    expect(stages.map((stage) => stage.id)).toEqual(['Met', 'Agreed', 'Signed', 'Gone', 'Unheard']);
    expect(stages.map((stage) => stage.outcome)).toEqual([null, null, 'won', 'lost', null]);
  });
});

describe('a folder that is no log', () => {
  const reading = (path: string) => () => readLog(path);

  it('is refused with what was found in it', () => {
    const path = folderWith({ 'notes.txt': 'x', 'deals.csv': 'deal_id' });
    expect(reading(path)).toThrow(expect.objectContaining({ code: 'LOG_UNREADABLE' }));
    expect(reading(path)).toThrow(/found deals\.csv, notes\.txt/);
    mkdirSync(join(folder, 'empty'));
    expect(reading(join(folder, 'empty'))).toThrow(/found nothing/);
    expect(reading(join(folder, 'nowhere'))).toThrow(/is not a folder/);
  });

  it('is refused when a column or a part of the mapping is missing', () => {
    expect(reading(small('deal_id,stage\nd-1,Met\n'))).toThrow(/lacks the column entered_at/);
    const path = folderWith({ 'deals.csv': DEALS, 'stages.csv': STAGES, 'mapping.yaml': 'name: x' });
    expect(reading(path)).toThrow(/zone/);
  });
});

const bpic = join(shared, 'bpic2012');
if (!existsSync(bpic))
  process.stderr.write('sandbox-logs: ../shared/data/bpic2012 is absent, its tests do not run\n');
describe.runIf(existsSync(bpic))('the BPI Challenge 2012 log as of 1 March 2012', () => {
  let world: World;
  beforeAll(() => {
    world = at(readLog(bpic), '2012-03-01');
  });

  it('has 13,087 deals and 89,764 stage events', () => {
    expect(world.list('deal')).toHaveLength(13_087);
    expect(stagesOf(world)).toHaveLength(89_764);
  });

  it('has 932 open, 2,026 won and 10,129 lost deals', () => {
    const won = ['A_APPROVED', 'A_ACTIVATED', 'A_REGISTERED'];
    const lost = ['A_DECLINED', 'A_CANCELLED'];
    const counts = { open: 0, won: 0, lost: 0 };
    for (const deal of world.list('deal')) {
      const last = world.history(deal, 'stage').findLast((one) => [...won, ...lost].includes(one.value));
      if (last === undefined) counts.open += 1;
      else if (won.includes(last.value)) counts.won += 1;
      else counts.lost += 1;
    }
    expect(counts).toEqual({ open: 932, won: 2_026, lost: 10_129 });
  });

  it('knows nothing later than that midnight in Amsterdam', () => {
    const midnight = Temporal.Instant.from('2012-03-01T00:00:00+01:00').epochMilliseconds;
    const latest = Math.max(...world.list('deal').map((deal) => deal.updatedAtMs));
    expect(latest).toBeLessThan(midnight);
    expect(world.asOfMs).toBe(midnight);
  });

  it('keeps the order of events that share an instant', () => {
    const deal = world.get('deal', '173688');
    const stages = deal === undefined ? [] : world.history(deal, 'stage').map((version) => version.value);
    expect(stages.slice(4, 7)).toEqual(['O_SELECTED', 'A_FINALIZED', 'O_CREATED']);
  });
});

const maven = join(shared, 'maven_crm');
if (!existsSync(maven))
  process.stderr.write('sandbox-logs: ../shared/data/maven_crm is absent, its tests do not run\n');
describe.runIf(existsSync(maven))('the Maven CRM log', () => {
  it('places 8,300 deals and lists the 500 that have no date', () => {
    const log = readLog(maven);
    expect(log.deals).toHaveLength(8_300);
    expect(log.unplaced).toHaveLength(500);
    expect(new Set(log.unplaced.map((row) => row.reason))).toEqual(new Set(['NO_DATE']));
  });

  it('joins GTXPro to its price and shows the closing value only once the deal is won', () => {
    const log = readLog(maven);
    const id = log.deals.findIndex((deal) => deal.dealId === 'Z063OYW0');
    const amountOn = (day: string) => {
      const world = at(log, day);
      const deal = world.list('deal')[id];
      return deal === undefined ? null : world.value(deal, 'amount');
    };
    expect(amountOn('2017-03-11')).toBe('4821');
    expect(amountOn('2017-03-12')).toBe('4514');
  });
});

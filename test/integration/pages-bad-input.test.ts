/** Whatever a CRM holds and whatever a company left out, every page opens, says something true, and lets no text be more than a text. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deal, Directory } from '../../src/core/deals/deal.ts';
import type { Manager } from '../../src/core/deals/manager.ts';
import { asId, type OwnerId, type PipelineId, type StageId } from '../../src/core/values/ids.ts';
import { INJECTIONS } from '../support/injection-corpus.ts';
import {
  dealAt,
  NOW,
  openSite,
  replayPast,
  type SmallCompany,
  type SmallSite,
  smallCompany,
  takeSnapshot,
} from '../support/small-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';
import { activityOf, date, dealId, instant, land } from '../support/store-records.ts';

/** One text of each sort, in one: what breaks out of a tag, of an attribute, of a template, of a cell, of a line, of its direction. */
const HOSTILE = INJECTIONS.filter((text) => text.length < 80);

const hostile = (index: number): string => HOSTILE[index % HOSTILE.length] ?? '';

interface Oddity {
  readonly name: string;
  readonly deals: readonly Deal[];
  /** Looked at in both languages; the others in one. */
  readonly bothLanguages?: true;
  /** What is odd about the company, done before its Monday. */
  readonly arrange?: (company: SmallCompany) => Promise<void>;
  /** What some page must say of it. */
  readonly says?: readonly (readonly [page: string, text: string])[];
}

const HONEST = ['contact', 'need', 'solution', 'verbal'].map((stage, index) =>
  dealAt(String(index + 1), stage, { name: `Deal ${index + 1}` }),
);

async function changeManager(company: SmallCompany, changes: Partial<Manager>): Promise<void> {
  await company.run(async ({ settings }) => {
    const [first, ...others] = await settings.managers();
    if (first === undefined) throw new Error('the company has a manager');
    await settings.saveManagers([{ ...first, ...changes }, ...others]);
  });
}

async function changeDirectory(
  company: SmallCompany,
  change: (directory: Directory) => Directory,
): Promise<void> {
  await company.run(async ({ records }) => {
    const directory = await records.directory(company.connectionId);
    if (directory !== null) await records.landDirectory(company.connectionId, change(directory), NOW);
  });
}

/** Every text that comes from elsewhere tries to be more than a text. */
async function speakInTongues(company: SmallCompany): Promise<void> {
  await changeManager(company, { name: hostile(0) });
  await changeDirectory(company, (directory) => ({
    ...directory,
    account: { ...directory.account, name: hostile(1) },
    owners: directory.owners.map((owner, index) => ({ ...owner, name: `x${hostile(index)}` })),
    pipelines: directory.pipelines.map((pipeline) => ({
      ...pipeline,
      label: hostile(2),
      stages: pipeline.stages.map((stage, index) => ({ ...stage, label: hostile(index + 3) })),
    })),
  }));
  const ids = HOSTILE.map((_, index) => dealId(String(index + 1)));
  await land(company, {
    activities: ids.map((id, index) =>
      activityOf(`said-${id}`, [id], { at: instant('2026-11-10T10:00:00Z'), title: hostile(index) }),
    ),
  });
  await company.run(async (tenant) => {
    const [connection] = await tenant.connections.list();
    if (connection !== undefined) await tenant.connections.save({ ...connection, label: hostile(4) });
    const model = await tenant.settings.model(company.connectionId);
    if (model !== null) {
      const milestones = model.milestones.map((one, index) => ({
        ...one,
        label: { fr: hostile(index), en: hostile(index) },
        evidence: one.evidence.map((rule) =>
          rule.kind === 'contact_role' ? { ...rule, roles: HOSTILE } : rule,
        ),
      }));
      await tenant.settings.saveModel(company.connectionId, { ...model, milestones }, 'x', 'x', NOW);
    }
    for (const [index, id] of ids.entries()) {
      const note = { dealId: id, isoWeek: '2026-W47', by: hostile(index), at: NOW };
      await tenant.reviewNotes.add(company.connectionId, {
        ...note,
        mark: 'note',
        text: `x${hostile(index)}`,
      });
      const said = {
        milestone: asId<never>('contact'),
        confirmedOn: date('2026-11-10'),
        verdict: 'confirmed' as const,
      };
      await tenant.records.confirm(
        company.connectionId,
        id,
        { ...said, customerPerson: hostile(index), link: hostile(index) },
        hostile(index),
        NOW,
      );
    }
  });
}

const ODDITIES: readonly Oddity[] = [
  {
    name: 'texts of the CRM that mean harm',
    deals: HOSTILE.map((name, index) =>
      dealAt(String(index + 1), ['contact', 'need', 'solution', 'verbal'][index % 4] ?? '', { name }),
    ),
    bothLanguages: true,
    arrange: speakInTongues,
  },
  {
    name: 'a manager whose team has nobody',
    deals: HONEST,
    arrange: (company) => changeManager(company, { teamIds: [asId<never>('ghosts')] }),
    says: [
      ['/review', 'Nothing this week.'],
      ['/gap', 'No target is set for Q4 2026'],
      ['/freeze', 'Nothing to show for this scope'],
    ],
  },
  {
    name: 'a team without a target',
    deals: HONEST,
    arrange: (company) => company.run(({ settings }) => settings.saveTargets([])),
    says: [['/gap', 'No target is set for Q4 2026']],
  },
  {
    name: 'a period without deals',
    deals: [],
    says: [
      ['/review', 'Nothing this week.'],
      ['/gap', 'No proof would add to the period.'],
    ],
  },
  {
    name: 'an owner who left, and one whom the CRM does not know',
    deals: [
      dealAt('1', 'solution', { ownerId: asId<OwnerId>('karim') }),
      dealAt('2', 'solution', { ownerId: asId<OwnerId>('stranger') }),
      dealAt('3', 'solution', { ownerId: null }),
    ],
    arrange: (company) =>
      changeDirectory(company, (directory) => ({
        ...directory,
        owners: directory.owners.map((owner) => ({ ...owner, active: owner.id !== 'karim' })),
      })),
    says: [
      ['/review', 'No owner'],
      ['/review', 'Karim Benali (account closed)'],
      ['/gap', 'Unknown owner'],
    ],
  },
  {
    name: 'a pipeline that nobody mapped',
    deals: [
      dealAt('1', 'nowhere', { stageId: asId<StageId>('nowhere'), pipelineId: asId<PipelineId>('other') }),
      ...HONEST.slice(1),
    ],
  },
  {
    name: 'two currencies without a rate, and amounts that are missing',
    deals: [
      dealAt('1', 'need', {
        amount: { kind: 'money', money: { amountMinor: 5_000_00n, currency: 'JPY' as never } },
      }),
      dealAt('2', 'need', { amount: { kind: 'missing' }, closeDateHistory: [] }),
      dealAt('3', 'solution', { name: '' }),
    ],
  },
  {
    name: 'a connection that must be made again',
    deals: HONEST,
    arrange: (company) =>
      company.run(async ({ connections }) => {
        const [connection] = await connections.list();
        if (connection !== undefined)
          await connections.save({ ...connection, state: 'reconnect_needed', lastPulledAt: null });
      }),
    says: [['/review', 'to be reconnected']],
  },
];

const PAGES = [
  '/',
  '/review',
  '/deals/1',
  '/deals/3',
  '/one-to-one/sophie',
  '/one-to-one/karim',
  '/gap',
  '/freeze',
  '/freeze?period=2027-Q1',
  '/reliability',
];
const TABLES = [
  '/deals.csv',
  '/movements.csv',
  '/review.csv',
  '/gap/actions.csv',
  '/gap/funnel.csv',
  '/frozen.csv',
  '/deals/1/timeline.csv',
  '/deals/1/milestones.csv',
  '/one-to-one/sophie/activity.csv',
];

const addressOf = (path: string, lang: string) =>
  `${path}${path.includes('?') ? '&' : '?'}lang=${lang}&manager=claire`;

/** What no page may hold: markup of others, what steers a terminal or the direction of a line, and what a program says by mistake. */
const BREAKOUT = /<script>|<img src=x|<svg\/onload|onmouseover='|<\/title><svg/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: to find control characters one must name them
const STEERING = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2066-\u2069]/;
const MISTAKES = />\s*(undefined|NaN|null|\[object Object\]|Invalid Date)\s*</;

describe('every page, whatever it is given', () => {
  let opened: OpenedStore;
  beforeAll(async () => {
    const [engine] = enginesFor('pages with bad input');
    if (engine === undefined) throw new Error('the embedded engine is always there');
    opened = await engine.open();
  });
  afterAll(() => opened.close());

  it.each(ODDITIES)('$name', async ({ name, deals, bothLanguages, arrange, says = [] }) => {
    const company = await smallCompany(opened.store, deals);
    await arrange?.(company);
    await takeSnapshot(company, '2026-11-16');
    if (bothLanguages) await replayPast(company, '2026-11-16');
    const site = await openSite(company);
    try {
      const languages = bothLanguages ? ['fr', 'en'] : [name.length % 2 === 0 ? 'fr' : 'en'];
      for (const path of PAGES) await expectTruePage(site, path, languages, deals);
      for (const path of TABLES) await expectPlainTable(site, path, deals);
      for (const [path, text] of says) expect(await site.get(addressOf(path, 'en'))).toContain(text);
    } finally {
      await site.close();
    }
  });
});

async function expectTruePage(
  site: SmallSite,
  path: string,
  languages: readonly string[],
  deals: readonly Deal[],
): Promise<void> {
  for (const lang of languages) {
    const answer = await fetch(site.url + addressOf(path, lang));
    const html = await answer.text();
    const [, id] = /^\/deals\/(\d+)/.exec(path) ?? [];
    const isThere = id === undefined || deals.some((deal) => deal.id === id);
    expect([path, answer.status]).toEqual([path, isThere ? 200 : 404]);
    expect([path, BREAKOUT.exec(html)?.[0]]).toEqual([path, undefined]);
    expect([path, STEERING.exec(html)?.[0]]).toEqual([path, undefined]);
    expect([path, MISTAKES.exec(html)?.[0]]).toEqual([path, undefined]);
    expect(html).toContain(`<html lang="${lang}">`);
  }
}

/** No cell of others begins like a formula, and none breaks out of its quotes: every line has the same number of cells. */
async function expectPlainTable(site: SmallSite, path: string, deals: readonly Deal[]): Promise<void> {
  const answer = await fetch(site.url + addressOf(path, 'en'));
  if (path.startsWith('/deals/') && !deals.some(({ id }) => id === '1')) {
    expect(answer.status).toBe(404);
    return;
  }
  expect([path, answer.status]).toEqual([path, 200]);
  const text = (await answer.text()).replace(/^\uFEFF/, '');
  const lines = text.split('\r\n').slice(0, -1);
  const cells = lines.map((line) => line.match(/"(?:[^"]|"")*"|[^,]+|(?<=,)(?=,|$)|^(?=,)/g) ?? []);
  for (const row of cells) expect([path, row.length]).toEqual([path, cells[0]?.length]);
  for (const cell of cells.flat()) expect(cell).not.toMatch(/^"[=+\-@|%＝＋－＠\t\r]/);
  expect([path, STEERING.exec(text.replaceAll('\r\n', ''))?.[0]]).toEqual([path, undefined]);
}

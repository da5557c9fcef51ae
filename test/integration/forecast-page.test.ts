import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { linesForPeriod } from '../../src/core/forecast/outlook.ts';
import { asId, type PipelineId, type StageId } from '../../src/core/values/ids.ts';
import { largeCompany } from '../support/large-company.ts';
import {
  dealAt,
  openSite,
  type SmallCompany,
  type SmallSite,
  smallCompany,
  takeSnapshot,
} from '../support/small-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';
import { EUR, instant, land } from '../support/store-records.ts';
import { figureOf, tableOf, tablesOf } from '../support/table-totals.ts';

const DEALS = 2_000;

/** The first Monday, by filters that nobody had looked through when the second came. */
const PAST = '&week=2026-11-09&team=t3&period=2026-12';

/** Every twentieth open deal is signed in the week between. */
function sold(deals: readonly Deal[]): readonly Deal[] {
  const enteredAt = instant('2026-11-12T10:00:00Z');
  return deals
    .filter(({ stageId }, index) => index % 20 === 0 && stageId !== 'won' && stageId !== 'lost')
    .map((deal) => ({
      ...deal,
      stageId: asId<StageId>('won'),
      stageHistory: [...deal.stageHistory, { stageId: asId<StageId>('won'), enteredAt }],
      updatedAt: enteredAt,
    }));
}

/** In the last digit that the page shows. */
const figure = (html: string, name: string): bigint =>
  figureOf(new RegExp(`data-figure="${name}">([^<]*)<`).exec(html)?.[1] ?? '');
const headline = (html: string) => ['won', 'expected', 'forecast'].map((name) => figure(html, name));
const names = (html: string): readonly string[] =>
  tableOf(html, 'deals').rows.map(([name = '']) => name.split(' ').slice(0, 3).join(' '));
const wrongSums = (html: string) =>
  tablesOf(html).flatMap(({ id, wrong }) => wrong.map((one) => `${id} ${one}`));

describe('the forecast page of a company of 2,000 deals, over two Mondays', () => {
  let opened: OpenedStore;
  let company: SmallCompany;
  let site: SmallSite;
  /** A page of the first Monday, as it was before the second. */
  let pastPage: string;
  const get = (query: string) => site.get(`/?lang=en${query}`);

  beforeAll(async () => {
    const [engine] = enginesFor('forecast page');
    if (engine === undefined) throw new Error('the embedded engine is always there');
    opened = await engine.open();
    const { deals, more } = largeCompany(DEALS);
    const unmapped = Array.from({ length: 3 }, (_, index) =>
      dealAt(String(90_000 + index), 'elsewhere', { pipelineId: asId<PipelineId>('partners') }),
    );
    const foreign = dealAt('90010', 'verbal', {
      name: 'Zürich Werke',
      amount: { kind: 'money', money: { amountMinor: 7_000_00n, currency: 'CHF' as typeof EUR } },
    });
    company = await smallCompany(opened.store, [...deals, ...unmapped, foreign], 'on', {
      ...more,
      targets: [{ managerId: asId('marc'), periodKey: '2027-Q1', amountMinor: 90_000_000n, currency: EUR }],
    });
    await takeSnapshot(company, '2026-11-09');
    site = await openSite(company);
    pastPage = await get(PAST);
    await land(company, { deals: sold(deals) }, 'pull-2');
    await takeSnapshot(company, '2026-11-16');
  }, 120_000);
  afterAll(async () => {
    await site.close();
    await opened.close();
  });

  it('is small however many deals there are: fifty of them, and less than 150 KB', async () => {
    const html = await get('');
    expect(tableOf(html, 'deals').rows).toHaveLength(50);
    expect(Buffer.byteLength(html)).toBeLessThan(150 * 1024);
  });

  it.each([
    ['everything', ''],
    ['a manager', '&manager=marc'],
    ['a team', '&team=t3'],
    ['a month', '&period=2026-12'],
    [
      'a team of a manager in a pipeline, next month, on a past Monday',
      '&manager=marc&team=t1&pipeline=sales&period=2026-12&week=2026-11-09',
    ],
  ])('adds up in every table and agrees with its headline: %s', async (_, query) => {
    const html = await get(query);
    expect(wrongSums(html)).toEqual([]);
    const [won = 0n, expected = 0n, forecast] = headline(html);
    expect(won + expected).toBe(forecast);
    for (const id of ['by-milestone', 'by-owner'])
      expect(tableOf(html, id).total?.slice(4, 7).map(figureOf)).toEqual(headline(html));
  });

  it('is the sum of its teams, of its pipelines and of its months, one page beside the other', async () => {
    const whole = await site.get('/forecast.csv?lang=en&table=period');
    const [, ...months] = parse(whole, { bom: true }) as string[][];
    const cents = (rows: readonly (readonly string[])[], column: number) =>
      rows.reduce((sum, row) => sum + BigInt((row[column] ?? '').replace('.', '')), 0n);
    for (const table of ['team', 'pipeline', 'owner', 'milestone']) {
      const [, ...rows] = parse(await site.get(`/forecast.csv?lang=en&table=${table}`), {
        bom: true,
      }) as string[][];
      expect(cents(rows, 7)).toBe(cents(months.slice(0, 3), 4));
    }
  });

  it('says of a month and of the next quarter what the table of months says', async () => {
    const html = await get('');
    for (const [key, table, row] of [
      ['2026-12', 'by-month-1', 2],
      ['2027-02', 'by-month-2', 1],
    ] as const) {
      const month = await site.get(`/forecast.csv?lang=en&table=pipeline&period=${key}`);
      const [, ...rows] = parse(month, { bom: true }) as string[][];
      const thousands = rows.reduce((sum, cells) => sum + Number(cells[7]), 0) / 1_000;
      const shown = Number(figureOf(tableOf(html, table).rows[row]?.[3] ?? ''));
      const unit = html.includes('m</strong>') ? thousands / 100 : thousands;
      expect(Math.abs(shown - unit)).toBeLessThanOrEqual(1);
    }
  });

  it('has a target where one is set and says so where none is, and invents no gap', async () => {
    expect(await get('')).toMatch(/of €0?\.?5(00k|m)[\s\S]*data-figure="(gap|surplus)"/);
    expect(await get('&manager=marc&period=2027-Q1')).toMatch(/of €900k|of €0\.9m/);
    for (const query of ['&team=t3', '&pipeline=partners', '&period=2026-12']) {
      const html = await get(query);
      expect(html).toContain('no target for this selection');
      expect(html).not.toMatch(/data-figure="(gap|surplus|chance)"/);
    }
  });

  it('tells what moved since the snapshot before, also of a team, and says why not where nothing was kept', async () => {
    const html = await get('&team=t3');
    expect(figureOf(tableOf(html, 'bridge').total?.[2] ?? '')).toBe(figure(html, 'forecast'));
    expect(await get(PAST)).toContain('No week to compare with for this selection');
  });

  it('shows an unmapped pipeline as it is: nothing in the sums, every deal counted, none hidden', async () => {
    const html = await get('&pipeline=partners');
    expect(tableOf(html, 'exclusions').rows).toContainEqual(['Stage without milestone', '3']);
    const currency = await get('&q=zurich');
    expect(names(currency)).toEqual(['Zürich Werke unknown']);
    expect(tableOf(currency, 'deals').total?.slice(2, 5)).toEqual(['€0', '€0', '€0']);
  });

  it('finds deals by a part of their name, without accents, and sorts by any column, both ways', async () => {
    const found = await get('&q=TRESSAC%201');
    expect(names(found).length).toBeGreaterThan(3);
    for (const name of names(found)) expect(name).toMatch(/^Cliniques Tressac 1/);
    expect(await get('&q=no-such-deal')).toContain('No name matches.');
    const column = (html: string, at: number) =>
      tableOf(html, 'deals').rows.map((row) => figureOf(row[at] ?? ''));
    const ascending = (amounts: readonly bigint[]) =>
      amounts.every((amount, at) => at === 0 || amount >= (amounts[at - 1] ?? 0n));
    expect(ascending(column(await get('&sort=-gross'), 2))).toBe(true);
    expect(ascending(column(await get('&sort=expected'), 6).toReversed())).toBe(true);
    const byName = names(await get('&sort=name'));
    expect(byName).toEqual(byName.toSorted(new Intl.Collator('fr', { numeric: true }).compare));
    expect(await get('&sort=-gross')).toContain('aria-sort="ascending"');
  });

  it('opens something true for an address that asks for nothing it knows', async () => {
    const plain = await get('');
    const odd = await get(
      '&team=nobody&pipeline=%22%3E&period=1999-Q1&sort=owner&page=999&q=&week=1999-01-01',
    );
    expect(headline(odd)).toEqual(headline(plain));
    expect(tablesOf(odd).map(({ id }) => id)).toEqual(tablesOf(plain).map(({ id }) => id));
    expect(odd).toContain('aria-sort="descending"');
  });

  it('gives the deals of the selection as CSV, all of them, with commas that a French spreadsheet reads', async () => {
    const page = await get('&team=t3&period=2026-12');
    const total = Number(/to \d+ of ([\d,]+)/.exec(page)?.[1]?.replace(',', ''));
    const text = await site.get('/deals.csv?lang=fr&team=t3&period=2026-12');
    const rows = parse(text, { bom: true, delimiter: ';' }) as string[][];
    expect(rows).toHaveLength(total + 1);
    expect(rows[1]?.join()).toMatch(/\d,\d\d/);
    expect(await (await fetch(`${site.url}/forecast.csv?table=nothing`)).text()).toBe('404');
  });

  it('goes on when somebody closes the window in the middle of a file', async () => {
    const stop = new AbortController();
    const file = await fetch(`${site.url}/deals.csv?lang=fr`, { signal: stop.signal });
    await file.body?.getReader().read();
    stop.abort();
    expect(tableOf(await get(''), 'deals').rows).toHaveLength(50);
  });

  it('says of a past week the same, whatever has become of the deals since', async () => {
    const weeks = /<ul class="weeks">[\s\S]*?<\/ul>/;
    expect((await get(PAST)).replace(weeks, '')).toBe(pastPage.replace(weeks, ''));
  });

  it('in the first week of a quarter tells what moved since what the Monday before said of that quarter', async () => {
    const young = await smallCompany(opened.store, [dealAt('1', 'solution'), dealAt('2', 'verbal')]);
    for (const monday of ['2026-12-28', '2027-01-04']) await takeSnapshot(young, monday);
    await young.run(async ({ snapshots }) => {
      const [before, after] = await snapshots.list(young.connectionId);
      const [whole] = await snapshots.forecasts(after?.id ?? asId(''));
      const header = await snapshots.header(before?.id ?? asId(''));
      if (whole === undefined || header?.outlook === undefined) throw new Error('two weeks were frozen');
      const { asOf, outlook } = header;
      const ahead = linesForPeriod(
        await snapshots.figures(header.id),
        { asOf, days: outlook.days },
        whole.summary.period,
      );
      expect(whole.summary.period.key).toBe('2027-Q1');
      expect(whole.comparedWith).toEqual({ asOf, kind: 'snapshot' });
      expect(whole.movement?.startMinor).toBe(ahead.reduce((sum, line) => sum + line.expectedMinor, 0n));
      expect(whole.movement?.startMinor).toBeGreaterThan(0n);
    });
  });
});

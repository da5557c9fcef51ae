import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asId, type OwnerId, type StageId } from '../../src/core/values/ids.ts';
import { INJECTIONS } from '../support/injection-corpus.ts';
import {
  dealAt,
  openSite,
  replayPast,
  type SmallCompany,
  type SmallSite,
  smallCompany,
  takeSnapshot,
} from '../support/small-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';
import { instant } from '../support/store-records.ts';

const DEALS = [
  dealAt('1', 'verbal', { name: 'Néolis Énergie' }),
  dealAt('2', 'need', { name: 'Clinique Saint-Roch' }),
  dealAt('3', 'contact', { name: INJECTIONS[0] ?? '', ownerId: asId<OwnerId>('karim') }),
];

const figure = (html: string, name: string): string =>
  new RegExp(`data-figure="${name}">([^<]*)<`).exec(html)?.[1] ?? 'missing';

const minor = (text: string): bigint => {
  const [whole = '', cents = ''] = text.split('.');
  const amount =
    BigInt(whole.replace(/\D/g, '')) * 100n + BigInt(cents.replace(/\D/g, '').padEnd(2, '0') || '0');
  return /[-\u2212]/.test(text) ? -amount : amount;
};

/** Like a form with several rows: the same names again and again. */
type Row = readonly [deal: string, difference: string, reason: string];

function fieldsOf(
  amount: string,
  rows: readonly Row[],
  more: Readonly<Record<string, string>>,
): URLSearchParams {
  const fields = new URLSearchParams({ amount, ...more });
  for (const [deal, difference, reason] of rows) {
    fields.append('deal', deal);
    fields.append('difference', difference);
    fields.append('reason', reason);
  }
  return fields;
}

describe('a manager freezes a forecast', () => {
  let opened: OpenedStore;
  let company: SmallCompany;
  let site: SmallSite;
  let snapshot: string;
  let computed: bigint;
  beforeAll(async () => {
    const [engine] = enginesFor('freeze page');
    if (engine === undefined) throw new Error('the embedded engine is always there');
    opened = await engine.open();
  });
  beforeEach(async () => {
    // What no test has frozen anything in is as good as new.
    if (site !== undefined && (await kept()).length === 0) return;
    await site?.close();
    company = await smallCompany(opened.store, DEALS);
    await takeSnapshot(company, '2026-11-16');
    site = await openSite(company);
    const html = await site.get('/freeze?lang=en&manager=claire');
    snapshot = /name="snapshot" value="([^"]*)"/.exec(html)?.[1] ?? '';
    computed = minor(figure(html, 'computed'));
  });
  afterAll(async () => {
    await site.close();
    await opened.close();
  });

  const ADDRESS = '/freeze?lang=en&manager=claire&period=2026-Q4';
  const send = (
    step: string,
    amount: string,
    rows: readonly Row[] = [],
    more: Readonly<Record<string, string>> = {},
    address = ADDRESS,
  ) =>
    fetch(site.url + address, {
      method: 'POST',
      body: fieldsOf(amount, rows, { step, snapshot, ...more }),
      headers: { 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
    });
  const kept = () => company.run((tenant) => tenant.frozenForecasts.list(company.connectionId));
  const units = (amount: bigint) => (amount / 100n).toString();

  it('asks whose forecast it is, because a company has no opinion', async () => {
    const html = await site.get('/freeze?lang=fr');
    expect(html).toContain('Choisissez de qui est la prévision');
    expect(html).toContain('/freeze?lang=fr&amp;manager=marc');
    expect(html).not.toContain('<form');
    expect((await send('freeze', '1', [], {}, '/freeze?lang=en&manager=nobody')).status).toBe(422);
    expect(await kept()).toEqual([]);
  });

  it('shows what is computed as won and expected, and the deals that carry it add up to it', async () => {
    const html = await site.get(ADDRESS);
    const column = (id: string) =>
      [
        ...(new RegExp(`<table id="${id}"[\\s\\S]*?</table>`).exec(html)?.[0] ?? '').matchAll(
          /<t[dh][^>]*class="num"[^>]*>([^<]*)</g,
        ),
      ].map(([, text = '']) => text);
    expect(minor(figure(html, 'won')) + minor(figure(html, 'expected'))).toBe(computed);
    const rows = column('largest').filter((text) => text.includes('€'));
    const expected = rows
      .slice(0, -1)
      .filter((_, index) => index % 2 === 1)
      .map(minor);
    expect(expected.reduce((sum, part) => sum + part, 0n)).toBe(minor(rows.at(-1) ?? ''));
    expect(computed).toBeGreaterThan(0n);
  });

  it('reads an amount in words of the reader, says to the unit what is left unexplained, and keeps what was typed', async () => {
    const answer = await send('check', '1.25 M€', [['1', '+20,000', 'promised for the 30th']]);
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(html).toContain('FORECAST_FROZEN_DIFFERENCES');
    expect(minor(/Still unexplained: ([^<]*)</.exec(html)?.[1] ?? '')).toBe(
      125_000_000n - computed - 2_000_000n,
    );
    expect(html).toContain('value="1.25 M€"');
    expect(html).toContain('value="promised for the 30th"');
    expect(html).toContain('<option value="1" selected>');
  });

  it('adds a row without losing a word and without complaining yet', async () => {
    const rows: readonly Row[] = [
      ['1', '', 'a'],
      ['', '5', 'b'],
    ];
    const answer = await send('add', 'about a million', rows);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html.match(/name="reason"/g)).toHaveLength(3);
    expect(html).toContain('value="about a million"');
    expect(html).not.toContain('FORECAST_FROZEN');
  });

  it.each([
    ['soon', [], 'FORECAST_FROZEN_AMOUNT', 'freeze-amount'],
    ['-5', [], 'FORECAST_FROZEN_NEGATIVE', 'freeze-amount'],
    ['1.250', [], 'FORECAST_FROZEN_AMOUNT', 'freeze-amount'],
    ['5', [['1', '20', ' \u200B ']], 'FORECAST_FROZEN_REASON', 'freeze-reason-0'],
    [
      '5',
      [
        ['', '20', 'x'],
        ['2', 'a lot', 'y'],
      ],
      'FORECAST_FROZEN_AMOUNT',
      'freeze-difference-1',
    ],
    ['5', [['99', '20', 'x']], 'FORECAST_FROZEN_DEAL', 'freeze-deal-0'],
  ] as readonly (readonly [string, readonly Row[], string, string])[])(
    'refuses %s with %j: %s, beside the field %s',
    async (amount, rows, code, field) => {
      const answer = await send('freeze', amount, rows);
      const html = await answer.text();
      expect(answer.status).toBe(422);
      expect(html).toContain(`<a href="#${field}">`);
      expect(html).toContain(code);
      expect(html).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"`));
      expect(await kept()).toEqual([]);
    },
  );

  it('shows everything once more, then keeps the figure with its trace, and never changes it', async () => {
    const rest = (BigInt(units(computed)) + 20_000n - 500n).toString();
    const rows: readonly Row[] = [
      ['1', '20 000', 'promised for the 30th'],
      ['', '-500', 'two holidays'],
    ];
    const check = await send('check', rest, rows);
    const draft = await check.text();
    expect([check.status, await kept()]).toEqual([200, []]);
    expect(draft).toContain('Freeze for good');
    expect(draft).toContain('nobody, you included');
    const cells = [
      ...(/<table id="draft"[\s\S]*?<\/table>/.exec(draft)?.[0] ?? '').matchAll(
        /class="num"[^>]*>([^<]*€[^<]*)</g,
      ),
    ].map(([, text = '']) => minor(text));
    expect(cells.slice(0, -1).reduce((sum, cell) => sum + cell, 0n)).toBe(cells.at(-1));

    const done = await send('freeze', rest, rows);
    expect(done.status).toBe(303);
    expect(done.headers.get('location')).toContain('saved=1');
    const [frozen] = await kept();
    expect(frozen?.differences[0]).toEqual({
      dealId: '1',
      differenceMinor: 2_000_000n,
      reason: 'promised for the 30th',
    });
    expect(frozen?.computedMinor).toBe(computed);
    const page = await site.get(`${ADDRESS}&saved=1`);
    expect(page).toContain('Frozen. This figure will not change any more.');
    expect(page).not.toContain('id="freeze-form"');
    expect(page).toContain('promised for the 30th');
    await company.run(async (tenant) => {
      const entries = await tenant.audit.list(5);
      expect(entries.filter(({ action }) => action === 'freeze')).toMatchObject([
        { by: 'claire', subject: '2026-Q4' },
      ]);
    });

    expect((await send('freeze', rest, rows)).status).toBe(303);
    const other = await send('freeze', (BigInt(rest) + 1n).toString(), [...rows, ['', '1', 'more']]);
    expect([other.status, await other.text()]).toEqual([
      422,
      expect.stringContaining('FORECAST_FROZEN_ONCE'),
    ]);
    expect(await kept()).toHaveLength(1);
    const entries = await company.run((tenant) => tenant.audit.list(9));
    expect(entries.filter(({ action }) => action === 'freeze')).toHaveLength(1);
  });

  it('takes the computed figure as it is, in whole units: the cents are named as rounding', async () => {
    expect((await send('freeze', units(computed))).status).toBe(303);
    const [frozen] = await kept();
    const sum = frozen?.differences.reduce((total, { differenceMinor }) => total + differenceMinor, 0n) ?? 0n;
    expect((frozen?.computedMinor ?? 0n) + sum).toBe(frozen?.amountMinor);
    for (const { reason } of frozen?.differences ?? []) expect(reason).toBe('Rounded to the unit');
  });

  it('freezes the next period too, from the same Monday, and each manager for themselves', async () => {
    const next = '/freeze?lang=en&manager=claire&period=2027-Q1';
    const html = await site.get(next);
    const amount = minor(figure(html, 'computed'));
    expect(amount).not.toBe(computed);
    expect((await send('freeze', units(amount), [], {}, next)).status).toBe(303);
    expect((await send('freeze', units(computed), [], {}, ADDRESS.replace('claire', 'marc'))).status).toBe(
      303,
    );
    expect((await kept()).map(({ managerId, periodKey }) => [managerId, periodKey])).toEqual([
      ['claire', '2027-Q1'],
      ['marc', '2026-Q4'],
    ]);
    expect(await site.get(ADDRESS)).toContain('id="freeze-form"');
  });

  it('freezes again after the next Monday: both figures stay, newest first', async () => {
    expect((await send('freeze', units(computed))).status).toBe(303);
    await takeSnapshot(company, '2026-11-23');
    const stale = await send('freeze', units(computed));
    expect([stale.status, await stale.text()]).toEqual([
      422,
      expect.stringContaining('FORECAST_FROZEN_STALE'),
    ]);
    const html = await site.get(ADDRESS);
    snapshot = /name="snapshot" value="([^"]*)"/.exec(html)?.[1] ?? '';
    expect((await send('freeze', units(minor(figure(html, 'computed'))))).status).toBe(303);
    expect((await kept()).map(({ asOf }) => asOf.toString())).toEqual(['2026-11-16', '2026-11-23']);
    const history = /<table id="history"[\s\S]*?<\/table>/.exec(await site.get(ADDRESS))?.[0] ?? '';
    expect(history.indexOf('23 November 2026')).toBeLessThan(history.indexOf('16 November 2026'));
    const csv = await site.get('/frozen.csv?lang=en&manager=claire');
    expect(csv.split('\r\n')).toHaveLength(4);
  });

  it('takes the form from our own page only, and prints hostile words as words', async () => {
    const foreign = await fetch(site.url + ADDRESS, {
      method: 'POST',
      body: fieldsOf('5', [], { step: 'freeze', snapshot }),
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(foreign.status).toBe(403);
    for (const text of INJECTIONS) {
      const html = await (await send('check', text, [['1', text, text]])).text();
      expect(html).not.toMatch(/<script>|<img src=x|<svg\/onload/);
      expect(html.replaceAll(/value="[^"]*"/g, '')).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    }
  });

  it('asks managers and nobody else: the company without a manager is told so', async () => {
    await company.run((tenant) => tenant.settings.saveManagers([]));
    const html = await site.get(ADDRESS);
    expect(html).toContain('The company has named no manager');
    expect(html).not.toContain('<form');
    expect((await send('freeze', units(computed))).status).toBe(422);
    expect(await kept()).toEqual([]);
  });

  it('meets the outcome once the period is over: the frozen figure stands beside the computed one', async () => {
    const signed = dealAt('1', 'verbal', {
      name: 'Néolis Énergie',
      stageId: asId<StageId>('won'),
      stageHistory: ['contact', 'need', 'solution', 'verbal', 'won'].map((stage, step) => ({
        stageId: asId<StageId>(stage),
        enteredAt: instant('2026-09-01T08:00:00Z').add({ hours: 24 * 25 * step }),
      })),
    });
    await site.close();
    company = await smallCompany(opened.store, [signed, ...DEALS.slice(1)]);
    await takeSnapshot(company, '2026-11-30');
    site = await openSite(company);
    const before = await site.get(ADDRESS);
    snapshot = /name="snapshot" value="([^"]*)"/.exec(before)?.[1] ?? '';
    const forecast = minor(figure(before, 'computed'));
    const difference = (12_000_00n - forecast) / 100n;
    const frozen = await send('freeze', '12 k€', [['1', difference.toString(), 'promised for December']]);
    expect(frozen.status).toBe(303);
    expect(/<table id="history"[\s\S]*?<\/table>/.exec(await site.get(ADDRESS))?.[0]).toContain('>–<');

    await takeSnapshot(company, '2027-01-04');
    await replayPast(company, '2027-01-04');
    const met = await company.run((tenant) => tenant.reliability.latest(company.connectionId));
    const claire = met?.accuracy.find(({ managerId }) => managerId === 'claire');
    const [period] = claire?.horizons.find(({ daysBefore }) => daysBefore === 30)?.periods ?? [];
    expect(period).toMatchObject({
      managerMinor: 12_000_00n,
      forecastMinor: forecast,
      actualMinor: 10_000_00n,
    });

    const row = /<tr><th scope="row">Q4 2026<\/th>[\s\S]*?<\/tr>/.exec(
      await site.get('/reliability?lang=en&manager=claire'),
    )?.[0];
    expect(row).toContain('>€12,000<');
    expect(row).toContain('>€10,000<');
    const history = /<table id="history"[\s\S]*?<\/table>/.exec(
      await site.get('/freeze?lang=en&manager=claire'),
    )?.[0];
    expect(history).toContain('Q4 2026');
    expect(history).toContain('>€10,000<');
  });
});

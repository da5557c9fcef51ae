import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeForecast, readSources } from '../../jobs/compute-forecast.ts';
import { liveDeal, readLiveFrame } from '../../jobs/live-deal.ts';
import { asId, type OwnerId, type StageId } from '../../src/core/values/ids.ts';
import { HOSTILE } from '../support/forecast-page.ts';
import { INJECTIONS } from '../support/injection-corpus.ts';
import {
  dealAt,
  NOW,
  openSite,
  type SmallCompany,
  type SmallSite,
  smallCompany,
} from '../support/small-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';
import { date, dealId, instant } from '../support/store-records.ts';

const PROOF = {
  milestone: 'need',
  verdict: 'confirmed',
  person: 'Mme Roy, DAF',
  on: '2026-11-17',
  link: 'https://docs.example.test/letter',
  by: 'claire',
};

const DEALS = [
  dealAt('1', 'need'),
  dealAt('2', 'solution'),
  dealAt('3', 'verbal', {
    closeDateHistory: [
      { closeDate: date('2026-10-01'), changedAt: instant('2026-09-02T08:00:00Z') },
      { closeDate: date('2026-12-15'), changedAt: instant('2026-10-05T09:30:00Z') },
    ],
  }),
  dealAt('4', 'contact', { amount: { kind: 'missing' } }),
  dealAt('5', 'won', { ownerId: asId<OwnerId>('karim') }),
  dealAt('6', 'contact', { name: HOSTILE, stageId: asId<StageId>('nowhere') }),
  dealAt('7', 'need', {
    amount: { kind: 'money', money: { amountMinor: 5_000_00n, currency: 'USD' as never } },
  }),
];

const figure = (html: string, name: string): string =>
  new RegExp(`data-figure="${name}">([^<]*)<`).exec(html)?.[1] ?? 'missing';

describe.each(enginesFor('deal page').slice(0, 1))('the page of a deal, on the $name database', (engine) => {
  let opened: OpenedStore;
  let company: SmallCompany;
  let site: SmallSite;
  beforeAll(async () => {
    opened = await engine.open();
    company = await smallCompany(opened.store, DEALS);
    site = await openSite(company);
  });
  afterAll(async () => {
    await site.close();
    await opened.close();
  });

  const page = (id: string, lang = 'en') => site.get(`/deals/${id}?lang=${lang}&manager=claire`);

  it('counts each deal exactly as the forecast of the whole company does', async () => {
    await company.run(async (tenant) => {
      const sources = await readSources(tenant, company.connectionId);
      const whole = computeForecast(sources, date('2026-11-18'));
      const frame = await readLiveFrame(tenant, sources.connection, NOW, (_key, measure) => measure());
      for (const deal of DEALS) {
        const file = await tenant.records.dealFile(company.connectionId, deal.id);
        const line = file && liveDeal(frame, file).line;
        expect(line).toEqual(whole.lines.find(({ dealId: id }) => id === deal.id) ?? null);
      }
    });
  });

  it('shows what is declared, what is proven, and every step of the maths', async () => {
    const html = await page('1');
    expect(figure(html, 'net')).toBe('€1,000');
    expect(figure(html, 'unproven')).toBe('€1,500');
    expect(figure(html, 'declared')).toBe('Need confirmed');
    expect(figure(html, 'verified')).toBe('First contact');
    expect(html).toContain('Net: €10,000 × 10% (“First contact”) = €1,000');
    expect(html).toContain('Unproven: €10,000 × (25% − 10%) = €1,500');
    expect(html).toContain('href="https://crm.test/4242/1"');
    expect(html).toContain('need, declares “Need confirmed”');
  });

  it('shows a pushed close date, a converted amount with its rate, and a missing amount as a dash', async () => {
    expect(await page('3')).toContain('Pushed from 1 October 2026 to 15 December 2026');
    const dollars = await page('7');
    expect(dollars).toContain('Rate of 1 November 2026: 1 USD = 0.92 EUR');
    expect(dollars).toContain('Amount in the CRM: USD\u00A05,000, that is €4,600');
    expect(figure(await page('4'), 'net')).toBe('–');
  });

  it('changes net at once when a manager confirms, tells the CRM, and keeps who said so', async () => {
    const answer = await site.post('/deals/2/evidence?lang=en&manager=claire', PROOF);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/deals/2?lang=en&manager=claire&saved=evidence');
    const html = await page('2');
    expect(figure(html, 'net')).toBe('€2,500');
    expect(html).toContain('“Need confirmed” confirmed by Claire Vasseur, with Mme Roy, DAF');
    expect(html).toContain('href="https://docs.example.test/letter"');
    await company.run(async (tenant) => {
      const effects = await tenant.effects.list({ kind: 'write_back' });
      expect(effects.map(({ payload }) => payload)).toEqual([{ connectionId: company.connectionId }]);
      expect(site.rung).toEqual(effects.map(({ id }) => id));
      const [entry] = await tenant.audit.list(1);
      expect(entry).toMatchObject({ by: 'claire', action: 'evidence', subject: '2' });
    });
  });

  it('takes a refusal too: what was proven by that day proves nothing any more', async () => {
    await site.post('/deals/1/evidence?lang=en', {
      ...PROOF,
      milestone: 'contact',
      verdict: 'refused',
      person: '',
      link: '',
    });
    const html = await page('1');
    expect(figure(html, 'net')).toBe('€0');
    expect(html).toContain('“First contact” refused by Claire Vasseur');
  });

  it.each([
    [{ person: ' ' }, 'Name the person who validated it.'],
    [{ person: '\u200B\u202E' }, 'Name the person who validated it.'],
    [{ on: '2026-11-19' }, 'Evidence cannot lie in the future.'],
    [{ on: '2026-02-30' }, 'Give a date'],
    [{ on: 'soon' }, 'Give a date'],
    [{ link: 'javascript:alert(1)' }, 'Give an address that begins with'],
    [{ link: 'data:text/html,x' }, 'Give an address that begins with'],
    [{ link: 'https://user:secret@example.test/' }, 'Give an address that begins with'],
    [{ link: 'letter.pdf' }, 'Give an address that begins with'],
    [{ milestone: 'signed' }, 'Choose from the list.'],
    [{ verdict: 'maybe' }, 'Choose from the list.'],
    [{ by: 'nobody' }, 'Choose your name.'],
  ])('refuses %j, says why, and keeps what was typed', async (wrong, sentence) => {
    const before = await page('3');
    const answer = await site.post('/deals/3/evidence?lang=en', { ...PROOF, ...wrong });
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(html).toContain('Nothing was saved');
    expect(html).toContain(sentence);
    if (!('person' in wrong)) expect(html).toContain('value="Mme Roy, DAF"');
    expect(figure(await page('3'), 'net')).toBe(figure(before, 'net'));
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
    ['an address typed by hand', { 'sec-fetch-site': 'none' }],
    ['another origin in an old browser', { origin: 'https://evil.test' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['no browser at all', {}],
  ])('refuses a form from %s', async (_from, headers) => {
    const answer = await site.post('/deals/3/evidence', PROOF, headers as Record<string, string>);
    expect(answer.status).toBe(403);
    expect(
      (await site.post('/deals/3/notes', { text: 'x', by: 'claire' }, headers as Record<string, string>))
        .status,
    ).toBe(403);
  });

  it('accepts an old browser that says only its origin, when it is ours', async () => {
    const answer = await site.post(
      '/deals/3/notes?lang=en',
      { text: 'Draft by Friday', by: 'marc' },
      { origin: site.url },
    );
    expect(answer.status).toBe(303);
    expect(await page('3')).toContain('Draft by Friday');
  });

  it('keeps every note with who wrote it, and refuses an empty one', async () => {
    for (const text of ['First promise', 'Second promise'])
      await site.post('/deals/4/notes', { text, by: 'claire' });
    const html = await page('4');
    expect(html.indexOf('Second promise')).toBeLessThan(html.indexOf('First promise'));
    expect(html).toContain('Claire Vasseur, 18 November 2026');
    const empty = await site.post('/deals/4/notes?lang=en', { text: ' \u200B ', by: 'claire' });
    expect([empty.status, await empty.text()]).toEqual([
      422,
      expect.stringContaining('Write what was agreed.'),
    ]);
    const unsigned = await site.post('/deals/4/notes?lang=en', { text: 'Third promise', by: 'nobody' });
    expect([unsigned.status, await unsigned.text()]).toEqual([
      422,
      expect.stringContaining('>Third promise<'),
    ]);
    const endless = await site.post('/deals/4/notes?lang=en', { text: 'word '.repeat(200), by: 'claire' });
    expect([endless.status, await endless.text()]).toEqual([
      422,
      expect.stringContaining('word '.repeat(199)),
    ]);
    expect(await page('4')).not.toContain('Third promise');
  });

  it('is not there for a deal that is not in the CRM', async () => {
    const answer = await fetch(`${site.url}/deals/99?lang=fr`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('Introuvable');
    expect((await site.post('/deals/99/evidence', PROOF)).status).toBe(404);
    expect((await site.post('/deals/99/notes', { text: 'x', by: 'claire' })).status).toBe(404);
  });

  it('prints hostile names and words as words', async () => {
    for (const text of INJECTIONS) {
      const answer = await site.post('/deals/6/evidence', { ...PROOF, person: `x${text}`, link: text });
      const html = await answer.text();
      expect(html).not.toMatch(/<script>|<img src=x|<svg\/onload|<\/title><svg/);
      await site.post('/deals/6/notes', { text: `x${text}`, by: 'claire' });
    }
    const html = await page('6', 'fr');
    expect(html).not.toMatch(/<script>|<img src=x|<svg\/onload/);
    expect(html).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  });

  it('asks no rep for a forecast: its forms take no amount and no chance', async () => {
    const html = await page('1');
    const names = [...html.matchAll(/name="(\w+)"/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(
      new Set(['viewport', 'referrer', 'verdict', 'milestone', 'by', 'person', 'on', 'link', 'text']),
    );
  });
});

describe('a company that has not yet said yes to writing', () => {
  it('keeps the confirmation and writes nothing to the CRM', async () => {
    const [engine] = enginesFor('deal page without writing');
    const opened = await engine?.open();
    if (opened === undefined) throw new Error('the embedded engine is always there');
    const company = await smallCompany(opened.store, [dealAt('1', 'need')], 'plan_only');
    const site = await openSite(company);
    expect((await site.post('/deals/1/evidence', PROOF)).status).toBe(303);
    const effects = await company.run((tenant) => tenant.effects.list({ kind: 'write_back' }));
    expect(effects).toEqual([]);
    expect(
      (await company.run((tenant) => tenant.records.dealFile(company.connectionId, dealId('1'))))
        ?.confirmations,
    ).toHaveLength(1);
    await site.close();
    await opened.close();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  dealAt,
  openSite,
  type SmallCompany,
  type SmallSite,
  smallCompany,
  takeSnapshot,
} from '../support/small-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';
import { dealId, EUR, instant, land } from '../support/store-records.ts';

/** Declared further than proven, all of them: the meeting is about five deals. */
const DEALS = ['1', '2', '3', '4', '5'].map((id) => dealAt(id, 'solution', { name: `Deal ${id}` }));

describe('the weekly meeting', () => {
  let opened: OpenedStore;
  let company: SmallCompany;
  let site: SmallSite;
  beforeAll(async () => {
    const [engine] = enginesFor('review meeting');
    if (engine === undefined) throw new Error('the embedded engine is always there');
    opened = await engine.open();
    company = await smallCompany(opened.store, DEALS);
    await takeSnapshot(company, '2026-11-16');
    site = await openSite(company);
  });
  afterAll(async () => {
    await site.close();
    await opened.close();
  });

  const review = () => site.get('/review?lang=en&manager=claire');
  const progress = async () => /(\d+ of \d+ reviewed this week)/.exec(await review())?.[1];
  const startAt = async () =>
    /<a class="button" rel="next"[^>]*href="\/deals\/(\d+)/.exec(await review())?.[1];
  const go = async (path: string, fields: Readonly<Record<string, string>>) => {
    const answer = await site.post(`${path}?lang=en&manager=claire`, fields);
    expect(answer.status).toBe(303);
    return answer.headers.get('location');
  };

  it('counts the deals that were gone through, and goes on with the first that was not', async () => {
    expect(await progress()).toBe('0 of 5 reviewed this week');
    const first = await startAt();
    expect(await go(`/deals/${first}/pass`, { onward: 'next' })).toMatch(/^\/deals\/\d\?/);
    expect(await progress()).toBe('1 of 5 reviewed this week');
    expect(await startAt()).not.toBe(first);
    expect(await site.get(`/deals/${first}?lang=en&manager=claire`)).toContain('pill active">reviewed<');
  });

  it('goes to the next deal with the note that was taken, and stays when nothing else is asked', async () => {
    const second = await startAt();
    const next = await go(`/deals/${second}/notes`, {
      text: 'Draft by Friday',
      by: 'claire',
      onward: 'next',
    });
    expect(next).not.toContain(`/deals/${second}?`);
    expect(await go(`/deals/${second}/notes`, { text: 'and a call', by: 'claire' })).toContain(
      `/deals/${second}?lang=en&manager=claire&saved=note`,
    );
    expect(await progress()).toBe('2 of 5 reviewed this week');
  });

  it('decides on a proof right in the list, and comes back to it', async () => {
    const third = await startAt();
    const back = await go(`/deals/${third}/evidence`, {
      milestone: 'need',
      verdict: 'confirmed',
      person: 'Mme Roy',
      on: '2026-11-17',
      link: '',
      by: 'claire',
      onward: 'review',
    });
    expect(back).toBe(`/review?lang=en&manager=claire&saved=evidence#deal-${third}`);
    const html = await site.get(String(back));
    expect(html).toContain('proof confirmed');
    expect(html.match(/name="milestone" value="need"/g)).toHaveLength(4);
    expect(site.rung).toHaveLength(1);
  });

  it('says when it is over, and begins anew with the next Monday', async () => {
    for (let left = await startAt(); left !== undefined; left = await startAt())
      await go(`/deals/${left}/pass`, { onward: 'next' });
    expect(await review()).toContain('The review is done: 5 of 5');
    expect(await go('/deals/5/pass', { onward: 'next' })).toMatch(/saved=passed#deal-5$|^\/deals\//);
    await takeSnapshot(company, '2026-11-23');
    expect(await progress()).toBe('0 of 5 reviewed this week');
    const csv = await site.get('/review.csv?lang=en&manager=claire');
    expect(csv.split('\r\n').length).toBeGreaterThan(5);
  });

  it('tells on the deal what the Mondays saw of it: milestone, proof, amount', async () => {
    const deal = await company.run((tenant) => tenant.records.deal(company.connectionId, dealId('5')));
    if (deal === null) throw new Error('the deal is there');
    const later = instant('2026-11-24T09:00:00Z');
    const amount = { kind: 'money' as const, money: { amountMinor: 12_500_00n, currency: EUR } };
    const properties = [{ name: 'jalon_evidence_need', value: 'letter', filledAt: later }];
    await land(company, { deals: [{ ...deal, updatedAt: later, amount, properties }] });
    await takeSnapshot(company, '2026-11-30');
    const csv = await site.get('/deals/5/timeline.csv?lang=en&manager=claire');
    expect(csv).toContain('"30 November 2026","Amount","From €10,000 to €12,500 since 23 November 2026"');
    expect(csv).toContain(
      '"30 November 2026","Milestone","Verified: “First contact” → “Need confirmed”, net €3,125"',
    );
    expect(csv).toContain('"16 November 2026","Milestone","First Monday: “First contact”, net €1,000"');
    expect(csv).toContain('"1 September 2026","Evidence","“First contact”:');
    expect(await site.get('/deals/5?lang=en')).toContain('From €10,000 to €12,500');
    const milestones = await site.get('/deals/5/milestones.csv?lang=fr');
    expect(milestones.split('\r\n')).toHaveLength(6);
  });

  it('keeps words apart from marks: nobody reads an empty note', async () => {
    const html = await site.get('/deals/5?lang=en&manager=claire');
    expect(html).toContain('<p class="quiet">No notes.</p>');
  });

  it('prepares the one-to-one: what the mail asked, what else is worth asking, and what became of last week’s', async () => {
    const html = await site.get('/one-to-one/sophie?lang=en&manager=claire');
    const forecasts = await company.run(async (tenant) => {
      const header = await tenant.snapshots.latest(company.connectionId);
      return header === null ? [] : tenant.snapshots.forecasts(header.id);
    });
    const [frozen] = forecasts.find(({ managerId }) => managerId === 'claire')?.questions ?? [];
    const list = /<section class="card" aria-labelledby="questions-title">[\s\S]*?<\/section>/.exec(
      html,
    )?.[0];
    expect(list).toContain(`<li><a href="/deals/${frozen?.dealId}?`);
    expect(list?.match(/in Monday’s digest/g)).toHaveLength(1);
    expect(list?.match(/<li>/g)?.length).toBeGreaterThan(1);
    expect(html).toContain('Asked on 23 November 2026');
    expect(html).toMatch(/>(settled|open)</);
    expect(html).not.toMatch(/€/);
  });
});

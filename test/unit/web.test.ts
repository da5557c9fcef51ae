import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asId, type DealId } from '../../src/core/ids.ts';
import type { ForecastPageInput } from '../../src/web/forecast-input.ts';
import { forecastPageView } from '../../src/web/forecast-page.ts';
import { forecastHref } from '../../src/web/href.ts';
import { renderForecastPage, WEB_ASSETS_FOLDER } from '../../src/web/render.ts';
import { summaryFixture } from '../support/digest-model.ts';
import { HOSTILE, lineFixture, linesFixture, pageInputFixture } from '../support/forecast-page.ts';

const LOCALES = ['fr', 'en'] as const;

function render(locale: 'fr' | 'en', changes: Partial<ForecastPageInput> = {}): string {
  return renderForecastPage(forecastPageView(pageInputFixture(locale, changes)));
}

/** Whole displayed figure of a cell; a dash shows no amount. */
function figure(cell: string): bigint {
  const digits = cell.replace(/<[^>]*>/g, '').replace(/[^\d]/g, '');
  return cell.includes('\u2212') ? -BigInt(digits || '0') : BigInt(digits || '0');
}

function tableOf(html: string, id: string): { readonly rows: string[][]; readonly total: string[] } {
  const table = new RegExp(`<table id="${id}"[\\s\\S]*?</table>`).exec(html)?.[0] ?? '';
  const cells = (row: string): string[] =>
    [...row.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) => cell);
  const body = /<tbody[^>]*>([\s\S]*)<\/tbody>/.exec(table)?.[1] ?? '';
  const foot = /<tfoot[^>]*>([\s\S]*)<\/tfoot>/.exec(table)?.[1] ?? '';
  return {
    rows: body
      .split('</tr>')
      .map(cells)
      .filter((row) => row.length > 0),
    total: cells(foot),
  };
}

function figureNamed(html: string, name: string): bigint {
  return figure(new RegExp(`data-figure="${name}">([^<]*)<`).exec(html)?.[1] ?? 'missing');
}

function deals(html: string, column: string): { readonly parts: bigint[]; readonly total: bigint } {
  const cells = [...html.matchAll(new RegExp(`class="num ${column}"[^>]*>([\\s\\S]*?)</td>`, 'g'))].map(
    ([, cell = '']) => figure(cell),
  );
  return { parts: cells.slice(0, -1), total: cells.at(-1) ?? -1n };
}

const sum = (figures: readonly bigint[]): bigint => figures.reduce((total, one) => total + one, 0n);

describe('totals on the forecast page', () => {
  for (const locale of LOCALES) {
    const html = render(locale);

    it(`in ${locale}, signed + expected = forecast, and forecast + gap = target`, () => {
      const forecast = figureNamed(html, 'forecast');
      expect(figureNamed(html, 'won') + figureNamed(html, 'expected')).toBe(forecast);
      expect(forecast + figureNamed(html, 'gap')).toBe(850n);
    });

    it(`in ${locale}, each column by milestone adds up to its total, and expected is the headline’s`, () => {
      const { rows, total } = tableOf(html, 'milestones');
      expect(rows).toHaveLength(5);
      for (const [index, cell] of total.entries())
        expect(sum(rows.map((row) => figure(row[index] ?? '')))).toBe(figure(cell));
      expect(figure(total.at(-1) ?? '')).toBe(figureNamed(html, 'expected'));
    });

    it(`in ${locale}, the amounts of the deals shown add up to the total of the page`, () => {
      for (const column of ['gross', 'net', 'expected']) {
        const { parts, total } = deals(html, column);
        expect(parts).toHaveLength(50);
        expect(total).toBeGreaterThan(0n);
        expect(sum(parts)).toBe(total);
      }
    });

    it(`in ${locale}, what is left out is counted by reason, and the counts add up`, () => {
      const { rows, total } = tableOf(html, 'exclusions');
      expect(sum(rows.map((row) => figure(row[0] ?? '')))).toBe(figure(total[0] ?? ''));
      expect(figure(total[0] ?? '')).toBe(11n);
    });
  }

  it('is the change since the reading before, and says so when there is none', () => {
    expect(figureNamed(render('en'), 'change')).toBe(41n);
    expect(render('en', { before: null })).toContain('first reading');
  });
});

describe('a row of the deals table', () => {
  it('says which proof is missing, and shows the maths in words', () => {
    const html = render('en', { lines: [lineFixture(1)] });
    expect(html).toContain(
      'Proof of “Verbal commitment” is missing: the date of the verbal commitment, 2 exchanges',
    );
    expect(html).toContain('Net: €180,740.34 × 40% (“Solution validated”) = €72,296.13');
    expect(html).toContain('Unproven: €180,740.34 × (60% − 40%)');
    expect(html).toContain(
      'between day 14 and day 29, 1.3% ended in a step forward, 0.6% in a loss; chained to 29 June 2026 this gives',
    );
    expect(html).toContain('Chances are measured on 412 closed deals.');
  });

  it('shows a deal without amount as a dash, never as zero', () => {
    const html = render('fr', { lines: linesFixture().slice(4, 5) });
    expect(html).toContain('Hors calcul\u00A0: montant absent.');
    expect(deals(html, 'net').parts).toEqual([0n]);
    expect(/class="num net"[^>]*><b>–<\/b>/.test(html)).toBe(true);
  });

  it('keeps the amount of the CRM beside the converted one', () => {
    expect(render('fr', { lines: linesFixture().slice(6, 7) })).toContain('198\u00A0126,72\u00A0USD');
  });

  it('leads to the page of the deal, in the language and for the manager of the reader', () => {
    const odd = lineFixture(0, { dealId: asId<DealId>('../?x="1') });
    expect(render('fr', { lines: [odd] })).toContain('href="/deals/..%2F%3Fx%3D%221?lang=fr&amp;manager=m1"');
  });
});

describe('the forecast page', () => {
  it('pages through 137 deals by fifty and keeps manager, language and week in every link', () => {
    const second = render('fr', { query: { locale: 'fr', managerId: 'm1', week: '2026-06-01', page: 2 } });
    expect(second).toContain('51 à 100 sur 137');
    expect(second).toContain('/?lang=fr&amp;manager=m1&amp;week=2026-06-01&amp;page=3');
    expect(second).toContain('rel="prev" href="/?lang=fr&amp;manager=m1&amp;week=2026-06-01"');
    expect(forecastHref({ locale: 'en', managerId: null, week: null, page: 1 })).toBe('/?lang=en');
  });

  it('says so when there is nothing: no deal, no digest, no exclusion, no week, no target', () => {
    const summary = summaryFixture({
      targetMinor: null,
      gapMinor: null,
      byMilestone: [],
      exclusions: [],
      range: null,
      newBusinessMinor: null,
      wonMinor: 0n,
      expectedMinor: 0n,
      forecastMinor: 0n,
      grossMinor: 0n,
      netMinor: 0n,
      unprovenMinor: 0n,
    });
    const html = render('en', {
      summary,
      before: null,
      lines: [],
      totalLines: 0,
      weeks: [],
      rejections: 0,
      hasDigest: false,
      managers: [],
    });
    for (const sentence of [
      'Nothing to show for this scope.',
      'No digest yet.',
      'Nothing is left out.',
      'No past week yet.',
      'no target set',
    ])
      expect(html).toContain(sentence);
    expect(html).not.toContain('<iframe');
  });

  it('names the embedded database as an evaluation, and a CRM that needs a hand', () => {
    expect(render('fr')).toContain('mode évaluation');
    const { header } = pageInputFixture('fr');
    const broken = {
      ...header,
      evaluationMode: false,
      connection: { ...header.connection, state: 'reconnect_needed' as const },
    };
    const html = render('fr', { header: broken });
    expect(html).toContain('HubSpot à reconnecter');
    expect(html).not.toContain('mode évaluation');
  });

  it('holds under the strictest policy: no script, no inline style, no foreign address but links', () => {
    const html = render('fr');
    expect(html).not.toMatch(/<script|\sstyle=|\son\w+=/i);
    for (const [, address = ''] of html.matchAll(/(?:src|<link[^>]*href)="([^"]*)"/g))
      expect(address).toMatch(/^\//);
  });

  it('has style sheets of a few kilobytes that call nobody, and no script', () => {
    const files = readdirSync(WEB_ASSETS_FOLDER);
    expect(files.filter((name) => !/\.(css|svg)$/.test(name))).toEqual([]);
    for (const name of files.filter((one) => one.endsWith('.css'))) {
      const css = readFileSync(join(WEB_ASSETS_FOLDER, name), 'utf8');
      expect(Buffer.byteLength(css)).toBeLessThan(10 * 1024);
      expect(css).not.toMatch(/@import|url\(/);
    }
  });

  it('keeps hostile names as text, whoever wrote them', () => {
    const input = pageInputFixture('en');
    const html = render('en', {
      header: { ...input.header, company: HOSTILE },
      managers: input.managers.map((manager) => ({ ...manager, name: HOSTILE })),
      owners: input.owners.map((owner) => ({ ...owner, name: HOSTILE })),
      milestones: input.milestones.map((milestone) => ({
        ...milestone,
        label: { fr: HOSTILE, en: HOSTILE },
      })),
      lines: input.lines.map((line) => ({ ...line, dealName: HOSTILE })),
      query: { ...input.query, managerId: '"><script>', week: '"><script>' },
    });
    expect(html).not.toMatch(/<script|<img/i);
    expect(html.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(html).toContain('&lt;script&gt;');
  });
});

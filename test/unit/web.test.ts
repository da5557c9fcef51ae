import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import type { ForecastPageInput } from '../../src/web/forecast/forecast-input.ts';
import { forecastPageView } from '../../src/web/forecast/forecast-page.ts';
import { forecastHref, NO_FILTER } from '../../src/web/href.ts';
import { renderForecastPage, WEB_ASSETS_FOLDER } from '../../src/web/render.ts';
import { summaryFixture } from '../support/digest-model.ts';
import { HOSTILE, lineFixture, linesFixture, pageInputFixture } from '../support/forecast-page.ts';
import { figureOf, tableOf, tablesOf } from '../support/table-totals.ts';

const LOCALES = ['fr', 'en'] as const;

function render(locale: 'fr' | 'en', changes: Partial<ForecastPageInput> = {}): string {
  return renderForecastPage(forecastPageView(pageInputFixture(locale, changes)));
}

function figureNamed(html: string, name: string): bigint {
  return figureOf(new RegExp(`data-figure="${name}">([^<]*)<`).exec(html)?.[1] ?? 'missing');
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

    it(`in ${locale}, every table adds up, column by column`, () => {
      const tables = tablesOf(html).filter(({ total }) => total !== null);
      expect(tables.flatMap(({ id, wrong }) => wrong.map((one) => `${id} ${one}`))).toEqual([]);
      expect(tables.map(({ id, added }) => [id, added.length])).toEqual([
        ['bridge', 2],
        ['by-milestone', 6],
        ['by-owner', 6],
        ['by-month-1', 3],
        ['by-month-2', 3],
        ['by-team', 6],
        ['by-pipeline', 6],
        ['deals', 4],
        ['exclusions', 1],
      ]);
    });

    it(`in ${locale}, every grouping and the months agree with the headline, row by row and in total`, () => {
      for (const id of ['by-milestone', 'by-owner', 'by-team', 'by-pipeline', 'by-month-1']) {
        const { rows, total } = tableOf(html, id);
        const first = id === 'by-month-1' ? 1 : 4;
        for (const row of [...rows, total ?? []]) {
          const [won = 0n, expected = 0n, forecast] = row.slice(first, first + 3).map(figureOf);
          expect(won + expected).toBe(forecast);
        }
        const headline = ['won', 'expected', 'forecast'].map((name) => figureNamed(html, name));
        expect(total?.slice(first, first + 3).map(figureOf)).toEqual(headline);
      }
      expect(figureOf(tableOf(html, 'by-owner').total?.[3] ?? '')).toBe(figureNamed(html, 'unproven'));
    });

    it(`in ${locale}, the bridge leads to the headline, and its change is the headline’s`, () => {
      const { rows, total } = tableOf(html, 'bridge');
      const [start, ...changes] = rows.map((row) => figureOf(row[2] ?? ''));
      expect(figureOf(total?.[2] ?? '')).toBe(figureNamed(html, 'forecast'));
      expect(sum(changes)).toBe(figureNamed(html, 'change'));
      expect(start).toBe(figureNamed(html, 'forecast') - figureNamed(html, 'change'));
    });

    it(`in ${locale}, the amounts of the fifty deals shown add up to the total of the page`, () => {
      const { rows, total } = tableOf(html, 'deals');
      expect(rows).toHaveLength(50);
      for (const at of [2, 3, 4, 6]) expect(figureOf(total?.[at] ?? '')).toBeGreaterThan(0n);
    });
  }

  it('is the change since the reading before, and says so when there is none', () => {
    expect(figureNamed(render('en'), 'change')).toBe(41n);
    expect(render('en', { compared: null })).toContain('first reading');
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
    expect(figureOf(tableOf(html, 'deals').rows[0]?.[3] ?? '')).toBe(0n);
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
    expect(second).toContain('/?lang=fr&amp;manager=m1&amp;week=2026-06-01&amp;page=3#deals-title');
    expect(second).toContain('rel="prev" href="/?lang=fr&amp;manager=m1&amp;week=2026-06-01#deals-title"');
    expect(forecastHref({ locale: 'en', managerId: null, week: null, page: 1 })).toBe('/?lang=en');
  });

  it('says whose mail it shows, also on the page of the whole company', () => {
    const input = pageInputFixture('en');
    const [first, second] = input.managers;
    const titleFor = (managerId: string | null) =>
      forecastPageView({ ...input, query: { ...input.query, managerId } }).digest.title;
    expect(titleFor(null)).toBe(`Monday digest · ${first?.name}`);
    expect(titleFor(second?.id ?? '')).toBe(`Monday digest · ${second?.name}`);
  });

  it('has a form for team, pipeline and period that needs no script and keeps the rest of the address', () => {
    const { query } = pageInputFixture('fr');
    const filter = { ...NO_FILTER, teamId: 'north', search: 'audit', sort: 'name' as const };
    const html = render('fr', { query: { ...query, week: '2026-06-01', filter }, filtered: true });
    const [form = ''] = /<form class="filters" method="get" action="\/"[\s\S]*?<\/form>/.exec(html) ?? [];
    for (const [name, value] of [
      ['lang', 'fr'],
      ['manager', 'm1'],
      ['week', '2026-06-01'],
      ['q', 'audit'],
      ['sort', 'name'],
    ])
      expect(form).toContain(`<input type="hidden" name="${name}" value="${value}">`);
    expect(form).not.toContain('type="hidden" name="team"');
    expect(form).toContain('<option value="north" selected>Nord</option>');
    expect(form).toContain('Tout afficher');
    expect(html).toContain(
      'aria-sort="ascending"><a href="/?lang=fr&amp;manager=m1&amp;week=2026-06-01&amp;team=north&amp;q=audit&amp;sort=-name#deals-title"',
    );
  });

  it('offers no choice where there is none: one pipeline, no team, one period', () => {
    const { summary, choices } = pageInputFixture('en');
    const html = render('en', {
      choices: { teams: [], pipelines: choices.pipelines.slice(0, 1), periods: [summary.period] },
    });
    expect(html).not.toContain('aria-label="Filter the forecast"');
  });

  it('says where nothing moved that could be told, and invents no bridge', () => {
    const html = render('en', { compared: null, filtered: true });
    expect(html).toContain('No week to compare with for this selection');
    expect(html).toContain('nothing to compare with');
    expect(html).not.toContain('id="bridge"');
  });

  it('tells a crowd of owners in thirty rows and one of all the others, and still adds up', () => {
    const input = pageInputFixture('en');
    const [first] = input.groups.owner;
    if (first === undefined) throw new Error('the fixture has owners');
    const rest = Array.from({ length: 45 }, (_, at) => ({
      ...first,
      key: `x${at}`,
      netMinor: 0n,
      unprovenMinor: 0n,
      wonMinor: 0n,
      expectedMinor: 0n,
    }));
    const html = render('en', { groups: { ...input.groups, owner: [...input.groups.owner, ...rest] } });
    const { rows, wrong } = tableOf(html, 'by-owner');
    expect(rows).toHaveLength(31);
    expect(rows.at(-1)?.[0]).toBe('19 others');
    expect(wrong).toEqual([]);
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
      compared: null,
      groups: { milestone: [], owner: [], team: [], pipeline: [] },
      periods: [],
      choices: { teams: [], pipelines: [], periods: [summary.period] },
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

  it('has style sheets of a few kilobytes that call nobody, and no script but the one that measures a mail', () => {
    const files = readdirSync(WEB_ASSETS_FOLDER);
    expect(files.filter((name) => !/\.(css|svg)$/.test(name))).toEqual(['mail-height.js']);
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
      names: {
        ...input.names,
        owners: input.names.owners.map((owner) => ({ ...owner, name: HOSTILE })),
        teams: input.names.teams.map((team) => ({ ...team, name: HOSTILE })),
        pipelines: input.names.pipelines.map((pipeline) => ({ ...pipeline, label: HOSTILE })),
      },
      choices: {
        ...input.choices,
        teams: input.choices.teams.map((team) => ({ ...team, name: HOSTILE })),
        pipelines: input.choices.pipelines.map((pipeline) => ({ ...pipeline, label: HOSTILE })),
      },
      managers: input.managers.map((manager) => ({ ...manager, name: HOSTILE })),
      owners: input.owners.map((owner) => ({ ...owner, name: HOSTILE })),
      milestones: input.milestones.map((milestone) => ({
        ...milestone,
        label: { fr: HOSTILE, en: HOSTILE },
      })),
      lines: input.lines.map((line) => ({ ...line, dealName: HOSTILE })),
      query: {
        ...input.query,
        managerId: '"><script>',
        week: '"><script>',
        filter: { ...NO_FILTER, teamId: '"><script>', search: '"><script>' },
      },
    });
    expect(html).not.toMatch(/<script|<img/i);
    expect(html.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(html).toContain('&lt;script&gt;');
  });
});

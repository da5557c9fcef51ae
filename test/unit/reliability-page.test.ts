import { describe, expect, it } from 'vitest';
import { backtestReport } from '../../src/core/reliability/backtest-report.ts';
import { periodOf } from '../../src/core/values/calendar.ts';
import { reliabilityPageView } from '../../src/web/reliability/reliability-page.ts';
import {
  renderNoReliabilityPage,
  renderReliabilityFile,
  renderReliabilityPage,
} from '../../src/web/reliability/reliability-render.ts';
import { verdictTexts } from '../../templates/reliability/backtest-words.ts';
import { calibrationTexts } from '../../templates/reliability/calibration-words.ts';
import { stageModel, ZONE } from '../support/deals.ts';
import { FIRST, reliabilityFixture, steadyCompany, TODAY } from '../support/reliability.ts';

const figures = (html: string): number => [...html.matchAll(/<figure /g)].length;

describe('the reliability page', () => {
  for (const locale of ['fr', 'en'] as const) {
    const html = renderReliabilityFile(reliabilityFixture(locale));

    it(`in ${locale}, as a file, needs nothing else: no script, no address outside, no inline style`, () => {
      expect(html).not.toMatch(/<script|https?:\/\/|<link|<img| style="|@import|url\(/);
      expect(html).toContain('<style>');
      expect(html).toContain(`<html lang="${locale}">`);
    });

    it(`in ${locale}, gives each chart a text alternative and a table`, () => {
      const charts = html.split('<figure ').slice(1);
      expect(charts).toHaveLength(8);
      for (const chart of charts) {
        expect(chart).toMatch(/<svg role="img" aria-label="[^"]{20,}"/);
        expect(chart.split('</figure>')[0]).toContain('<table>');
      }
    });

    it(`in ${locale}, starts each horizon with its verdict`, () => {
      const verdicts = [...html.matchAll(/<p class="verdict[^>]*>([^<]*)/g)].map(([, text]) => text);
      expect(verdicts).toHaveLength(3);
      expect(verdicts[1]).toMatch(/Jalon/);
      expect(verdicts[1]).toMatch(/35/);
    });
  }

  it('in the app takes its styles from our own files and has the header of the app', () => {
    const page = renderReliabilityPage(reliabilityPageView(reliabilityFixture('en')));
    expect(page).not.toContain('<style');
    expect(page).toContain('/assets/reliability.css');
  });

  it('escapes what comes from a CRM', () => {
    expect(renderReliabilityFile(reliabilityFixture('fr'))).not.toContain('<script>alert');
  });

  it('shows the manager’s figure beside the computed one, and marks what was replayed', () => {
    const html = renderReliabilityFile(reliabilityFixture('en'));
    expect(html).toContain('the manager’s frozen figure missed by 4.3%');
    expect(html).toContain('1 June 2026 (replayed)');
  });

  it('draws forecast, range, the manager’s figure and what came, period after period, above the table of the same figures', () => {
    const fixture = reliabilityFixture('en');
    const [, month] = fixture.accuracy?.horizons ?? [];
    const [june] = month?.periods ?? [];
    if (fixture.accuracy === null || month === undefined || june === undefined) throw new Error('no fixture');
    const july = {
      ...june,
      period: periodOf(june.period.end, 'month'),
      cameMinor: june.highMinor + 1n,
      managerMinor: null,
    };
    const horizons = [{ ...month, periods: [june, july] }];
    const html = renderReliabilityFile({ ...fixture, accuracy: { ...fixture.accuracy, horizons } });
    const chart = html.split('<figure ').find((one) => one.includes('accuracy-30')) ?? '';
    const count = (pattern: RegExp) => [...(chart.split('</svg>')[0] ?? '').matchAll(pattern)].length;
    expect(count(/class="chart-actual"/g)).toBe(2);
    expect(count(/class="chart-interval"/g)).toBe(2);
    expect(count(/class="chart-weight"/g)).toBe(1);
    expect(chart).toContain('1 of 2 periods stayed within their range.');
    expect(chart.split('</figure>')[1]).toContain('<table>');
    expect(renderReliabilityFile(fixture)).not.toContain('accuracy-30');
  });

  it('tells restated signatures and what was set aside', () => {
    const html = renderReliabilityFile(reliabilityFixture('en'));
    expect(html).toContain('June 2026: €11,500 at the first reading after its end, €0 in the records today');
    expect(html).toContain('3 rows of the log have no place in time');
  });

  it('of a company without a past says so and draws nothing', () => {
    const young = backtestReport({
      deals: [],
      model: stageModel(),
      zone: ZONE,
      asOf: TODAY,
      amountOf: () => null,
    });
    const html = renderReliabilityFile(
      reliabilityFixture('en', { backtest: young, calibration: [], accuracy: null }),
    );
    expect(html).toContain('There is no past to replay yet');
    expect(figures(html)).toBe(0);
    expect(renderNoReliabilityPage('fr')).toContain('Pas encore de rejeu');
  });
});

describe('verdicts and weights in words', () => {
  it('a short past makes no claim and says what it rests on', () => {
    const report = backtestReport({
      deals: steadyCompany(12),
      model: stageModel(),
      zone: ZONE,
      asOf: FIRST.add({ days: 75 }),
      amountOf: () => 100n,
    });
    const [first = ''] = verdictTexts(report.horizons[1] ?? expect.fail('no horizon'), 7, 'en');
    expect(first).toMatch(
      /^Too short to judge the next 35 days: 1 period that overlaps no other, \d+ wins\./,
    );
  });

  it('says of a verbal commitment at 60 % with 12 of 40 won: calibrated 36 %', () => {
    const row = {
      milestone: stageModel().milestones[3]?.key ?? expect.fail('no milestone'),
      label: { fr: 'Accord verbal', en: 'Verbal commitment' },
      weightBps: 6_000,
      reached: 40,
      won: 12,
      calibrated: 0.36,
      low: 0.28,
      high: 0.45,
    };
    expect(calibrationTexts([row], 'pipedrive', 'en')[0]).toBe(
      '“Verbal commitment” weighs 60%; 12 of 40 resolved deals that reached it were won: calibrated 36% (28% to 45%). The weight lies outside: look at the weight, or at what is accepted as proof.',
    );
    expect(calibrationTexts([row], 'pipedrive', 'fr')[0]).toContain('12 gagnées sur les 40 affaires closes');
    expect(calibrationTexts([{ ...row, weightBps: 3_600 }], 'hubspot', 'en')[0]).toContain(
      'The weight fits.',
    );
    expect(calibrationTexts([{ ...row, reached: 0, won: 0 }], 'hubspot', 'en')[0]).toContain(
      'no closed deal has reached it',
    );
  });
});

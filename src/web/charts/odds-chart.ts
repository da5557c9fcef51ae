/** Whether what was said is what came: deals by the odds they were given. */
import { percentText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { wholeText } from '../../../templates/reliability/figures.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { HorizonReport } from '../../core/reliability/backtest-report.ts';
import { type ChartView, place, type Shape, scaleFromZero } from './chart.ts';
import { BOTTOM, HEIGHT, LEFT, TOP, xText, yTick } from './chart-axes.ts';

const ODDS_WIDTH = 360;
/** Area of a dot grows with its deals; the largest has this radius. */
const LARGEST_DOT = 14;

/** Of the deals of which 30 % was said, did 30 % come? On the line: yes. Null without deals. */
export function oddsChart({ bins, slope }: HorizonReport, id: string, locale: Locale): ChartView | null {
  if (bins.length === 0) return null;
  const x = scaleFromZero(1, LEFT, ODDS_WIDTH - 24);
  const y = scaleFromZero(1, HEIGHT - BOTTOM, TOP);
  const largest = Math.max(...bins.map(({ deals }) => deals));
  const percent = (share: number) => percentText(share, locale);
  return {
    id,
    title: translate(locale, 'chart.odds'),
    summary: translate(locale, slope === null ? 'chart.odds_summary_plain' : 'chart.odds_summary', {
      count: bins.length,
      ...(slope === null ? {} : { slope: slope.toFixed(2).replace('.', locale === 'fr' ? ',' : '.') }),
    }),
    summaryShown: true,
    width: ODDS_WIDTH,
    height: HEIGHT,
    shapes: [
      ...y.ticks.flatMap((tick) => yTick(y.at(tick), percent(tick), ODDS_WIDTH - 12)),
      ...x.ticks.map((tick): Shape => xText(x.at(tick), percent(tick), 'middle')),
      { kind: 'line', x1: x.at(0), y1: y.at(0), x2: x.at(1), y2: y.at(1), className: 'chart-ideal' },
      ...bins.map(
        ({ meanOdds, won, deals }): Shape => ({
          kind: 'dot',
          x: x.at(meanOdds),
          y: y.at(won / deals),
          radius: place(Math.max(3, LARGEST_DOT * Math.sqrt(deals / largest))),
          className: 'chart-odds',
        }),
      ),
    ],
    legend: [
      { className: 'chart-odds', text: translate(locale, 'chart.legend.odds') },
      { className: 'chart-ideal', text: translate(locale, 'chart.legend.ideal') },
    ],
    table: {
      open: translate(locale, 'chart.table'),
      columns: (['band', 'deals', 'said', 'came'] as const).map((key) => ({
        key,
        label: translate(locale, `chart.column.${key}`),
        numeric: key !== 'band',
      })),
      rows: bins.map(({ low, high, deals, meanOdds, won }) => ({
        head: `${percent(low)}–${percent(high)}`,
        cells: [
          wholeText(deals, locale),
          percentText(meanOdds, locale, 1),
          percentText(won / deals, locale, 1),
        ],
      })),
    },
  };
}

/** How far each forecast missed the wins, horizon by horizon. */
import { translate } from '../../../templates/i18n/translate.ts';
import { horizonText, SHOWN_ORDER } from '../../../templates/reliability/backtest-words.ts';
import { errorText } from '../../../templates/reliability/figures.ts';
import { capitalised } from '../../../templates/words.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { HorizonReport } from '../../core/reliability/backtest-report.ts';
import { type ChartView, type Shape, scaleFromZero } from './chart.ts';

/** Names stand above their bars, so that a phone shows both. */
const BAR = 12;
const BAR_STEP = 36;
const GROUP_HEAD = 26;
const GROUP_GAP = 14;
const ERROR_WIDTH = 560;

/** One group of bars per horizon. A forecast whose error is unknown has no bar. */
export function errorChart(horizons: readonly HorizonReport[], locale: Locale): ChartView {
  const errors = horizons.flatMap(({ counts }) => SHOWN_ORDER.map((who) => counts[who].wape ?? 0));
  const { at } = scaleFromZero(Math.max(0.05, ...errors), 0, ERROR_WIDTH - 60);
  const groupHeight = GROUP_HEAD + SHOWN_ORDER.length * BAR_STEP + GROUP_GAP;
  return {
    id: 'errors',
    title: translate(locale, 'chart.errors'),
    summary: horizons.map((horizon) => errorSummary(horizon, locale)).join(' '),
    summaryShown: true,
    width: ERROR_WIDTH,
    height: groupHeight * horizons.length,
    shapes: horizons.flatMap((horizon, group) => errorGroup(horizon, group * groupHeight, at, locale)),
    legend: [],
    table: {
      open: translate(locale, 'chart.table'),
      columns: [
        { key: 'who', label: translate(locale, 'backtest.column.who'), numeric: false },
        ...horizons.map(({ horizon }, key) => ({
          key: String(key),
          label: capitalised(horizonText(horizon, locale)),
          numeric: true,
        })),
      ],
      rows: SHOWN_ORDER.map((who) => ({
        head: translate(locale, `backtest.who.${who}`),
        cells: horizons.map(({ counts }) => errorText(counts[who].wape, locale)),
      })),
    },
  };
}

function errorSummary({ horizon, counts }: HorizonReport, locale: Locale): string {
  return translate(locale, 'chart.errors_summary', {
    horizon: capitalised(horizonText(horizon, locale)),
    jalon: errorText(counts.jalon.wape, locale),
    naive: errorText(counts.n4.wape, locale),
    crm: errorText(counts.n0.wape, locale),
  });
}

function errorGroup(
  { horizon, counts }: HorizonReport,
  top: number,
  at: (value: number) => number,
  locale: Locale,
): readonly Shape[] {
  const head: Shape = {
    kind: 'text',
    x: 0,
    y: top + 16,
    anchor: 'start',
    className: 'chart-head',
    text: capitalised(horizonText(horizon, locale)),
  };
  const bars = SHOWN_ORDER.flatMap((who, row): readonly Shape[] => {
    const y = top + GROUP_HEAD + row * BAR_STEP;
    const error = counts[who].wape;
    const end = at(error ?? 0);
    const text = (x: number, below: number, label: string): Shape => ({
      kind: 'text',
      x,
      y: y + below,
      anchor: 'start',
      className: who === 'jalon' ? 'chart-strong' : 'chart-label',
      text: label,
    });
    return [
      text(0, 12, translate(locale, `backtest.who.${who}`)),
      {
        kind: 'rect',
        x: 0,
        y: y + 17,
        width: Math.max(1, end),
        height: BAR,
        className: `chart-${who}`,
      },
      text(end + 8, 28, errorText(error, locale)),
    ];
  });
  return [head, ...bars];
}

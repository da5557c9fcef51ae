/** The manager's weights beside what the company's own deals say, with the interval that n allows. */
import { percentText, weightText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { calibrationTexts } from '../../../templates/reliability/calibration-words.ts';
import { wholeText } from '../../../templates/reliability/figures.ts';
import { visibleText } from '../../../templates/text.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { MilestoneCalibration } from '../../core/reliability/model-calibration.ts';
import type { CrmKind } from '../../core/values/crm.ts';
import { type ChartView, place, type Shape, scaleFromZero } from './chart.ts';

const WIDTH = 760;
const NAMES = 220;
const ROW = 34;
const BOTTOM = 28;

export function calibrationChart(
  rows: readonly MilestoneCalibration[],
  crm: CrmKind,
  locale: Locale,
): ChartView {
  const { at, ticks } = scaleFromZero(1, NAMES, WIDTH - 30);
  const height = rows.length * ROW + BOTTOM;
  return {
    id: 'weights',
    title: translate(locale, 'chart.weights'),
    summary: calibrationTexts(rows, crm, locale).join(' '),
    summaryShown: false,
    width: WIDTH,
    height,
    shapes: [
      ...ticks.flatMap((tick): readonly Shape[] => [
        { kind: 'line', x1: at(tick), y1: 4, x2: at(tick), y2: height - BOTTOM, className: 'chart-grid' },
        {
          kind: 'text',
          x: at(tick),
          y: height - 8,
          anchor: 'middle',
          className: 'chart-label',
          text: percentText(tick, locale),
        },
      ]),
      ...rows.flatMap((row, place) => milestoneShapes(row, place * ROW + ROW / 2, at, locale)),
    ],
    legend: [
      { className: 'chart-weight', text: translate(locale, 'chart.legend.weight') },
      { className: 'chart-calibrated', text: translate(locale, 'chart.legend.calibrated') },
      { className: 'chart-interval', text: translate(locale, 'chart.legend.interval') },
    ],
    table: calibrationTable(rows, locale),
  };
}

function milestoneShapes(
  row: MilestoneCalibration,
  y: number,
  at: (value: number) => number,
  locale: Locale,
): readonly Shape[] {
  const weight = at(row.weightBps / 10_000);
  return [
    {
      kind: 'text',
      x: NAMES - 12,
      y: place(y + 4),
      anchor: 'end',
      className: 'chart-label',
      text: visibleText(row.label[locale], 26),
    },
    { kind: 'line', x1: at(row.low), y1: y, x2: at(row.high), y2: y, className: 'chart-interval' },
    { kind: 'rect', x: place(weight - 2), y: y - 11, width: 4, height: 22, className: 'chart-weight' },
    { kind: 'dot', x: at(row.calibrated), y, radius: 6, className: 'chart-calibrated' },
  ];
}

function calibrationTable(
  rows: readonly MilestoneCalibration[],
  locale: Locale,
): NonNullable<ChartView['table']> {
  return {
    open: translate(locale, 'chart.table'),
    columns: (['milestone', 'weight', 'reached', 'won', 'calibrated', 'interval'] as const).map((key) => ({
      key,
      label: translate(locale, `calibration.column.${key}`),
      numeric: key !== 'milestone',
    })),
    rows: rows.map((row) => ({
      head: visibleText(row.label[locale]),
      cells: [
        weightText(row.weightBps, locale),
        wholeText(row.reached, locale),
        wholeText(row.won, locale),
        percentText(row.calibrated, locale),
        `${percentText(row.low, locale)}–${percentText(row.high, locale)}`,
      ],
    })),
  };
}

/** The replay in pictures: how far each forecast missed, Monday by Monday, and whether the odds held. Each with its table. */
import { dayText, fullDateText, monthText, percentText, shortMonthText } from '../../templates/format.ts';
import { translate } from '../../templates/i18n/translate.ts';
import { horizonText, SHOWN_ORDER } from '../../templates/reliability/backtest-words.ts';
import { errorText, wholeText } from '../../templates/reliability/figures.ts';
import { capitalised } from '../../templates/words.ts';
import type { HorizonReport, ReplayedMonday } from '../core/backtest-report.ts';
import { daysBetween } from '../core/calendar.ts';
import type { Locale } from '../core/milestone.ts';
import { type ChartView, place, polyline, type Shape, scaleFromZero } from './chart.ts';

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

const WIDTH = 560;
const HEIGHT = 270;
const LEFT = 54;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 34;

/** What was forecast on each Monday, with its range, and what came. Null with fewer than two Mondays: nothing to draw. */
export function mondaysChart(horizon: HorizonReport, id: string, locale: Locale): ChartView | null {
  const { mondays } = horizon;
  const [first] = mondays;
  const last = mondays.at(-1);
  if (first === undefined || last === undefined || mondays.length < 2) return null;
  const most = Math.max(1, ...mondays.map((monday) => Math.max(monday.high, monday.actual)));
  const y = scaleFromZero(most, HEIGHT - BOTTOM, TOP);
  const span = daysBetween(first.on, last.on);
  const x = (on: Temporal.PlainDate): number =>
    place(LEFT + ((WIDTH - LEFT - RIGHT) * daysBetween(first.on, on)) / span);
  const point = (of: (monday: ReplayedMonday) => number) => (monday: ReplayedMonday) =>
    [x(monday.on), y.at(of(monday))] as const;
  const band = [
    ...mondays.map(point((monday) => monday.high)),
    ...[...mondays].reverse().map(point((monday) => monday.low)),
  ];
  return {
    id,
    title: translate(locale, 'chart.mondays'),
    summary: mondaysSummary(horizon, locale),
    summaryShown: true,
    width: WIDTH,
    height: HEIGHT,
    shapes: [
      ...y.ticks.flatMap((tick) => yTick(y.at(tick), wholeText(tick, locale), WIDTH)),
      ...monthTicks(first.on, last.on, x, locale),
      { kind: 'path', d: `${polyline(band)}Z`, className: 'chart-band' },
      {
        kind: 'path',
        d: polyline(mondays.map(point(({ forecast }) => forecast.jalon))),
        className: 'chart-forecast',
      },
      ...mondays.map(
        (monday): Shape => ({
          kind: 'dot',
          x: x(monday.on),
          y: y.at(monday.actual),
          radius: mondays.length > 40 ? 2.5 : 4,
          className: 'chart-actual',
        }),
      ),
    ],
    legend: [
      { className: 'chart-forecast', text: translate(locale, 'chart.legend.forecast') },
      { className: 'chart-band', text: translate(locale, 'chart.legend.range') },
      { className: 'chart-actual', text: translate(locale, 'chart.legend.actual') },
    ],
    table: mondaysTable(mondays, locale),
  };
}

function mondaysSummary({ mondays }: HorizonReport, locale: Locale): string {
  const inside = mondays.filter(({ low, high, actual }) => low <= actual && actual <= high).length;
  const sum = (of: (monday: ReplayedMonday) => number) =>
    mondays.reduce((total, monday) => total + of(monday), 0);
  return translate(locale, 'chart.mondays_summary', {
    count: mondays.length,
    forecast: wholeText(
      sum(({ forecast }) => forecast.jalon),
      locale,
    ),
    actual: wholeText(
      sum(({ actual }) => actual),
      locale,
    ),
    inside,
  });
}

function mondaysTable(mondays: readonly ReplayedMonday[], locale: Locale): ChartView['table'] {
  const column = (key: 'date' | 'open' | 'jalon' | 'range' | 'naive' | 'crm' | 'actual') => ({
    key,
    label: translate(locale, `chart.column.${key}`),
    numeric: key !== 'date',
  });
  return {
    open: translate(locale, 'chart.table'),
    columns: (['date', 'open', 'jalon', 'range', 'actual', 'naive', 'crm'] as const).map(column),
    rows: mondays.map((monday) => ({
      head: fullDateText(monday.on, locale),
      cells: [
        wholeText(monday.openDeals, locale),
        wholeText(monday.forecast.jalon, locale),
        `${wholeText(monday.low, locale)}–${wholeText(monday.high, locale)}`,
        wholeText(monday.actual, locale),
        wholeText(monday.forecast.n4, locale),
        wholeText(monday.forecast.n0, locale),
      ],
    })),
  };
}

function yTick(y: number, text: string, width: number): readonly Shape[] {
  return [
    { kind: 'line', x1: LEFT, y1: y, x2: width - RIGHT, y2: y, className: 'chart-grid' },
    { kind: 'text', x: LEFT - 8, y: place(y + 4), anchor: 'end', className: 'chart-label', text },
  ];
}

/** The first of each month, or of every second, third... when there are many. */
function monthTicks(
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
  x: (on: Temporal.PlainDate) => number,
  locale: Locale,
): readonly Shape[] {
  const months: Temporal.PlainDate[] = [];
  for (
    let month = from.with({ day: 1 }).add({ months: 1 });
    Temporal.PlainDate.compare(month, to) <= 0;
    month = month.add({ months: 1 })
  )
    months.push(month);
  const every = Math.max(1, Math.ceil(months.length / 7));
  const label = (month: Temporal.PlainDate) =>
    months.length > 8
      ? `${shortMonthText(month, locale)} ${String(month.year).slice(2)}`
      : monthText(month, locale);
  if (months.length === 0)
    return [from, to].map((day, at) => xText(x(day), dayText(day, locale), at === 0 ? 'start' : 'end'));
  return months
    .filter((_, at) => at % every === 0)
    .flatMap((month): readonly Shape[] => [
      { kind: 'line', x1: x(month), y1: TOP, x2: x(month), y2: HEIGHT - BOTTOM, className: 'chart-grid' },
      xText(x(month), label(month), x(month) > WIDTH - 60 ? 'end' : 'middle'),
    ]);
}

function xText(x: number, text: string, anchor: 'start' | 'middle' | 'end'): Shape {
  return { kind: 'text', x, y: HEIGHT - 12, anchor, className: 'chart-label', text };
}

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

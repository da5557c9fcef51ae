/** What was forecast on each past Monday, and what came. */
import { dayText, fullDateText, monthText, shortMonthText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { wholeText } from '../../../templates/reliability/figures.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { HorizonReport, ReplayedMonday } from '../../core/reliability/backtest-report.ts';
import { daysBetween } from '../../core/values/calendar.ts';
import { band, type ChartView, place, polyline, type Shape, scaleFromZero } from './chart.ts';
import { BOTTOM, HEIGHT, LEFT, RIGHT, TOP, xText, yTick } from './chart-axes.ts';

const WIDTH = 560;

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
  const range = mondays.map(({ on, low, high }) => ({ x: x(on), low: y.at(low), high: y.at(high) }));
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
      { kind: 'path', d: band(range), className: 'chart-band' },
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

function mondaysTable(mondays: readonly ReplayedMonday[], locale: Locale): NonNullable<ChartView['table']> {
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

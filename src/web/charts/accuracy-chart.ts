/** Period after period: what was forecast so many days before the end, with its range, what the manager had frozen, and what came. */
import { scalePoint } from 'd3-scale';
import { stepsText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { largestOf, type MoneyScale, moneyScale } from '../../../templates/rounding.ts';
import { periodText } from '../../../templates/words.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { HorizonAccuracy, MetFigures } from '../../core/reliability/frozen-accuracy.ts';
import type { CurrencyCode } from '../../core/values/currency.ts';
import { type ChartView, place, polyline, type Shape, scaleFromZero } from './chart.ts';
import { BOTTOM, HEIGHT, LEFT, RIGHT, TOP, xText, yTick } from './chart-axes.ts';

const WIDTH = 560;
/** More names than this under the axis would touch each other. */
const MAX_NAMES = 8;

/** Null with fewer than two periods: one dot is told better by the table. */
export function accuracyChart(
  { daysBefore, periods }: HorizonAccuracy,
  currency: CurrencyCode,
  locale: Locale,
): ChartView | null {
  if (periods.length < 2) return null;
  const money = moneyScale(currency, largestOf(periods.flatMap(amountsOf)));
  const units = (minor: bigint): number => Number(minor) / Number(money.stepMinor);
  const most = Math.max(1, ...periods.flatMap(amountsOf).map(units));
  const y = scaleFromZero(most, HEIGHT - BOTTOM, TOP);
  const x = scalePoint()
    .domain(periods.map(({ period }) => period.key))
    .range([LEFT, WIDTH - RIGHT])
    .padding(0.5);
  const at = ({ period }: MetFigures): number => place(x(period.key) ?? LEFT);
  const every = Math.ceil(periods.length / MAX_NAMES);
  const title = translate(locale, 'accuracy.horizon', { count: daysBefore });
  const managed = periods.filter(({ managerMinor }) => managerMinor !== null);
  return {
    id: `accuracy-${daysBefore}`,
    title: translate(locale, 'chart.accuracy', { horizon: title }),
    summary: summaryText(periods, locale),
    summaryShown: true,
    width: WIDTH,
    height: HEIGHT,
    shapes: [
      ...y.ticks.flatMap((tick) => yTick(y.at(tick), tickText(tick, money, locale), WIDTH)),
      ...periods
        .filter((_, index) => index % every === 0)
        .map((met) => xText(at(met), nameOf(met, locale), 'middle')),
      ...periods.map((met): Shape => {
        const [high, low] = [y.at(units(met.highMinor)), y.at(units(met.lowMinor))];
        return { kind: 'line', x1: at(met), y1: high, x2: at(met), y2: low, className: 'chart-interval' };
      }),
      {
        kind: 'path',
        d: polyline(periods.map((met) => [at(met), y.at(units(met.forecastMinor))])),
        className: 'chart-forecast',
      },
      ...managed.map((met): Shape => {
        const top = y.at(units(met.managerMinor ?? 0n));
        return { kind: 'rect', x: at(met) - 8, y: top - 2, width: 16, height: 4, className: 'chart-weight' };
      }),
      ...periods.map((met): Shape => {
        return {
          kind: 'dot',
          x: at(met),
          y: y.at(units(met.cameMinor)),
          radius: 5,
          className: 'chart-actual',
        };
      }),
    ],
    legend: [
      { className: 'chart-forecast', text: translate(locale, 'chart.legend.forecast') },
      { className: 'chart-interval', text: translate(locale, 'chart.legend.range') },
      ...(managed.length === 0
        ? []
        : [{ className: 'chart-weight', text: translate(locale, 'chart.legend.manager') }]),
      { className: 'chart-actual', text: translate(locale, 'chart.legend.actual') },
    ],
    table: null,
  };
}

function amountsOf({ highMinor, cameMinor, forecastMinor, managerMinor }: MetFigures): readonly bigint[] {
  return [highMinor, cameMinor, forecastMinor, managerMinor ?? 0n];
}

/** A quarter needs its year: there are several of the same number. Months have no room for it, and rarely more than a year of them. */
function nameOf({ period }: MetFigures, locale: Locale): string {
  return periodText(period, locale, period.kind === 'quarter' ? 'long' : 'short');
}

function tickText(tick: number, money: MoneyScale, locale: Locale): string {
  return stepsText(BigInt(Math.round(tick)), money, locale);
}

function summaryText(periods: readonly MetFigures[], locale: Locale): string {
  const inside = periods.filter(
    ({ lowMinor, cameMinor, highMinor }) => lowMinor <= cameMinor && cameMinor <= highMinor,
  );
  return translate(locale, 'chart.accuracy_summary', { count: periods.length, inside: inside.length });
}

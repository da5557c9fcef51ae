/** Everything that /reliability prints, in the reader's language: replay, frozen forecasts, weights. Pure. */
import { fullDateText, moneyText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { accuracyTexts, restatedTexts } from '../../../templates/reliability/accuracy-words.ts';
import { calibrationTexts } from '../../../templates/reliability/calibration-words.ts';
import { visibleText } from '../../../templates/text.ts';
import { dealWord, periodText } from '../../../templates/words.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { HorizonAccuracy, MetFigures } from '../../core/reliability/frozen-accuracy.ts';
import { ACCURACY_DAYS } from '../../core/reliability/frozen-accuracy.ts';
import { accuracyChart } from '../charts/accuracy-chart.ts';
import { calibrationChart } from '../charts/calibration-chart.ts';
import type { ChartView } from '../charts/chart.ts';
import type { HeaderView } from '../header.ts';
import type { ColumnView, TableRowView } from '../table.ts';
import { type BacktestView, backtestView } from './backtest-page.ts';
import type { ReliabilityInput } from './reliability-input.ts';

interface AccuracyHorizonView {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly columns: readonly ColumnView[];
  readonly rows: readonly TableRowView[];
  readonly chart: ChartView | null;
}

export interface ReliabilityPageView {
  readonly locale: Locale;
  readonly title: string;
  readonly company: string;
  readonly asOf: string;
  readonly skip: string;
  /** The app's own top of page; null in a file that is read on its own. */
  readonly header: HeaderView | null;
  readonly backtest: BacktestView;
  readonly accuracy: {
    readonly title: string;
    readonly hint: string;
    readonly none: string | null;
    readonly horizons: readonly AccuracyHorizonView[];
    readonly restated: readonly string[];
  } | null;
  readonly calibration: {
    readonly title: string;
    readonly hint: string;
    readonly sentences: readonly string[];
    readonly chart: ChartView;
  } | null;
}

export function reliabilityPageView(input: ReliabilityInput): ReliabilityPageView {
  const { locale, crm, calibration } = input;
  return {
    locale,
    title: translate(locale, 'reliability.title'),
    company: visibleText(input.company),
    asOf: translate(locale, 'reliability.as_of', { date: fullDateText(input.backtest.asOf, locale) }),
    skip: translate(locale, 'page.skip'),
    header: null,
    backtest: backtestView(input),
    accuracy: accuracyView(input),
    calibration:
      calibration.length === 0
        ? null
        : {
            title: translate(locale, 'calibration.title'),
            hint: translate(locale, 'calibration.hint', { dealWord: dealWord(crm, locale, 1) }),
            sentences: calibrationTexts(calibration, crm, locale),
            chart: calibrationChart(calibration, crm, locale),
          },
  };
}

function accuracyView({ accuracy, crm, locale }: ReliabilityInput): ReliabilityPageView['accuracy'] {
  if (accuracy === null) return null;
  const judged = accuracy.horizons.filter(({ periods }) => periods.length > 0);
  const replayed = judged.some(({ periods }) => periods.some(({ source }) => source === 'replayed'));
  const hint = translate(locale, 'accuracy.hint', { days: ACCURACY_DAYS.join(', ') });
  return {
    title: translate(locale, 'accuracy.title'),
    hint: replayed ? `${hint} ${translate(locale, 'accuracy.replayed_hint')}` : hint,
    none: judged.length === 0 ? translate(locale, 'accuracy.none') : null,
    horizons: judged.map((horizon) => accuracyHorizonView(horizon, accuracy.currency, crm, locale)),
    restated: restatedTexts(accuracy.outcomes, accuracy.currency, crm, locale),
  };
}

const COLUMNS = ['period', 'on', 'forecast', 'range', 'came', 'with_new', 'manager', 'actual'] as const;

function accuracyHorizonView(
  horizon: HorizonAccuracy,
  currency: NonNullable<ReliabilityInput['accuracy']>['currency'],
  crm: ReliabilityInput['crm'],
  locale: Locale,
): AccuracyHorizonView {
  const money = (minor: bigint | null): string => (minor === null ? '–' : moneyText(minor, currency, locale));
  return {
    title: translate(locale, 'accuracy.horizon', { count: horizon.daysBefore }),
    sentences: accuracyTexts(horizon, crm, locale),
    chart: accuracyChart(horizon, currency, locale),
    columns: COLUMNS.map((key) => ({
      key,
      label: translate(locale, `accuracy.column.${key}`),
      numeric: key !== 'period' && key !== 'on',
    })),
    rows: horizon.periods.map((met) => ({
      head: periodText(met.period, locale, 'long'),
      cells: [
        madeOnText(met, locale),
        money(met.forecastMinor),
        `${money(met.lowMinor)}–${money(met.highMinor)}`,
        money(met.cameMinor),
        money(met.withNewMinor),
        money(met.managerMinor),
        money(met.actualMinor),
      ],
    })),
  };
}

function madeOnText({ asOf, source }: MetFigures, locale: Locale): string {
  const date = fullDateText(asOf, locale);
  return source === 'snapshot' ? date : `${date} (${translate(locale, 'accuracy.replayed')})`;
}

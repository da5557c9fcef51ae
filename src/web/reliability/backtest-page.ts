/** The replay as the reliability page tells it: a verdict per horizon, then the pictures with their tables. Pure. */
import { translate } from '../../../templates/i18n/translate.ts';
import {
  forecasterTable,
  horizonFacts,
  horizonText,
  leadTexts,
  noteTexts,
  verdictTexts,
} from '../../../templates/reliability/backtest-words.ts';
import { capitalised } from '../../../templates/words.ts';
import type { HorizonReport } from '../../core/reliability/backtest-report.ts';
import type { ChartView } from '../charts/chart.ts';
import { errorChart } from '../charts/error-chart.ts';
import { mondaysChart } from '../charts/mondays-chart.ts';
import { oddsChart } from '../charts/odds-chart.ts';
import type { ColumnView, TableRowView } from '../table.ts';
import type { ReliabilityInput } from './reliability-input.ts';

interface HorizonView {
  readonly id: string;
  readonly title: string;
  /** The verdict first; it is the sentence that people remember. */
  readonly verdict: string;
  readonly sentences: readonly string[];
  readonly tone: 'good' | 'bad' | 'plain';
  readonly columns: readonly ColumnView[];
  readonly rows: readonly TableRowView[];
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly charts: readonly ChartView[];
}

export interface BacktestView {
  readonly title: string;
  readonly lead: readonly string[];
  readonly errors: ChartView | null;
  readonly horizons: readonly HorizonView[];
  readonly notes: readonly string[];
  readonly notesTitle: string;
  readonly formula: string;
}

export function backtestView(input: ReliabilityInput): BacktestView {
  const { backtest, crm, locale } = input;
  const replayed = backtest.horizons.filter(({ windows }) => windows > 0);
  return {
    title: translate(locale, 'backtest.title'),
    lead: leadTexts(backtest, crm, locale),
    errors: replayed.length === 0 ? null : errorChart(replayed, locale),
    horizons: replayed.map((horizon, at) => horizonView(horizon, at, input)),
    notes: noteTexts(backtest, input.unplacedRows, crm, locale),
    notesTitle: translate(locale, 'reliability.notes'),
    formula: translate(locale, 'backtest.formula'),
  };
}

const TONE = { better: 'good', similar: 'plain', worse: 'bad', too_short: 'plain' } as const;

function horizonView(horizon: HorizonReport, at: number, input: ReliabilityInput): HorizonView {
  const { backtest, crm, locale } = input;
  const [verdict = '', ...sentences] = verdictTexts(horizon, backtest.everyDays, locale);
  const [titles = [], ...rows] = forecasterTable(horizon, locale);
  const id = `horizon-${at}`;
  return {
    id,
    title: capitalised(horizonText(horizon.horizon, locale)),
    verdict,
    sentences,
    tone: TONE[horizon.verdict.kind],
    columns: titles.map((label, key) => ({ key: String(key), label, numeric: key > 0 })),
    rows: rows.map(([head = '', ...cells]) => ({ head, cells })),
    facts: horizonFacts(horizon, crm, locale).map(([label, value]) => ({ label, value })),
    charts: [mondaysChart(horizon, `${id}-mondays`, locale), oddsChart(horizon, `${id}-odds`, locale)].filter(
      (chart) => chart !== null,
    ),
  };
}

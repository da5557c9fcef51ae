import {
  dayText,
  percentText,
  signedStepsText,
  stepsText,
  wholePercentText,
} from '../../../templates/format.ts';
import { type BarWidths, barWidths, type HeadlineFigures } from '../../../templates/headline-figures.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { roundToSteps } from '../../../templates/rounding.ts';
import { dealWord } from '../../../templates/words.ts';
import type { ForecastRange } from '../../core/forecast/forecast-types.ts';
import type { ForecastPageInput } from './forecast-input.ts';

/** `key` names the figure for tests and styles; `note` says what the value rests on. */
interface FactView {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly note: string | null;
  readonly tone: 'good' | 'bad' | 'plain';
}

export interface HeadlineView {
  readonly forecast: string;
  readonly target: string;
  readonly bar: BarWidths & { readonly text: string };
  readonly facts: readonly FactView[];
}

export function headlineView(input: ForecastPageInput, figures: HeadlineFigures): HeadlineView {
  const { locale } = input.query;
  return {
    forecast: stepsText(figures.forecast, figures.scale, locale),
    target: targetText(input, figures),
    bar: { ...barWidths(figures), text: barText(input, figures) },
    facts: [
      ...partFacts(input, figures),
      unprovenFact(input, figures),
      changeFact(input, figures),
      ...rangeFacts(input, figures, input.summary.range),
    ],
  };
}

function targetText({ query, filtered }: ForecastPageInput, figures: HeadlineFigures): string {
  const { target, percentOfTarget, scale } = figures;
  if (target === null || percentOfTarget === null)
    return translate(query.locale, filtered ? 'page.no_target_here' : 'forecast.no_target');
  return translate(query.locale, 'forecast.of_target', {
    target: stepsText(target, scale, query.locale),
    percent: wholePercentText(percentOfTarget, query.locale),
  });
}

function barText({ query }: ForecastPageInput, { won, expected, gap, scale }: HeadlineFigures): string {
  const text = (steps: bigint): string => stepsText(steps, scale, query.locale);
  const parts = { won: text(won), expected: text(expected) };
  return gap !== null && gap > 0n
    ? translate(query.locale, 'page.bar', { ...parts, gap: text(gap) })
    : translate(query.locale, 'page.bar_no_target', parts);
}

function partFacts({ query }: ForecastPageInput, figures: HeadlineFigures): readonly FactView[] {
  const { won, expected, gap, scale } = figures;
  const fact = (
    key: 'won' | 'expected' | 'gap' | 'surplus',
    steps: bigint,
    tone: FactView['tone'],
  ): FactView => ({
    key,
    label: translate(query.locale, `forecast.${key}`),
    value: stepsText(steps, scale, query.locale),
    note: null,
    tone,
  });
  const parts = [fact('won', won, 'plain'), fact('expected', expected, 'plain')];
  if (gap === null) return parts;
  return [...parts, gap < 0n ? fact('surplus', -gap, 'good') : fact('gap', gap, gap > 0n ? 'bad' : 'plain')];
}

/** What the stages declare beyond what customers have proven: in no forecast, and visible. */
function unprovenFact({ query, summary }: ForecastPageInput, { scale }: HeadlineFigures): FactView {
  return plainFact(
    'unproven',
    translate(query.locale, 'page.column.unproven'),
    stepsText(roundToSteps(summary.unprovenMinor, scale), scale, query.locale),
    translate(query.locale, 'page.unproven_hint'),
  );
}

function changeFact(input: ForecastPageInput, { forecast, scale }: HeadlineFigures): FactView {
  const { query, compared } = input;
  const label = translate(query.locale, 'forecast.change');
  if (compared === null) {
    const note = translate(query.locale, input.filtered ? 'page.no_comparison' : 'page.first_reading');
    return { key: 'change', label, value: '–', note, tone: 'plain' };
  }
  const change = forecast - roundToSteps(compared.movement.startMinor, scale);
  return {
    key: 'change',
    label,
    value: signedStepsText(change, scale, query.locale),
    note: translate(query.locale, 'page.change_since', { date: dayText(compared.asOf, query.locale) }),
    tone: change > 0n ? 'good' : change < 0n ? 'bad' : 'plain',
  };
}

function rangeFacts(
  input: ForecastPageInput,
  { scale }: HeadlineFigures,
  range: ForecastRange | null,
): readonly FactView[] {
  if (range === null) return [];
  const { locale } = input.query;
  const text = (amountMinor: bigint): string => stepsText(roundToSteps(amountMinor, scale), scale, locale);
  const chance: readonly FactView[] =
    range.chanceOfTarget === null
      ? []
      : [
          plainFact(
            'chance',
            translate(locale, 'page.chance'),
            chanceText(range.chanceOfTarget, input),
            null,
          ),
        ];
  return [
    plainFact(
      'range',
      translate(locale, 'page.range'),
      translate(locale, 'page.range_text', { low: text(range.p10Minor), high: text(range.p90Minor) }),
      translate(locale, 'page.range_hint'),
    ),
    ...chance,
    plainFact(
      'reliability',
      translate(locale, 'page.reliability'),
      percentText(range.reliabilityIndex, locale),
      concentrationText(input, range),
    ),
  ];
}

function plainFact(key: string, label: string, value: string, note: string | null): FactView {
  return { key, label, value, note, tone: 'plain' };
}

/** A model never knows enough for "0 %" or "100 %". */
function chanceText(chance: number, { query }: ForecastPageInput): string {
  if (chance < 0.01) return `< ${percentText(0.01, query.locale)}`;
  if (chance > 0.99) return `> ${percentText(0.99, query.locale)}`;
  return percentText(chance, query.locale);
}

function concentrationText(input: ForecastPageInput, { concentration }: ForecastRange): string | null {
  const count = concentration.length;
  if (count === 0) return null;
  const { locale } = input.query;
  const share = concentration.reduce((sum, deal) => sum + deal.share, 0);
  return translate(locale, 'page.concentration', {
    count,
    share: percentText(share, locale),
    dealWord: dealWord(input.header.connection.crm, locale, count),
  });
}

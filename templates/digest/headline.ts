import type { DigestModel } from '../../src/core/review/digest-types.ts';
import { signedStepsText, stepsText, wholePercentText } from '../format.ts';
import { type BarWidths, barWidths } from '../headline-figures.ts';
import { translate } from '../i18n/translate.ts';
import { periodText } from '../words.ts';
import type { DigestFigures } from './figures.ts';
import { type Tone, toneOf } from './tone.ts';
import { weekText } from './week.ts';

interface FactView {
  readonly label: string;
  readonly value: string;
  readonly tone: Tone;
}

export interface HeadlineView {
  readonly title: string;
  readonly week: string;
  readonly forecast: string;
  readonly target: string;
  readonly bar: BarWidths;
  readonly facts: readonly FactView[];
}

export function headlineView(model: DigestModel, figures: DigestFigures): HeadlineView {
  const { locale, summary } = model;
  return {
    title: translate(locale, 'digest.title', { period: periodText(summary.period, locale, 'short') }),
    week: translate(locale, 'digest.week', { date: weekText(model.isoWeek, locale) }),
    forecast: stepsText(figures.forecast, figures.scale, locale),
    target: targetText(model, figures),
    bar: barWidths(figures),
    facts: [
      {
        label: translate(locale, 'forecast.won'),
        value: stepsText(figures.won, figures.scale, locale),
        tone: 'plain',
      },
      secondFact(model, figures),
      ...changeFact(model, figures),
    ],
  };
}

function targetText(model: DigestModel, figures: DigestFigures): string {
  const { locale } = model;
  if (figures.target === null || figures.percentOfTarget === null)
    return translate(locale, 'forecast.no_target');
  return translate(locale, 'forecast.of_target', {
    target: stepsText(figures.target, figures.scale, locale),
    percent: wholePercentText(figures.percentOfTarget, locale),
  });
}

/** The gap when there is a target (or what lies above it), else what is expected on top of the signed amount. */
function secondFact(model: DigestModel, figures: DigestFigures): FactView {
  const { locale } = model;
  const text = (steps: bigint): string => stepsText(steps, figures.scale, locale);
  if (figures.gap === null)
    return { label: translate(locale, 'forecast.expected'), value: text(figures.expected), tone: 'plain' };
  if (figures.gap < 0n)
    return { label: translate(locale, 'forecast.surplus'), value: text(-figures.gap), tone: 'good' };
  return {
    label: translate(locale, 'forecast.gap'),
    value: text(figures.gap),
    tone: figures.gap === 0n ? 'plain' : 'bad',
  };
}

function changeFact(model: DigestModel, figures: DigestFigures): readonly FactView[] {
  if (figures.moved === null) return [];
  const { change } = figures.moved;
  const value = signedStepsText(change, figures.scale, model.locale);
  return [{ label: translate(model.locale, 'forecast.change'), value, tone: toneOf(change) }];
}

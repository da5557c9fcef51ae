import type { DigestModel } from '../../src/core/review/digest-types.ts';
import { signedStepsText, stepsText, wholePercentText } from '../format.ts';
import { translate } from '../i18n/translate.ts';
import { visibleText } from '../text.ts';
import { capitalised, periodText } from '../words.ts';
import type { DigestFigures } from './figures.ts';

/** What a phone shows of a subject and of the line below it. */
const SUBJECT_LIMIT = 45;
const PREHEADER_LIMIT = 90;

/** The most telling subject that fits: the week's own numbers, so that no two weeks look alike in a list. */
export function subjectText(model: DigestModel, figures: DigestFigures): string {
  const { locale, stuckTotal } = model;
  const params = {
    period: capitalised(periodText(model.summary.period, locale, 'short')),
    forecast: stepsText(figures.forecast, figures.scale, locale),
    target: figures.target === null ? '' : stepsText(figures.target, figures.scale, locale),
    percent: figures.percentOfTarget === null ? '' : wholePercentText(figures.percentOfTarget, locale),
    stuck: translate(locale, 'digest.subject.stuck', { count: stuckTotal }),
  };
  const withTarget = ['digest.subject.full', 'digest.subject.target', 'digest.subject.short'] as const;
  const withoutTarget = ['digest.subject.no_target_stuck', 'digest.subject.no_target'] as const;
  const forms = figures.target === null ? withoutTarget : withTarget;
  const candidates = (stuckTotal > 0 ? forms : forms.slice(1)).map((key) => translate(locale, key, params));
  const fitting = candidates.find((candidate) => candidate.length <= SUBJECT_LIMIT);
  return fitting ?? visibleText(candidates.at(-1) ?? params.period, SUBJECT_LIMIT);
}

export function preheaderText(model: DigestModel, figures: DigestFigures): string {
  const { locale } = model;
  const change =
    figures.moved === null
      ? translate(locale, 'digest.preheader.first')
      : translate(locale, 'digest.preheader.change', {
          change: signedStepsText(figures.moved.change, figures.scale, locale),
        });
  const gap =
    figures.gap === null || figures.gap <= 0n
      ? []
      : [translate(locale, 'digest.preheader.gap', { gap: stepsText(figures.gap, figures.scale, locale) })];
  const questions =
    model.questions.length === 0
      ? []
      : [translate(locale, 'digest.preheader.questions', { count: Math.min(model.questions.length, 3) })];
  return visibleText(capitalised([change, ...gap, ...questions].join(' · ')), PREHEADER_LIMIT);
}

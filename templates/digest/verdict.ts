import type { DigestModel, MovementRow } from '../../src/core/review/digest-types.ts';
import { listText, stepsText } from '../format.ts';
import { translate } from '../i18n/translate.ts';
import { magnitude, sumOf } from '../rounding.ts';
import { periodText } from '../words.ts';
import { type DigestFigures, shownSteps } from './figures.ts';
import { sentenceNames } from './names.ts';

/** Where the period stands, then what explains the change: at most two losses and two gains by name. */
export function verdictText(model: DigestModel, figures: DigestFigures): string {
  const { verdict } = model;
  const sentences = [
    standingText(model, figures),
    ...changeText('digest.verdict.losses', verdict.losses, model, figures),
    ...changeText('digest.verdict.gains', verdict.gains, model, figures),
  ];
  return sentences.join(' ');
}

function standingText(model: DigestModel, figures: DigestFigures): string {
  const { locale, verdict } = model;
  const period = periodText(model.summary.period, locale, 'short');
  if (verdict.kind !== 'short') return translate(locale, `digest.verdict.${verdict.kind}`, { period });
  const text = (steps: bigint): string => stepsText(steps, figures.scale, locale);
  return figures.gap !== null && figures.gap > 0n
    ? translate(locale, 'digest.verdict.short', { period, gap: text(figures.gap) })
    : translate(locale, 'digest.verdict.short_by_little', { period, step: text(1n) });
}

function changeText(
  key: 'digest.verdict.losses' | 'digest.verdict.gains',
  rows: readonly MovementRow[],
  model: DigestModel,
  figures: DigestFigures,
): readonly string[] {
  const named = rows.slice(0, 2);
  const steps = magnitude(sumOf(named.map((row) => shownSteps(row, figures))));
  if (named.length === 0 || steps === 0n) return [];
  const names = listText(named.map(sentenceNames(model)), model.locale);
  const amount = stepsText(steps, figures.scale, model.locale);
  return [translate(model.locale, key, { count: named.length, names, amount })];
}

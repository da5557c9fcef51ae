/** Errors and scores as people read them. A figure without a denominator is unknown, never 0. */
import type { Locale } from '../../src/core/milestones/milestone.ts';
import { countText, percentText } from '../format.ts';
import { translate } from '../i18n/translate.ts';

/** "3.4%", "140%": one decimal below a tenth, where it says something. */
export function errorText(ratio: number | null, locale: Locale): string {
  return ratio === null
    ? translate(locale, 'backtest.unknown')
    : percentText(ratio, locale, ratio < 0.1 ? 1 : 0);
}

/** "+3.1%", "−0.6%": above zero too much was promised. */
export function signedPercentText(ratio: number | null, locale: Locale): string {
  if (ratio === null) return translate(locale, 'backtest.unknown');
  const size = Math.abs(ratio);
  const text = errorText(size, locale);
  if (text === errorText(0, locale)) return text;
  return `${ratio > 0 ? '+' : '\u2212'}${text}`;
}

/** A score with three decimals. */
export function ratioText(value: number | null, locale: Locale): string {
  if (value === null) return translate(locale, 'backtest.unknown');
  const digits = new Intl.NumberFormat(locale === 'fr' ? 'fr' : 'en-GB', {
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
  });
  return digits.format(value).replace('-', '\u2212');
}

export function wholeText(value: number, locale: Locale): string {
  return countText(Math.round(value), locale);
}

import type { AccuracyBar, DigestModel } from '../../src/core/review/digest-types.ts';
import { monthText, percentText, shortMonthText } from '../format.ts';
import { translate } from '../i18n/translate.ts';
import { dealWord } from '../words.ts';

const BARS = 6;
const TALLEST_PX = 40;

/** `heightPx` 0 for a month without a figure, at least 2 for a month with one. */
interface BarView {
  readonly value: string;
  readonly month: string;
  readonly heightPx: number;
}

export interface AccuracyView {
  readonly title: string;
  readonly sentence: string;
  readonly bars: readonly BarView[];
}

type KnownBar = AccuracyBar & { readonly wape: number };

/** How far past forecasts were off, month by month; without any, what the odds rest on instead. */
export function accuracyView(model: DigestModel): AccuracyView {
  const title = translate(model.locale, 'digest.accuracy.title');
  const bars = model.accuracy.slice(-BARS);
  const known = bars.filter((bar): bar is KnownBar => bar.wape !== null);
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return { title, sentence: noHistoryText(model), bars: [] };
  const worst = Math.max(...known.map((bar) => bar.wape));
  return {
    title,
    sentence: trendText(model, first, last),
    bars: bars.map((bar) => barView(bar, worst, model)),
  };
}

function barView(bar: AccuracyBar, worst: number, { locale }: DigestModel): BarView {
  const month = shortMonthText(bar.month, locale);
  if (bar.wape === null)
    return { value: translate(locale, 'digest.accuracy.unknown_month'), month, heightPx: 0 };
  const heightPx = worst === 0 ? 2 : Math.max(2, Math.round((TALLEST_PX * bar.wape) / worst));
  return { value: percentText(bar.wape, locale), month, heightPx };
}

function trendText({ locale }: DigestModel, first: KnownBar, last: KnownBar): string {
  const lastFacts = { last: percentText(last.wape, locale), lastMonth: monthText(last.month, locale) };
  if (first === last) return translate(locale, 'digest.accuracy.single', lastFacts);
  return translate(locale, 'digest.accuracy.trend', {
    ...lastFacts,
    first: percentText(first.wape, locale),
    firstMonth: monthText(first.month, locale),
  });
}

function noHistoryText({ locale, crm, summary, historyLabel }: DigestModel): string {
  const count = summary.history.resolvedDeals;
  const basis = translate(locale, `digest.history.${historyLabel}`, {
    count,
    dealWord: dealWord(crm, locale, count),
  });
  return `${translate(locale, 'digest.accuracy.none')} ${basis}`;
}

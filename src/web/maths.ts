import { codeMoneyText, moneyText, percentText, weightText } from '../../templates/format.ts';
import { translate } from '../../templates/i18n/translate.ts';
import { dealWord, type MilestoneLabel, milestoneText } from '../../templates/words.ts';
import type { CrmKind } from '../core/crm.ts';
import type { CurrencyCode } from '../core/currency.ts';
import type { ForecastLine, OddsReason } from '../core/forecast-types.ts';
import type { Locale } from '../core/milestone.ts';

/** What the sentences need beside the line. */
export interface MathsInput {
  readonly query: { readonly locale: Locale };
  readonly summary: { readonly currency: CurrencyCode };
  readonly milestones: readonly MilestoneLabel[];
  readonly header: { readonly connection: { readonly crm: CrmKind } };
}

/** "See the maths": each amount as the product that made it, then what the odds rest on. */
export interface MathsView {
  readonly open: string;
  readonly steps: readonly string[];
}

export function mathsView(line: ForecastLine, input: MathsInput): MathsView {
  const steps = [
    ...convertedText(line, input),
    netText(line, input),
    ...unprovenText(line, input),
    expectedText(line, input),
    ...(line.oddsReason === null ? [] : oddsTexts(line, line.oddsReason, input)),
  ];
  return { open: translate(input.query.locale, 'maths.open'), steps };
}

function amountText(amountMinor: bigint, { summary, query }: MathsInput): string {
  return moneyText(amountMinor, summary.currency, query.locale);
}

/** Only for a deal in another currency than the company's. */
function convertedText({ gross, grossMinor }: ForecastLine, input: MathsInput): readonly string[] {
  if (gross === null || gross.currency === input.summary.currency) return [];
  const own = codeMoneyText(gross.amountMinor, gross.currency, input.query.locale);
  return [translate(input.query.locale, 'maths.converted', { own, gross: amountText(grossMinor, input) })];
}

function netText(line: ForecastLine, input: MathsInput): string {
  const { locale } = input.query;
  if (line.verified === null) return translate(locale, 'maths.net_unproven');
  return translate(locale, 'maths.net', {
    gross: amountText(line.grossMinor, input),
    weight: weightText(line.weightBps, locale),
    milestone: milestoneText(line.verified, input.milestones, locale),
    net: amountText(line.netMinor, input),
  });
}

function unprovenText(line: ForecastLine, input: MathsInput): readonly string[] {
  const { locale } = input.query;
  if (line.unprovenMinor === 0n) return [];
  return [
    translate(locale, 'maths.unproven', {
      gross: amountText(line.grossMinor, input),
      declared: weightText(line.declaredWeightBps, locale),
      verified: weightText(line.weightBps, locale),
      unproven: amountText(line.unprovenMinor, input),
    }),
  ];
}

function expectedText(line: ForecastLine, input: MathsInput): string {
  return translate(input.query.locale, 'maths.expected', {
    gross: amountText(line.grossMinor, input),
    odds: percentText(line.odds, input.query.locale, 1),
    expected: amountText(line.expectedMinor, input),
  });
}

function oddsTexts(line: ForecastLine, reason: OddsReason, input: MathsInput): readonly string[] {
  const { locale } = input.query;
  const { crm } = input.header.connection;
  const count = reason.resolvedDeals;
  return [
    translate(locale, 'maths.age', { count: reason.ageDays }),
    translate(locale, 'maths.rates', {
      band: bandText(reason, input),
      forward: percentText(reason.dailyForward, locale, 1),
      lost: percentText(reason.dailyLost, locale, 1),
      exposure: Math.round(reason.exposureDays),
      dealWords: dealWord(crm, locale),
    }),
    translate(locale, 'maths.chain', {
      count: reason.horizonDays,
      odds: percentText(line.odds, locale, 1),
    }),
    translate(locale, `digest.history.${reason.label}`, { count, dealWord: dealWord(crm, locale, count) }),
  ];
}

function bandText({ bandFromDays, bandToDays }: OddsReason, { query }: MathsInput): string {
  return bandToDays === null
    ? translate(query.locale, 'maths.band_open', { from: bandFromDays })
    : translate(query.locale, 'maths.band', { from: bandFromDays, to: bandToDays });
}

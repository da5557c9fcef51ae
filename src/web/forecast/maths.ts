import { exactCodeMoneyText, exactMoneyText, oddsText, weightText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { oddsTexts } from '../../../templates/reliability/derivation-words.ts';
import { type MilestoneLabel, milestoneText } from '../../../templates/words.ts';
import type { ForecastLine } from '../../core/forecast/forecast-types.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import { daysBetween, type Period } from '../../core/values/calendar.ts';
import type { CrmKind } from '../../core/values/crm.ts';
import type { CurrencyCode } from '../../core/values/currency.ts';

/** What the sentences need beside the line. */
export interface MathsInput {
  readonly query: { readonly locale: Locale };
  readonly summary: {
    readonly currency: CurrencyCode;
    readonly asOf: Temporal.PlainDate;
    /** Absent: the days that count begin today. */
    readonly period?: Period;
  };
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
    ...oddsSteps(line, input),
  ];
  return { open: translate(input.query.locale, 'maths.open'), steps };
}

function amountText(amountMinor: bigint, { summary, query }: MathsInput): string {
  return exactMoneyText(amountMinor, summary.currency, query.locale);
}

/** Only for a deal in another currency than the company's. */
function convertedText({ gross, grossMinor }: ForecastLine, input: MathsInput): readonly string[] {
  if (gross === null || gross.currency === input.summary.currency) return [];
  const own = exactCodeMoneyText(gross.amountMinor, gross.currency, input.query.locale);
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
    odds: oddsText(line.odds, input.query.locale),
    expected: amountText(line.expectedMinor, input),
  });
}

function oddsSteps(
  line: ForecastLine,
  { query, summary, header, milestones }: MathsInput,
): readonly string[] {
  const { oddsReason: reason, verified, odds } = line;
  if (reason === null) return [];
  const { asOf, period } = summary;
  const beforeDays = period === undefined ? 0 : Math.max(0, daysBetween(asOf, period.start));
  const until = summary.asOf.add({ days: Math.max(0, reason.horizonDays - 1) });
  const { crm } = header.connection;
  return oddsTexts(
    { kind: 'odds', milestone: verified, reason, until, beforeDays, odds },
    { locale: query.locale, crm, milestones },
  );
}

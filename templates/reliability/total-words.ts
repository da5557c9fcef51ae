/** One line per step of a period's figures: what a manager can check with a pocket calculator. */

import type { TotalStep } from '../../src/core/forecast/derivation-total.ts';
import type { Locale } from '../../src/core/milestones/milestone.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import type { CurrencyCode } from '../../src/core/values/currency.ts';
import { decimalsText, exactMoneyText, percentText } from '../format.ts';
import { translate } from '../i18n/translate.ts';
import { dealWord, type MilestoneLabel, milestoneText } from '../words.ts';
import { historyText } from './derivation-words.ts';

export interface TotalReader {
  readonly locale: Locale;
  readonly crm: CrmKind;
  readonly currency: CurrencyCode;
  readonly milestones: readonly MilestoneLabel[];
}

export function totalText(step: TotalStep, reader: TotalReader): string {
  const { locale, crm } = reader;
  const money = (minor: bigint): string => exactMoneyText(minor, reader.currency, locale);
  const counted = (count: number) => ({ count, dealWord: dealWord(crm, locale, count) });
  switch (step.kind) {
    case 'won':
      return translate(locale, 'explain.total.won', { ...counted(step.deals), amount: money(step.wonMinor) });
    case 'milestone':
      return translate(locale, 'explain.total.milestone', {
        ...counted(step.deals),
        milestone:
          step.milestone === null
            ? translate(locale, 'explain.total.unverified')
            : milestoneText(step.milestone, reader.milestones, locale),
        gross: money(step.grossMinor),
        net: money(step.netMinor),
        expected: money(step.expectedMinor),
      });
    case 'excluded':
      return translate(locale, 'explain.total.excluded', {
        ...counted(step.deals),
        reason: translate(locale, `exclusion.${step.reason}`),
      });
    case 'forecast':
      return translate(locale, 'explain.total.forecast', {
        won: money(step.wonMinor),
        expected: money(step.expectedMinor),
        forecast: money(step.forecastMinor),
      });
    case 'gap':
      return translate(locale, 'explain.total.gap', {
        target: money(step.targetMinor),
        won: money(step.wonMinor),
        expected: money(step.expectedMinor),
        gap: money(step.gapMinor),
      });
    case 'range':
      return translate(locale, 'explain.total.range', {
        low: money(step.p10Minor),
        middle: money(step.p50Minor),
        high: money(step.p90Minor),
        sigma: decimalsText(step.sigma, 4, locale),
        count: step.wins,
      });
    case 'chance':
      return translate(locale, 'explain.total.chance', {
        target: money(step.targetMinor),
        chance: percentText(step.chance, locale, 1),
      });
    case 'reliability':
      return translate(locale, 'explain.total.reliability', {
        spread: money(step.spreadMinor),
        expected: money(step.expectedMinor),
        index: percentText(step.index, locale, 1),
      });
    case 'new_business':
      return translate(locale, 'explain.total.new_business', {
        ...counted(step.wonDeals),
        dealWords: dealWord(crm, locale),
        wins: decimalsText(step.wins, 6, locale),
        won: money(step.wonMinor),
        amount: money(step.amountMinor),
      });
    case 'rests_on':
      return translate(locale, `digest.history.${step.label}`, counted(step.resolvedDeals));
    case 'history':
      return historyText(step, crm, locale);
  }
}

/** One line per step of a deal's figures, down to the sentence that a manager can repeat in a meeting. */

import type { DerivationStep } from '../../src/core/forecast/derivation.ts';
import type { OddsReason } from '../../src/core/forecast/forecast-types.ts';
import type { Locale } from '../../src/core/milestones/milestone.ts';
import type { HistoryNotes } from '../../src/core/odds/history.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import type { CurrencyCode } from '../../src/core/values/currency.ts';
import type { MilestoneKey } from '../../src/core/values/ids.ts';
import {
  countText,
  exactCodeMoneyText,
  exactMoneyText,
  fullDateText,
  monthYearText,
  oddsText,
  percentText,
  weightText,
} from '../format.ts';
import { translate } from '../i18n/translate.ts';
import { dealWord, type MilestoneLabel, milestoneText, missingEvidenceText } from '../words.ts';

export interface DerivationReader {
  readonly locale: Locale;
  readonly crm: CrmKind;
  readonly currency: CurrencyCode;
  readonly milestones: readonly MilestoneLabel[];
  /** What the CRM calls the stage; the id when it is not known any more. */
  readonly stageLabel: (stageId: string) => string;
}

export function derivationText(step: DerivationStep, reader: DerivationReader): readonly string[] {
  const { locale } = reader;
  const money = (minor: bigint): string => exactMoneyText(minor, reader.currency, locale);
  const date = (on: Temporal.PlainDate | null): string =>
    on === null ? translate(locale, 'backtest.unknown') : fullDateText(on, locale);
  switch (step.kind) {
    case 'gross':
      return [
        translate(locale, 'explain.gross', {
          gross: exactCodeMoneyText(step.gross.amountMinor, step.gross.currency, locale),
        }),
      ];
    case 'excluded':
      return [
        translate(locale, 'proof.excluded', {
          reason: translate(locale, `exclusion.${step.reason}`).toLocaleLowerCase(locale),
        }),
      ];
    case 'rate':
      return [
        translate(locale, 'explain.rate', {
          from: step.rate.from,
          to: step.rate.to,
          rate: step.rate.rate,
          date: date(step.rate.effectiveOn),
          gross: money(step.grossMinor),
        }),
      ];
    case 'net':
      return [
        translate(locale, 'explain.net', {
          gross: money(step.grossMinor),
          weight: weightText(step.weightBps, locale),
          net: money(step.netMinor),
        }),
      ];
    case 'unproven':
      return [
        translate(locale, 'maths.unproven', {
          gross: money(step.grossMinor),
          declared: weightText(step.declaredWeightBps, locale),
          verified: weightText(step.weightBps, locale),
          unproven: money(step.unprovenMinor),
        }),
      ];
    case 'expected':
      return [
        translate(locale, 'maths.expected', {
          gross: money(step.grossMinor),
          odds: oddsText(step.odds, locale),
          expected: money(step.expectedMinor),
        }),
      ];
    case 'realistic':
      return [translate(locale, 'explain.realistic', { month: monthYearText(step.month, locale) })];
    case 'signed':
      return [
        translate(locale, 'explain.signed', { date: date(step.on), amount: money(step.inPeriodMinor) }),
      ];
    case 'lost':
      return [translate(locale, 'explain.lost', { date: date(step.on) })];
    case 'odds':
      return oddsTexts(step, reader);
    case 'history':
      return [historyText(step, reader.crm, locale)];
    default:
      return [proofText(step, reader)];
  }
}

type ProofStep = Extract<
  DerivationStep,
  { readonly kind: 'declared' | 'verified' | 'proof' | 'lapsed' | 'missing' }
>;

function proofText(step: ProofStep, { locale, milestones, stageLabel }: DerivationReader): string {
  const name = (key: MilestoneKey): string => milestoneText(key, milestones, locale);
  switch (step.kind) {
    case 'declared':
      return step.milestone === null
        ? translate(locale, 'explain.declared_none', { stage: stageLabel(step.stageId) })
        : translate(locale, 'explain.declared', {
            stage: stageLabel(step.stageId),
            milestone: name(step.milestone),
            weight: weightText(step.weightBps, locale),
          });
    case 'verified':
      return step.milestone === null || step.since === null
        ? translate(locale, 'explain.verified_none')
        : translate(locale, 'explain.verified', {
            milestone: name(step.milestone),
            date: fullDateText(step.since, locale),
            weight: weightText(step.weightBps, locale),
          });
    case 'proof':
    case 'lapsed': {
      const key =
        step.kind === 'lapsed' ? 'explain.lapsed' : step.counts ? 'explain.proof' : 'explain.proof_ahead';
      return translate(locale, key, {
        milestone: name(step.fact.milestone),
        rule: translate(locale, `explain.rule.${step.fact.rule}`),
        date: fullDateText(step.fact.since, locale),
      });
    }
    case 'missing':
      return missingEvidenceText(step.missing, false, milestones, locale);
  }
}

type OddsStep = Extract<DerivationStep, { readonly kind: 'odds' }>;

/**
 * "Of the days that deals spent at X between day a and b, p % ended in a step forward, q % in a loss; chained to <date> this gives z %",
 * with the days seen and what the odds rest on.
 */
export function oddsTexts(
  step: OddsStep,
  { locale, crm, milestones }: Pick<DerivationReader, 'locale' | 'crm' | 'milestones'>,
): readonly string[] {
  const { reason, milestone } = step;
  if (milestone === null) return [translate(locale, 'explain.odds_none')];
  const odds = percentText(step.odds, locale, 1);
  const seen = translate(locale, reason.bandToDays === null ? 'explain.odds_open' : 'explain.odds', {
    dealWords: dealWord(crm, locale),
    milestone: milestoneText(milestone, milestones, locale),
    from: reason.bandFromDays,
    ...(reason.bandToDays === null ? {} : { to: reason.bandToDays - 1 }),
    forward: percentText(reason.dailyForward, locale, 1),
    lost: percentText(reason.dailyLost, locale, 1),
    date: fullDateText(step.until, locale),
    odds,
  });
  return [
    translate(locale, 'explain.age', { count: reason.ageDays }),
    seen,
    ...(step.beforeDays === 0 ? [] : [translate(locale, 'explain.before', { count: step.beforeDays })]),
    restsOnText(reason, crm, locale),
  ];
}

/** Which states the past is made of. Reports kept from before verified milestones fed it counted neither. */
export function historyText(
  { verifiedDeals = 0, stageDeals = 0 }: Partial<Pick<HistoryNotes, 'verifiedDeals' | 'stageDeals'>>,
  crm: CrmKind,
  locale: Locale,
): string {
  return translate(locale, verifiedDeals > 0 ? 'explain.history.verified' : 'explain.history.stages', {
    dealWords: dealWord(crm, locale),
    stages: countText(stageDeals, locale),
    ...(verifiedDeals > 0 ? { verified: countText(verifiedDeals, locale) } : {}),
  });
}

function restsOnText(
  { label, resolvedDeals, exposureDays }: OddsReason,
  crm: CrmKind,
  locale: Locale,
): string {
  const count = resolvedDeals;
  const history = translate(locale, `digest.history.${label}`, {
    count,
    dealWord: dealWord(crm, locale, count),
  });
  return `${history} ${translate(locale, 'explain.exposure', { count: Math.round(exposureDays) })}`;
}

/** The gap and the figures behind it in words, each with its formula beside it. */

import type { PlanFigures, PlannedAction } from '../../src/core/gap/plan-types.ts';
import type { Locale } from '../../src/core/milestones/milestone.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import { countText, moneyText, percentText, stepsText } from '../format.ts';
import { translate } from '../i18n/translate.ts';
import { roundToSteps, wholeUnits } from '../rounding.ts';
import { visibleText } from '../text.ts';
import { dealWord, type MilestoneLabel, milestoneText, missingEvidenceText, periodText } from '../words.ts';

interface Reader {
  readonly crm: CrmKind;
  readonly locale: Locale;
}

interface GapReader extends Reader {
  readonly milestones: readonly MilestoneLabel[];
}

/** What is missing, how many deals and prospects that is, and whether prospects can help at all. */
export function gapTexts(figures: PlanFigures, reader: GapReader): readonly string[] {
  const { crm, locale } = reader;
  const { gap, summary } = figures;
  const money = (minor: bigint): string => moneyText(minor, summary.currency, locale);
  const period = periodText(summary.period, locale, 'long');
  if (gap === null || summary.targetMinor === null) return [translate(locale, 'gap.no_target', { period })];
  const scale = wholeUnits(summary.currency);
  const [target, won, expected] = [summary.targetMinor, summary.wonMinor, summary.expectedMinor].map(
    (minor) => roundToSteps(minor, scale),
  ) as [bigint, bigint, bigint];
  const head = translate(locale, gap.gapMinor === 0n ? 'gap.closed' : 'gap.open', {
    period,
    target: stepsText(target, scale, locale),
    won: stepsText(won, scale, locale),
    expected: stepsText(expected, scale, locale),
    // Of the figures beside it, not of the exact ones: the sentence is a sum that people check.
    gap: stepsText(target - won - expected, scale, locale),
  });
  if (gap.gapMinor === 0n) return [head];
  return [
    head,
    gap.deals === null || figures.averageWonMinor === null
      ? translate(locale, 'gap.no_average', { dealWord: dealWord(crm, locale, 1) })
      : translate(locale, 'gap.deals', {
          count: gap.deals,
          dealWord: dealWord(crm, locale, gap.deals),
          average: money(figures.averageWonMinor),
        }),
    ...prospectTexts(figures, reader),
  ];
}

function prospectTexts(
  { gap, firstInTime, firstEventually, helpsFrom, contacts }: PlanFigures,
  { crm, locale, milestones }: GapReader,
): readonly string[] {
  if (gap === null || gap.deals === null) return [];
  const dealWords = dealWord(crm, locale);
  const eventually =
    gap.prospectsEventually === null
      ? []
      : [
          translate(locale, 'gap.prospects_eventually', {
            count: gap.prospectsEventually,
            chance: percentText(firstEventually, locale, 1),
            dealWords,
          }),
        ];
  if (gap.onlyOpenDealsHelp)
    return [
      ...eventually,
      helpsFrom === null
        ? translate(locale, 'gap.too_late', { dealWords })
        : translate(locale, 'gap.too_late_from', {
            dealWords,
            milestone: milestoneText(helpsFrom, milestones, locale),
          }),
    ];
  if (gap.prospectsInTime === null || gap.contacts === null) return eventually;
  return [
    ...eventually,
    translate(locale, 'gap.prospects_in_time', {
      count: gap.prospectsInTime,
      chance: percentText(firstInTime, locale, 1),
    }),
    translate(locale, contacts === null ? 'gap.contacts_assumed' : 'gap.contacts_measured', {
      count: gap.contacts,
      each: countText(gap.contactsPerProspect, locale),
      ...(contacts === null
        ? {}
        : { deals: contacts.deals, dealWord: dealWord(crm, locale, contacts.deals) }),
    }),
  ];
}

/** Coverage and velocity, formulas included: one vendor prints coverage the other way round. */
export function pipelineTexts(figures: PlanFigures, { crm, locale }: Reader): readonly string[] {
  const { coverage, velocity, summary } = figures;
  const money = (minor: bigint): string => moneyText(minor, summary.currency, locale);
  const covered =
    coverage.ratio === null || coverage.toWinMinor === null
      ? translate(locale, 'gap.coverage_none', { due: money(coverage.dueMinor) })
      : translate(locale, 'gap.coverage', {
          due: money(coverage.dueMinor),
          towin: money(coverage.toWinMinor),
          ratio: countText(coverage.ratio, locale),
        });
  const undated =
    coverage.withoutCloseDate === 0
      ? []
      : [
          translate(locale, 'gap.undated', {
            count: coverage.withoutCloseDate,
            dealWord: dealWord(crm, locale, coverage.withoutCloseDate),
          }),
        ];
  const { winRate, averageWonMinor, cycleDays, perDayMinor, openDeals } = velocity;
  if (winRate === null || averageWonMinor === null || cycleDays === null || perDayMinor === null)
    return [covered, ...undated, translate(locale, 'gap.velocity_none')];
  return [
    covered,
    ...undated,
    translate(locale, 'gap.velocity', {
      open: openDeals,
      dealWords: dealWord(crm, locale),
      rate: percentText(winRate, locale),
      average: money(averageWonMinor),
      days: Math.round(cycleDays),
      perday: money(perDayMinor),
    }),
  ];
}

/** Titles first. Gain per day of effort decides the order. */
export function actionTable(
  actions: readonly PlannedAction[],
  figures: PlanFigures,
  milestones: readonly MilestoneLabel[],
  { crm, locale }: Reader,
): readonly (readonly string[])[] {
  const money = (minor: bigint): string => moneyText(minor, figures.summary.currency, locale);
  const titles = [
    dealWord(crm, locale, 1),
    ...(['prove', 'gain', 'days', 'proof'] as const).map((key) => translate(locale, `gap.column.${key}`)),
  ];
  return [
    titles,
    ...actions.map((action) => [
      visibleText(action.dealName, 34),
      milestoneText(action.milestone, milestones, locale),
      money(action.gainMinor),
      countText(action.effortDays, locale),
      action.missing === null ? '–' : missingEvidenceText(action.missing, false, milestones, locale),
    ]),
  ];
}

/** Titles first. Conversion is of those that ever reached the milestone, never a product of steps. */
export function funnelTable(
  figures: PlanFigures,
  milestones: readonly MilestoneLabel[],
  { locale }: Reader,
): readonly (readonly string[])[] {
  const titles = (
    ['milestone', 'reached', 'value', 'resolved', 'won', 'rate', 'median', 'coverage'] as const
  ).map((key) => translate(locale, `funnel.column.${key}`));
  return [
    titles,
    ...figures.funnel.map((step) => {
      const covered = figures.coverage.byMilestone.find(({ milestone }) => milestone === step.key);
      return [
        milestoneText(step.key, milestones, locale),
        countText(step.deals, locale),
        moneyText(step.valueMinor, figures.summary.currency, locale),
        countText(step.resolved, locale),
        countText(step.won, locale),
        step.everReachedToWon === null ? '–' : percentText(step.everReachedToWon, locale),
        step.medianDays === null ? '–' : countText(step.medianDays, locale),
        covered?.ratio === null || covered === undefined ? '–' : countText(covered.ratio, locale),
      ];
    }),
  ];
}

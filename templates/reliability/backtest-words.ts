/** What the replay says, in sentences and cells, in the reader's language: one wording for the terminal and the page. */

import type { Locale } from '../../src/core/milestones/milestone.ts';
import type { HistoryOddities } from '../../src/core/odds/history-oddities.ts';
import type { BacktestHorizon, Forecaster } from '../../src/core/reliability/backtest.ts';
import type { BacktestReport, HorizonReport } from '../../src/core/reliability/backtest-report.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import { fullDateText, percentText } from '../format.ts';
import { translate } from '../i18n/translate.ts';
import { capitalised, dealWord } from '../words.ts';
import { historyText } from './derivation-words.ts';
import { errorText, ratioText, signedPercentText, wholeText } from './figures.ts';

/** Best first: Jalon, the forecast that counts beside it, then the two easy ones. */
export const SHOWN_ORDER: readonly Forecaster[] = ['jalon', 'n4', 'n1', 'n0'];

/** "the next 35 days", "the rest of the month". */
export function horizonText(horizon: BacktestHorizon, locale: Locale): string {
  return horizon.kind === 'days'
    ? translate(locale, 'backtest.horizon.days', { count: horizon.days })
    : translate(locale, 'backtest.horizon.month_end');
}

/** "of the next 35 days". */
function ofHorizonText(horizon: BacktestHorizon, locale: Locale): string {
  return horizon.kind === 'days'
    ? translate(locale, 'backtest.horizon.days_of', { count: horizon.days })
    : translate(locale, 'backtest.horizon.month_end_of');
}

/** What was replayed and what the odds rest on. */
export function leadTexts(report: BacktestReport, crm: CrmKind, locale: Locale): readonly string[] {
  const longest = report.horizons.reduce<HorizonReport | undefined>(
    (most, horizon) => (most === undefined || horizon.windows > most.windows ? horizon : most),
    undefined,
  );
  const from = longest?.mondays[0]?.on;
  const to = longest?.mondays.at(-1)?.on;
  const count = report.resolvedDeals;
  const rests = translate(locale, `digest.history.${report.label}`, {
    count,
    dealWord: dealWord(crm, locale, count),
  });
  if (longest === undefined || from === undefined || to === undefined)
    return [translate(locale, 'backtest.empty'), rests];
  const dates = { from: fullDateText(from, locale), to: fullDateText(to, locale) };
  const states = report.notes.stageDeals === undefined ? [] : [historyText(report.notes, crm, locale)];
  return [translate(locale, 'backtest.lead', { count: longest.windows, ...dates }), rests, ...states];
}

/** The verdict on one horizon, plain: the comparison, the honest naive, which way it leans, what it rests on. */
export function verdictTexts(report: HorizonReport, everyDays: number, locale: Locale): readonly string[] {
  const { verdict, counts, independentWindows } = report;
  if (report.windows === 0) return [translate(locale, 'backtest.empty')];
  const comparison = comparisonText(report, everyDays, locale);
  if (verdict.kind === 'too_short') {
    const horizon = horizonText(report.horizon, locale);
    const facts = { count: independentWindows, wins: report.wins, horizon };
    return [translate(locale, 'backtest.verdict.too_short', facts), comparison];
  }
  return [
    comparison,
    translate(locale, `backtest.verdict.${verdict.kind}`, { naive: errorText(counts.n4.wape, locale) }),
    translate(locale, `backtest.verdict.${verdict.leaning}`, {
      bias: signedPercentText(counts.jalon.bias, locale),
    }),
    ...rangeTexts(report.coverage, locale),
    translate(locale, 'backtest.verdict.independent', { count: independentWindows }),
  ];
}

/** A range that should hold eight results in ten and holds fewer than six has to be told. */
const NARROW_BELOW = 0.6;

function rangeTexts(coverage: number | null, locale: Locale): readonly string[] {
  return coverage === null || coverage >= NARROW_BELOW
    ? []
    : [translate(locale, 'backtest.verdict.narrow', { share: percentText(coverage, locale) })];
}

function comparisonText(report: HorizonReport, everyDays: number, locale: Locale): string {
  const { counts, mondays } = report;
  const horizon = ofHorizonText(report.horizon, locale);
  if (counts.jalon.wape === null) return translate(locale, 'backtest.verdict.never', { horizon });
  const weekly = everyDays === 7 && mondays.every(({ on }) => on.dayOfWeek === 1);
  return translate(locale, weekly ? 'backtest.verdict.mondays' : 'backtest.verdict.dates', {
    count: report.windows,
    horizon,
    jalon: errorText(counts.jalon.wape, locale),
    crm: errorText(counts.n0.wape, locale),
  });
}

/** A table of the forecasters: title row first. */
export function forecasterTable(report: HorizonReport, locale: Locale): readonly (readonly string[])[] {
  const titles = (['who', 'missed', 'bias', 'missed_amounts', 'bias_amounts'] as const).map((key) =>
    translate(locale, `backtest.column.${key}`),
  );
  const rows = SHOWN_ORDER.map((who) => [
    translate(locale, `backtest.who.${who}`),
    errorText(report.counts[who].wape, locale),
    signedPercentText(report.counts[who].bias, locale),
    errorText(report.amounts[who].wape, locale),
    signedPercentText(report.amounts[who].bias, locale),
  ]);
  return [titles, ...rows];
}

/** What only Jalon can be asked, and what it all rests on. */
export function horizonFacts(
  report: HorizonReport,
  crm: CrmKind,
  locale: Locale,
): readonly (readonly [string, string])[] {
  const dealWords = { dealWords: dealWord(crm, locale) };
  const number = (value: number) => wholeText(value, locale);
  const label = (key: 'mondays' | 'independent' | 'wins' | 'coverage' | 'brier' | 'skill' | 'slope') =>
    translate(locale, `backtest.fact.${key}`);
  return [
    [label('mondays'), number(report.windows)],
    [label('independent'), number(report.independentWindows)],
    [label('wins'), number(report.wins)],
    [label('coverage'), report.coverage === null ? unknown(locale) : percentText(report.coverage, locale)],
    [label('brier'), ratioText(report.brier, locale)],
    [label('skill'), ratioText(report.skill, locale)],
    [label('slope'), ratioText(report.slope, locale)],
    [translate(locale, 'backtest.fact.with_new', dealWords), errorText(report.withNewDeals.wape, locale)],
    [capitalised(translate(locale, 'backtest.fact.without_amount', dealWords)), number(report.withoutAmount)],
  ];
}

function unknown(locale: Locale): string {
  return translate(locale, 'backtest.unknown');
}

/** What had to be set aside in the histories, and how often; nothing when nothing was. */
export function noteTexts(
  { notes, oddities }: BacktestReport,
  unplacedRows: number,
  crm: CrmKind,
  locale: Locale,
): readonly string[] {
  const counted = [
    ['backtest.notes.unplaced', unplacedRows],
    ['backtest.notes.untimed', notes.untimed],
    ['backtest.notes.afterWon', notes.afterWon],
    ['backtest.notes.unmapped', notes.unmapped],
    ['backtest.notes.reopened', notes.reopened],
    ['backtest.notes.incomplete', oddities?.incompleteHistories ?? 0],
    ['backtest.notes.future', oddities?.futureEvents ?? 0],
  ] as const;
  return [
    ...counted
      .filter(([, count]) => count > 0)
      .map(([key, count]) => translate(locale, key, { count, dealWord: dealWord(crm, locale, count) })),
    ...(oddities === undefined ? [] : unmeasuredTexts(oddities, crm, locale)),
  ];
}

/** Where there is history, and none that could be measured. */
function unmeasuredTexts(
  { pipelinesWithoutWin: count, milestones, seenMilestones }: HistoryOddities,
  crm: CrmKind,
  locale: Locale,
): readonly string[] {
  const noWin =
    count > 0 ? [translate(locale, 'backtest.notes.no_win', { count, dealWord: dealWord(crm, locale) })] : [];
  const unseen =
    seenMilestones < milestones
      ? [translate(locale, 'backtest.notes.unseen', { count: seenMilestones, all: milestones })]
      : [];
  return [...noWin, ...unseen];
}

/** The tables of the gap to take away: every next proof, also those that the page folds into "n others", and the funnel. */
import { translate } from '../../../templates/i18n/translate.ts';
import { capitalised, dealWord, milestoneText } from '../../../templates/words.ts';
import { moneyToText } from '../../core/values/money.ts';
import { type CsvCell, csvDocument } from '../csv.ts';
import type { GapTable } from '../href.ts';
import { type GapPageInput, proofText } from './gap-page.ts';

export function gapCsv(table: GapTable, input: GapPageInput): string {
  return table === 'actions' ? actionsCsv(input) : funnelCsv(input);
}

const NOTHING: CsvCell = { figure: '' };

function actionsCsv({ locale, figures, owners, milestones, header }: GapPageInput): string {
  const { currency } = figures.summary;
  const money = (amountMinor: bigint): CsvCell => ({ figure: moneyToText({ amountMinor, currency }) });
  return csvDocument(
    locale,
    [
      translate(locale, 'csv.deal_id'),
      capitalised(dealWord(header.connection.crm, locale, 1)),
      translate(locale, 'page.column.owner'),
      ...(['prove', 'proof', 'days', 'per_day', 'gain'] as const).map((key) =>
        translate(locale, `gap.column.${key}`),
      ),
      translate(locale, 'csv.currency'),
    ],
    figures.actions.map((action) => [
      { text: action.dealId },
      { text: action.dealName },
      { text: owners.find(({ id }) => id === action.ownerId)?.name ?? action.ownerId ?? '' },
      { text: milestoneText(action.milestone, milestones, locale) },
      { text: proofText(action, locale) },
      { figure: action.effortDays.toString() },
      money(action.gainMinorPerDay),
      money(action.gainMinor),
      { text: currency },
    ]),
  );
}

function funnelCsv({ locale, figures, milestones }: GapPageInput): string {
  const { currency } = figures.summary;
  const figure = (value: number | null, decimals: number): CsvCell =>
    value === null ? NOTHING : { figure: value.toFixed(decimals) };
  return csvDocument(
    locale,
    [
      ...(['milestone', 'reached', 'value', 'resolved', 'won', 'rate', 'median', 'coverage'] as const).map(
        (key) => translate(locale, `funnel.column.${key}`),
      ),
      translate(locale, 'csv.currency'),
    ],
    figures.funnel.map((step) => [
      { text: milestoneText(step.key, milestones, locale) },
      figure(step.deals, 0),
      { figure: moneyToText({ amountMinor: step.valueMinor, currency }) },
      figure(step.resolved, 0),
      figure(step.won, 0),
      figure(step.everReachedToWon, 4),
      figure(step.medianDays, 1),
      figure(figures.coverage.byMilestone.find(({ milestone }) => milestone === step.key)?.ratio ?? null, 2),
      { text: currency },
    ]),
  );
}

/** The lists of the review as one CSV: every deal of every list, also those that the page folds into "n others". */
import { translate } from '../../../templates/i18n/translate.ts';
import { capitalised, dealWord, milestoneText } from '../../../templates/words.ts';
import type { ForecastLine } from '../../core/forecast/forecast-types.ts';
import type { ReviewKind } from '../../core/review/review.ts';
import { moneyToText } from '../../core/values/money.ts';
import { type CsvCell, csvDocument } from '../csv.ts';
import type { ReviewPageInput } from './review-input.ts';
import { factText } from './review-tables.ts';

const NOTHING: CsvCell = { figure: '' };

export function reviewCsv(input: ReviewPageInput): string {
  const { locale } = input;
  const columns = [
    'review.column.list',
    'csv.deal_id',
    'csv.deal',
    'page.column.owner',
    'page.column.verified',
    'review.fact',
    'csv.currency',
    'page.column.net',
    'page.column.unproven',
    'review.column.mark',
  ] as const;
  return csvDocument(
    locale,
    columns.map((key) => translate(locale, key)),
    input.sections.flatMap(({ kind, lines }) => lines.map((line) => rowOf(line, kind, input))),
  );
}

function rowOf(line: ForecastLine, kind: ReviewKind, input: ReviewPageInput): readonly CsvCell[] {
  const { locale, currency, owners, milestones, marks, header } = input;
  const money = (amountMinor: bigint): CsvCell => ({ figure: moneyToText({ amountMinor, currency }) });
  const mark = marks.get(line.dealId);
  const dealWords = capitalised(dealWord(header.connection.crm, locale));
  return [
    { text: translate(locale, `review.kind.${kind}`, { dealWords }) },
    { text: line.dealId },
    { text: line.dealName },
    { text: owners.find(({ id }) => id === line.ownerId)?.name ?? line.ownerId ?? '' },
    line.verified === null ? NOTHING : { text: milestoneText(line.verified, milestones, locale) },
    { text: factText(line, kind, input) },
    { text: currency },
    money(line.netMinor),
    money(line.unprovenMinor),
    mark === undefined ? NOTHING : { text: translate(locale, `review.mark.${mark}`) },
  ];
}

/** The deals of a week, and what moved in it, as CSV. Amounts are exact, in the company's currency; what is in no sum has no amount. */
import { translate } from '../../../templates/i18n/translate.ts';
import { type MilestoneLabel, milestoneText } from '../../../templates/words.ts';
import type { Owner } from '../../core/deals/deal.ts';
import type { ForecastLine } from '../../core/forecast/forecast-types.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { Movement } from '../../core/review/digest-types.ts';
import type { CurrencyCode } from '../../core/values/currency.ts';
import type { MilestoneKey } from '../../core/values/ids.ts';
import { moneyToText } from '../../core/values/money.ts';
import { type CsvCell, csvDocument, csvHead, csvRows } from '../csv.ts';
import { whyText } from './why.ts';

export interface DealsCsvInput {
  readonly locale: Locale;
  readonly currency: CurrencyCode;
  readonly lines: readonly ForecastLine[];
  readonly owners: readonly Owner[];
  readonly milestones: readonly MilestoneLabel[];
}

type Cell = (line: ForecastLine, input: DealsCsvInput) => CsvCell;

const NOTHING: CsvCell = { figure: '' };

/** One line per column, in order. */
const COLUMNS = [
  { key: 'csv.deal_id', cell: ({ dealId }) => ({ text: dealId }) },
  { key: 'csv.deal', cell: ({ dealName }) => ({ text: dealName }) },
  { key: 'page.column.owner', cell: (line, { owners }) => ({ text: ownerName(line, owners) }) },
  {
    key: 'csv.standing',
    cell: ({ standing }, { locale }) => ({ text: translate(locale, `standing.${standing}`) }),
  },
  { key: 'page.column.declared', cell: ({ declared }, input) => milestone(declared, input) },
  { key: 'page.column.verified', cell: ({ verified }, input) => milestone(verified, input) },
  { key: 'csv.verified_since', cell: ({ verifiedSince }) => day(verifiedSince) },
  { key: 'csv.currency', cell: (_line, { currency }) => ({ text: currency }) },
  { key: 'page.column.gross', cell: (line, input) => amount(line, line.grossMinor, input) },
  { key: 'page.column.net', cell: (line, input) => amount(line, line.netMinor, input) },
  { key: 'page.column.unproven', cell: (line, input) => amount(line, line.unprovenMinor, input) },
  {
    key: 'page.column.odds',
    cell: ({ odds, exclusion }) => (exclusion === null ? { figure: odds.toFixed(6) } : NOTHING),
  },
  { key: 'page.column.expected', cell: (line, input) => amount(line, line.expectedMinor, input) },
  { key: 'csv.won', cell: (line, input) => amount(line, line.wonInPeriodMinor, input) },
  { key: 'csv.close_date', cell: ({ closeDate }) => day(closeDate) },
  { key: 'page.column.close', cell: ({ realisticClose }) => day(realisticClose) },
  {
    key: 'page.column.why',
    cell: (line, { locale, milestones }) => ({ text: whyText(line, { query: { locale }, milestones }) }),
  },
] as const satisfies readonly { readonly key: string; readonly cell: Cell }[];

export function dealsCsv(input: DealsCsvInput): string {
  return dealsCsvHead(input.locale) + dealsCsvRows(input);
}

/** For a file too long to be held: the head, then its rows in pieces. */
export function dealsCsvHead(locale: Locale): string {
  return csvHead(
    locale,
    COLUMNS.map(({ key }) => translate(locale, key)),
  );
}

export function dealsCsvRows(input: DealsCsvInput): string {
  return csvRows(
    input.locale,
    input.lines.map((line) => COLUMNS.map(({ cell }: { readonly cell: Cell }) => cell(line, input))),
  );
}

export interface MovementCsvInput {
  readonly locale: Locale;
  readonly currency: CurrencyCode;
  /** Null in the first week: then there are no rows. */
  readonly movement: Movement | null;
}

/** Start, each deal that moved, the others together, end: the column adds up, line by line. */
export function movementCsv({ locale, currency, movement }: MovementCsvInput): string {
  const columns = (['csv.deal_id', 'csv.deal', 'csv.kind', 'csv.currency', 'csv.change'] as const).map(
    (key) => translate(locale, key),
  );
  const row = (id: string, name: string, kind: string, amountMinor: bigint): readonly CsvCell[] => [
    { text: id },
    { text: name },
    { text: kind },
    { text: currency },
    { figure: moneyToText({ amountMinor, currency }) },
  ];
  if (movement === null) return csvDocument(locale, columns, []);
  const { rows, startMinor, endMinor, otherDeals, othersMinor } = movement;
  return csvDocument(locale, columns, [
    row('', '', translate(locale, 'csv.start'), startMinor),
    ...rows.map((one) =>
      row(one.dealId, one.dealName, translate(locale, `movement.${one.kind}`), one.changeMinor),
    ),
    ...(otherDeals === 0
      ? []
      : [row('', '', translate(locale, 'csv.others', { count: otherDeals }), othersMinor)]),
    row('', '', translate(locale, 'csv.end'), endMinor),
  ]);
}

function amount({ exclusion }: ForecastLine, amountMinor: bigint, { currency }: DealsCsvInput): CsvCell {
  return exclusion === null ? { figure: moneyToText({ amountMinor, currency }) } : NOTHING;
}

function milestone(key: MilestoneKey | null, { milestones, locale }: DealsCsvInput): CsvCell {
  return key === null ? NOTHING : { text: milestoneText(key, milestones, locale) };
}

function day(date: Temporal.PlainDate | null): CsvCell {
  return date === null ? NOTHING : { text: date.toString() };
}

function ownerName({ ownerId }: ForecastLine, owners: readonly Owner[]): string {
  return ownerId === null ? '' : (owners.find(({ id }) => id === ownerId)?.name ?? ownerId);
}

/** The tables of the forecast page as CSV: exact amounts in the company's currency, every row that a page folds away, names in words. */
import { type GroupNames, namedGroups } from '../../../templates/group-names.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { periodText } from '../../../templates/words.ts';
import type { ForecastRange, ForecastSummary } from '../../core/forecast/forecast-types.ts';
import type { GroupKind } from '../../core/forecast/group-forecasts.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import { moneyToText } from '../../core/values/money.ts';
import { type CsvCell, csvDocument } from '../csv.ts';
import type { ForecastTable } from '../href.ts';
import { kindTotals } from './bridge.ts';
import type { ForecastPageInput } from './forecast-input.ts';

export interface ForecastCsvInput
  extends Pick<ForecastPageInput, 'summary' | 'groups' | 'periods' | 'compared'> {
  readonly locale: Locale;
  readonly names: GroupNames;
}

export function forecastCsv(table: ForecastTable, input: ForecastCsvInput): string {
  switch (table) {
    case 'bridge':
      return bridgeCsv(input);
    case 'period':
      return periodCsv(input);
    case 'left_out':
      return leftOutCsv(input);
    default:
      return groupCsv(table, input);
  }
}

function groupCsv(by: GroupKind, input: ForecastCsvInput): string {
  const { locale, groups, names } = input;
  const columns = ['deals', 'net', 'unproven', 'won', 'expected', 'forecast', 'low', 'high'] as const;
  return csvDocument(
    locale,
    [
      translate(locale, `group.title.${by}`),
      translate(locale, 'csv.currency'),
      ...columns.map((key) => translate(locale, `group.column.${key}`)),
    ],
    namedGroups(groups[by], by, names, locale).map((group) => [
      { text: group.label },
      { text: input.summary.currency },
      { figure: String(group.openDeals) },
      ...[group.netMinor, group.unprovenMinor, group.wonMinor, group.expectedMinor, group.forecastMinor].map(
        (minor) => money(minor, input.summary),
      ),
      ...rangeCells(group.range, input.summary),
    ]),
  );
}

function periodCsv({ locale, periods, summary }: ForecastCsvInput): string {
  const columns = ['won', 'expected', 'forecast', 'low', 'high'] as const;
  const rows = periods.flatMap(({ whole, months }) => (months.length === 0 ? [whole] : months));
  return csvDocument(
    locale,
    [
      translate(locale, 'page.column.period'),
      translate(locale, 'csv.currency'),
      ...columns.map((key) => translate(locale, `group.column.${key}`)),
    ],
    rows.map(({ period, wonMinor, expectedMinor, range }) => [
      { text: periodText(period, locale, 'long') },
      { text: summary.currency },
      ...[wonMinor, expectedMinor, wonMinor + expectedMinor].map((minor) => money(minor, summary)),
      ...rangeCells(range, summary),
    ]),
  );
}

function bridgeCsv({ locale, compared, summary }: ForecastCsvInput): string {
  const columns = (['csv.kind', 'page.column.deals', 'csv.currency', 'csv.change'] as const).map((key) =>
    translate(locale, key),
  );
  if (compared === null) return csvDocument(locale, columns, []);
  const { movement } = compared;
  const row = (label: string, deals: number | null, minor: bigint): readonly CsvCell[] => [
    { text: label },
    { figure: deals === null ? '' : String(deals) },
    { text: summary.currency },
    money(minor, summary),
  ];
  return csvDocument(locale, columns, [
    row(translate(locale, 'csv.start'), null, movement.startMinor),
    ...kindTotals(movement).map(({ kind, deals, changeMinor }) =>
      row(translate(locale, kind === null ? 'bridge.others' : `movement.${kind}`), deals, changeMinor),
    ),
    row(translate(locale, 'csv.end'), null, movement.endMinor),
  ]);
}

function leftOutCsv({ locale, summary }: ForecastCsvInput): string {
  return csvDocument(
    locale,
    [translate(locale, 'page.column.reason'), translate(locale, 'page.column.deals')],
    summary.exclusions.map(({ reason, deals }) => [
      { text: translate(locale, `exclusion.${reason}`) },
      { figure: String(deals) },
    ]),
  );
}

function rangeCells(range: ForecastRange | null, summary: ForecastSummary): readonly CsvCell[] {
  return range === null
    ? [{ figure: '' }, { figure: '' }]
    : [money(range.p10Minor, summary), money(range.p90Minor, summary)];
}

function money(amountMinor: bigint, { currency }: ForecastSummary): CsvCell {
  return { figure: moneyToText({ amountMinor, currency }) };
}

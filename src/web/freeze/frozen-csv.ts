/** What a manager froze, as CSV: one row per figure and one per difference, so that nothing needs to be cut out of a cell. */
import { translate } from '../../../templates/i18n/translate.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import { moneyToText } from '../../core/values/money.ts';
import { type CsvCell, csvDocument } from '../csv.ts';
import { aboutText } from './freeze-form.ts';
import type { FreezeScope, FrozenRow } from './freeze-input.ts';

const COLUMNS = ['on', 'period', 'computed', 'yours', 'difference', 'actual'] as const;

/** A figure without a difference has one row; each of several differences repeats the figure that it belongs to. */
export function frozenCsv(scope: Pick<FreezeScope, 'history' | 'computed'>, locale: Locale): string {
  return csvDocument(
    locale,
    [
      ...COLUMNS.map((key) => translate(locale, `freeze.history.${key}`)),
      translate(locale, 'csv.currency'),
      translate(locale, 'freeze.column.about'),
      translate(locale, 'freeze.column.amount'),
      translate(locale, 'freeze.column.reason'),
    ],
    scope.history.flatMap((row) => rowsOf(row, scope, locale)),
  );
}

function rowsOf(
  { frozen, actualMinor }: FrozenRow,
  scope: Pick<FreezeScope, 'computed'>,
  locale: Locale,
): readonly (readonly CsvCell[])[] {
  const { currency, computedMinor, amountMinor, differences } = frozen;
  const money = (minor: bigint): CsvCell => ({ figure: moneyToText({ amountMinor: minor, currency }) });
  const figure: readonly CsvCell[] = [
    { text: frozen.asOf.toString() },
    { text: frozen.periodKey },
    money(computedMinor),
    money(amountMinor),
    money(amountMinor - computedMinor),
    actualMinor === null ? { figure: '' } : money(actualMinor),
    { text: currency },
  ];
  if (differences.length === 0) return [[...figure, { figure: '' }, { figure: '' }, { figure: '' }]];
  return differences.map((difference) => [
    ...figure,
    { text: aboutText(difference, scope, locale) },
    money(difference.differenceMinor),
    { text: difference.reason },
  ]);
}

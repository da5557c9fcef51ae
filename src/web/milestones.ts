import { countText, stepsText } from '../../templates/format.ts';
import type { HeadlineFigures } from '../../templates/headline-figures.ts';
import { translate } from '../../templates/i18n/translate.ts';
import { apportion, roundToSteps, sumOf } from '../../templates/rounding.ts';
import { capitalised, dealWord, milestoneText } from '../../templates/words.ts';
import type { ForecastPageInput } from './forecast-input.ts';
import type { ColumnView, TableRowView } from './table.ts';

/** Every total is the sum of the cells shown above it; net and expected are those of the headline. */
export interface MilestonesView {
  readonly title: string;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly TableRowView[];
  readonly total: TableRowView;
}

type Row = ForecastPageInput['summary']['byMilestone'][number];

export function milestonesView(input: ForecastPageInput, figures: HeadlineFigures): MilestonesView {
  const { locale } = input.query;
  const { summary } = input;
  const { scale } = figures;
  const rows = summary.byMilestone;
  const shown = (pick: (row: Row) => bigint, total: bigint): readonly bigint[] =>
    apportion(rows.map(pick), total, scale);
  const amounts = [
    shown((row) => row.grossMinor, roundToSteps(summary.grossMinor, scale)),
    shown((row) => row.netMinor, roundToSteps(summary.netMinor, scale)),
    shown((row) => row.unprovenMinor, roundToSteps(summary.unprovenMinor, scale)),
    shown((row) => row.expectedMinor, figures.expected),
  ];
  const cells = (deals: number, steps: readonly bigint[]): readonly string[] => [
    countText(deals, locale),
    ...steps.map((step) => stepsText(step, scale, locale)),
  ];
  return {
    title: translate(locale, 'page.milestones'),
    columns: columnsOf(input),
    rows: rows.map((row, index) => ({
      head: nameOf(row, input),
      cells: cells(
        row.deals,
        amounts.map((column) => column[index] ?? 0n),
      ),
    })),
    total: {
      head: translate(locale, 'page.total'),
      cells: cells(
        rows.reduce((sum, row) => sum + row.deals, 0),
        amounts.map(sumOf),
      ),
    },
  };
}

function nameOf({ key }: Row, { query, milestones }: ForecastPageInput): string {
  return key === null
    ? translate(query.locale, 'page.no_milestone')
    : milestoneText(key, milestones, query.locale);
}

function columnsOf({ query, header }: ForecastPageInput): readonly ColumnView[] {
  const { locale } = query;
  const column = (key: 'gross' | 'net' | 'unproven' | 'expected'): ColumnView => ({
    key,
    label: translate(locale, `page.column.${key}`),
    numeric: true,
  });
  return [
    { key: 'milestone', label: translate(locale, 'page.column.milestone'), numeric: false },
    { key: 'deals', label: capitalised(dealWord(header.connection.crm, locale)), numeric: true },
    column('gross'),
    column('net'),
    column('unproven'),
    column('expected'),
  ];
}

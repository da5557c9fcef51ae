/** The tables of one deal to take away: milestones with their proofs, and everything that happened. */
import { translate } from '../../../templates/i18n/translate.ts';
import { csvDocument } from '../csv.ts';
import type { DealTable } from '../href.ts';
import type { DealPageInput } from './deal-input.ts';
import { dealMilestonesView } from './deal-milestones.ts';
import { timelineRows } from './deal-timeline.ts';

export function dealCsv(table: DealTable, input: DealPageInput): string {
  return table === 'milestones' ? milestonesCsv(input) : timelineCsv(input);
}

function milestonesCsv(input: DealPageInput): string {
  const { columns, rows } = dealMilestonesView(input);
  return csvDocument(
    input.locale,
    columns,
    rows.map(({ name, weight, state, proofs }) =>
      [name, weight, state, proofs.join(' / ')].map((text) => ({ text })),
    ),
  );
}

function timelineCsv(input: DealPageInput): string {
  const columns = (['date', 'kind', 'text', 'link'] as const).map((key) =>
    translate(input.locale, `timeline.column.${key}`),
  );
  return csvDocument(
    input.locale,
    columns,
    timelineRows(input).map(({ date, label, text, link }) =>
      [date, label, text, link ?? ''].map((cell) => ({ text: cell })),
    ),
  );
}

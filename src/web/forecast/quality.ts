import { countText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { CRM_NAMES, capitalised, dealWord } from '../../../templates/words.ts';
import { stillToComeText } from '../../../templates/write-back-words.ts';
import { tableCsvHref } from '../href.ts';
import type { ColumnView, TableRowView } from '../table.ts';
import type { ForecastPageInput } from './forecast-input.ts';

/** What no sum contains, by reason and counted: nothing is dropped in silence. */
export interface QualityView {
  readonly title: string;
  readonly hint: string;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly TableRowView[];
  readonly total: TableRowView | null;
  readonly csv: { readonly text: string; readonly href: string };
  readonly notes: readonly string[];
}

export function qualityView(input: ForecastPageInput): QualityView {
  const { query, summary, header } = input;
  const { locale } = query;
  const crm = CRM_NAMES[header.connection.crm];
  const { exclusions } = summary;
  const total = exclusions.reduce((sum, exclusion) => sum + exclusion.deals, 0);
  return {
    title: translate(locale, 'page.exclusions'),
    hint:
      total === 0
        ? translate(locale, 'page.exclusions_none')
        : translate(locale, 'page.exclusions_hint', { crm }),
    columns: [
      { key: 'reason', label: translate(locale, 'page.column.reason'), numeric: false },
      { key: 'deals', label: capitalised(dealWord(header.connection.crm, locale)), numeric: true },
    ],
    rows: exclusions.map(({ reason, deals }) => ({
      head: translate(locale, `exclusion.${reason}`),
      cells: [countText(deals, locale)],
    })),
    total:
      exclusions.length === 0
        ? null
        : { head: translate(locale, 'page.total'), cells: [countText(total, locale)] },
    csv: { text: translate(locale, 'page.csv'), href: tableCsvHref('left_out', query) },
    notes: notesOf(input),
  };
}

function notesOf({ query, summary, header, ...input }: ForecastPageInput): readonly string[] {
  const { locale } = query;
  const { crm } = header.connection;
  const unmapped = summary.exclusions.find(({ reason }) => reason === 'stage_unmapped')?.deals ?? 0;
  const notes = [
    unmapped === 0
      ? null
      : translate(locale, 'page.unmapped', { count: unmapped, dealWord: dealWord(crm, locale, unmapped) }),
    input.rejections === 0
      ? null
      : translate(locale, 'page.rejections', { count: input.rejections, crm: CRM_NAMES[crm] }),
    stillToComeText('history', input.historyIncomplete, crm, locale),
    stillToComeText('postponed', input.unwritten.postponed, crm, locale),
    stillToComeText('refused', input.unwritten.refused, crm, locale),
  ];
  return notes.filter((note) => note !== null);
}

/** The page of the Monday digests: this week at a glance, one manager's mail as it arrives, and the weeks before with what became of each. Pure. */
import { translate } from '../../../templates/i18n/translate.ts';
import { visibleText } from '../../../templates/text.ts';
import { type HeaderView, headerView } from '../header.ts';
import { type AgainView, againView, type TestView, testView } from './digest-actions.ts';
import { digestsHref } from './digest-href.ts';
import type { DigestPageInput, ShownView } from './digest-page-input.ts';
import { type PreviewView, previewView } from './digest-preview.ts';
import { type StateView, stateView, weekText } from './digest-words.ts';

/** Half a year; older weeks stay in the ledger and are counted. */
const WEEKS_SHOWN = 26;

interface RowView extends StateView {
  readonly name: string;
  readonly href: string;
  readonly current: boolean;
}

export interface DigestPageView {
  readonly locale: DigestPageInput['locale'];
  readonly title: string;
  readonly hint: string;
  readonly header: HeaderView;
  readonly notice: { readonly text: string; readonly tone: 'good' | 'bad' } | null;
  readonly columns: { readonly state: string; readonly when: string; readonly why: string };
  readonly now: {
    readonly title: string;
    readonly column: string;
    readonly none: string | null;
    readonly rows: readonly RowView[];
  };
  readonly shown: {
    readonly title: string;
    readonly preview: PreviewView;
    readonly test: TestView | null;
    readonly again: AgainView | null;
    readonly history: {
      readonly title: string;
      readonly column: string;
      readonly none: string | null;
      readonly rows: readonly RowView[];
      readonly older: string | null;
    };
  } | null;
}

export function digestPageView(input: DigestPageInput): DigestPageView {
  const { locale, shown, notice } = input;
  const managerId = shown?.manager.id ?? null;
  return {
    locale,
    title: translate(locale, 'digests.title'),
    hint: translate(locale, 'digests.hint'),
    header: headerView({
      locale,
      header: input.header,
      managerId,
      current: 'digests',
      hrefIn: (language) => hrefOf(input, { locale: language }),
    }),
    notice:
      notice === null ? null : { text: translate(locale, `digests.notice.${notice}`), tone: toneOf(notice) },
    columns: {
      state: translate(locale, 'digests.column.state'),
      when: translate(locale, 'digests.column.when'),
      why: translate(locale, 'digests.column.why'),
    },
    now: nowView(input),
    shown:
      shown === null
        ? null
        : {
            title: visibleText(shown.manager.name),
            preview: previewView(input, shown),
            test: testView(input, shown),
            again: againView(input, shown),
            history: historyView(input, shown),
          },
  };
}

function toneOf(notice: NonNullable<DigestPageInput['notice']>): 'good' | 'bad' {
  return notice === 'test_asked' || notice === 'again_asked' ? 'good' : 'bad';
}

/** The page as it is, but for what changes. */
function hrefOf(
  { locale, shown }: DigestPageInput,
  change: Partial<Parameters<typeof digestsHref>[0]>,
): string {
  return digestsHref({
    locale,
    managerId: shown?.manager.id ?? null,
    isoWeek: shown?.isoWeek ?? null,
    view: shown?.view ?? null,
    mailIn: shown?.mailIn ?? null,
    ...change,
  });
}

function nowView(input: DigestPageInput): DigestPageView['now'] {
  const { locale, statuses, shown } = input;
  return {
    title: translate(locale, 'digests.this_week'),
    column: translate(locale, 'digests.column.manager'),
    none: statuses.length === 0 ? translate(locale, 'digests.no_managers') : null,
    rows: statuses.map((status) => ({
      name: visibleText(status.manager.name),
      href: hrefOf(input, { managerId: status.manager.id, isoWeek: null }),
      current: status.manager.id === shown?.manager.id,
      ...stateView(status, locale),
    })),
  };
}

function historyView(
  input: DigestPageInput,
  shown: ShownView,
): NonNullable<DigestPageView['shown']>['history'] {
  const { locale } = input;
  const { manager, rows } = shown;
  const older = rows.length - WEEKS_SHOWN;
  return {
    title: translate(locale, 'digests.history'),
    column: translate(locale, 'digests.column.week'),
    none: rows.length === 0 ? translate(locale, 'digests.no_history') : null,
    rows: rows.slice(0, WEEKS_SHOWN).map((row) => ({
      name: weekText(row.isoWeek, locale),
      href: hrefOf(input, { isoWeek: row.isoWeek }),
      current: row.isoWeek === shown.isoWeek,
      ...stateView({ manager, row, dueAt: null, reason: null, missing: false }, locale),
    })),
    older: older > 0 ? translate(locale, 'digests.older', { count: older }) : null,
  };
}

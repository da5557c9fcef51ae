/**
 * The sheet for a one-to-one: questions with their facts, what was agreed, the next proofs, how the last weeks were spent. One A4 page
 * when printed. No amounts, no comparison with anybody, and nothing asks for a number.
 */
import { shortName } from '../../../templates/digest/names.ts';
import { questionText } from '../../../templates/digest/questions.ts';
import { countText, fullDateText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { visibleText } from '../../../templates/text.ts';
import {
  CRM_NAMES,
  capitalised,
  dealWord,
  type MilestoneLabel,
  missingEvidenceText,
} from '../../../templates/words.ts';
import type { ActivityKind, Owner } from '../../core/deals/deal.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { ForecastLine } from '../../core/forecast/forecast-types.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { DigestQuestion } from '../../core/review/digest-types.ts';
import type { SettledQuestion } from '../../core/review/questions-settled.ts';
import type { ActivityCount } from '../../ports/record-store.ts';
import type { ReviewNote } from '../../ports/review-note-store.ts';
import type { CompanySettings } from '../../ports/settings-store.ts';
import { csvDocument } from '../csv.ts';
import { NOTE_LIMIT, originText } from '../deal/notes.ts';
import { type HeaderView, headerView, type PageHeader } from '../header.ts';
import { activityCsvHref, dealHref, oneToOneHref, pageHref } from '../href.ts';
import type { ColumnView, TableRowView } from '../table.ts';

/** What fits on one page. */
export const SHEET_LIMITS = {
  questions: 5,
  last: 2,
  proofs: 3,
  notes: 4,
  weeks: 4,
  dealName: 60,
  noteText: 160,
};

export interface OneToOneInput {
  readonly locale: Locale;
  readonly managerId: string | null;
  readonly header: PageHeader;
  readonly company: CompanySettings;
  readonly asOf: Temporal.PlainDate;
  readonly owner: Owner;
  readonly questions: {
    /** As the mail of the week asked them. */
    readonly frozen: readonly DigestQuestion[];
    readonly further: readonly DigestQuestion[];
    /** Null where there was no week before. */
    readonly last: {
      readonly asOf: Temporal.PlainDate;
      readonly questions: readonly SettledQuestion[];
    } | null;
  };
  /** Open deals with a proof to get, most at stake first. */
  readonly toProve: readonly ForecastLine[];
  /** Newest first, of the last weeks. */
  readonly notes: readonly ReviewNote[];
  /** Names of the deals that the notes are about. */
  readonly dealNames: ReadonlyMap<string, string>;
  readonly mix: readonly ActivityCount[];
  readonly milestones: readonly MilestoneLabel[];
  readonly managers: readonly Pick<Manager, 'id' | 'name'>[];
}

interface SheetItemView {
  readonly name: string;
  readonly href: string;
  /** Before the text: what became of it. */
  readonly state: { readonly text: string; readonly tone: 'good' | 'plain' } | null;
  readonly text: string;
  readonly note: string | null;
}

interface SheetListView {
  readonly id: string;
  readonly title: string;
  readonly none: string;
  readonly rows: readonly SheetItemView[];
}

export interface OneToOneView {
  readonly locale: Locale;
  readonly title: string;
  readonly asOf: string;
  readonly header: HeaderView;
  readonly back: { readonly text: string; readonly href: string };
  readonly lists: readonly SheetListView[];
  readonly mix: {
    readonly title: string;
    readonly columns: readonly ColumnView[];
    readonly rows: readonly TableRowView[];
    readonly total: TableRowView;
    readonly note: string;
    readonly csv: { readonly text: string; readonly href: string };
  };
  readonly agreed: string;
  readonly print: string;
}

export function oneToOneView(input: OneToOneInput): OneToOneView {
  const { locale, managerId, owner } = input;
  const scope = { locale, managerId };
  return {
    locale,
    title: translate(locale, 'sheet.title', { name: visibleText(owner.name, 40) }),
    asOf: translate(locale, 'page.as_of', { date: fullDateText(input.asOf, locale) }),
    header: headerView({
      locale,
      header: input.header,
      managerId,
      current: null,
      hrefIn: (language) => oneToOneHref(owner.id, { ...scope, locale: language }),
    }),
    back: { text: translate(locale, 'review.back'), href: pageHref('/review', scope) },
    lists: [questionList(input), ...lastList(input), promiseList(input), proofList(input)],
    mix: mixView(input),
    agreed: translate(locale, 'sheet.agreed_today'),
    print: translate(locale, 'sheet.print'),
  };
}

function questionList(input: OneToOneInput): SheetListView {
  const { locale, questions } = input;
  return {
    id: 'questions',
    title: translate(locale, 'sheet.questions'),
    none: translate(locale, 'sheet.questions_none'),
    rows: [
      ...questions.frozen.map((question) => ({
        ...questionRow(question, input),
        note: translate(locale, 'sheet.frozen'),
      })),
      ...questions.further.map((question) => questionRow(question, input)),
    ].slice(0, SHEET_LIMITS.questions),
  };
}

function questionRow(question: DigestQuestion, input: OneToOneInput): SheetItemView {
  const { locale, milestones } = input;
  return {
    name: visibleText(question.dealName, SHEET_LIMITS.dealName),
    href: dealHref(question.dealId, input),
    state: null,
    text: questionText(question, { locale, milestones, deal: shortName(question) }),
    note: null,
  };
}

/** Whether the facts that were asked about are still so: an answer is a change in the CRM, not a word. */
function lastList(input: OneToOneInput): readonly SheetListView[] {
  const { locale, questions } = input;
  if (questions.last === null) return [];
  const { asOf, questions: asked } = questions.last;
  return [
    {
      id: 'last',
      title: translate(locale, 'sheet.last', { date: fullDateText(asOf, locale) }),
      none: translate(locale, 'sheet.last_none'),
      rows: asked.slice(0, SHEET_LIMITS.last).map(({ question, settled }) => ({
        ...questionRow(question, input),
        state: settled
          ? { text: translate(locale, 'sheet.settled'), tone: 'good' }
          : { text: translate(locale, 'sheet.open'), tone: 'plain' },
      })),
    },
  ];
}

function promiseList(input: OneToOneInput): SheetListView {
  const { locale, notes, dealNames } = input;
  return {
    id: 'agreed',
    title: translate(locale, 'sheet.agreed'),
    none: translate(locale, 'sheet.agreed_none'),
    rows: notes.slice(0, SHEET_LIMITS.notes).map((note) => ({
      name: visibleText(dealNames.get(note.dealId) ?? note.dealId, SHEET_LIMITS.dealName),
      href: dealHref(note.dealId, input),
      state: null,
      text: visibleText(note.text, Math.min(NOTE_LIMIT, SHEET_LIMITS.noteText)),
      note: originText(note, { ...input, zone: input.company.zone }),
    })),
  };
}

function proofList(input: OneToOneInput): SheetListView {
  const { locale, toProve, milestones } = input;
  return {
    id: 'proofs',
    title: translate(locale, 'sheet.proofs'),
    none: translate(locale, 'proof.complete'),
    rows: toProve.slice(0, SHEET_LIMITS.proofs).map((line) => ({
      name: visibleText(line.dealName, SHEET_LIMITS.dealName),
      href: dealHref(line.dealId, input),
      state: null,
      text: line.missing
        .slice(0, 1)
        .map((gap) => missingEvidenceText(gap, line.declared === line.verified, milestones, locale))
        .join(''),
      note: null,
    })),
  };
}

const KINDS: readonly ActivityKind[] = ['meeting', 'call', 'email', 'task', 'note'];

/** A count is a fact of the CRM, not a target: no total is set against another person's. */
function mixView({ locale, managerId, owner, mix, header }: OneToOneInput): OneToOneView['mix'] {
  const counts = (kind: ActivityKind | null, withCustomer: boolean): number =>
    mix
      .filter((one) => (kind === null || one.kind === kind) && one.withCustomer === withCustomer)
      .reduce((sum, { count }) => sum + count, 0);
  const cells = (kind: ActivityKind | null): readonly string[] => {
    const [customer, internal] = [counts(kind, true), counts(kind, false)];
    return [customer, internal, customer + internal].map((count) => countText(count, locale));
  };
  const column = (key: 'kind' | 'customer' | 'internal' | 'all', numeric: boolean): ColumnView => ({
    key,
    label: translate(locale, `sheet.column.${key}`),
    numeric,
  });
  return {
    title: translate(locale, 'sheet.mix'),
    columns: [column('kind', false), column('customer', true), column('internal', true), column('all', true)],
    rows: KINDS.map((kind) => ({
      head: capitalised(translate(locale, `activity.${kind}`)),
      cells: cells(kind),
    })),
    total: { head: translate(locale, 'page.total'), cells: cells(null) },
    note: translate(locale, 'sheet.mix_note', {
      crm: CRM_NAMES[header.connection.crm],
      dealWords: dealWord(header.connection.crm, locale),
    }),
    csv: { text: translate(locale, 'page.csv'), href: activityCsvHref(owner.id, { locale, managerId }) },
  };
}

/** One row per kind, with the customer and without. */
export function activityCsv({ locale, mix }: OneToOneInput): string {
  const columns = (['kind', 'customer', 'internal'] as const).map((key) =>
    translate(locale, `sheet.column.${key}`),
  );
  const count = (kind: ActivityKind, withCustomer: boolean) => {
    const found = mix.find((one) => one.kind === kind && one.withCustomer === withCustomer);
    return { figure: (found?.count ?? 0).toString() };
  };
  return csvDocument(
    locale,
    columns,
    KINDS.map((kind) => [
      { text: translate(locale, `activity.${kind}`) },
      count(kind, true),
      count(kind, false),
    ]),
  );
}

/** Notes of the weekly review about one deal, and the form for the next one. */
import { fullDateText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { visibleText } from '../../../templates/text.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { ReviewNote } from '../../ports/review-note-store.ts';
import { dealPostHref } from '../href.ts';
import { type AuthorField, authorField } from './author-field.ts';

/** Characters of a note: a promise fits, minutes do not. */
export const NOTE_LIMIT = 500;

/** What was typed, and why it was not kept. */
export interface NoteFormInput {
  readonly values: { readonly text: string; readonly by: string };
  readonly problem: 'empty' | 'long' | 'by';
}

export interface NotesInput {
  readonly locale: Locale;
  readonly managerId: string | null;
  readonly dealId: string;
  readonly zone: string;
  /** Newest first. */
  readonly notes: readonly ReviewNote[];
  readonly managers: readonly Pick<Manager, 'id' | 'name'>[];
  readonly form: NoteFormInput | null;
  /** Another deal of the meeting follows. */
  readonly hasNext: boolean;
}

export interface NotesView {
  readonly title: string;
  readonly none: string;
  readonly notes: readonly { readonly text: string; readonly origin: string }[];
  readonly action: string;
  readonly label: string;
  readonly typed: string;
  readonly limit: number;
  readonly problem: { readonly field: 'text' | 'by'; readonly text: string } | null;
  readonly by: AuthorField | null;
  readonly send: string;
  readonly sendAndNext: string | null;
}

export function notesView(input: NotesInput): NotesView {
  const { locale, managers, managerId, notes, form } = input;
  const author = form?.values.by ?? managerId;
  return {
    title: translate(locale, 'notes.title'),
    none: translate(locale, 'notes.none'),
    notes: notes.map((note) => ({
      text: visibleText(note.text, NOTE_LIMIT),
      origin: originText(note, input),
    })),
    action: dealPostHref(input.dealId, 'notes', { locale, managerId }),
    label: translate(locale, 'notes.label'),
    typed: form?.values.text ?? '',
    limit: NOTE_LIMIT,
    problem:
      form === null
        ? null
        : {
            field: form.problem === 'by' ? 'by' : 'text',
            text: translate(locale, `noteproblem.${form.problem}`, { count: NOTE_LIMIT }),
          },
    by: authorField(managers, author, locale),
    send: translate(locale, 'notes.send'),
    sendAndNext: input.hasNext ? translate(locale, 'notes.send_next') : null,
  };
}

/** "Claire Dumas, 16 November 2026" */
export function originText(
  note: ReviewNote,
  { locale, managers, zone }: Pick<NotesInput, 'locale' | 'managers' | 'zone'>,
): string {
  const name = managers.find(({ id }) => id === note.by)?.name;
  const date = fullDateText(note.at.toZonedDateTimeISO(zone).toPlainDate(), locale);
  return name === undefined ? date : `${visibleText(name)}, ${date}`;
}

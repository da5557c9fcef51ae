/** Notes of the weekly review about one deal, and the form for the next one. */
import { fullDateText } from '../../templates/format.ts';
import { translate } from '../../templates/i18n/translate.ts';
import { visibleText } from '../../templates/text.ts';
import type { ReviewNote } from '../ports/review-note-store.ts';
import type { DealPageInput } from './deal-input.ts';
import { dealPostHref } from './href.ts';

/** Characters of a note: a promise fits, minutes do not. */
export const NOTE_LIMIT = 500;

export interface NotesView {
  readonly title: string;
  readonly none: string;
  readonly notes: readonly { readonly text: string; readonly origin: string }[];
  readonly action: string;
  readonly label: string;
  readonly limit: number;
  readonly by: {
    readonly label: string;
    readonly options: readonly {
      readonly value: string;
      readonly text: string;
      readonly selected: boolean;
    }[];
  } | null;
  readonly send: string;
}

type NotesInput = Pick<DealPageInput, 'locale' | 'managerId' | 'notes' | 'managers' | 'file' | 'company'>;

export function notesView(input: NotesInput): NotesView {
  const { locale, managers, managerId, notes, file } = input;
  return {
    title: translate(locale, 'notes.title'),
    none: translate(locale, 'notes.none'),
    notes: notes.map((note) => ({
      text: visibleText(note.text, NOTE_LIMIT),
      origin: originText(note, input),
    })),
    action: dealPostHref(file.deal.id, 'notes', { locale, managerId }),
    label: translate(locale, 'notes.label'),
    limit: NOTE_LIMIT,
    by:
      managers.length === 0
        ? null
        : {
            label: translate(locale, 'evidenceform.by'),
            options: managers.map(({ id, name }) => ({
              value: id,
              text: visibleText(name),
              selected: id === managerId,
            })),
          },
    send: translate(locale, 'notes.send'),
  };
}

/** "Claire Dumas, 16 November 2026" */
export function originText(
  note: ReviewNote,
  { locale, managers, company }: Pick<NotesInput, 'locale' | 'managers' | 'company'>,
): string {
  const name = managers.find(({ id }) => id === note.by)?.name;
  const date = fullDateText(note.at.toZonedDateTimeISO(company.zone).toPlainDate(), locale);
  return name === undefined ? date : `${visibleText(name)}, ${date}`;
}

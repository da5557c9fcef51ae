/** What a manager typed about a proof -> a confirmation, or the reason why not, field by field. */
import { z } from 'zod';
import { visibleText, webAddress } from '../../templates/text.ts';
import type { Manager } from '../core/deals/manager.ts';
import type { Confirmation } from '../core/milestones/evidence.ts';
import type { MilestoneModel } from '../core/milestones/milestone.ts';
import { err, ok, type Result } from '../core/values/result.ts';
import type {
  EvidenceField,
  EvidenceFormInput,
  EvidenceProblem,
  EvidenceValues,
} from '../web/deal/evidence-form.ts';
import { NOTE_LIMIT, type NoteFormInput } from '../web/deal/notes.ts';

const PERSON_LIMIT = 120;
const LINK_LIMIT = 2_000;
const OLDEST = Temporal.PlainDate.from('2000-01-01');

const field = z
  .string()
  .max(LINK_LIMIT * 2)
  .trim()
  .catch('');
const typed = z.object({
  milestone: field,
  verdict: field,
  person: field,
  on: field,
  link: field,
  by: field,
});

export interface EvidenceFrame {
  readonly model: MilestoneModel;
  readonly managers: readonly Pick<Manager, 'id' | 'name'>[];
  readonly today: Temporal.PlainDate;
}

export interface SaidByManager {
  readonly confirmation: Confirmation;
  readonly by: string;
}

/** Recorded as said by nobody in particular when the company has named no manager. */
export const UNNAMED = 'page';

export function readEvidenceForm(
  body: unknown,
  frame: EvidenceFrame,
): Result<SaidByManager, EvidenceFormInput> {
  const values: EvidenceValues = typed.catch(typed.parse({})).parse(body ?? {});
  const milestone = frame.model.milestones.find(({ key }) => key === values.milestone);
  const verdict = values.verdict === 'confirmed' || values.verdict === 'refused' ? values.verdict : null;
  const on = readDay(values.on);
  const link = values.link === '' ? '' : webAddress(values.link);
  const person = visibleText(values.person, PERSON_LIMIT);
  const found: readonly (readonly [EvidenceField, EvidenceProblem, boolean])[] = [
    ['milestone', 'choose', milestone === undefined],
    [
      'milestone',
      'no_rule',
      milestone !== undefined && verdict === 'confirmed' && !takesConfirmation(milestone),
    ],
    ['verdict', 'choose', verdict === null],
    ['person', 'person', person === '' && verdict !== 'refused'],
    ['on', 'date', on === null || Temporal.PlainDate.compare(on, OLDEST) < 0],
    ['on', 'future', on !== null && Temporal.PlainDate.compare(on, frame.today) > 0],
    ['link', 'link', link === null || values.link.length > LINK_LIMIT],
    ['by', 'by', frame.managers.length > 0 && !frame.managers.some(({ id }) => id === values.by)],
  ];
  const problems = Object.fromEntries(
    found.flatMap(([name, problem, applies]) => (applies ? [[name, problem] as const] : [])),
  );
  if (
    Object.keys(problems).length > 0 ||
    milestone === undefined ||
    verdict === null ||
    on === null ||
    link === null
  )
    return err({ values, problems });
  return ok({
    confirmation: { milestone: milestone.key, confirmedOn: on, customerPerson: person, link, verdict },
    by: frame.managers.length === 0 ? UNNAMED : values.by,
  });
}

function takesConfirmation({ evidence }: MilestoneModel['milestones'][number]): boolean {
  return evidence.some(({ kind }) => kind === 'manager_confirmation');
}

function readDay(text: string): Temporal.PlainDate | null {
  const day = z.iso.date().safeParse(text);
  return day.success ? Temporal.PlainDate.from(day.data) : null;
}

/** Cut only where nobody types: what is too long for a note comes back to its author. */
const words = z
  .string()
  .transform((text) => text.slice(0, LINK_LIMIT * 4).trim())
  .catch('');
const note = z.object({ text: words, by: field });

/** A note of the review, or what is wrong with it: no words, too many, or words of nobody known. */
export function readNoteForm(
  body: unknown,
  managers: readonly Pick<Manager, 'id'>[],
): Result<{ readonly text: string; readonly by: string }, NoteFormInput> {
  const typed = note.catch({ text: '', by: '' }).parse(body ?? {});
  const text = visibleText(typed.text, Number.POSITIVE_INFINITY);
  const known = managers.length === 0 || managers.some(({ id }) => id === typed.by);
  if (text === '') return err({ values: typed, problem: 'empty' });
  if (visibleText(text, NOTE_LIMIT) !== text) return err({ values: typed, problem: 'long' });
  if (!known) return err({ values: typed, problem: 'by' });
  return ok({ text, by: managers.length === 0 ? UNNAMED : typed.by });
}

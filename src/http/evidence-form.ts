/** What a manager typed about a proof -> a confirmation, or the reason why not, field by field. */
import { z } from 'zod';
import { visibleText, webAddress } from '../../templates/text.ts';
import type { Confirmation } from '../core/evidence.ts';
import type { Manager } from '../core/manager.ts';
import type { MilestoneModel } from '../core/milestone.ts';
import { err, ok, type Result } from '../core/result.ts';
import type {
  EvidenceField,
  EvidenceFormInput,
  EvidenceProblem,
  EvidenceValues,
} from '../web/evidence-form.ts';

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
const UNNAMED = 'page';

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

const note = z.object({ text: z.string().trim().min(1), by: field });

/** A note of the review; null for an empty one, or one by nobody known. */
export function readNoteForm(
  body: unknown,
  managers: readonly Pick<Manager, 'id'>[],
  limit: number,
): { readonly text: string; readonly by: string } | null {
  const parsed = note.safeParse(body ?? {});
  if (!parsed.success) return null;
  const text = visibleText(parsed.data.text, limit);
  const known = managers.some(({ id }) => id === parsed.data.by);
  if (text === '' || (managers.length > 0 && !known)) return null;
  return { text, by: managers.length === 0 ? UNNAMED : parsed.data.by };
}

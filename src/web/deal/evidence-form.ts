/** The form by which a manager confirms or refuses a milestone: labels, what was typed, and what is wrong with it. */
import { translate } from '../../../templates/i18n/translate.ts';
import { visibleText } from '../../../templates/text.ts';
import { milestoneText } from '../../../templates/words.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { Locale, MilestoneModel } from '../../core/milestones/milestone.ts';

export type EvidenceField = 'milestone' | 'verdict' | 'person' | 'on' | 'link' | 'by';

export type EvidenceProblem = 'choose' | 'no_rule' | 'person' | 'date' | 'future' | 'link' | 'by';

/** As typed. */
export type EvidenceValues = Readonly<Record<EvidenceField, string>>;

export interface EvidenceFormInput {
  readonly values: EvidenceValues;
  readonly problems: Readonly<Partial<Record<EvidenceField, EvidenceProblem>>>;
}

interface OptionView {
  readonly value: string;
  readonly text: string;
  readonly selected: boolean;
}

interface FieldView {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly hint: string | null;
  readonly problem: string | null;
}

export interface EvidenceFormView {
  readonly title: string;
  readonly action: string;
  readonly refused: string | null;
  readonly milestone: FieldView & { readonly options: readonly OptionView[] };
  readonly verdict: FieldView & { readonly options: readonly OptionView[] };
  readonly person: FieldView;
  readonly on: FieldView & { readonly max: string };
  readonly link: FieldView;
  /** Null when the company has no manager: then nobody is named. */
  readonly by: (FieldView & { readonly options: readonly OptionView[] }) | null;
  readonly send: string;
}

export interface EvidenceFormFrame {
  readonly locale: Locale;
  readonly action: string;
  readonly today: Temporal.PlainDate;
  readonly model: MilestoneModel;
  readonly managers: readonly Pick<Manager, 'id' | 'name'>[];
  readonly form: EvidenceFormInput | null;
  /** Chosen when the page is opened: the first proof that is missing, and the manager whose pages these are. */
  readonly suggested: { readonly milestone: string; readonly by: string };
}

export function evidenceFormView(frame: EvidenceFormFrame): EvidenceFormView {
  const { locale, model, managers, form, today } = frame;
  const values = form?.values ?? emptyValues(frame);
  const field = (name: EvidenceField, hint: boolean): FieldView => {
    const problem = form?.problems[name];
    return {
      id: `evidence-${name}`,
      label: translate(locale, `evidenceform.${name}`),
      value: values[name],
      hint: hint
        ? translate(locale, name === 'person' ? 'evidenceform.person_hint' : 'evidenceform.link_hint')
        : null,
      problem: problem === undefined ? null : translate(locale, `evidenceproblem.${problem}`),
    };
  };
  const option = (name: EvidenceField, value: string, text: string): OptionView => ({
    value,
    text,
    selected: values[name] === value,
  });
  return {
    title: translate(locale, 'evidenceform.title'),
    action: frame.action,
    refused: form === null ? null : translate(locale, 'evidenceform.refused'),
    milestone: {
      ...field('milestone', false),
      options: model.milestones.map(({ key }) =>
        option('milestone', key, milestoneText(key, model.milestones, locale)),
      ),
    },
    verdict: {
      ...field('verdict', false),
      options: (['confirmed', 'refused'] as const).map((verdict) =>
        option('verdict', verdict, translate(locale, `verdict.${verdict}`)),
      ),
    },
    person: field('person', true),
    on: { ...field('on', false), max: today.toString() },
    link: field('link', true),
    by:
      managers.length === 0
        ? null
        : {
            ...field('by', false),
            options: managers.map(({ id, name }) => option('by', id, visibleText(name))),
          },
    send: translate(locale, 'evidenceform.send'),
  };
}

function emptyValues({ suggested, today, managers }: EvidenceFormFrame): EvidenceValues {
  const by = managers.find(({ id }) => id === suggested.by) ?? managers[0];
  return {
    milestone: suggested.milestone,
    verdict: 'confirmed',
    person: '',
    on: today.toString(),
    link: '',
    by: by?.id ?? '',
  };
}

/** The form that decides on the next proof of a deal right in a list: the milestone is known, the rest is typed. */
import { translate } from '../../../templates/i18n/translate.ts';
import { milestoneText } from '../../../templates/words.ts';
import type { DealId, MilestoneKey } from '../../core/values/ids.ts';
import { dealPostHref } from '../href.ts';
import type { ReviewPageInput } from '../review/review-input.ts';
import { type AuthorField, authorField } from './author-field.ts';

export interface QuickProofView {
  readonly open: string;
  readonly action: string;
  readonly milestone: MilestoneKey;
  readonly legend: string;
  readonly verdicts: readonly { readonly value: string; readonly text: string; readonly selected: boolean }[];
  readonly person: string;
  readonly on: { readonly label: string; readonly value: string };
  readonly link: string;
  readonly by: AuthorField | null;
  readonly send: string;
}

type Frame = Pick<ReviewPageInput, 'locale' | 'managerId' | 'managers' | 'milestones' | 'today'>;

/** Null where the model takes no word of a manager for this milestone. */
export function quickProof(dealId: DealId, milestone: MilestoneKey, frame: Frame): QuickProofView | null {
  const { locale, managerId, managers, milestones, today } = frame;
  const asked = milestones.find(({ key }) => key === milestone);
  if (asked === undefined || !asked.evidence.some(({ kind }) => kind === 'manager_confirmation')) return null;
  return {
    open: translate(locale, 'review.decide'),
    action: dealPostHref(dealId, 'evidence', { locale, managerId }),
    milestone,
    legend: milestoneText(milestone, milestones, locale),
    verdicts: (['confirmed', 'refused'] as const).map((verdict) => ({
      value: verdict,
      text: translate(locale, `verdict.${verdict}`),
      selected: verdict === 'confirmed',
    })),
    person: translate(locale, 'evidenceform.person'),
    on: { label: translate(locale, 'evidenceform.on'), value: today.toString() },
    link: translate(locale, 'evidenceform.link'),
    by: authorField(managers, managerId, locale),
    send: translate(locale, 'evidenceform.send'),
  };
}

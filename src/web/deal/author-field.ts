/** Which manager says so: the choice of a name in a form. */
import { translate } from '../../../templates/i18n/translate.ts';
import { visibleText } from '../../../templates/text.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { Locale } from '../../core/milestones/milestone.ts';

export interface AuthorField {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string; readonly selected: boolean }[];
}

/** Null where the company has named no manager. */
export function authorField(
  managers: readonly Pick<Manager, 'id' | 'name'>[],
  selected: string | null,
  locale: Locale,
): AuthorField | null {
  if (managers.length === 0) return null;
  return {
    label: translate(locale, 'evidenceform.by'),
    options: managers.map(({ id, name }) => ({
      value: id,
      text: visibleText(name),
      selected: id === selected,
    })),
  };
}

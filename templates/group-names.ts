/** Groups of the forecast under names, in an order that ranks nobody: for the page, its CSV files and the command line. */

import type { Pipeline, Team } from '../src/core/deals/deal.ts';
import { type GroupForecast, type GroupKind, teamsOfKey } from '../src/core/forecast/group-forecasts.ts';
import type { Locale, Milestone } from '../src/core/milestones/milestone.ts';
import { SIGNED_KEY } from '../src/core/milestones/milestone.ts';
import { translate } from './i18n/translate.ts';
import { visibleText } from './text.ts';

/** Names as they were when the week was frozen. */
export interface GroupNames {
  readonly owners: readonly { readonly id: string; readonly name: string }[];
  readonly teams: readonly Team[];
  readonly pipelines: readonly Pipeline[];
  readonly milestones: readonly Pick<Milestone, 'key' | 'label'>[];
}

export type NamedGroup = GroupForecast & { readonly label: string };

/** Milestones in the order of the model, everything else by name; what has no name comes last. */
export function namedGroups(
  groups: readonly GroupForecast[],
  by: GroupKind,
  names: GroupNames,
  locale: Locale,
): readonly NamedGroup[] {
  const named = groups.map((group) => ({ ...group, label: labelOf(by, group.key, names, locale) }));
  const place = ({ key }: NamedGroup): number =>
    key === SIGNED_KEY ? names.milestones.length : names.milestones.findIndex((one) => one.key === key);
  return named.toSorted((left, right) =>
    by === 'milestone'
      ? place(left) - place(right)
      : Number(left.key === null) - Number(right.key === null) ||
        left.label.localeCompare(right.label, locale),
  );
}

function labelOf(by: GroupKind, key: string | null, names: GroupNames, locale: Locale): string {
  if (key === null) return translate(locale, `group.none.${by}`);
  switch (by) {
    case 'owner':
      return nameIn(names.owners, key) ?? translate(locale, 'flag.owner_unknown');
    case 'team':
      return teamsOfKey(key)
        .map((id) => nameIn(names.teams, id) ?? id)
        .join(' + ');
    case 'pipeline':
      return visibleText(names.pipelines.find(({ id }) => id === key)?.label ?? key, 40);
    case 'milestone':
      return key === SIGNED_KEY
        ? translate(locale, 'movement.signed')
        : visibleText(names.milestones.find((one) => one.key === key)?.label[locale] ?? key, 40);
  }
}

function nameIn(
  named: readonly { readonly id: string; readonly name: string }[],
  key: string,
): string | undefined {
  const name = named.find(({ id }) => id === key)?.name;
  return name === undefined ? undefined : visibleText(name, 40);
}

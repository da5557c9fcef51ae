/** Whose page it is: the whole company's, or one manager's. */
import { translate } from '../../templates/i18n/translate.ts';
import { visibleText } from '../../templates/text.ts';
import type { Manager } from '../core/deals/manager.ts';
import type { Locale } from '../core/milestones/milestone.ts';
import type { LinkView } from './header.ts';

/** Rendered by views/scope-links.eta. */
export interface ScopeLinksView {
  readonly title: string;
  readonly links: readonly LinkView[];
}

interface Scope {
  readonly locale: Locale;
  readonly managers: readonly Pick<Manager, 'id' | 'name'>[];
  /** Null for the whole company. */
  readonly managerId: string | null;
}

/** Null when there is one scope only. */
export function scopeLinks(
  { locale, managers, managerId }: Scope,
  hrefOf: (managerId: string | null) => string,
): ScopeLinksView | null {
  if (managers.length === 0) return null;
  const link = (id: string | null, text: string): LinkView => ({
    text,
    href: hrefOf(id),
    current: id === managerId,
  });
  return {
    title: translate(locale, 'page.managers'),
    links: [
      link(null, translate(locale, 'page.everybody')),
      ...managers.map(({ id, name }) => link(id, visibleText(name))),
    ],
  };
}

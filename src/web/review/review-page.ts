/** The meeting screen: what moved and what is worth a word, in the order of the meeting, and how far one is. Facts only. Pure. */

import { fullDateText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { visibleText } from '../../../templates/text.ts';
import { type HeaderView, headerView } from '../header.ts';
import { dealHref, movementsCsvHref, oneToOneHref, pageHref, reviewCsvHref } from '../href.ts';
import { type ScopeLinksView, scopeLinks } from '../scope-links.ts';
import type { ReviewPageInput } from './review-input.ts';
import { type ReviewTableView, reviewTables } from './review-tables.ts';

interface TextLink {
  readonly text: string;
  readonly href: string;
}

export interface ReviewPageView {
  readonly locale: ReviewPageInput['locale'];
  readonly title: string;
  readonly asOf: string;
  readonly header: HeaderView;
  readonly managers: ScopeLinksView | null;
  readonly saved: string | null;
  /** Null when there is nothing to review. */
  readonly progress: {
    readonly text: string;
    readonly reviewed: number;
    readonly total: number;
    readonly keys: string;
  } | null;
  readonly start: TextLink | null;
  readonly people: { readonly title: string; readonly links: readonly TextLink[] };
  readonly tables: readonly ReviewTableView[];
  readonly csv: { readonly moved: TextLink; readonly lists: TextLink };
}

export function reviewPageView(input: ReviewPageInput): ReviewPageView {
  const { locale, managerId, progress } = input;
  const scope = { locale, managerId };
  return {
    locale,
    title: translate(locale, 'review.title'),
    asOf: translate(locale, 'page.as_of', { date: fullDateText(input.asOf, locale) }),
    header: headerView({
      locale,
      header: input.header,
      managerId,
      current: 'review',
      hrefIn: (language) => pageHref('/review', { ...scope, locale: language }),
    }),
    managers: scopeLinks(input, (managerId) => pageHref('/review', { locale: input.locale, managerId })),
    saved: input.saved === null ? null : translate(locale, `review.saved.${input.saved}`),
    progress:
      progress.total === 0
        ? null
        : {
            text: translate(locale, progress.next === null ? 'review.finished' : 'review.progress', {
              count: progress.reviewed,
              total: progress.total,
            }),
            reviewed: progress.reviewed,
            total: progress.total,
            keys: translate(locale, 'review.keys'),
          },
    start:
      progress.next === null
        ? null
        : {
            text: translate(locale, progress.reviewed === 0 ? 'review.start' : 'review.resume'),
            href: dealHref(progress.next, scope),
          },
    people: {
      title: translate(locale, 'review.people'),
      links: peopleOf(input).map(({ id, name }) => ({
        text: visibleText(name, 30),
        href: oneToOneHref(id, scope),
      })),
    },
    tables: reviewTables(input),
    csv: {
      moved: { text: translate(locale, 'review.csv'), href: movementsCsvHref(scope) },
      lists: { text: translate(locale, 'review.csv_lists'), href: reviewCsvHref(scope) },
    },
  };
}

/** Owners with a deal in the review who are still there, by name: an order of merit would be a ranking. */
function peopleOf({ sections, owners, locale }: ReviewPageInput) {
  const present = new Set(sections.flatMap(({ lines }) => lines.map(({ ownerId }) => ownerId)));
  return owners
    .filter(({ id, active }) => active && present.has(id))
    .toSorted((left, right) => left.name.localeCompare(right.name, locale));
}

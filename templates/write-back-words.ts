/** What is still to be written or read, in the same words for the terminal and the page. */

import type { Locale } from '../src/core/milestones/milestone.ts';
import type { CrmKind } from '../src/core/values/crm.ts';
import { countText } from './format.ts';
import { CRM_NAMES, dealWord } from './words.ts';

type Sentence = (count: string, deals: string, crm: string) => string;

const SENTENCES: Readonly<Record<'postponed' | 'refused' | 'history', Readonly<Record<Locale, Sentence>>>> = {
  postponed: {
    en: (count, deals, crm) =>
      `${count} ${deals} pending until tomorrow: our share of what ${crm} allows per day is used up. The largest changes are written; the others follow by themselves.`,
    fr: (count, deals, crm) =>
      `${count} ${deals} en attente jusqu’à demain : notre part de ce que ${crm} permet par jour est épuisée. Les plus grands changements sont écrits ; les autres suivront d’eux-mêmes.`,
  },
  refused: {
    en: (count, deals, crm) =>
      `${count} ${deals} not written: ${crm} refused the values. They are tried again when other values are to be written, or after a week.`,
    fr: (count, deals, crm) =>
      `${count} ${deals} sans écriture : ${crm} a refusé les valeurs. Nouvel essai quand d’autres valeurs seront à écrire, ou dans une semaine.`,
  },
  history: {
    en: (count, deals, crm) =>
      `${count} ${deals} without their whole past yet: ${crm} gives it piece by piece. Until it is there, odds and pace rest on less.`,
    fr: (count, deals, crm) =>
      `${count} ${deals} dont le passé n’est pas encore complet : ${crm} le donne peu à peu. D’ici là, chances et rythme reposent sur moins.`,
  },
};

export type StillToCome = keyof typeof SENTENCES;

/** null when there is nothing to tell. */
export function stillToComeText(
  what: StillToCome,
  count: number,
  crm: CrmKind,
  locale: Locale,
): string | null {
  if (count === 0) return null;
  return SENTENCES[what][locale](countText(count, locale), dealWord(crm, locale, count), CRM_NAMES[crm]);
}

/** The mail to the admin when a digest is missing: who has none, why as far as it is known, and where to look. */
import { join } from 'node:path';
import { Eta } from 'eta';
import type { Locale } from '../../src/core/milestones/milestone.ts';
import { entryOf } from '../errors/catalogue.ts';
import { translate } from '../i18n/translate.ts';
import { visibleText } from '../text.ts';

/** A list that nobody reads to its end helps nobody. */
const NAMED = 20;

interface MissingDigests {
  readonly locale: Locale;
  readonly company: string;
  readonly isoWeek: string;
  /** Address of the page of the digests. */
  readonly page: string;
  /** `reason`: a code of the catalogue, null when nothing is known. */
  readonly missing: readonly { readonly name: string; readonly reason: string | null }[];
}

const folder = join(import.meta.dirname);
const htmlMail = new Eta({ views: folder, autoEscape: true, autoTrim: false, cache: true });
const textMail = new Eta({ views: folder, autoEscape: false, autoTrim: false, cache: true });

export function missingDigestsMail(facts: MissingDigests): {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
} {
  const { locale, missing } = facts;
  const count = missing.length;
  const company = visibleText(facts.company, 30);
  const view = {
    locale,
    subject: translate(locale, 'alert.subject', { count, company }),
    lead: translate(locale, 'alert.lead', {
      count,
      week: Number(facts.isoWeek.split('-W')[1] ?? 0),
      company,
    }),
    rows: missing
      .slice(0, NAMED)
      .map(({ name, reason }) => ({ name: visibleText(name), why: whyText(reason, locale) })),
    more: count > NAMED ? translate(locale, 'alert.more', { count: count - NAMED }) : null,
    page: { text: translate(locale, 'alert.page'), link: facts.page },
    once: translate(locale, 'alert.once'),
  };
  return {
    subject: view.subject,
    html: htmlMail.render('./missing-digests.html.eta', view),
    text: textMail.render('./missing-digests.txt.eta', view),
  };
}

function whyText(reason: string | null, locale: Locale): string {
  const entry = reason === null ? null : entryOf(reason);
  return entry === null
    ? translate(locale, 'alert.no_reason')
    : `${entry[locale].what}. ${entry[locale].todo}.`;
}

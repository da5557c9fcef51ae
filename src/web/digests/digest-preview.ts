/** The mail as it arrives: on a phone, on a desk, at night, as text, as source; and its sizes beside their limits. */

import { DIGEST_SIZES } from '../../../templates/digest/sizes.ts';
import { countText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { LinkView } from '../header.ts';
import { digestFrameHref, digestsHref } from './digest-href.ts';
import { type ComposedMail, type DigestPageInput, PREVIEWS, type ShownView } from './digest-page-input.ts';
import { weekText } from './digest-words.ts';

interface BadgeView {
  readonly key: 'words' | 'height' | 'bytes' | 'subject';
  readonly label: string;
  readonly value: string;
  readonly limit: string;
  readonly ok: boolean;
}

export interface PreviewView {
  readonly title: string;
  readonly week: string;
  readonly none: string | null;
  readonly subject: { readonly label: string; readonly text: string } | null;
  readonly tabsLabel: string;
  readonly tabs: readonly LinkView[];
  readonly languagesLabel: string;
  readonly languages: readonly (LinkView & { readonly locale: Locale })[];
  readonly badges: readonly BadgeView[];
  /** What the page's script compares the height in the frame with; null where it is not a phone's. */
  readonly heightLimitPx: number | null;
  readonly frame: {
    readonly src: string;
    readonly kind: 'phone' | 'desktop' | 'dark';
    readonly title: string;
  } | null;
  readonly plain: { readonly text: string; readonly label: string } | null;
}

export function previewView(input: DigestPageInput, shown: ShownView): PreviewView {
  const { locale } = input;
  const { mail, view, manager, isoWeek } = shown;
  const mailIn = shown.mailIn ?? manager.locale;
  const to = (change: Partial<Parameters<typeof digestsHref>[0]>): string =>
    digestsHref({ locale, managerId: manager.id, isoWeek, view, mailIn: shown.mailIn, ...change });
  const isFrame = view === 'phone' || view === 'desktop' || view === 'dark';
  return {
    title: translate(locale, 'digests.preview'),
    week: weekText(isoWeek, locale),
    none: mail === null ? translate(locale, 'digests.no_mail') : null,
    subject: mail && { label: translate(locale, 'digests.subject'), text: mail.subject },
    tabsLabel: translate(locale, 'digests.views'),
    tabs: PREVIEWS.map((one) => ({
      text: translate(locale, `digests.view.${one}`),
      href: to({ view: one }),
      current: one === view,
    })),
    languagesLabel: translate(locale, 'digests.mail_language'),
    languages: (['fr', 'en'] as const).map((one) => ({
      locale: one,
      text: one.toUpperCase(),
      href: to({ mailIn: one }),
      current: one === mailIn,
    })),
    badges: mail === null ? [] : badgesOf(mail, locale),
    heightLimitPx: mail !== null && isFrame && view !== 'desktop' ? DIGEST_SIZES.phoneHeightPx : null,
    frame:
      mail !== null && isFrame
        ? {
            src: digestFrameHref(
              { locale: mailIn, managerId: manager.id, asOf: mail.asOf },
              view === 'dark' ? 'dark' : 'light',
            ),
            kind: view,
            title: translate(locale, 'page.digest_frame'),
          }
        : null,
    plain:
      mail === null || isFrame
        ? null
        : {
            text: view === 'text' ? mail.text : (mail.source ?? ''),
            label: translate(locale, `digests.view.${view}`),
          },
  };
}

function badgesOf(mail: ComposedMail, locale: Locale): readonly BadgeView[] {
  const kilobytes = (bytes: number): string => countText(Math.ceil(bytes / 1_024), locale);
  const characters = [...mail.subject].length;
  const badge = (key: BadgeView['key'], value: string, limit: string, ok: boolean): BadgeView => ({
    key,
    label: translate(locale, `digests.badge.${key}`),
    value,
    limit: translate(locale, 'digests.badge.limit', { limit }),
    ok,
  });
  const { words, htmlBytes, subjectCharacters, phoneHeightPx } = DIGEST_SIZES;
  return [
    badge('words', countText(mail.words, locale), countText(words, locale), mail.words <= words),
    // Only a browser knows: the page's script puts the figure in; without it the limit that the tests hold is told.
    badge(
      'height',
      translate(locale, 'digests.badge.tested'),
      `${countText(phoneHeightPx, locale)} px`,
      true,
    ),
    badge(
      'bytes',
      kilobytes(mail.htmlBytes),
      translate(locale, 'digests.badge.kilobytes', { count: kilobytes(htmlBytes) }),
      mail.htmlBytes <= htmlBytes,
    ),
    badge(
      'subject',
      countText(characters, locale),
      countText(subjectCharacters, locale),
      characters <= subjectCharacters,
    ),
  ];
}

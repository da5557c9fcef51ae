/** The top of every page: company, state of the CRM, where one can go, languages. */
import { dayText, listText, timeText } from '../../templates/format.ts';
import { translate } from '../../templates/i18n/translate.ts';
import { visibleText } from '../../templates/text.ts';
import { CRM_NAMES } from '../../templates/words.ts';
import type { Locale } from '../core/milestones/milestone.ts';
import type { CrmKind } from '../core/values/crm.ts';
import { pageHref } from './href.ts';

export interface PageHeader {
  readonly company: string;
  readonly zone: string;
  readonly connection: {
    readonly crm: CrmKind;
    readonly state: 'active' | 'reconnect_needed' | 'paused';
    readonly dataReadAt: Temporal.Instant;
  };
  /** True on the embedded database. */
  readonly evaluationMode: boolean;
  /** Managers whose Monday has neither a mail nor a reason. */
  readonly missingDigests?: readonly string[];
}

/** One line per page of the navigation. */
const PAGES = [
  { key: 'forecast', path: '/' },
  { key: 'review', path: '/review' },
  { key: 'gap', path: '/gap' },
  { key: 'freeze', path: '/freeze' },
  { key: 'reliability', path: '/reliability' },
  { key: 'digests', path: '/digests' },
] as const;

type NavKey = (typeof PAGES)[number]['key'];

export interface HeaderInput {
  readonly locale: Locale;
  readonly header: PageHeader;
  /** Whose pages the navigation leads to; null for the whole company. */
  readonly managerId: string | null;
  /** Null on a page that the navigation does not list. */
  readonly current: NavKey | null;
  /** The same page in another language. */
  readonly hrefIn: (locale: Locale) => string;
}

export interface LinkView {
  readonly text: string;
  readonly href: string;
  readonly current: boolean;
}

export interface HeaderView {
  readonly product: string;
  readonly company: string;
  readonly connection: string;
  readonly connectionState: PageHeader['connection']['state'];
  readonly evaluation: { readonly label: string; readonly hint: string } | null;
  readonly pagesLabel: string;
  readonly pages: readonly LinkView[];
  readonly languagesLabel: string;
  readonly languages: readonly (LinkView & { readonly locale: Locale })[];
  readonly skip: string;
  readonly alarm: { readonly text: string; readonly link: string; readonly href: string } | null;
}

const LANGUAGES: readonly Locale[] = ['fr', 'en'];

export function headerView({ locale, header, managerId, current, hrefIn }: HeaderInput): HeaderView {
  return {
    product: 'Jalon',
    company: visibleText(header.company),
    connection: connectionText(header, locale),
    connectionState: header.connection.state,
    evaluation: header.evaluationMode
      ? { label: translate(locale, 'page.evaluation'), hint: translate(locale, 'page.evaluation_hint') }
      : null,
    pagesLabel: translate(locale, 'nav.label'),
    pages: PAGES.map(({ key, path }) => ({
      text: translate(locale, `nav.${key}`),
      href: pageHref(path, { locale, managerId }),
      current: key === current,
    })),
    languagesLabel: translate(locale, 'page.languages'),
    languages: LANGUAGES.map((language) => ({
      locale: language,
      text: language.toUpperCase(),
      href: hrefIn(language),
      current: language === locale,
    })),
    skip: translate(locale, 'page.skip'),
    alarm: alarmView(header, locale),
  };
}

/** A list of names is no headline. */
const NAMED = 3;

function alarmView({ missingDigests = [] }: PageHeader, locale: Locale): HeaderView['alarm'] {
  const count = missingDigests.length;
  if (count === 0) return null;
  const named = missingDigests.slice(0, NAMED).map((name) => visibleText(name, 30));
  const names =
    count > NAMED ? [...named, translate(locale, 'alarm.others', { count: count - NAMED })] : named;
  return {
    text: translate(locale, 'alarm.missing', { count, names: listText(names, locale) }),
    link: translate(locale, 'alarm.link'),
    href: pageHref('/digests', { locale, managerId: null }),
  };
}

function connectionText({ connection, zone }: PageHeader, locale: Locale): string {
  const key = connection.state === 'active' ? 'page.connected' : (`page.${connection.state}` as const);
  const readOn = connection.dataReadAt.toZonedDateTimeISO(zone).toPlainDate();
  return translate(locale, key, {
    crm: CRM_NAMES[connection.crm],
    date: dayText(readOn, locale),
    time: timeText(connection.dataReadAt, zone, locale),
  });
}

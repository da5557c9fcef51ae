/** Core values -> everything the forecast page prints, in the reader's language. Pure. */

import { fullDateText, stepsText } from '../../../templates/format.ts';
import { type HeadlineFigures, headlineFigures } from '../../../templates/headline-figures.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { roundToSteps } from '../../../templates/rounding.ts';
import { visibleText } from '../../../templates/text.ts';
import { dealWord, periodText } from '../../../templates/words.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import { type HeaderView, headerView, type LinkView } from '../header.ts';
import { digestHref, type ForecastQuery, forecastHref } from '../href.ts';
import { type ScopeLinksView, scopeLinks } from '../scope-links.ts';
import type { TotalledTableView } from '../table.ts';
import { type BridgeView, bridgeView } from './bridge.ts';
import { type DealsView, dealsView } from './deals.ts';
import { type FiltersView, filtersView } from './filters.ts';
import type { ForecastPageInput } from './forecast-input.ts';
import { groupTables, periodTables } from './group-tables.ts';
import { type HeadlineView, headlineView } from './headline.ts';
import { type QualityView, qualityView } from './quality.ts';

interface DigestFrameView {
  readonly title: string;
  readonly src: string | null;
  readonly frameTitle: string;
  readonly none: string;
}

interface NavigationView {
  readonly title: string;
  readonly links: readonly LinkView[];
  readonly none: string;
}

export interface ForecastPageView {
  readonly locale: Locale;
  readonly title: string;
  readonly asOf: string;
  readonly header: HeaderView;
  readonly managers: ScopeLinksView | null;
  readonly headline: HeadlineView;
  readonly newBusiness: string | null;
  readonly filters: FiltersView | null;
  readonly bridge: BridgeView;
  /** Two columns beside each other where there is room. */
  readonly tables: {
    readonly people: readonly TotalledTableView[];
    readonly others: readonly TotalledTableView[];
  };
  readonly digest: DigestFrameView;
  readonly deals: DealsView;
  readonly quality: QualityView;
  readonly weeks: NavigationView;
  readonly formula: readonly string[];
}

export function forecastPageView(input: ForecastPageInput): ForecastPageView {
  const { query, summary } = input;
  const { locale } = query;
  const figures = headlineFigures(summary);
  return {
    locale,
    title: translate(locale, 'page.title', { period: periodText(summary.period, locale, 'long') }),
    asOf: translate(locale, 'page.as_of', { date: fullDateText(summary.asOf, locale) }),
    header: headerView({
      locale,
      header: input.header,
      managerId: query.managerId,
      current: 'forecast',
      hrefIn: (language) => forecastHref({ ...query, locale: language }),
    }),
    managers: scopeLinks({ ...query, managers: input.managers }, (managerId) =>
      forecastHref({ ...query, managerId, page: 1 }),
    ),
    headline: headlineView(input, figures),
    newBusiness: newBusinessText(input, figures),
    filters: filtersView(input),
    bridge: bridgeView(input, figures),
    tables: {
      people: groupTables(['milestone', 'owner'], input, figures),
      others: [...periodTables(input, figures), ...groupTables(['team', 'pipeline'], input, figures)],
    },
    digest: digestFrameView(input),
    deals: dealsView(input),
    quality: qualityView(input),
    weeks: weeksView(input),
    formula: [translate(locale, 'forecast.formula'), translate(locale, 'forecast.net_formula')],
  };
}

function newBusinessText(input: ForecastPageInput, { scale }: HeadlineFigures): string | null {
  const { newBusinessMinor } = input.summary;
  if (newBusinessMinor === null) return null;
  const { locale } = input.query;
  return translate(locale, 'page.new_business', {
    amount: stepsText(roundToSteps(newBusinessMinor, scale), scale, locale),
    dealWords: dealWord(input.header.connection.crm, locale),
  });
}

/** The company as a whole gets no mail: its page shows the first manager's, under that manager's name. */
function digestFrameView({ query, hasDigest, managers }: ForecastPageInput): DigestFrameView {
  const { locale } = query;
  const shown = managers.find(({ id }) => id === query.managerId) ?? managers[0];
  const name = shown === undefined ? [] : [visibleText(shown.name)];
  return {
    title: [translate(locale, 'page.digest'), ...name].join(' · '),
    src: hasDigest ? digestHref(query) : null,
    frameTitle: translate(locale, 'page.digest_frame'),
    none: translate(locale, 'page.digest_none'),
  };
}

function weeksView({ query, weeks, summary }: ForecastPageInput): NavigationView {
  const { locale } = query;
  const week = (asOf: Temporal.PlainDate): ForecastQuery => ({ ...query, week: asOf.toString(), page: 1 });
  return {
    title: translate(locale, 'page.weeks'),
    links: weeks.map((asOf) => ({
      text: fullDateText(asOf, locale),
      href: forecastHref(week(asOf)),
      current: asOf.equals(summary.asOf),
    })),
    none: translate(locale, 'page.weeks_none'),
  };
}

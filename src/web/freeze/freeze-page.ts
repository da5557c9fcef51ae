/** The page on which a manager freezes a forecast: the computed figure, what it rests on, the form, and what was frozen before. Pure. */

import {
  exactMoneyText,
  fullDateText,
  moneyText,
  percentText,
  stepsText,
} from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { apportion, roundToSteps, sumOf, wholeUnits } from '../../../templates/rounding.ts';
import { visibleText } from '../../../templates/text.ts';
import { capitalised, dealWord, periodText } from '../../../templates/words.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import { type HeaderView, headerView } from '../header.ts';
import { dealHref, dealsCsvHref, freezeHref, frozenCsvHref, pageHref } from '../href.ts';
import { ownerText } from '../owner-text.ts';
import type { ScopeLinksView } from '../scope-links.ts';
import type { ColumnView } from '../table.ts';
import {
  aboutText,
  type FigureTableView,
  type FreezeDraftView,
  type FreezeFormView,
  figureTable,
  freezeDraftView,
  freezeFormView,
} from './freeze-form.ts';
import type { FreezePageInput, FreezeScope, FrozenRow } from './freeze-input.ts';

/** What carries the figure; the others are one row. */
const DEALS_SHOWN = 10;

export interface FreezePageView {
  readonly locale: Locale;
  readonly title: string;
  readonly asOf: string | null;
  readonly header: HeaderView;
  readonly scopes: ScopeLinksView;
  readonly hint: string;
  readonly chosen: ChosenView | null;
}

interface ChosenView {
  readonly periods: ScopeLinksView;
  readonly saved: string | null;
  readonly computed: {
    readonly title: string;
    readonly parts: readonly { readonly key: string; readonly label: string; readonly amount: string }[];
  };
  readonly deals: DealsView;
  readonly already: { readonly text: string; readonly table: FigureTableView } | null;
  readonly form: FreezeFormView | null;
  readonly draft: FreezeDraftView | null;
  readonly history: HistoryView;
}

interface DealsView {
  readonly title: string;
  readonly none: string | null;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly {
    readonly name: string;
    readonly href: string | null;
    readonly cells: readonly string[];
  }[];
  readonly total: { readonly label: string; readonly amount: string };
  /** The whole table; null for the next period, whose deals are those of this one. */
  readonly csv: { readonly text: string; readonly href: string } | null;
}

interface HistoryView {
  readonly title: string;
  readonly none: string | null;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly {
    readonly head: string;
    readonly cells: readonly string[];
    readonly reasons: { readonly open: string; readonly list: readonly string[] } | null;
  }[];
  readonly csv: { readonly text: string; readonly href: string };
}

export function freezePageView(input: FreezePageInput): FreezePageView {
  const { locale, managers, chosen, header } = input;
  const managerId = chosen?.manager.id ?? null;
  return {
    locale,
    title: translate(locale, 'freeze.title'),
    asOf:
      chosen === null ? null : translate(locale, 'page.as_of', { date: fullDateText(chosen.asOf, locale) }),
    header: headerView({
      locale,
      header,
      managerId,
      current: 'freeze',
      hrefIn: (language) =>
        chosen === null
          ? pageHref('/freeze', { locale: language, managerId })
          : freezeHref({ locale: language, managerId }, chosen.period.key, {}),
    }),
    scopes: {
      title: translate(locale, 'freeze.whose'),
      links: managers.map(({ id, name }) => ({
        text: visibleText(name),
        href: pageHref('/freeze', { locale, managerId: id }),
        current: id === managerId,
      })),
    },
    hint: translate(locale, hintKey(input)),
    chosen: chosen === null ? null : chosenView(chosen, input),
  };
}

function hintKey({ managers, chosen }: FreezePageInput) {
  if (chosen !== null) return 'freeze.hint';
  return managers.length === 0 ? 'freeze.no_manager' : 'freeze.choose';
}

function chosenView(scope: FreezeScope, input: FreezePageInput): ChosenView {
  const { locale } = input;
  const { manager, currency, frozenNow, draft } = scope;
  const money = (minor: bigint) => exactMoneyText(minor, currency, locale);
  const written = frozenNow === null || scope.form !== null;
  return {
    periods: {
      title: translate(locale, 'freeze.period'),
      links: scope.periods.map((period) => ({
        text: periodText(period, locale, 'long'),
        href: freezeHref({ locale, managerId: manager.id }, period.key, {}),
        current: period.key === scope.period.key,
      })),
    },
    saved: scope.saved && frozenNow !== null ? translate(locale, 'freeze.saved') : null,
    computed: {
      title: translate(locale, 'freeze.computed_of', { period: periodText(scope.period, locale, 'long') }),
      parts: computedParts(scope, locale),
    },
    deals: dealsView(scope, input),
    already:
      frozenNow === null
        ? null
        : {
            text: translate(locale, 'freeze.already', {
              date: fullDateText(frozenNow.asOf, locale),
              amount: money(frozenNow.amountMinor),
            }),
            table: figureTable(frozenNow, scope, locale),
          },
    form: draft === null && written ? freezeFormView(scope, locale) : null,
    draft: draft === null ? null : freezeDraftView(scope, draft, locale),
    history: historyView(scope, locale),
  };
}

/** Won + expected = computed, to the cent: this is the figure that a manager's own is held against. */
function computedParts({ computed, currency }: FreezeScope, locale: Locale) {
  const { wonMinor, expectedMinor, targetMinor } = computed;
  const part = (key: string, label: string, minor: bigint) => ({
    key,
    label,
    amount: exactMoneyText(minor, currency, locale),
  });
  return [
    part('won', translate(locale, 'csv.won'), wonMinor),
    part('expected', translate(locale, 'page.column.expected'), expectedMinor),
    part('computed', translate(locale, 'freeze.computed'), wonMinor + expectedMinor),
    ...(targetMinor === null ? [] : [part('target', translate(locale, 'freeze.target'), targetMinor)]),
  ];
}

/** Rows and the row of the others add up to what is expected, as displayed. */
function dealsView(scope: FreezeScope, input: FreezePageInput): DealsView {
  const { computed, currency, owners, manager } = scope;
  const { locale, header } = input;
  const { crm } = header.connection;
  const scale = wholeUnits(currency);
  const shown = computed.lines.slice(0, DEALS_SHOWN);
  const rest = computed.lines.slice(DEALS_SHOWN);
  const total = roundToSteps(computed.expectedMinor, scale);
  const parts = shown.map(({ expectedMinor }) => expectedMinor);
  const steps =
    rest.length === 0
      ? apportion(parts, total, scale)
      : parts.map((expectedMinor) => roundToSteps(expectedMinor, scale));
  const rows = shown.map((line, index) => ({
    name: visibleText(line.dealName) || line.dealId,
    href: dealHref(line.dealId, { locale, managerId: manager.id }),
    cells: [
      ownerText(line.ownerId, owners, locale),
      moneyText(line.grossMinor, currency, locale),
      percentText(line.odds, locale, 1),
      stepsText(steps[index] ?? 0n, scale, locale),
    ],
  }));
  const others = {
    name: translate(locale, 'digest.moved.others', {
      count: rest.length,
      dealWord: dealWord(crm, locale, rest.length),
    }),
    href: null,
    cells: ['', '', '', stepsText(total - sumOf(steps), scale, locale)],
  };
  return {
    title: translate(locale, 'freeze.deals', { dealWords: dealWord(crm, locale) }),
    none: rows.length === 0 ? translate(locale, 'page.deals_empty') : null,
    columns: [
      { key: 'name', label: capitalised(dealWord(crm, locale, 1)), numeric: false },
      ...(['owner', 'gross', 'odds', 'expected'] as const).map((key) => ({
        key,
        label: translate(locale, `page.column.${key}`),
        numeric: key !== 'owner',
      })),
    ],
    rows: rest.length === 0 ? rows : [...rows, others],
    total: { label: translate(locale, 'page.total'), amount: stepsText(total, scale, locale) },
    csv:
      scope.period.key === scope.periods[0]?.key
        ? {
            text: translate(locale, 'page.csv'),
            href: dealsCsvHref({ locale, managerId: manager.id, week: null, page: 1 }),
          }
        : null,
  };
}

const HISTORY_COLUMNS = ['on', 'period', 'computed', 'yours', 'difference', 'actual'] as const;

function historyView(scope: FreezeScope, locale: Locale): HistoryView {
  return {
    title: translate(locale, 'freeze.history'),
    none: scope.history.length === 0 ? translate(locale, 'freeze.history_none') : null,
    columns: HISTORY_COLUMNS.map((key) => ({
      key,
      label: translate(locale, `freeze.history.${key}`),
      numeric: key !== 'on' && key !== 'period',
    })),
    rows: scope.history.map((row) => historyRow(row, scope, locale)),
    csv: {
      text: translate(locale, 'page.csv'),
      href: frozenCsvHref({ locale, managerId: scope.manager.id }),
    },
  };
}

function historyRow(
  { frozen, period, actualMinor }: FrozenRow,
  scope: FreezeScope,
  locale: Locale,
): HistoryView['rows'][number] {
  const { amountMinor, computedMinor, currency, differences } = frozen;
  const money = (minor: bigint) => exactMoneyText(minor, currency, locale);
  const sign = (minor: bigint) => (minor > 0n ? `+${money(minor)}` : money(minor));
  return {
    head: fullDateText(frozen.asOf, locale),
    cells: [
      period === null ? frozen.periodKey : periodText(period, locale, 'long'),
      money(computedMinor),
      money(amountMinor),
      sign(amountMinor - computedMinor),
      actualMinor === null ? '–' : money(actualMinor),
    ],
    reasons:
      differences.length === 0
        ? null
        : {
            open: translate(locale, 'freeze.reasons', { count: differences.length }),
            list: differences.map((difference) =>
              translate(locale, 'freeze.reason', {
                amount: sign(difference.differenceMinor),
                about: aboutText(difference, scope, locale),
                reason: visibleText(difference.reason, 200),
              }),
            ),
          },
  };
}

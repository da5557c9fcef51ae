import { countText, percentText, shortMonthText, stepsText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { type MoneyScale, roundToSteps, sumOf, wholeUnits } from '../../../templates/rounding.ts';
import { visibleText } from '../../../templates/text.ts';
import { capitalised, dealWord, milestoneText } from '../../../templates/words.ts';
import type { ForecastLine } from '../../core/forecast/forecast-types.ts';
import type { MilestoneKey } from '../../core/values/ids.ts';
import {
  DEAL_SORTS,
  DEALS_PER_PAGE,
  type DealSort,
  dealHref,
  dealsCsvHref,
  forecastHref,
  NO_FILTER,
} from '../href.ts';
import type { ColumnView } from '../table.ts';
import { keptFields, type SelectView } from './filters.ts';
import type { ForecastPageInput } from './forecast-input.ts';
import { mathsView } from './maths.ts';
import { shortWhyText, whyText } from './why.ts';

interface DealRowView {
  readonly name: string;
  /** Our page of the deal. */
  readonly link: string;
  /** The small line under the name: whose it is, its pace, what is odd about the record. */
  readonly owner: string;
  readonly marks: readonly { readonly text: string; readonly tone: 'good' | 'bad' | 'plain' }[];
  readonly verified: string;
  /** What the stage declares, when it is more than what is proven. */
  readonly declared: string | null;
  readonly gross: string;
  readonly net: string;
  readonly unproven: string;
  readonly odds: string;
  readonly expected: string;
  readonly close: string;
  readonly short: string;
  readonly why: string;
  readonly maths: readonly string[];
}

interface DealColumnView extends ColumnView {
  /** Sorts by this column; null where there is no order to ask for. */
  readonly href: string | null;
  readonly sorted: 'ascending' | 'descending' | null;
}

export interface DealsView {
  readonly title: string;
  readonly shown: string;
  readonly csv: { readonly text: string; readonly href: string };
  readonly search: {
    readonly label: string;
    readonly value: string;
    readonly send: string;
    readonly hidden: readonly { readonly name: string; readonly value: string }[];
    readonly sort: SelectView;
    readonly clear: { readonly text: string; readonly href: string } | null;
  };
  readonly empty: string | null;
  readonly columns: readonly DealColumnView[];
  readonly rows: readonly DealRowView[];
  /** Sum of the cells shown on this page. */
  readonly total: {
    readonly label: string;
    readonly gross: string;
    readonly net: string;
    readonly unproven: string;
    readonly expected: string;
  };
  readonly pages: {
    readonly label: string;
    readonly previous: { readonly text: string; readonly href: string } | null;
    readonly next: { readonly text: string; readonly href: string } | null;
  };
}

const NONE = '–';
/** Where the links of the table lead: to the table, not to the top of the page. */
const ANCHOR = '#deals-title';
/** A name is cut by the style sheet where the column ends; this only bounds the bytes. */
const NAME_LIMIT = 80;

export function dealsView(input: ForecastPageInput): DealsView {
  const { query, lines, totalLines, summary, header } = input;
  const { locale } = query;
  const { search } = query.filter ?? NO_FILTER;
  const scale = wholeUnits(summary.currency);
  const first = (query.page - 1) * DEALS_PER_PAGE;
  const total = (pick: (line: ForecastLine) => bigint): string =>
    stepsText(sumOf(lines.filter(counts).map((line) => roundToSteps(pick(line), scale))), scale, locale);
  return {
    title: capitalised(dealWord(header.connection.crm, locale)),
    shown: translate(locale, 'page.deals_shown', {
      from: lines.length === 0 ? 0 : first + 1,
      to: first + lines.length,
      total: totalLines,
    }),
    csv: { text: translate(locale, 'page.csv'), href: dealsCsvHref(query) },
    search: searchView(input),
    empty:
      lines.length === 0 ? translate(locale, search === '' ? 'page.deals_empty' : 'deals.none_found') : null,
    columns: columnsOf(input),
    rows: lines.map((line) => rowOf(line, input, scale)),
    total: {
      label: translate(locale, 'page.deals_total'),
      gross: total((line) => line.grossMinor),
      net: total((line) => line.netMinor),
      unproven: total((line) => line.unprovenMinor),
      expected: total((line) => line.expectedMinor),
    },
    pages: pagesOf(input),
  };
}

function searchView(input: ForecastPageInput): DealsView['search'] {
  const { query, header } = input;
  const { locale } = query;
  const filter = query.filter ?? NO_FILTER;
  return {
    label: translate(locale, 'deals.search', { dealWord: dealWord(header.connection.crm, locale, 1) }),
    value: filter.search,
    send: translate(locale, 'filter.send'),
    hidden: keptFields(input, ['q', 'sort']),
    sort: {
      name: 'sort',
      label: translate(locale, 'deals.sort'),
      options: DEAL_SORTS.map((key) => ({
        value: key,
        text: columnLabel(key, input),
        selected: columnOf(filter.sort).key === key,
      })),
    },
    clear:
      filter.search === ''
        ? null
        : {
            text: translate(locale, 'filter.clear'),
            href: forecastHref({ ...query, page: 1, filter: { ...filter, search: '' } }, ANCHOR),
          },
  };
}

/** Excluded lines show no amount in the company's currency, so they are in no total. */
function counts(line: ForecastLine): boolean {
  return line.exclusion === null;
}

function rowOf(line: ForecastLine, input: ForecastPageInput, scale: MoneyScale): DealRowView {
  const { locale } = input.query;
  const amount = (amountMinor: bigint): string =>
    counts(line) ? stepsText(roundToSteps(amountMinor, scale), scale, locale) : NONE;
  const isOpen = counts(line) && line.standing === 'open';
  return {
    name: visibleText(line.dealName, NAME_LIMIT) || line.dealId,
    link: dealHref(line.dealId, input.query),
    owner: ownerText(line, input),
    marks: marksOf(line, input),
    verified: standingText(line, line.verified, input),
    declared:
      isOpen && line.declaredWeightBps > line.weightBps
        ? translate(locale, 'deals.declared', { milestone: standingText(line, line.declared, input) })
        : null,
    gross: amount(line.grossMinor),
    net: amount(line.netMinor),
    unproven: line.unprovenMinor === 0n ? NONE : amount(line.unprovenMinor),
    odds: isOpen ? percentText(line.odds, locale) : NONE,
    expected: amount(line.expectedMinor),
    close:
      isOpen && line.realisticClose !== null
        ? `${shortMonthText(line.realisticClose, locale)} ${line.realisticClose.year}`
        : NONE,
    short: shortWhyText(line, input),
    why: whyText(line, input),
    maths: isOpen ? mathsView(line, input).steps : [],
  };
}

function standingText(line: ForecastLine, milestone: MilestoneKey | null, input: ForecastPageInput): string {
  const { locale } = input.query;
  if (line.standing === 'won') return translate(locale, 'movement.signed');
  if (line.standing === 'lost') return translate(locale, 'movement.lost');
  if (line.standing === 'unmapped') return translate(locale, 'exclusion.stage_unmapped');
  return milestone === null ? NONE : milestoneText(milestone, input.milestones, locale);
}

function ownerText(line: ForecastLine, { query, owners }: ForecastPageInput): string {
  if (line.ownerId === null) return translate(query.locale, 'page.no_owner');
  const owner = owners.find(({ id }) => id === line.ownerId);
  return owner === undefined ? translate(query.locale, 'flag.owner_unknown') : visibleText(owner.name, 30);
}

/** Pace and whatever a person should know of this record. An owner that is missing or unknown is said in the owner's column. */
function marksOf(line: ForecastLine, { query }: ForecastPageInput): DealRowView['marks'] {
  const { locale } = query;
  const days = line.pace === 'fast' ? line.passed?.days : line.daysInMilestone;
  const pace =
    line.pace === 'on_track' || days === null || days === undefined
      ? []
      : [
          {
            text: translate(locale, `pace.${line.pace}`, { count: days }),
            tone: line.pace === 'stuck' ? ('bad' as const) : ('good' as const),
          },
        ];
  const flags = line.flags
    .filter((flag) => flag !== 'owner_missing' && flag !== 'owner_unknown')
    .map((flag) => ({ text: translate(locale, `flag.${flag}`), tone: 'plain' as const }));
  return [...pace, ...flags];
}

type ColumnKey = (typeof DEAL_SORTS)[number] | 'verified' | 'why';
const COLUMNS: readonly ColumnKey[] = [
  'name',
  'verified',
  'gross',
  'net',
  'unproven',
  'odds',
  'expected',
  'close',
  'why',
];
const TEXTS: readonly ColumnKey[] = ['name', 'verified', 'close', 'why'];
/** Columns that begin with the smallest: names from A, dates from the earliest. */
const ASCENDING: readonly ColumnKey[] = ['name', 'close'];

function columnsOf(input: ForecastPageInput): readonly DealColumnView[] {
  const { query } = input;
  const filter = query.filter ?? NO_FILTER;
  const sorted = columnOf(filter.sort);
  return COLUMNS.map((key) => {
    const isSorted = sorted.key === key;
    const sortKey = DEAL_SORTS.find((one) => one === key);
    const turned: DealSort | undefined =
      sortKey !== undefined && isSorted && !sorted.turned ? `-${sortKey}` : sortKey;
    return {
      key,
      label: columnLabel(key, input),
      numeric: !TEXTS.includes(key),
      additive: key !== 'odds',
      href:
        turned === undefined
          ? null
          : forecastHref({ ...query, page: 1, filter: { ...filter, sort: turned } }, ANCHOR),
      sorted: !isSorted ? null : ASCENDING.includes(key) === sorted.turned ? 'descending' : 'ascending',
    };
  });
}

/** "-net" is the column net, turned round. */
export function columnOf(sort: DealSort): {
  readonly key: (typeof DEAL_SORTS)[number];
  readonly turned: boolean;
} {
  const key = DEAL_SORTS.find((one) => sort === one || sort === `-${one}`) ?? 'net';
  return { key, turned: sort.startsWith('-') };
}

function columnLabel(key: ColumnKey, { query, header }: ForecastPageInput): string {
  return key === 'name'
    ? capitalised(dealWord(header.connection.crm, query.locale, 1))
    : translate(query.locale, `page.column.${key}`);
}

function pagesOf({ query, totalLines }: ForecastPageInput): DealsView['pages'] {
  const { locale, page } = query;
  const lastPage = Math.max(1, Math.ceil(totalLines / DEALS_PER_PAGE));
  const link = (key: 'previous' | 'next', to: number) => ({
    text: translate(locale, `page.${key}`),
    href: forecastHref({ ...query, page: to }, ANCHOR),
  });
  return {
    label: `${translate(locale, 'page.pages')} ${countText(page, locale)}/${countText(lastPage, locale)}`,
    previous: page > 1 ? link('previous', page - 1) : null,
    next: page < lastPage ? link('next', page + 1) : null,
  };
}

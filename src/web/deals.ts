import { countText, monthYearText, percentText, stepsText } from '../../templates/format.ts';
import { translate } from '../../templates/i18n/translate.ts';
import { type MoneyScale, roundToSteps, sumOf, wholeUnits } from '../../templates/rounding.ts';
import { visibleText } from '../../templates/text.ts';
import { capitalised, dealWord, milestoneText } from '../../templates/words.ts';
import type { ForecastLine } from '../core/forecast-types.ts';
import type { MilestoneKey } from '../core/ids.ts';
import type { ForecastPageInput } from './forecast-input.ts';
import { DEALS_PER_PAGE, dealHref, dealsCsvHref, forecastHref } from './href.ts';
import { type MathsView, mathsView } from './maths.ts';
import type { ColumnView } from './table.ts';
import { whyText } from './why.ts';

interface DealRowView {
  readonly name: string;
  /** Our page of the deal. */
  readonly link: string;
  readonly marks: readonly { readonly text: string; readonly tone: 'good' | 'bad' | 'plain' }[];
  readonly owner: string;
  readonly declared: string;
  readonly verified: string;
  readonly gross: string;
  readonly net: string;
  readonly odds: string;
  readonly expected: string;
  readonly close: string;
  readonly why: string;
  readonly maths: MathsView | null;
}

export interface DealsView {
  readonly title: string;
  readonly hint: string;
  readonly shown: string;
  readonly csv: { readonly text: string; readonly href: string };
  readonly empty: string | null;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly DealRowView[];
  /** Sum of the cells shown on this page. */
  readonly total: {
    readonly label: string;
    readonly gross: string;
    readonly net: string;
    readonly expected: string;
  };
  readonly pages: {
    readonly label: string;
    readonly previous: { readonly text: string; readonly href: string } | null;
    readonly next: { readonly text: string; readonly href: string } | null;
  };
}

const NONE = '–';

export function dealsView(input: ForecastPageInput): DealsView {
  const { query, lines, totalLines, summary, header } = input;
  const { locale } = query;
  const scale = wholeUnits(summary.currency);
  const first = (query.page - 1) * DEALS_PER_PAGE;
  const total = (pick: (line: ForecastLine) => bigint): string =>
    stepsText(sumOf(lines.filter(counts).map((line) => roundToSteps(pick(line), scale))), scale, locale);
  return {
    title: capitalised(dealWord(header.connection.crm, locale)),
    hint: translate(locale, 'page.deals_hint'),
    shown: translate(locale, 'page.deals_shown', {
      from: lines.length === 0 ? 0 : first + 1,
      to: first + lines.length,
      total: totalLines,
    }),
    csv: { text: translate(locale, 'page.csv'), href: dealsCsvHref(query) },
    empty: lines.length === 0 ? translate(locale, 'page.deals_empty') : null,
    columns: columnsOf(input),
    rows: lines.map((line) => rowOf(line, input, scale)),
    total: {
      label: translate(locale, 'page.deals_total'),
      gross: total((line) => line.grossMinor),
      net: total((line) => line.netMinor),
      expected: total((line) => line.expectedMinor),
    },
    pages: pagesOf(input),
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
    name: visibleText(line.dealName) || line.dealId,
    link: dealHref(line.dealId, input.query),
    marks: marksOf(line, input),
    owner: ownerText(line, input),
    declared: standingText(line, line.declared, input),
    verified: line.standing === 'open' ? standingText(line, line.verified, input) : NONE,
    gross: amount(line.grossMinor),
    net: amount(line.netMinor),
    odds: isOpen ? percentText(line.odds, locale) : NONE,
    expected: amount(line.expectedMinor),
    close: isOpen && line.realisticClose !== null ? monthYearText(line.realisticClose, locale) : NONE,
    why: whyText(line, input),
    maths: isOpen ? mathsView(line, input) : null,
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

function columnsOf({ query, header }: ForecastPageInput): readonly ColumnView[] {
  const { locale } = query;
  const text = (key: 'owner' | 'declared' | 'verified' | 'close' | 'why'): ColumnView => ({
    key,
    label: translate(locale, `page.column.${key}`),
    numeric: false,
  });
  const number = (key: 'gross' | 'net' | 'odds' | 'expected'): ColumnView => ({
    key,
    label: translate(locale, `page.column.${key}`),
    numeric: true,
  });
  return [
    { key: 'name', label: capitalised(dealWord(header.connection.crm, locale, 1)), numeric: false },
    text('owner'),
    text('declared'),
    text('verified'),
    number('gross'),
    number('net'),
    number('odds'),
    number('expected'),
    text('close'),
    text('why'),
  ];
}

function pagesOf({ query, totalLines }: ForecastPageInput): DealsView['pages'] {
  const { locale, page } = query;
  const lastPage = Math.max(1, Math.ceil(totalLines / DEALS_PER_PAGE));
  return {
    label: `${translate(locale, 'page.pages')} ${countText(page, locale)}/${countText(lastPage, locale)}`,
    previous:
      page > 1
        ? { text: translate(locale, 'page.previous'), href: forecastHref({ ...query, page: page - 1 }) }
        : null,
    next:
      page < lastPage
        ? { text: translate(locale, 'page.next'), href: forecastHref({ ...query, page: page + 1 }) }
        : null,
  };
}

/** The meeting screen: what moved and what is worth a word, in the order of the meeting. Facts only. Pure. */
import { fullDateText, moneyText, signedStepsText, stepsText } from '../../templates/format.ts';
import { translate } from '../../templates/i18n/translate.ts';
import { type MoneyScale, roundToSteps, sumOf, wholeUnits } from '../../templates/rounding.ts';
import { visibleText } from '../../templates/text.ts';
import { capitalised, dealWord, milestoneText, missingEvidenceText } from '../../templates/words.ts';
import type { ForecastLine } from '../core/forecast-types.ts';
import type { DealId } from '../core/ids.ts';
import type { ReviewKind, ReviewSection } from '../core/review.ts';
import { type HeaderView, headerView, type LinkView } from './header.ts';
import { dealHref, movementsCsvHref, oneToOneHref, pageHref } from './href.ts';
import { REVIEW_ROWS, type ReviewPageInput } from './review-input.ts';

interface CellsView {
  readonly name: string;
  readonly link: string | null;
  readonly mark: string | null;
  readonly cells: readonly {
    readonly label: string;
    readonly text: string;
    readonly numeric: boolean;
    readonly tone: string;
  }[];
}

interface ReviewTableView {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly none: string | null;
  readonly columns: readonly { readonly label: string; readonly numeric: boolean }[];
  readonly rows: readonly CellsView[];
  /** The last line: what the rows above it add up to. */
  readonly total: { readonly label: string; readonly text: string } | null;
}

export interface ReviewPageView {
  readonly locale: ReviewPageInput['locale'];
  readonly title: string;
  readonly asOf: string;
  readonly header: HeaderView;
  readonly managers: { readonly title: string; readonly links: readonly LinkView[] } | null;
  readonly start: { readonly text: string; readonly href: string } | null;
  readonly people: {
    readonly title: string;
    readonly links: readonly { readonly text: string; readonly href: string }[];
  };
  readonly tables: readonly ReviewTableView[];
  readonly csv: { readonly text: string; readonly href: string };
}

export function reviewPageView(input: ReviewPageInput): ReviewPageView {
  const { locale, managerId, first } = input;
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
    managers: managersView(input),
    start: first === null ? null : { text: translate(locale, 'review.start'), href: dealHref(first, scope) },
    people: {
      title: translate(locale, 'review.people'),
      links: peopleOf(input).map(({ id, name }) => ({
        text: visibleText(name, 30),
        href: oneToOneHref(id, scope),
      })),
    },
    tables: [movedTable(input), ...input.sections.map((section) => sectionTable(section, input))],
    csv: { text: translate(locale, 'review.csv'), href: movementsCsvHref(scope) },
  };
}

function managersView({ locale, managers, managerId }: ReviewPageInput): ReviewPageView['managers'] {
  if (managers.length === 0) return null;
  const link = (id: string | null, text: string): LinkView => ({
    text,
    href: pageHref('/review', { locale, managerId: id }),
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

/** Owners with a deal in the review, by name: an order of merit would be a ranking. */
function peopleOf({ sections, owners, locale }: ReviewPageInput) {
  const present = new Set(sections.flatMap(({ lines }) => lines.map(({ ownerId }) => ownerId)));
  return owners
    .filter(({ id }) => present.has(id))
    .toSorted((left, right) => left.name.localeCompare(right.name, locale));
}

function movedTable(input: ReviewPageInput): ReviewTableView {
  const { locale, movement, currency, comparedWith } = input;
  const frame = {
    id: 'moved',
    title: translate(locale, 'digest.moved.title'),
    hint:
      comparedWith === null
        ? ''
        : translate(locale, 'page.change_since', { date: fullDateText(comparedWith, locale) }),
    columns: [
      { label: nameLabel(input), numeric: false },
      { label: translate(locale, 'csv.kind'), numeric: false },
      { label: translate(locale, 'csv.change'), numeric: true },
    ],
  };
  if (movement === null)
    return { ...frame, none: translate(locale, 'digest.moved.first_week'), rows: [], total: null };
  const scale = wholeUnits(currency);
  const shown = movement.rows.slice(0, REVIEW_ROWS);
  const steps = shown.map((row) => roundToSteps(row.changeMinor, scale));
  const start = roundToSteps(movement.startMinor, scale);
  const end = roundToSteps(movement.endMinor, scale);
  const others = end - start - sumOf(steps);
  const otherDeals = movement.otherDeals + movement.rows.length - shown.length;
  const row = (name: string, link: string | null, kind: string, amount: string, tone: string): CellsView => ({
    name,
    link,
    mark: null,
    cells: [
      { label: frame.columns[1]?.label ?? '', text: kind, numeric: false, tone: '' },
      { label: frame.columns[2]?.label ?? '', text: amount, numeric: true, tone },
    ],
  });
  const change = (amount: bigint) => signedStepsText(amount, scale, locale);
  return {
    ...frame,
    none: null,
    rows: [
      row(translate(locale, 'csv.start'), null, '', stepsText(start, scale, locale), ''),
      ...shown.map((one, index) =>
        row(
          visibleText(one.dealName) || one.dealId,
          dealHref(one.dealId, input),
          translate(locale, `movement.${one.kind}`),
          change(steps[index] ?? 0n),
          toneOf(steps[index] ?? 0n),
        ),
      ),
      ...(otherDeals === 0 && others === 0n
        ? []
        : [row(othersText(otherDeals, input), null, '', change(others), toneOf(others))]),
    ],
    total: { label: translate(locale, 'csv.end'), text: stepsText(end, scale, locale) },
  };
}

function sectionTable({ kind, lines }: ReviewSection, input: ReviewPageInput): ReviewTableView {
  const { locale } = input;
  const scale = wholeUnits(input.currency);
  const amountLabel = translate(locale, kind === 'unproven' ? 'page.column.unproven' : 'page.column.net');
  const columns = [
    { label: nameLabel(input), numeric: false },
    { label: translate(locale, 'page.column.owner'), numeric: false },
    { label: translate(locale, 'page.column.verified'), numeric: false },
    { label: translate(locale, 'review.fact'), numeric: false },
    { label: amountLabel, numeric: true },
  ];
  const shown = lines.slice(0, REVIEW_ROWS);
  const rest = lines.slice(REVIEW_ROWS);
  const steps = (line: ForecastLine) => roundToSteps(amountOf(kind, line), scale);
  const restRow = rest.length === 0 ? [] : [restView(rest, sumOf(rest.map(steps)), columns, scale, input)];
  return {
    id: kind,
    title: translate(locale, `review.kind.${kind}`, {
      dealWords: capitalised(dealWord(input.header.connection.crm, locale)),
    }),
    hint: translate(locale, `review.hint.${kind}`),
    none: lines.length === 0 ? translate(locale, 'review.none') : null,
    columns,
    rows: [...shown.map((line) => lineView(line, kind, columns, input)), ...restRow],
    total: {
      label: translate(locale, 'page.total'),
      text: stepsText(sumOf(lines.map(steps)), scale, locale),
    },
  };
}

function amountOf(kind: ReviewKind, line: ForecastLine): bigint {
  return kind === 'unproven' ? line.unprovenMinor : line.netMinor;
}

function lineView(
  line: ForecastLine,
  kind: ReviewKind,
  columns: ReviewTableView['columns'],
  input: ReviewPageInput,
): CellsView {
  const { locale, milestones, owners, noted } = input;
  const owner = owners.find(({ id }) => id === line.ownerId);
  const texts = [
    owner === undefined ? translate(locale, 'page.no_owner') : visibleText(owner.name, 30),
    line.verified === null ? '–' : milestoneText(line.verified, milestones, locale),
    factText(line, kind, input),
    moneyText(amountOf(kind, line), input.currency, locale),
  ];
  return {
    name: visibleText(line.dealName) || line.dealId,
    link: dealHref(line.dealId, input),
    mark: noted.has(line.dealId) ? translate(locale, 'review.noted') : null,
    cells: texts.map((text, index) => ({
      label: columns[index + 1]?.label ?? '',
      text,
      numeric: index === 3,
      tone: '',
    })),
  };
}

function restView(
  rest: readonly ForecastLine[],
  steps: bigint,
  columns: ReviewTableView['columns'],
  scale: MoneyScale,
  input: ReviewPageInput,
): CellsView {
  const texts = ['', '', '', stepsText(steps, scale, input.locale)];
  return {
    name: othersText(rest.length, input),
    link: null,
    mark: null,
    cells: texts.map((text, index) => ({
      label: columns[index + 1]?.label ?? '',
      text,
      numeric: index === 3,
      tone: '',
    })),
  };
}

/** The one fact that brought the deal into this list. */
function factText(
  line: ForecastLine,
  kind: ReviewKind,
  { locale, norms, milestones, asOf }: ReviewPageInput,
): string {
  const stay = kind === 'fast' ? line.passed : { milestone: line.verified, days: line.daysInMilestone ?? 0 };
  const median = norms.find(({ milestone }) => milestone === stay?.milestone)?.medianDays;
  const missing = line.missing[0];
  switch (kind) {
    case 'stuck':
    case 'fast':
      return translate(locale, `review.fact.${kind}`, {
        count: stay?.days ?? 0,
        median: median ?? 0,
        milestone: stay?.milestone ? milestoneText(stay.milestone, milestones, locale) : '–',
      });
    case 'unproven':
      return missing === undefined ? '' : missingEvidenceText(missing, false, milestones, locale);
    case 'silent':
      return line.lastCustomerContact === null
        ? ''
        : translate(locale, 'review.fact.silent', {
            date: fullDateText(line.lastCustomerContact, locale),
            count: line.lastCustomerContact.until(asOf).days,
          });
    case 'pushed':
      return translate(locale, 'dealpage.pushes', { count: line.closeDatePushes });
  }
}

function nameLabel({ header, locale }: ReviewPageInput): string {
  return capitalised(dealWord(header.connection.crm, locale, 1));
}

function othersText(count: number, { header, locale }: ReviewPageInput): string {
  return translate(locale, 'digest.moved.others', {
    count,
    dealWord: dealWord(header.connection.crm, locale, count),
  });
}

function toneOf(steps: bigint): string {
  return steps > 0n ? 'good' : steps < 0n ? 'bad' : '';
}

/** Deals of the page, for whoever looks up their notes. */
export function reviewedDeals(sections: readonly ReviewSection[]): readonly DealId[] {
  return [
    ...new Set(sections.flatMap(({ lines }) => lines.slice(0, REVIEW_ROWS).map(({ dealId }) => dealId))),
  ];
}

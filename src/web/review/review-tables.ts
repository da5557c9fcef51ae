/** The lists of the review: what moved, then one list per fact, each with what its rows add up to. */
import { fullDateText, moneyText, signedStepsText, stepsText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { roundToSteps, sumOf, wholeUnits } from '../../../templates/rounding.ts';
import { visibleText } from '../../../templates/text.ts';
import { capitalised, dealWord, milestoneText, proofListText } from '../../../templates/words.ts';
import type { ForecastLine } from '../../core/forecast/forecast-types.ts';
import type { ReviewKind, ReviewSection } from '../../core/review/review.ts';
import type { DealId } from '../../core/values/ids.ts';
import { type QuickProofView, quickProof } from '../deal/quick-proof.ts';
import { dealHref } from '../href.ts';
import { ownerText } from '../owner-text.ts';
import { REVIEW_ROWS, type ReviewPageInput } from './review-input.ts';

export interface ReviewTableView {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly none: string | null;
  readonly columns: readonly { readonly label: string; readonly numeric: boolean }[];
  readonly rows: readonly ReviewRowView[];
  /** The last line: what the rows above it add up to. */
  readonly total: { readonly label: string; readonly text: string } | null;
}

interface ReviewRowView {
  /** Where the browser comes back to; null for a row of no deal of its own. */
  readonly anchor: string | null;
  readonly name: string;
  readonly link: string | null;
  readonly mark: string | null;
  readonly cells: readonly CellView[];
}

interface CellView {
  readonly label: string;
  readonly text: string;
  readonly numeric: boolean;
  readonly tone: string;
  /** What is worth knowing and too long for a row. */
  readonly more: { readonly open: string; readonly text: string } | null;
  readonly decide: QuickProofView | null;
}

export function reviewTables(input: ReviewPageInput): readonly ReviewTableView[] {
  const listed = new Set<DealId>();
  const tables = [movedTable(input), ...input.sections.map((section) => sectionTable(section, input))];
  return tables.map((table) => ({ ...table, rows: table.rows.map((row) => anchoredOnce(row, listed)) }));
}

/** A deal may stand in several lists; the browser comes back to the first. */
function anchoredOnce(row: ReviewRowView, listed: Set<string>): ReviewRowView {
  if (row.anchor === null || !listed.has(row.anchor)) {
    if (row.anchor !== null) listed.add(row.anchor);
    return row;
  }
  return { ...row, anchor: null };
}

function cell(label: string, text: string, changes: Partial<CellView> = {}): CellView {
  return { label, text, numeric: false, tone: '', more: null, decide: null, ...changes };
}

function movedTable(input: ReviewPageInput): ReviewTableView {
  const { locale, movement, currency, comparedWith } = input;
  const labels = [translate(locale, 'csv.kind'), translate(locale, 'csv.change')] as const;
  const frame = {
    id: 'moved',
    title: translate(locale, 'digest.moved.title'),
    hint:
      comparedWith === null
        ? ''
        : translate(locale, 'page.change_since', { date: fullDateText(comparedWith, locale) }),
    columns: [
      { label: nameLabel(input), numeric: false },
      { label: labels[0], numeric: false },
      { label: labels[1], numeric: true },
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
  const cells = (kind: string, amount: string, tone = '') => [
    cell(labels[0], kind),
    cell(labels[1], amount, { numeric: true, tone }),
  ];
  const plain = (name: string, amount: string, tone = ''): ReviewRowView => ({
    anchor: null,
    name,
    link: null,
    mark: null,
    cells: cells('', amount, tone),
  });
  const change = (amount: bigint) => signedStepsText(amount, scale, locale);
  return {
    ...frame,
    none: null,
    rows: [
      plain(translate(locale, 'csv.start'), stepsText(start, scale, locale)),
      ...shown.map((one, index) => {
        const step = steps[index] ?? 0n;
        return dealRow(
          one,
          cells(translate(locale, `movement.${one.kind}`), change(step), toneOf(step)),
          input,
        );
      }),
      ...(otherDeals === 0 && others === 0n
        ? []
        : [plain(othersText(otherDeals, input), change(others), toneOf(others))]),
    ],
    total: { label: translate(locale, 'csv.end'), text: stepsText(end, scale, locale) },
  };
}

function sectionTable({ kind, lines }: ReviewSection, input: ReviewPageInput): ReviewTableView {
  const { locale } = input;
  const scale = wholeUnits(input.currency);
  const labels = [
    translate(locale, 'page.column.owner'),
    translate(locale, 'page.column.verified'),
    translate(locale, 'review.fact'),
    translate(locale, kind === 'unproven' ? 'page.column.unproven' : 'page.column.net'),
  ] as const;
  const shown = lines.slice(0, REVIEW_ROWS);
  const rest = lines.slice(REVIEW_ROWS);
  const steps = (line: ForecastLine) => roundToSteps(amountOf(kind, line), scale);
  return {
    id: kind,
    title: translate(locale, `review.kind.${kind}`, {
      dealWords: capitalised(dealWord(input.header.connection.crm, locale)),
    }),
    hint: translate(locale, `review.hint.${kind}`),
    none: lines.length === 0 ? translate(locale, 'review.none') : null,
    columns: [nameLabel(input), ...labels].map((label, index) => ({ label, numeric: index === 4 })),
    rows: [
      ...shown.map((line) => dealRow(line, lineCells(line, kind, labels, input), input)),
      ...(rest.length === 0
        ? []
        : [
            {
              anchor: null,
              name: othersText(rest.length, input),
              link: null,
              mark: null,
              cells: labels.map((label, index) =>
                cell(label, index === 3 ? stepsText(sumOf(rest.map(steps)), scale, locale) : '', {
                  numeric: index === 3,
                }),
              ),
            },
          ]),
    ],
    total: {
      label: translate(locale, 'page.total'),
      text: stepsText(sumOf(lines.map(steps)), scale, locale),
    },
  };
}

function dealRow(
  { dealId, dealName }: Pick<ForecastLine, 'dealId' | 'dealName'>,
  cells: readonly CellView[],
  input: ReviewPageInput,
): ReviewRowView {
  const mark = input.marks.get(dealId);
  return {
    anchor: `deal-${encodeURIComponent(dealId)}`,
    name: visibleText(dealName) || dealId,
    link: dealHref(dealId, input),
    mark: mark === undefined ? null : translate(input.locale, `review.mark.${mark}`),
    cells,
  };
}

function amountOf(kind: ReviewKind, line: ForecastLine): bigint {
  return kind === 'unproven' ? line.unprovenMinor : line.netMinor;
}

function lineCells(
  line: ForecastLine,
  kind: ReviewKind,
  labels: readonly [string, string, string, string],
  input: ReviewPageInput,
): readonly CellView[] {
  const { locale, milestones, owners } = input;
  return [
    cell(labels[0], ownerText(line.ownerId, owners, locale)),
    cell(labels[1], line.verified === null ? '–' : milestoneText(line.verified, milestones, locale)),
    kind === 'unproven' ? proofCell(labels[2], line, input) : cell(labels[2], factText(line, kind, input)),
    cell(labels[3], moneyText(amountOf(kind, line), input.currency, locale), { numeric: true }),
  ];
}

/** The milestone in the row; how it can be proven, and the form to decide on it, behind a word. */
function proofCell(label: string, line: ForecastLine, input: ReviewPageInput): CellView {
  const { locale, marks } = input;
  const { dealId } = line;
  const [gap] = line.missing;
  if (gap === undefined) return cell(label, '');
  const list = proofListText(gap, locale);
  const decided = marks.get(dealId);
  return cell(label, factText(line, 'unproven', input), {
    more: list === null ? null : { open: translate(locale, 'review.how'), text: list },
    decide:
      decided === 'confirmed' || decided === 'refused' ? null : quickProof(dealId, gap.milestone, input),
  });
}

/** The one fact that brought the deal into this list. */
export function factText(
  line: ForecastLine,
  kind: ReviewKind,
  { locale, norms, milestones, asOf }: ReviewPageInput,
): string {
  const stay = kind === 'fast' ? line.passed : { milestone: line.verified, days: line.daysInMilestone ?? 0 };
  const [gap] = line.missing;
  const median = norms.find(({ milestone }) => milestone === stay?.milestone)?.medianDays;
  switch (kind) {
    case 'stuck':
    case 'fast':
      return translate(locale, `review.fact.${kind}`, {
        count: stay?.days ?? 0,
        median: median ?? 0,
        milestone: stay?.milestone ? milestoneText(stay.milestone, milestones, locale) : '–',
      });
    case 'unproven':
      return gap === undefined
        ? ''
        : translate(locale, gap.expired ? 'review.to_prove_again' : 'review.to_prove', {
            milestone: milestoneText(gap.milestone, milestones, locale),
          });
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

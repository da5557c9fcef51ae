/** What is missing to the target and what could close it: the next proof on each deal, by gain per day of effort, then prospects, then the funnel. Pure. */

import { countText, fullDateText, moneyText, stepsText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { funnelTable, gapTexts, pipelineTexts } from '../../../templates/reliability/gap-words.ts';
import { roundToSteps, sumOf, wholeUnits } from '../../../templates/rounding.ts';
import { visibleText } from '../../../templates/text.ts';
import {
  capitalised,
  dealWord,
  type MilestoneLabel,
  milestoneText,
  periodText,
  proofListText,
} from '../../../templates/words.ts';
import type { Owner } from '../../core/deals/deal.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { PlanFigures, PlannedAction } from '../../core/gap/plan-types.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import { type HeaderView, headerView, type PageHeader } from '../header.ts';
import { dealHref, gapTableHref, pageHref } from '../href.ts';
import { ownerText } from '../owner-text.ts';
import { type ScopeLinksView, scopeLinks } from '../scope-links.ts';
import type { ColumnView } from '../table.ts';

/** A week has no room for more. */
const ACTIONS_SHOWN = 15;

export interface GapPageInput {
  readonly locale: Locale;
  readonly managerId: string | null;
  readonly header: PageHeader;
  readonly figures: PlanFigures;
  readonly owners: readonly Owner[];
  readonly milestones: readonly MilestoneLabel[];
  readonly managers: readonly Pick<Manager, 'id' | 'name'>[];
}

interface ActionRowView {
  readonly name: string;
  readonly href: string;
  readonly owner: string;
  readonly milestone: string;
  readonly proof: string;
  readonly days: string;
  readonly perDay: string;
  readonly gain: string;
}

interface CsvLink {
  readonly text: string;
  readonly href: string;
}

export interface GapPageView {
  readonly locale: Locale;
  readonly title: string;
  readonly asOf: string;
  readonly header: HeaderView;
  readonly managers: ScopeLinksView | null;
  readonly lead: string;
  readonly sentences: readonly string[];
  readonly warning: string | null;
  readonly actions: {
    readonly title: string;
    readonly hint: string;
    /** How many of them it takes to close the gap; null without one. */
    readonly closing: string | null;
    readonly none: string | null;
    readonly columns: readonly ColumnView[];
    readonly rows: readonly ActionRowView[];
    readonly rest: { readonly name: string; readonly gain: string } | null;
    readonly total: { readonly label: string; readonly gain: string };
    readonly csv: CsvLink;
  };
  readonly pipeline: { readonly title: string; readonly sentences: readonly string[] };
  readonly funnel: {
    readonly title: string;
    readonly hint: string;
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
    readonly csv: CsvLink;
  };
}

export function gapPageView(input: GapPageInput): GapPageView {
  const { locale, managerId, figures, header, milestones } = input;
  const reader = { crm: header.connection.crm, locale };
  const [lead = '', ...sentences] = gapTexts(figures, { ...reader, milestones });
  const tooLate = figures.gap?.onlyOpenDealsHelp === true ? (sentences.at(-1) ?? null) : null;
  const [columns = [], ...rows] = funnelTable(figures, milestones, reader);
  return {
    locale,
    title: translate(locale, 'gappage.title', { period: periodText(figures.summary.period, locale, 'long') }),
    asOf: translate(locale, 'page.as_of', { date: fullDateText(figures.summary.asOf, locale) }),
    header: headerView({
      locale,
      header,
      managerId,
      current: 'gap',
      hrefIn: (language) => pageHref('/gap', { locale: language, managerId }),
    }),
    managers: scopeLinks(input, (managerId) => pageHref('/gap', { locale: input.locale, managerId })),
    lead,
    sentences: tooLate === null ? sentences : sentences.slice(0, -1),
    warning: tooLate,
    actions: actionsView(input),
    pipeline: { title: translate(locale, 'gappage.pipeline'), sentences: pipelineTexts(figures, reader) },
    funnel: {
      title: translate(locale, 'gappage.funnel'),
      hint: translate(locale, 'gappage.funnel_hint'),
      columns,
      rows,
      csv: { text: translate(locale, 'page.csv'), href: gapTableHref('funnel', input) },
    },
  };
}

function actionsView(input: GapPageInput): GapPageView['actions'] {
  const { locale, figures, header } = input;
  const { crm } = header.connection;
  const scale = wholeUnits(figures.summary.currency);
  const gain = (actions: readonly PlannedAction[]): string =>
    stepsText(sumOf(actions.map(({ gainMinor }) => roundToSteps(gainMinor, scale))), scale, locale);
  const shown = figures.actions.slice(0, ACTIONS_SHOWN);
  const rest = figures.actions.slice(ACTIONS_SHOWN);
  return {
    title: translate(locale, 'gappage.actions'),
    hint: translate(locale, 'gappage.actions_hint'),
    closing: closingText(figures, input),
    none: shown.length === 0 ? translate(locale, 'gappage.actions_none') : null,
    columns: columnsOf(input),
    rows: shown.map((action) => rowOf(action, input)),
    rest:
      rest.length === 0
        ? null
        : {
            name: translate(locale, 'digest.moved.others', {
              count: rest.length,
              dealWord: dealWord(crm, locale, rest.length),
            }),
            gain: gain(rest),
          },
    total: { label: translate(locale, 'page.total'), gain: gain(figures.actions) },
    csv: { text: translate(locale, 'page.csv'), href: gapTableHref('actions', input) },
  };
}

/** In whole units, as the rows show them: who adds the rows up finds the same. */
function closingText({ summary, actions }: PlanFigures, { locale }: GapPageInput): string | null {
  const { targetMinor, wonMinor, expectedMinor, currency } = summary;
  if (targetMinor === null || actions.length === 0) return null;
  const scale = wholeUnits(currency);
  const steps = (minor: bigint) => roundToSteps(minor, scale);
  const gap = steps(targetMinor) - steps(wonMinor) - steps(expectedMinor);
  if (gap <= 0n) return null;
  let added = 0n;
  for (const [index, { gainMinor }] of actions.entries()) {
    added += steps(gainMinor);
    if (added >= gap)
      return translate(locale, 'gappage.closing', {
        count: index + 1,
        amount: stepsText(added, scale, locale),
      });
  }
  return translate(locale, 'gappage.not_closing', {
    amount: stepsText(added, scale, locale),
    left: stepsText(gap - added, scale, locale),
  });
}

function columnsOf({ locale, header }: GapPageInput): readonly ColumnView[] {
  const column = (key: 'prove' | 'proof' | 'days' | 'per_day' | 'gain'): ColumnView => ({
    key,
    label: translate(locale, `gap.column.${key}`),
    numeric: key === 'days' || key === 'per_day' || key === 'gain',
  });
  return [
    { key: 'name', label: capitalised(dealWord(header.connection.crm, locale, 1)), numeric: false },
    { key: 'owner', label: translate(locale, 'page.column.owner'), numeric: false },
    column('prove'),
    column('proof'),
    column('days'),
    column('per_day'),
    column('gain'),
  ];
}

function rowOf(action: PlannedAction, input: GapPageInput): ActionRowView {
  const { locale, milestones, owners, figures } = input;
  return {
    name: visibleText(action.dealName) || action.dealId,
    href: dealHref(action.dealId, input),
    owner: ownerText(action.ownerId, owners, locale),
    milestone: milestoneText(action.milestone, milestones, locale),
    proof: proofText(action, locale),
    days: countText(action.effortDays, locale),
    perDay: moneyText(action.gainMinorPerDay, figures.summary.currency, locale),
    gain: moneyText(action.gainMinor, figures.summary.currency, locale),
  };
}

/** The column beside it names the milestone: here is what would prove it, any one of these. */
export function proofText({ missing }: PlannedAction, locale: Locale): string {
  const list = missing === null ? null : proofListText(missing, locale);
  if (list === null) return '–';
  return missing?.expired ? translate(locale, 'gap.proof_expired', { list }) : list;
}

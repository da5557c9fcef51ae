/** Core values -> everything the page of one deal prints, in the reader's language. Pure. */
import {
  fullDateText,
  moneyText,
  monthYearText,
  percentText,
  signedStepsText,
  weightText,
} from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { roundToSteps, wholeUnits } from '../../../templates/rounding.ts';
import { visibleText, webAddress } from '../../../templates/text.ts';
import { CRM_NAMES, dealWord, milestoneText } from '../../../templates/words.ts';
import type { ForecastLine } from '../../core/forecast/forecast-types.ts';
import { rateInForce } from '../../core/values/exchange.ts';
import type { MilestoneKey } from '../../core/values/ids.ts';
import { mathsView } from '../forecast/maths.ts';
import { whyText } from '../forecast/why.ts';
import { type HeaderView, headerView } from '../header.ts';
import { dealHref, dealPostHref, pageHref } from '../href.ts';
import { ownerText } from '../owner-text.ts';
import type { DealPageInput } from './deal-input.ts';
import { type DealMilestonesView, dealMilestonesView } from './deal-milestones.ts';
import { type TimelineView, timelineView } from './deal-timeline.ts';
import { type EvidenceFormView, evidenceFormView } from './evidence-form.ts';
import { type NotesView, notesView } from './notes.ts';

interface FactView {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly note: string | null;
}

export interface DealPageView {
  readonly locale: DealPageInput['locale'];
  readonly title: string;
  readonly header: HeaderView;
  readonly subtitle: string;
  readonly crm: { readonly text: string; readonly href: string } | null;
  readonly saved: string | null;
  readonly why: string;
  readonly facts: readonly FactView[];
  readonly since: string | null;
  readonly maths: { readonly title: string; readonly steps: readonly string[] } | null;
  readonly milestones: DealMilestonesView;
  readonly form: EvidenceFormView;
  readonly notes: NotesView;
  readonly timeline: TimelineView;
  readonly review: ReviewLinksView;
}

interface ReviewLinksView {
  /** Of the keys that lead on; null outside of the meeting. */
  readonly keys: string | null;
  readonly mark: string | null;
  /** Seen, and nothing to say; null outside of the meeting. */
  readonly pass: { readonly text: string; readonly action: string } | null;
  readonly label: string;
  readonly back: { readonly text: string; readonly href: string };
  readonly place: string | null;
  readonly previous: { readonly text: string; readonly href: string } | null;
  readonly next: { readonly text: string; readonly href: string } | null;
}

const NONE = '–';

export function dealPageView(input: DealPageInput): DealPageView {
  const { locale, line, file, header } = input;
  const scope = { locale, managerId: input.managerId };
  const href = webAddress(input.crmLink);
  return {
    locale,
    title: visibleText(file.deal.name, 90) || file.deal.id,
    header: headerView({
      locale,
      header,
      managerId: input.managerId,
      current: null,
      hrefIn: (language) => dealHref(file.deal.id, { ...scope, locale: language }),
    }),
    subtitle: subtitleText(input),
    crm:
      href === null
        ? null
        : { href, text: translate(locale, 'nav.crm', { crm: CRM_NAMES[header.connection.crm] }) },
    saved: input.saved === null ? null : translate(locale, `dealpage.saved.${input.saved}`),
    why:
      line === null
        ? translate(locale, 'dealpage.no_line', { dealWord: dealWord(header.connection.crm, locale, 1) })
        : whyText(line, { query: { locale }, milestones: input.model.milestones }),
    facts: line === null ? [] : factsOf(line, input),
    since: line === null ? null : sinceText(line, input),
    maths: line === null ? null : mathsOf(line, input),
    milestones: dealMilestonesView(input),
    form: formOf(input),
    notes: notesView({
      locale,
      managerId: input.managerId,
      dealId: file.deal.id,
      zone: input.company.zone,
      notes: input.notes,
      managers: input.managers,
      form: input.noteForm,
      hasNext: (input.review?.next ?? null) !== null,
    }),
    timeline: timelineView(input),
    review: reviewLinks(input),
  };
}

function subtitleText({ file, owners, pipelines, locale, asOf }: DealPageInput): string {
  const { ownerId, pipelineId, stageId } = file.deal;
  const pipeline = pipelines.find(({ id }) => id === pipelineId);
  const stage = pipeline?.stages.find(({ id }) => id === stageId);
  return [
    ownerText(ownerId, owners, locale),
    visibleText(pipeline?.label ?? pipelineId),
    visibleText(stage?.label ?? stageId),
    translate(locale, 'page.as_of', { date: fullDateText(asOf, locale) }),
  ].join(' · ');
}

function factsOf(line: ForecastLine, input: DealPageInput): readonly FactView[] {
  const { locale, company, model } = input;
  const counted = line.exclusion === null;
  const isOpen = counted && line.standing === 'open';
  const amount = (amountMinor: bigint): string =>
    counted ? moneyText(amountMinor, company.currency, locale) : NONE;
  const milestone = (key: MilestoneKey | null): string =>
    key === null ? NONE : milestoneText(key, model.milestones, locale);
  const fact = (key: string, label: string, value: string, note: string | null = null): FactView => ({
    key,
    label,
    value,
    note,
  });
  const column = (
    key: 'gross' | 'net' | 'unproven' | 'expected' | 'declared' | 'verified' | 'odds' | 'close',
  ) => translate(locale, `page.column.${key}`);
  return [
    fact('net', column('net'), amount(line.netMinor), weightText(line.weightBps, locale)),
    fact('gross', column('gross'), amount(line.grossMinor)),
    fact('unproven', column('unproven'), amount(line.unprovenMinor)),
    fact(
      'expected',
      column('expected'),
      amount(line.expectedMinor),
      isOpen ? `${column('odds')} ${percentText(line.odds, locale, 1)}` : null,
    ),
    fact('verified', column('verified'), milestone(line.verified), paceNote(line, input)),
    fact(
      'declared',
      column('declared'),
      milestone(line.declared),
      weightText(line.declaredWeightBps, locale),
    ),
    fact(
      'close',
      translate(locale, 'csv.close_date'),
      line.closeDate === null ? NONE : fullDateText(line.closeDate, locale),
      line.closeDatePushes === 0
        ? null
        : translate(locale, 'dealpage.pushes', { count: line.closeDatePushes }),
    ),
    fact(
      'realistic',
      column('close'),
      isOpen && line.realisticClose !== null ? monthYearText(line.realisticClose, locale) : NONE,
    ),
    fact(
      'contact',
      translate(locale, 'dealpage.last_contact'),
      line.lastCustomerContact === null ? NONE : fullDateText(line.lastCustomerContact, locale),
    ),
  ];
}

function paceNote(line: ForecastLine, { locale, norms }: DealPageInput): string | null {
  const { verifiedSince, verified } = line;
  if (verifiedSince === null || line.standing !== 'open') return null;
  const norm = norms.find(({ milestone }) => milestone === verified);
  const since = translate(locale, 'dealpage.since', { date: fullDateText(verifiedSince, locale) });
  if (norm === undefined) return since;
  const { medianDays: count, n: deals, source } = norm;
  return `${since} ${translate(locale, `dealpage.norm.${source}`, { count, deals })}`;
}

/** What changed on this deal since the week's snapshot: the page is live, the digest is not. */
function sinceText(line: ForecastLine, { locale, weeks, company }: DealPageInput): string | null {
  const frozen = weeks.at(-1);
  if (frozen === undefined) return translate(locale, 'dealpage.not_frozen');
  const scale = wholeUnits(company.currency);
  const before = roundToSteps(frozen.line.netMinor, scale);
  const change = roundToSteps(line.netMinor, scale) - before;
  const date = fullDateText(frozen.asOf, locale);
  return change === 0n
    ? translate(locale, 'dealpage.net_same', { date })
    : translate(locale, 'dealpage.net_changed', {
        date,
        before: moneyText(frozen.line.netMinor, company.currency, locale),
        change: signedStepsText(change, scale, locale),
      });
}

function mathsOf(line: ForecastLine, input: DealPageInput): DealPageView['maths'] {
  const { locale, company, model, header } = input;
  if (line.exclusion !== null || line.standing !== 'open') return null;
  const { steps } = mathsView(line, {
    query: { locale },
    summary: { currency: company.currency, asOf: input.asOf },
    milestones: model.milestones,
    header,
  });
  return { title: translate(locale, 'dealpage.maths'), steps: [...rateTexts(line, input), ...steps] };
}

function rateTexts(
  { gross }: ForecastLine,
  { company, rates, asOf, locale }: DealPageInput,
): readonly string[] {
  if (gross === null || gross.currency === company.currency) return [];
  const rate = rateInForce(gross.currency, company.currency, rates, asOf);
  if (rate === null) return [];
  const { from, to, effectiveOn } = rate;
  return [
    translate(locale, 'dealpage.rate', {
      from,
      to,
      rate: visibleText(rate.rate),
      date: fullDateText(effectiveOn, locale),
    }),
  ];
}

function formOf(input: DealPageInput): EvidenceFormView {
  const { line, model, locale, managerId, file } = input;
  const missing = line?.missing[0]?.milestone ?? line?.verified ?? model.milestones[0]?.key ?? '';
  return evidenceFormView({
    locale,
    action: dealPostHref(file.deal.id, 'evidence', { locale, managerId }),
    today: input.asOf,
    model,
    managers: input.managers,
    form: input.form,
    suggested: { milestone: missing, by: managerId ?? '' },
  });
}

function reviewLinks({ locale, managerId, review, file }: DealPageInput): ReviewLinksView {
  const link = (key: 'previous' | 'next', id: string | null | undefined) =>
    id === null || id === undefined
      ? null
      : { text: translate(locale, `review.${key}`), href: dealHref(id, { locale, managerId }) };
  return {
    keys: review === null ? null : translate(locale, 'review.keys'),
    mark: review?.mark ? translate(locale, `review.mark.${review.mark}`) : null,
    pass:
      review === null
        ? null
        : {
            text: translate(locale, review.next === null ? 'review.pass_last' : 'review.pass'),
            action: dealPostHref(file.deal.id, 'pass', { locale, managerId }),
          },
    label: translate(locale, 'nav.review'),
    back: { text: translate(locale, 'review.back'), href: pageHref('/review', { locale, managerId }) },
    place:
      review === null
        ? null
        : translate(locale, 'review.place', {
            position: review.position,
            total: review.total,
            count: review.reviewed,
          }),
    previous: link('previous', review?.previous),
    next: link('next', review?.next),
  };
}

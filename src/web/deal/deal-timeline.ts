/** What happened on one deal, newest first: stages as declared, milestones as verified, proofs, amounts, close dates, exchanges with the customer, what managers said. */
import { fullDateText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { visibleText, webAddress } from '../../../templates/text.ts';
import { milestoneText } from '../../../templates/words.ts';
import type { CloseDateChange, StageEntry } from '../../core/deals/deal.ts';
import { meaningOf } from '../../core/milestones/milestone.ts';
import { midnightOf } from '../../core/values/calendar.ts';
import type { RecordedConfirmation } from '../../ports/record-store.ts';
import { dealTableHref } from '../href.ts';
import type { TimelineEvent, TimelineEventView } from './deal-event.ts';
import type { DealPageInput } from './deal-input.ts';
import { proofRuleText } from './deal-milestones.ts';
import { weekEvents } from './deal-weeks.ts';

/** More than this is an archive, and the CRM keeps it. */
const SHOWN = 60;

const TITLE_LIMIT = 90;

export interface TimelineView {
  readonly title: string;
  readonly events: readonly TimelineEventView[];
  readonly notes: readonly string[];
  readonly csv: { readonly text: string; readonly href: string };
}

export function timelineView(input: DealPageInput): TimelineView {
  const events = timelineRows(input);
  return {
    title: translate(input.locale, 'timeline.title'),
    events: events.slice(0, SHOWN),
    notes: notesOf(input, events.length),
    csv: {
      text: translate(input.locale, 'page.csv'),
      href: dealTableHref(input.file.deal.id, 'timeline', input),
    },
  };
}

/** Every event, newest first. */
export function timelineRows(input: DealPageInput): readonly TimelineEventView[] {
  const { locale, file, company } = input;
  const events = [
    {
      at: file.deal.createdAt,
      kind: 'created',
      text: translate(locale, 'timeline.created'),
      tone: 'plain',
    } as const,
    ...file.deal.stageHistory.map((entry) => stageEvent(entry, input)),
    ...closeEvents(input),
    ...activityEvents(input),
    ...file.confirmations.map((said) => evidenceEvent(said, input)),
    ...proofEvents(input),
    ...weekEvents(input),
  ].toSorted((left, right) => Temporal.Instant.compare(right.at, left.at));
  return events.map(({ at, on, link = null, ...event }: TimelineEvent) => ({
    ...event,
    link,
    label: translate(locale, `timeline.kind.${event.kind}`),
    date: fullDateText(on ?? at.toZonedDateTimeISO(company.zone).toPlainDate(), locale),
  }));
}

/** What the CRM holds as proof, from the day since which it stands; what managers said is told in their own words. */
function proofEvents(input: DealPageInput): readonly TimelineEvent[] {
  const { locale, evidence, model, company } = input;
  return [...evidence.facts, ...evidence.lapsed]
    .filter(({ rule }) => rule !== 'manager_confirmation')
    .map((fact): TimelineEvent => {
      const facts = {
        milestone: milestoneText(fact.milestone, model.milestones, locale),
        rule: proofRuleText(fact, model, locale),
        until: fact.expiresOn === null ? '' : fullDateText(fact.expiresOn, locale),
      };
      const stands = evidence.facts.includes(fact);
      return {
        at: midnightOf(fact.since, company.zone),
        on: fact.since,
        kind: 'evidence',
        text: translate(locale, stands ? 'timeline.proof' : 'timeline.proof_lapsed', facts),
        tone: stands ? 'good' : 'bad',
      };
    });
}

function stageEvent({ stageId, enteredAt }: StageEntry, input: DealPageInput): TimelineEvent {
  const { locale, pipelines, model } = input;
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  const stage = visibleText(stages.find(({ id }) => id === stageId)?.label ?? stageId);
  const meaning = meaningOf(model, stageId);
  const event = (text: string, tone: TimelineEvent['tone']): TimelineEvent => ({
    at: enteredAt,
    kind: 'stage',
    text,
    tone,
  });
  if (meaning === null) return event(translate(locale, 'timeline.unmapped', { stage }), 'bad');
  if (meaning.kind === 'keep') return event(stage, 'plain');
  if (meaning.kind === 'milestone') {
    const milestone = milestoneText(meaning.key, model.milestones, locale);
    return event(translate(locale, 'timeline.declares', { stage, milestone }), 'plain');
  }
  return event(
    translate(locale, `timeline.${meaning.kind}`, { stage }),
    meaning.kind === 'won' ? 'good' : 'bad',
  );
}

/** Each change with the date before it: later is a push. */
function closeEvents({ file, locale }: DealPageInput): readonly TimelineEvent[] {
  let before: Temporal.PlainDate | null = null;
  return file.deal.closeDateHistory.map((change: CloseDateChange): TimelineEvent => {
    const text = closeText(before, change.closeDate, locale);
    const pushed =
      before !== null &&
      change.closeDate !== null &&
      Temporal.PlainDate.compare(change.closeDate, before) > 0;
    before = change.closeDate ?? before;
    return { at: change.changedAt, kind: 'close', text, tone: pushed ? 'bad' : 'plain' };
  });
}

function closeText(
  before: Temporal.PlainDate | null,
  after: Temporal.PlainDate | null,
  locale: DealPageInput['locale'],
): string {
  if (after === null) return translate(locale, 'timeline.close_removed');
  const date = fullDateText(after, locale);
  if (before === null) return translate(locale, 'timeline.close_set', { date });
  const order = Temporal.PlainDate.compare(after, before);
  const key =
    order > 0 ? 'timeline.close_pushed' : order < 0 ? 'timeline.close_pulled' : 'timeline.close_set';
  return translate(locale, key, { date, before: fullDateText(before, locale) });
}

function activityEvents({ file, locale }: DealPageInput): readonly TimelineEvent[] {
  return file.activities
    .filter(({ withCustomer }) => withCustomer)
    .map(({ at, kind, title }): TimelineEvent => {
      const name = translate(locale, `activity.${kind}`);
      const subject = visibleText(title, TITLE_LIMIT);
      return { at, kind: 'activity', text: subject === '' ? name : `${name} – ${subject}`, tone: 'plain' };
    });
}

function evidenceEvent(said: RecordedConfirmation, input: DealPageInput): TimelineEvent {
  const { locale, model, managers } = input;
  const by = managers.find(({ id }) => id === said.by)?.name ?? said.by;
  const facts = {
    milestone: milestoneText(said.milestone, model.milestones, locale),
    by: visibleText(by),
    person: visibleText(said.customerPerson, TITLE_LIMIT),
  };
  const named = facts.person === '' ? '' : '_with';
  return {
    at: said.at,
    on: said.confirmedOn,
    kind: 'evidence',
    text: translate(locale, `timeline.${said.verdict}${named}`, facts),
    tone: said.verdict === 'confirmed' ? 'good' : 'bad',
    link: webAddress(said.link),
  };
}

/** What the list leaves out is counted. */
function notesOf({ file, locale }: DealPageInput, events: number): readonly string[] {
  const internal = file.activities.filter(({ withCustomer }) => !withCustomer).length;
  return [
    ...(events > SHOWN ? [translate(locale, 'timeline.earlier', { count: events - SHOWN })] : []),
    ...(internal > 0 ? [translate(locale, 'timeline.internal', { count: internal })] : []),
  ];
}

/** What a manager does on a deal in the review: decide on a proof, leave words, pass. Each commits with its trace. */
import type { Request } from 'express';
import type { ReviewMark } from '../core/review/review.ts';
import { isoWeekOf } from '../core/values/calendar.ts';
import type { DealId } from '../core/values/ids.ts';
import type { DealPageInput } from '../web/deal/deal-input.ts';
import { type DealVisit, managerOf, NOTHING_TYPED, readDealPage } from './deal-visit.ts';
import { readEvidenceForm, readNoteForm, type SaidByManager, UNNAMED } from './evidence-form.ts';
import { placeInReview } from './review-place.ts';
import { shownWeek } from './shown-week.ts';

/** Work that what was saved calls for, and the deal that comes next in the meeting. */
export interface Saved {
  readonly effects: readonly string[];
  readonly next: string | null;
}

/** The page with what is wrong with the form, or null without such a deal. */
type Taken = Saved | DealPageInput | null;

export function isSaved(taken: Taken): taken is Saved {
  return taken !== null && 'effects' in taken;
}

export async function takeEvidence(visit: DealVisit, request: Request): Promise<Taken> {
  const { tenant, frame } = visit;
  if (!(await isThere(visit))) return null;
  const read = readEvidenceForm(request.body, {
    model: frame.model,
    managers: await tenant.settings.managers(),
    today: frame.asOf,
  });
  if (!read.ok) return readDealPage(visit, request, { ...NOTHING_TYPED, form: read.error });
  const { by, confirmation } = read.value;
  const effects = await recordEvidence(visit, read.value);
  await leaveMark(visit, confirmation.verdict, by, '');
  return { effects, next: await nextInReview(visit, request) };
}

export async function takeNote(visit: DealVisit, request: Request): Promise<Taken> {
  if (!(await isThere(visit))) return null;
  const read = readNoteForm(request.body, await visit.tenant.settings.managers());
  if (!read.ok) return readDealPage(visit, request, { ...NOTHING_TYPED, noteForm: read.error });
  await leaveMark(visit, 'note', read.value.by, read.value.text);
  return { effects: [], next: await nextInReview(visit, request) };
}

/** Seen, and nothing to say: the meeting goes on. Passed by the manager whose pages these are. */
export async function takePass(visit: DealVisit, request: Request): Promise<Taken> {
  if (!(await isThere(visit))) return null;
  const managers = await visit.tenant.settings.managers();
  const by = managers.find(({ id }) => id === managerOf(request))?.id ?? UNNAMED;
  await leaveMark(visit, 'passed', by, '');
  return { effects: [], next: await nextInReview(visit, request) };
}

async function isThere({ tenant, connection, dealId }: DealVisit): Promise<boolean> {
  return (await tenant.records.deal(connection.id, dealId)) !== null;
}

async function leaveMark(
  { context, tenant, connection, dealId, frame }: DealVisit,
  mark: ReviewMark,
  by: string,
  text: string,
): Promise<void> {
  const at = context.clock.now();
  await tenant.reviewNotes.add(connection.id, {
    dealId,
    isoWeek: isoWeekOf(frame.asOf),
    mark,
    text,
    by,
    at,
  });
}

async function nextInReview(
  { context, tenant, lines, dealId }: DealVisit,
  request: Request,
): Promise<DealId | null> {
  const week = await shownWeek(context, tenant, request);
  const place = week && (await placeInReview(tenant, lines, week, dealId));
  return (place?.next ?? null) as DealId | null;
}

/** The word of the manager, its trace, and the work that brings the new net amount to the CRM: one transaction. */
async function recordEvidence(
  { context, tenant, connection, dealId, frame }: DealVisit,
  { confirmation, by }: SaidByManager,
): Promise<readonly string[]> {
  const at = context.clock.now();
  await tenant.records.confirm(connection.id, dealId, confirmation, by, at);
  await tenant.audit.append({
    at,
    by,
    action: 'evidence',
    subject: dealId,
    before: null,
    after: { ...confirmation, confirmedOn: confirmation.confirmedOn.toString() },
  });
  if (frame.company.writeBack !== 'on') return [];
  const effect = await tenant.effects.add({
    kind: 'write_back',
    key: `evidence/${connection.id}/${dealId}/${at.epochMilliseconds}`,
    payload: { connectionId: connection.id },
    dueAt: at,
  });
  return [effect];
}

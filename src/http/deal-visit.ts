/** The page of one deal as a route asks for it: the records of the moment, so that a proof confirmed now counts now. */
import type { Request } from 'express';
import { type LiveFrame, liveDeal } from '../../jobs/live-deal.ts';
import type { DealId } from '../core/values/ids.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { TenantStore } from '../ports/store.ts';
import type { DealPageInput } from '../web/deal/deal-input.ts';
import type { HttpContext } from './context.ts';
import { localeOf } from './locale.ts';
import { placeInReview } from './review-place.ts';
import { pageHeaderOf, shownWeek } from './shown-week.ts';
import type { SnapshotLines } from './snapshot-lines.ts';

/** Traces of the review that are read; those without words are not listed. */
const NOTES_READ = 40;

/** Half a year of Mondays. */
const WEEKS_READ = 26;

/** One request about one deal, inside one transaction. */
export interface DealVisit {
  readonly context: HttpContext;
  readonly tenant: TenantStore;
  readonly connection: ConnectionRow;
  readonly dealId: DealId;
  readonly frame: LiveFrame;
  readonly lines: SnapshotLines;
}

/** What was typed and refused; a page that was only opened has neither. */
export type DealForms = Pick<DealPageInput, 'form' | 'noteForm'>;

export const NOTHING_TYPED: DealForms = { form: null, noteForm: null };

const SAVED = ['evidence', 'note', 'passed'] as const;

export function managerOf({ query }: Request): string | null {
  return typeof query['manager'] === 'string' ? query['manager'] : null;
}

/** Null when the deal is not in the CRM. */
export async function readDealPage(
  visit: DealVisit,
  request: Request,
  forms: DealForms,
): Promise<DealPageInput | null> {
  const { context, tenant, connection, dealId, frame, lines } = visit;
  const file = await tenant.records.dealFile(connection.id, dealId);
  if (file === null) return null;
  const managers = await tenant.settings.managers();
  const week = await shownWeek(context, tenant, request);
  const notes = await tenant.reviewNotes.ofDeals(connection.id, [dealId], NOTES_READ);
  const dataReadAt = connection.lastPulledAt ?? file.deal.updatedAt;
  return {
    locale: localeOf(request),
    managerId: managers.find(({ id }) => id === managerOf(request))?.id ?? null,
    header: pageHeaderOf(context, connection, { company: frame.company, dataReadAt }),
    company: frame.company,
    asOf: frame.asOf,
    file,
    ...liveDeal(frame, file),
    weeks: await tenant.snapshots.weeksOf(connection.id, dealId, WEEKS_READ),
    model: frame.model,
    norms: frame.fit.norms,
    rates: frame.rates,
    owners: frame.owners,
    pipelines: frame.pipelines,
    managers,
    notes: notes.filter(({ mark }) => mark === 'note'),
    review: week === null ? null : await placeInReview(tenant, lines, week, dealId),
    crmLink: context.links.deal(connection.crm, connection.externalAccountId, dealId),
    ...forms,
    saved: SAVED.find((one) => one === request.query['saved']) ?? null,
  };
}

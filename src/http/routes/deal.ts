import { type Request, type Response, Router } from 'express';
import { type HistoryFit, type LiveFrame, liveDeal, readLiveFrame } from '../../../jobs/live-deal.ts';
import { isoWeekOf } from '../../core/calendar.ts';
import { asId, type DealId } from '../../core/ids.ts';
import type { ConnectionRow } from '../../ports/connection-store.ts';
import type { TenantStore } from '../../ports/store.ts';
import type { DealPageInput } from '../../web/deal-input.ts';
import { dealPageView } from '../../web/deal-page.ts';
import type { EvidenceFormInput } from '../../web/evidence-form.ts';
import { dealHref } from '../../web/href.ts';
import { NOTE_LIMIT } from '../../web/notes.ts';
import { renderDealPage, renderNotFoundPage } from '../../web/render.ts';
import type { HttpContext } from '../context.ts';
import { readEvidenceForm, readNoteForm, type SaidByManager } from '../evidence-form.ts';
import { keepNewest } from '../keep-newest.ts';
import { localeOf } from '../locale.ts';
import { placeInReview } from '../review-place.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { firstConnection, pageHeaderOf, shownWeek } from '../shown-week.ts';
import type { SnapshotLines } from '../snapshot-lines.ts';

const NOTES_SHOWN = 20;

/** Today's, and yesterday's around midnight. */
const KEPT_FITS = 2;

/** The page of one deal shows the records of the moment: a proof confirmed now counts now, and in the snapshot of the next Monday. */
export function dealRoutes(context: HttpContext, lines: SnapshotLines): Router {
  const router = Router();
  const keep = keepNewest<HistoryFit>(KEPT_FITS);
  const sameOrigin = requireSameOrigin(context.config);
  const inDeal = <T>(request: Request, work: (visit: Visit) => Promise<T>) =>
    context.store.inTenant(context.tenantId, async (tenant) => {
      const connection = await firstConnection(context, tenant);
      if (connection === null) return null;
      const dealId = asId<DealId>(String(request.params['id']));
      const frame = await readLiveFrame(tenant, connection, context.clock.now(), keep);
      return work({ context, tenant, connection, dealId, frame, lines });
    });

  router.get('/deals/:id', async (request, response) => {
    const input = await inDeal(request, (visit) => readPage(visit, request, null));
    reply(request, response, input, 200);
  });
  router.post('/deals/:id/evidence', sameOrigin, async (request, response) => {
    const outcome = await inDeal(request, (visit) => takeEvidence(visit, request));
    if (outcome === null || !('effects' in outcome)) {
      reply(request, response, outcome, 422);
      return;
    }
    context.ring(outcome.effects);
    backToDeal(request, response, 'evidence');
  });
  router.post('/deals/:id/notes', sameOrigin, async (request, response) => {
    const saved = await inDeal(request, (visit) => takeNote(visit, request));
    if (saved === true) backToDeal(request, response, 'note');
    else if (saved === null) reply(request, response, null, 404);
    else response.status(400).type('text').send('400');
  });
  return router;
}

interface Visit {
  readonly context: HttpContext;
  readonly tenant: TenantStore;
  readonly connection: ConnectionRow;
  readonly dealId: DealId;
  readonly frame: LiveFrame;
  readonly lines: SnapshotLines;
}

function reply(request: Request, response: Response, input: DealPageInput | null, status: number): void {
  if (input === null)
    response
      .status(404)
      .type('html')
      .send(renderNotFoundPage(localeOf(request)));
  else
    response
      .status(status)
      .type('html')
      .send(renderDealPage(dealPageView(input)));
}

/** A page that is loaded again must not send the form again. */
function backToDeal(request: Request, response: Response, saved: 'evidence' | 'note'): void {
  const query = { locale: localeOf(request), managerId: managerOf(request) };
  response.redirect(303, `${dealHref(String(request.params['id']), query)}&saved=${saved}`);
}

function managerOf({ query }: Request): string | null {
  return typeof query['manager'] === 'string' ? query['manager'] : null;
}

/** Null when the deal is not in the CRM. */
async function readPage(
  visit: Visit,
  request: Request,
  form: EvidenceFormInput | null,
): Promise<DealPageInput | null> {
  const { context, tenant, connection, dealId, frame, lines } = visit;
  const file = await tenant.records.dealFile(connection.id, dealId);
  if (file === null) return null;
  const managers = await tenant.settings.managers();
  const week = await shownWeek(context, tenant, request);
  const frozen =
    week === null
      ? undefined
      : (await lines.of(tenant, week.header.id)).find((line) => line.dealId === dealId);
  const { saved } = request.query;
  const dataReadAt = connection.lastPulledAt ?? file.deal.updatedAt;
  return {
    locale: localeOf(request),
    managerId: managers.find(({ id }) => id === managerOf(request))?.id ?? null,
    header: pageHeaderOf(context, connection, { company: frame.company, dataReadAt }),
    company: frame.company,
    asOf: frame.asOf,
    file,
    ...liveDeal(frame, file),
    frozen: week === null || frozen === undefined ? null : { asOf: week.header.asOf, line: frozen },
    model: frame.model,
    norms: frame.fit.norms,
    rates: frame.rates,
    owners: frame.owners,
    pipelines: frame.pipelines,
    managers,
    notes: await tenant.reviewNotes.ofDeals(connection.id, [dealId], NOTES_SHOWN),
    review: week === null ? null : await placeInReview(tenant, lines, week, dealId),
    crmLink: context.links.deal(connection.crm, connection.externalAccountId, dealId),
    form,
    saved: saved === 'evidence' || saved === 'note' ? saved : null,
  };
}

/** Work that a saved proof calls for. */
interface Saved {
  readonly effects: readonly string[];
}

/** What follows from it once it is saved, the page with what is wrong, or null without such a deal. */
async function takeEvidence(visit: Visit, request: Request): Promise<Saved | DealPageInput | null> {
  const { tenant, connection, dealId, frame } = visit;
  if ((await tenant.records.deal(connection.id, dealId)) === null) return null;
  const read = readEvidenceForm(request.body, {
    model: frame.model,
    managers: await tenant.settings.managers(),
    today: frame.asOf,
  });
  if (!read.ok) return readPage(visit, request, read.error);
  return { effects: await recordEvidence(visit, read.value) };
}

/** The word of the manager, its trace, and the work that brings the new net amount to the CRM: one transaction. */
async function recordEvidence(
  { context, tenant, connection, dealId, frame }: Visit,
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

/** True when the note was kept, false for one that cannot be, null without such a deal. */
async function takeNote(
  { context, tenant, connection, dealId, frame }: Visit,
  request: Request,
): Promise<boolean | null> {
  if ((await tenant.records.deal(connection.id, dealId)) === null) return null;
  const note = readNoteForm(request.body, await tenant.settings.managers(), NOTE_LIMIT);
  if (note === null) return false;
  const at = context.clock.now();
  await tenant.reviewNotes.add(connection.id, { ...note, dealId, isoWeek: isoWeekOf(frame.asOf), at });
  return true;
}

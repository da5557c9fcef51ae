import { type Request, type Response, Router } from 'express';
import { type HistoryFit, readLiveFrame } from '../../../jobs/live-deal.ts';
import { asId, type DealId } from '../../core/values/ids.ts';
import { dealCsv } from '../../web/deal/deal-csv.ts';
import type { DealPageInput } from '../../web/deal/deal-input.ts';
import { dealPageView } from '../../web/deal/deal-page.ts';
import { DEAL_TABLES, dealHref, pageHref } from '../../web/href.ts';
import { renderDealPage, renderNotFoundPage } from '../../web/render.ts';
import type { HttpContext } from '../context.ts';
import { isSaved, type Saved, takeEvidence, takeNote, takePass } from '../deal-forms.ts';
import { type DealVisit, managerOf, NOTHING_TYPED, readDealPage } from '../deal-visit.ts';
import { keepNewest } from '../keep-newest.ts';
import { localeOf } from '../locale.ts';
import { replyCsv } from '../reply-csv.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { firstConnection } from '../shown-week.ts';
import type { SnapshotLines } from '../snapshot-lines.ts';

/** Today's, and yesterday's around midnight. */
const KEPT_FITS = 2;

/** What a form of the deal is called in its address, and what the page says once it is saved. */
const FORMS = [
  { path: 'evidence', saved: 'evidence', take: takeEvidence },
  { path: 'notes', saved: 'note', take: takeNote },
  { path: 'pass', saved: 'passed', take: takePass },
] as const;

/** The page of one deal shows the records of the moment: a proof confirmed now counts now, and in the snapshot of the next Monday. */
export function dealRoutes(context: HttpContext, lines: SnapshotLines): Router {
  const router = Router();
  const keep = keepNewest<HistoryFit>(KEPT_FITS);
  const inDeal = <T>(request: Request, work: (visit: DealVisit) => Promise<T>) =>
    context.store.inTenant(context.tenantId, async (tenant) => {
      const connection = await firstConnection(context, tenant);
      if (connection === null) return null;
      const dealId = asId<DealId>(String(request.params['id']));
      const frame = await readLiveFrame(tenant, connection, context.clock.now(), keep);
      return work({ context, tenant, connection, dealId, frame, lines });
    });

  router.get('/deals/:id', async (request, response) => {
    const input = await inDeal(request, (visit) => readDealPage(visit, request, NOTHING_TYPED));
    reply(request, response, input, 200);
  });
  for (const table of DEAL_TABLES)
    router.get(`/deals/:id/${table}.csv`, async (request, response) => {
      const input = await inDeal(request, (visit) => readDealPage(visit, request, NOTHING_TYPED));
      if (input === null) response.status(404).type('text').send('404');
      else replyCsv(response, table, input.asOf, dealCsv(table, input));
    });
  for (const { path, saved, take } of FORMS)
    router.post(`/deals/:id/${path}`, requireSameOrigin(context.config), async (request, response) => {
      const taken = await inDeal(request, (visit) => take(visit, request));
      if (!isSaved(taken)) {
        reply(request, response, taken, 422);
        return;
      }
      context.ring(taken.effects);
      response.redirect(303, whereTo(request, taken, saved));
    });
  return router;
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

/**
 * A page that is loaded again must not send the form again. `onward` says where the reader goes on: to the next deal of the meeting, or back
 * to the list that the form was in; otherwise the deal is shown as it stands now.
 */
function whereTo(request: Request, { next }: Saved, saved: (typeof FORMS)[number]['saved']): string {
  const query = { locale: localeOf(request), managerId: managerOf(request) };
  const { onward } = request.body ?? {};
  const id = String(request.params['id']);
  if (onward === 'review' || (onward === 'next' && next === null))
    return `${pageHref('/review', query)}&saved=${saved}#deal-${encodeURIComponent(id)}`;
  if (onward === 'next' && next !== null) return dealHref(next, query);
  return `${dealHref(id, query)}&saved=${saved}`;
}

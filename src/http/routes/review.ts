import { type Request, Router } from 'express';
import { dateIn } from '../../core/values/calendar.ts';
import type { TenantStore } from '../../ports/store.ts';
import { renderNoForecastPage, renderReviewPage } from '../../web/render.ts';
import { reviewCsv } from '../../web/review/review-csv.ts';
import type { ReviewPageInput } from '../../web/review/review-input.ts';
import { reviewPageView } from '../../web/review/review-page.ts';
import type { HttpContext } from '../context.ts';
import { localeOf } from '../locale.ts';
import { replyCsv } from '../reply-csv.ts';
import { meetingOf } from '../review-place.ts';
import { pageHeaderOf, shownWeek } from '../shown-week.ts';
import type { SnapshotLines } from '../snapshot-lines.ts';

const SAVED = ['evidence', 'note', 'passed'] as const;

export function reviewRoutes(context: HttpContext, lines: SnapshotLines): Router {
  const router = Router();
  const read = (request: Request) =>
    context.store.inTenant(context.tenantId, (tenant) => readPage(context, tenant, lines, request));
  router.get('/review', async (request, response) => {
    const input = await read(request);
    response
      .type('html')
      .send(
        input === null ? renderNoForecastPage(localeOf(request)) : renderReviewPage(reviewPageView(input)),
      );
  });
  router.get('/review.csv', async (request, response) => {
    const input = await read(request);
    if (input === null) response.status(404).type('text').send('404');
    else replyCsv(response, 'review', input.asOf, reviewCsv(input));
  });
  return router;
}

async function readPage(
  context: HttpContext,
  tenant: TenantStore,
  cache: SnapshotLines,
  request: Request,
): Promise<ReviewPageInput | null> {
  const shown = await shownWeek(context, tenant, request);
  if (shown === null) return null;
  const { connection, header, manager, stored, locale } = shown;
  const { sections, marks, progress } = await meetingOf(tenant, cache, shown);
  return {
    locale,
    managerId: manager?.id ?? null,
    header: pageHeaderOf(context, connection, header),
    currency: stored.summary.currency,
    asOf: header.asOf,
    today: dateIn(header.company.zone, context.clock.now()),
    movement: stored.movement,
    comparedWith: stored.comparedWith?.asOf ?? null,
    sections,
    norms: stored.norms,
    owners: header.owners,
    milestones: header.model.milestones,
    managers: header.managers,
    progress,
    marks,
    saved: SAVED.find((one) => one === request.query['saved']) ?? null,
  };
}

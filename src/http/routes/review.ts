import { type Request, Router } from 'express';
import { isoWeekOf } from '../../core/calendar.ts';
import { reviewQueue, reviewSections } from '../../core/review.ts';
import type { TenantStore } from '../../ports/store.ts';
import { renderNoForecastPage, renderReviewPage } from '../../web/render.ts';
import { REVIEW_ROWS, type ReviewPageInput } from '../../web/review-input.ts';
import { reviewedDeals, reviewPageView } from '../../web/review-page.ts';
import type { HttpContext } from '../context.ts';
import { localeOf } from '../locale.ts';
import { linesOfWeek, pageHeaderOf, shownWeek } from '../shown-week.ts';
import type { SnapshotLines } from '../snapshot-lines.ts';

const NOTES_READ = 200;

export function reviewRoutes(context: HttpContext, lines: SnapshotLines): Router {
  const router = Router();
  router.get('/review', async (request, response) => {
    const input = await context.store.inTenant(context.tenantId, (tenant) =>
      readPage(context, tenant, lines, request),
    );
    response
      .type('html')
      .send(
        input === null ? renderNoForecastPage(localeOf(request)) : renderReviewPage(reviewPageView(input)),
      );
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
  const sections = reviewSections(await linesOfWeek(tenant, cache, shown), header.asOf);
  const notes = await tenant.reviewNotes.ofDeals(connection.id, reviewedDeals(sections), NOTES_READ);
  const thisWeek = notes.filter(({ isoWeek }) => isoWeek === isoWeekOf(header.asOf));
  return {
    locale,
    managerId: manager?.id ?? null,
    header: pageHeaderOf(context, connection, header),
    currency: stored.summary.currency,
    asOf: header.asOf,
    movement: stored.movement,
    comparedWith: stored.comparedWith?.asOf ?? null,
    sections,
    norms: stored.norms,
    owners: header.owners,
    milestones: header.model.milestones,
    managers: header.managers,
    first: reviewQueue(stored.movement, sections, REVIEW_ROWS)[0] ?? null,
    noted: new Set(thisWeek.map(({ dealId }) => dealId)),
  };
}

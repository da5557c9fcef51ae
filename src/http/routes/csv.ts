import { type Response, Router } from 'express';
import { dealsCsv, movementCsv } from '../../web/deals-csv.ts';
import type { HttpContext } from '../context.ts';
import { replyCsv } from '../reply-csv.ts';
import { linesOfWeek, type ShownWeek, shownWeek, workedOn } from '../shown-week.ts';
import type { SnapshotLines } from '../snapshot-lines.ts';

/** The tables of a week to take away: same scope and week as the page they are linked from. */
export function csvRoutes(context: HttpContext, cache: SnapshotLines): Router {
  const { store, tenantId } = context;
  const router = Router();
  router.get('/deals.csv', async (request, response) => {
    const found = await store.inTenant(tenantId, async (tenant) => {
      const shown = await shownWeek(context, tenant, request);
      return shown && { shown, lines: workedOn(await linesOfWeek(tenant, cache, shown)) };
    });
    if (found === null) notThere(response);
    else
      replyCsv(
        response,
        'deals',
        found.shown.header.asOf,
        dealsCsv({ ...sharedBy(found.shown), lines: found.lines }),
      );
  });
  router.get('/movements.csv', async (request, response) => {
    const shown = await store.inTenant(tenantId, (tenant) => shownWeek(context, tenant, request));
    if (shown === null) notThere(response);
    else {
      const { locale, currency } = sharedBy(shown);
      replyCsv(
        response,
        'movements',
        shown.header.asOf,
        movementCsv({ locale, currency, movement: shown.stored.movement }),
      );
    }
  });
  return router;
}

function sharedBy({ locale, header, stored }: ShownWeek) {
  return {
    locale,
    currency: stored.summary.currency,
    owners: header.owners,
    milestones: header.model.milestones,
  };
}

function notThere(response: Response): void {
  response.status(404).type('text').send('404');
}

import { type Request, Router } from 'express';
import { z } from 'zod';
import type { ConnectionId } from '../../core/ids.ts';
import { postponedDeals } from '../../core/postponed-writes.ts';
import type { TenantStore } from '../../ports/store.ts';
import type { ForecastPageInput } from '../../web/forecast-input.ts';
import { forecastPageView } from '../../web/forecast-page.ts';
import { DEALS_PER_PAGE, type ForecastQuery } from '../../web/href.ts';
import { renderForecastPage, renderNoForecastPage } from '../../web/render.ts';
import type { HttpContext } from '../context.ts';
import { localeOf } from '../locale.ts';
import { linesOfWeek, pageHeaderOf, shownWeek, workedOn } from '../shown-week.ts';
import type { SnapshotLines } from '../snapshot-lines.ts';

const query = z.object({ page: z.coerce.number().int().min(1).catch(1) });

export function forecastRoutes(context: HttpContext, lines: SnapshotLines): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const input = await context.store.inTenant(context.tenantId, (tenant) =>
      readPage(context, tenant, lines, request),
    );
    response
      .type('html')
      .send(
        input === null
          ? renderNoForecastPage(localeOf(request))
          : renderForecastPage(forecastPageView(input)),
      );
  });
  return router;
}

async function readPage(
  context: HttpContext,
  tenant: TenantStore,
  cache: SnapshotLines,
  request: Request,
): Promise<ForecastPageInput | null> {
  const shown = await shownWeek(context, tenant, request);
  if (shown === null) return null;
  const { connection, header, manager, stored, locale } = shown;
  const all = await linesOfWeek(tenant, cache, shown);
  const lines = workedOn(all);
  const wanted = query.parse(request.query);
  const page = Math.min(wanted.page, Math.max(1, Math.ceil(lines.length / DEALS_PER_PAGE)));
  const address: ForecastQuery = { locale, managerId: manager?.id ?? null, week: shown.week, page };
  return {
    query: address,
    header: pageHeaderOf(context, connection, header),
    summary: stored.summary,
    before:
      stored.movement === null || stored.comparedWith === null
        ? null
        : { asOf: stored.comparedWith.asOf, forecastMinor: stored.movement.startMinor },
    lines: lines.slice((page - 1) * DEALS_PER_PAGE, page * DEALS_PER_PAGE),
    totalLines: lines.length,
    owners: header.owners,
    milestones: header.model.milestones,
    managers: header.managers,
    weeks: shown.weeks,
    rejections: header.rejections,
    historyIncomplete: all.filter(({ flags }) => flags.includes('history_incomplete')).length,
    unwritten: await unwrittenOf(tenant, connection.id),
    hasDigest: header.managers.length > 0,
  };
}

async function unwrittenOf(
  tenant: TenantStore,
  connectionId: ConnectionId,
): Promise<ForecastPageInput['unwritten']> {
  const waiting = await tenant.effects.list({ state: 'pending' });
  return {
    postponed: postponedDeals(waiting, connectionId),
    refused: (await tenant.receipts.refusals(connectionId)).length,
  };
}

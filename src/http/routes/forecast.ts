import { type Request, Router } from 'express';
import { z } from 'zod';
import type { ConnectionId } from '../../core/values/ids.ts';
import { postponedDeals } from '../../core/write-back/postponed-writes.ts';
import type { TenantStore } from '../../ports/store.ts';
import type { ForecastPageInput } from '../../web/forecast/forecast-input.ts';
import { forecastPageView } from '../../web/forecast/forecast-page.ts';
import { DEALS_PER_PAGE, type ForecastQuery } from '../../web/href.ts';
import { renderForecastPage, renderNoForecastPage } from '../../web/render.ts';
import type { HttpContext } from '../context.ts';
import { wantedForecast } from '../forecast-selection.ts';
import { localeOf } from '../locale.ts';
import { groupNamesOf, pageHeaderOf, shownWeek } from '../shown-week.ts';
import { type WeekForecasts, wholeLines } from '../week-forecasts.ts';

const query = z.object({ page: z.coerce.number().int().min(1).catch(1) });

export function forecastRoutes(context: HttpContext, weeks: WeekForecasts): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const input = await context.store.inTenant(context.tenantId, (tenant) =>
      readPage(context, tenant, weeks, request),
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
  weeks: WeekForecasts,
  request: Request,
): Promise<ForecastPageInput | null> {
  const shown = await shownWeek(context, tenant, request);
  if (shown === null) return null;
  const { connection, header, manager, locale } = shown;
  const { selection, filter, filtered, choices } = wantedForecast(shown, request);
  const selected = await weeks.select(tenant, shown, selection);
  const deals = await weeks.deals(tenant, shown, selection, filter);
  const wanted = query.parse(request.query);
  const page = Math.min(wanted.page, Math.max(1, Math.ceil(deals.length / DEALS_PER_PAGE)));
  const address: ForecastQuery = {
    locale,
    managerId: manager?.id ?? null,
    week: shown.week,
    page,
    filter,
  };
  const onPage = deals.slice((page - 1) * DEALS_PER_PAGE, page * DEALS_PER_PAGE);
  return {
    query: address,
    header: pageHeaderOf(context, connection, header),
    summary: selected.summary,
    groups: selected.groups,
    periods: selected.periods,
    compared: await weeks.movement(tenant, shown, selection),
    choices,
    filtered,
    lines: await wholeLines(tenant, shown, onPage, selection),
    totalLines: deals.length,
    owners: header.owners,
    milestones: header.model.milestones,
    names: groupNamesOf(header),
    managers: header.managers,
    weeks: shown.snapshots.map(({ asOf }) => asOf),
    rejections: header.rejections,
    historyIncomplete: selected.lines.filter(({ flags }) => flags.includes('history_incomplete')).length,
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

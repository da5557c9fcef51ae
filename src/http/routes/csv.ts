import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import { z } from 'zod';
import type { Selection } from '../../../jobs/select-forecast.ts';
import type { LineFigures } from '../../core/forecast/forecast-types.ts';
import { dealsCsvHead, dealsCsvRows, movementCsv } from '../../web/forecast/deals-csv.ts';
import { forecastCsv } from '../../web/forecast/forecast-csv.ts';
import { FORECAST_TABLES } from '../../web/href.ts';
import type { HttpContext } from '../context.ts';
import { wantedForecast } from '../forecast-selection.ts';
import { groupNamesOf, type ShownWeek, shownWeek } from '../shown-week.ts';
import { type WeekForecasts, wholeLines } from '../week-forecasts.ts';

const query = z.object({ table: z.enum(FORECAST_TABLES) });

/** Whole lines are read and written this many at a time: a file of 50,000 deals takes no more memory than one of 1,000. */
const LINES_AT_ONCE = 1_000;

/** The tables of a week to take away: same scope, filters and week as the page they are linked from. */
export function csvRoutes(context: HttpContext, weeks: WeekForecasts): Router {
  const { store, tenantId } = context;
  const router = Router();
  router.get('/deals.csv', async (request, response) => {
    const found = await store.inTenant(tenantId, async (tenant) => {
      const shown = await shownWeek(context, tenant, request);
      if (shown === null) return null;
      const { selection, filter } = wantedForecast(shown, request);
      return { shown, selection, deals: await weeks.deals(tenant, shown, selection, filter) };
    });
    if (found === null) notThere(response);
    else await sendDeals(context, response, found);
  });
  router.get('/forecast.csv', async (request, response) => {
    const wanted = query.safeParse(request.query);
    const found = await store.inTenant(tenantId, async (tenant) => {
      const shown = wanted.success ? await shownWeek(context, tenant, request) : null;
      if (shown === null) return null;
      const { selection } = wantedForecast(shown, request);
      const selected = await weeks.select(tenant, shown, selection);
      return { shown, selected, compared: await weeks.movement(tenant, shown, selection) };
    });
    if (found === null || !wanted.success) return notThere(response);
    const { shown, selected, compared } = found;
    const names = groupNamesOf(shown.header);
    const text = forecastCsv(wanted.data.table, { ...selected, compared, names, locale: shown.locale });
    reply(response, wanted.data.table.replace('_', '-'), shown).send(text);
  });
  router.get('/movements.csv', async (request, response) => {
    const found = await store.inTenant(tenantId, async (tenant) => {
      const shown = await shownWeek(context, tenant, request);
      if (shown === null) return null;
      return {
        shown,
        compared: await weeks.movement(tenant, shown, wantedForecast(shown, request).selection),
      };
    });
    if (found === null) return notThere(response);
    const { locale, currency } = sharedBy(found.shown);
    const movement = found.compared?.movement ?? null;
    reply(response, 'movements', found.shown).send(movementCsv({ locale, currency, movement }));
  });
  return router;
}

async function sendDeals(
  { store, tenantId }: HttpContext,
  response: Response,
  {
    shown,
    selection,
    deals,
  }: { readonly shown: ShownWeek; readonly selection: Selection; readonly deals: readonly LineFigures[] },
): Promise<void> {
  const shared = sharedBy(shown);
  async function* pieces() {
    yield dealsCsvHead(shared.locale);
    for (let from = 0; from < deals.length; from += LINES_AT_ONCE) {
      const lines = await store.inTenant(tenantId, (tenant) =>
        wholeLines(tenant, shown, deals.slice(from, from + LINES_AT_ONCE), selection),
      );
      yield dealsCsvRows({ ...shared, lines });
    }
  }
  try {
    await pipeline(pieces, reply(response, 'deals', shown));
  } catch (error) {
    // Who closes the window in the middle of a file wants no more of it.
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function sharedBy({ locale, header, stored }: ShownWeek) {
  return {
    locale,
    currency: stored.summary.currency,
    owners: header.owners,
    milestones: header.model.milestones,
  };
}

function reply(response: Response, name: string, { header }: ShownWeek): Response {
  return response
    .type('text/csv; charset=utf-8')
    .set('Content-Disposition', `attachment; filename="jalon-${name}-${header.asOf}.csv"`);
}

function notThere(response: Response): void {
  response.status(404).type('text').send('404');
}

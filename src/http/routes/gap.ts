import { type Request, Router } from 'express';
import { computeForecast, type ForecastSources, readSources } from '../../../jobs/compute-forecast.ts';
import { planFigures } from '../../../jobs/plan-figures.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { PlanFigures } from '../../core/gap/plan-types.ts';
import { dateIn } from '../../core/values/calendar.ts';
import { toCanonicalJson } from '../../core/values/json.ts';
import type { ConnectionRow } from '../../ports/connection-store.ts';
import type { TenantStore } from '../../ports/store.ts';
import { gapCsv } from '../../web/gap/gap-csv.ts';
import { type GapPageInput, gapPageView } from '../../web/gap/gap-page.ts';
import { GAP_TABLES } from '../../web/href.ts';
import { renderGapPage, renderNoForecastPage } from '../../web/render.ts';
import type { HttpContext } from '../context.ts';
import { type Keep, keepNewest } from '../keep-newest.ts';
import { localeOf } from '../locale.ts';
import { replyCsv } from '../reply-csv.ts';
import { pageHeaderOf, shownWeek } from '../shown-week.ts';

/** Scopes that people turn between. */
const KEPT = 12;

/** The plan is made from the records of the moment: a proof confirmed in the review changes what comes next. */
export function gapRoutes(context: HttpContext): Router {
  const router = Router();
  const keep = keepNewest<PlanFigures>(KEPT);
  const read = (request: Request) =>
    context.store.inTenant(context.tenantId, (tenant) => readPage(context, tenant, keep, request));
  router.get('/gap', async (request, response) => {
    const input = await read(request);
    response
      .type('html')
      .send(input === null ? renderNoForecastPage(localeOf(request)) : renderGapPage(gapPageView(input)));
  });
  for (const table of GAP_TABLES)
    router.get(`/gap/${table}.csv`, async (request, response) => {
      const input = await read(request);
      if (input === null) response.status(404).type('text').send('404');
      else replyCsv(response, table, input.figures.summary.asOf, gapCsv(table, input));
    });
  return router;
}

async function readPage(
  context: HttpContext,
  tenant: TenantStore,
  keep: Keep<PlanFigures>,
  request: Request,
): Promise<GapPageInput | null> {
  const shown = await shownWeek(context, tenant, request);
  if (shown === null) return null;
  const { connection, header, locale } = shown;
  const directory = await tenant.records.directory(connection.id);
  const model = await tenant.settings.model(connection.id);
  const managers = await tenant.settings.managers();
  // Who became a manager since the last snapshot has a plan already.
  const manager = managers.find(({ id }) => id === request.query['manager']) ?? null;
  const now = context.clock.now();
  const key = await keyOf(tenant, connection, now);
  return {
    locale,
    managerId: manager?.id ?? null,
    header: pageHeaderOf(context, connection, {
      company: header.company,
      dataReadAt: connection.lastPulledAt ?? header.dataReadAt,
    }),
    figures: await keep(`${manager?.id ?? ''}/${key}`, async () =>
      figuresOf(await readSources(tenant, connection.id), now, manager),
    ),
    owners: directory?.owners ?? header.owners,
    milestones: (model ?? header.model).milestones,
    managers,
  };
}

function figuresOf(sources: ForecastSources, now: Temporal.Instant, manager: Manager | null): PlanFigures {
  return planFigures(sources, computeForecast(sources, dateIn(sources.company.zone, now)), manager);
}

/** Whatever the figures depend on; records change with a pull only, and confirmations are never taken back. */
async function keyOf(
  tenant: TenantStore,
  { id, lastPulledAt }: ConnectionRow,
  now: Temporal.Instant,
): Promise<string> {
  const company = await tenant.settings.company();
  const confirmations = await tenant.records.confirmations(id);
  const said = [...confirmations.values()].reduce((sum, list) => sum + list.length, 0);
  return toCanonicalJson({
    id,
    readAt: lastPulledAt?.epochMilliseconds ?? 0,
    model: (await tenant.settings.model(id))?.version ?? 0,
    today: dateIn(company?.zone ?? 'UTC', now),
    said,
    company,
    targets: await tenant.settings.targets(),
    managers: await tenant.settings.managers(),
    rates: await tenant.settings.rates(),
  });
}

import { type Request, Router } from 'express';
import type { TenantStore } from '../../ports/store.ts';
import { headerView } from '../../web/header.ts';
import { pageHref } from '../../web/href.ts';
import { type ReliabilityPageView, reliabilityPageView } from '../../web/reliability/reliability-page.ts';
import { renderNoReliabilityPage, renderReliabilityPage } from '../../web/reliability/reliability-render.ts';
import type { HttpContext } from '../context.ts';
import { localeOf } from '../locale.ts';
import { pageHeaderOf, shownWeek } from '../shown-week.ts';

/** What the replay job stored last. `?manager=` shows the accuracy of one manager's deals; replay and weights are the company's. */
export function reliabilityRoutes(context: HttpContext): Router {
  const router = Router();
  router.get('/reliability', async (request, response) => {
    const view = await context.store.inTenant(context.tenantId, (tenant) =>
      readPage(context, tenant, request),
    );
    response
      .type('html')
      .send(view === null ? renderNoReliabilityPage(localeOf(request)) : renderReliabilityPage(view));
  });
  return router;
}

async function readPage(
  context: HttpContext,
  tenant: TenantStore,
  request: Request,
): Promise<ReliabilityPageView | null> {
  const shown = await shownWeek(context, tenant, request);
  if (shown === null) return null;
  const { connection, header, manager, locale } = shown;
  const report = await tenant.reliability.latest(connection.id);
  if (report === null) return null;
  const managerId = manager?.id ?? null;
  const accuracy = report.accuracy.find((scope) => scope.managerId === managerId);
  const view = reliabilityPageView({
    locale,
    crm: connection.crm,
    company: connection.label,
    backtest: report.backtest,
    unplacedRows: 0,
    calibration: report.calibration,
    accuracy: accuracy === undefined ? null : { currency: report.currency, ...accuracy },
  });
  return {
    ...view,
    header: headerView({
      locale,
      header: pageHeaderOf(context, connection, header),
      managerId,
      current: 'reliability',
      hrefIn: (language) => pageHref('/reliability', { locale: language, managerId }),
    }),
  };
}

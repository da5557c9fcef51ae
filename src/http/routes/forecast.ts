import { type Request, Router } from 'express';
import { z } from 'zod';
import type { ForecastLine } from '../../core/forecast-types.ts';
import type { SnapshotId } from '../../core/ids.ts';
import type { Manager } from '../../core/manager.ts';
import type { Locale } from '../../core/milestone.ts';
import { linesOfManager } from '../../core/target.ts';
import type { ConnectionRow, SnapshotHeader, StoredForecast, TenantStore } from '../../ports/store.ts';
import type { ForecastPageInput } from '../../web/forecast-input.ts';
import { forecastPageView } from '../../web/forecast-page.ts';
import { DEALS_PER_PAGE, type ForecastQuery } from '../../web/href.ts';
import { renderForecastPage, renderNoForecastPage } from '../../web/render.ts';
import type { HttpContext } from '../context.ts';
import { localeOf } from '../locale.ts';
import { type SnapshotLines, snapshotLines } from '../snapshot-lines.ts';

/** Anything unreadable in the address falls back to the latest week, everybody, first page: an old link must open something true. */
const query = z.object({
  manager: z.string().optional().catch(undefined),
  week: z.iso.date().optional().catch(undefined),
  page: z.coerce.number().int().min(1).catch(1),
});

export function forecastRoutes(context: HttpContext): Router {
  const router = Router();
  const lines = snapshotLines();
  router.get('/', async (request, response) => {
    const locale = localeOf(request);
    const input = await context.store.inTenant(context.tenantId, (tenant) =>
      readPage(context, tenant, lines, request, locale),
    );
    response
      .type('html')
      .send(input === null ? renderNoForecastPage(locale) : renderForecastPage(forecastPageView(input)));
  });
  return router;
}

async function readPage(
  context: HttpContext,
  tenant: TenantStore,
  cache: SnapshotLines,
  request: Request,
  locale: Locale,
): Promise<ForecastPageInput | null> {
  const connection = await firstConnection(context, tenant);
  if (connection === null) return null;
  const wanted = query.parse(request.query);
  const weeks = await tenant.snapshots.list(connection.id);
  const chosen = weeks.find((week) => week.asOf.toString() === wanted.week) ?? newest(weeks);
  const header = chosen === undefined ? null : await tenant.snapshots.header(chosen.id);
  if (header === null) return null;
  const manager = header.managers.find((candidate) => candidate.id === wanted.manager) ?? null;
  const stored = await forecastOf(tenant, header.id, manager);
  if (stored === null) return null;
  const lines = shownLines(await cache.of(tenant, header.id), manager, header);
  const page = Math.min(wanted.page, Math.max(1, Math.ceil(lines.length / DEALS_PER_PAGE)));
  const shown: ForecastQuery = {
    locale,
    managerId: manager?.id ?? null,
    week: wanted.week === undefined ? null : header.asOf.toString(),
    page,
  };
  return {
    query: shown,
    header: pageHeader(context, connection, header),
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
    weeks: [...weeks]
      .map((week) => week.asOf)
      .sort(Temporal.PlainDate.compare)
      .reverse(),
    rejections: header.rejections,
    hasDigest: header.managers.length > 0,
    dealLink: (dealId) => context.links.deal(connection.crm, connection.externalAccountId, dealId),
  };
}

async function firstConnection({ crm }: HttpContext, tenant: TenantStore): Promise<ConnectionRow | null> {
  const connections = await tenant.connections.list();
  return connections.find((connection) => connection.crm === crm) ?? null;
}

function newest(weeks: readonly { readonly id: SnapshotId; readonly asOf: Temporal.PlainDate }[]) {
  return [...weeks].sort((left, right) => Temporal.PlainDate.compare(left.asOf, right.asOf)).at(-1);
}

async function forecastOf(
  tenant: TenantStore,
  snapshotId: SnapshotId,
  manager: Manager | null,
): Promise<StoredForecast | null> {
  const forecasts = await tenant.snapshots.forecasts(snapshotId);
  return forecasts.find((forecast) => forecast.managerId === (manager?.id ?? null)) ?? null;
}

/** What a manager works on or has signed in the period; deals lost or signed before are history, and have their own pages. */
function shownLines(
  lines: readonly ForecastLine[],
  manager: Manager | null,
  header: SnapshotHeader,
): readonly ForecastLine[] {
  const own = manager === null ? lines : linesOfManager(lines, manager, header.owners);
  return own.filter(
    (line) => line.standing === 'open' || line.standing === 'unmapped' || line.wonInPeriodMinor !== 0n,
  );
}

function pageHeader(
  { store }: HttpContext,
  connection: ConnectionRow,
  header: SnapshotHeader,
): ForecastPageInput['header'] {
  return {
    company: connection.label,
    zone: header.company.zone,
    connection: { crm: connection.crm, state: connection.state, dataReadAt: header.dataReadAt },
    evaluationMode: store.label !== null,
  };
}

/** Which snapshot and whose lines a page shows: the address says it, the store knows whether it exists. */
import type { Request } from 'express';
import { z } from 'zod';
import type { GroupNames } from '../../templates/group-names.ts';
import type { Manager } from '../core/deals/manager.ts';
import { linesOfManager } from '../core/deals/target.ts';
import type { ForecastLine, LineFigures } from '../core/forecast/forecast-types.ts';
import type { Locale } from '../core/milestones/milestone.ts';
import type { SnapshotId } from '../core/values/ids.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { SnapshotHeader, StoredForecast } from '../ports/snapshot-store.ts';
import type { TenantStore } from '../ports/store.ts';
import type { PageHeader } from '../web/header.ts';
import type { HttpContext } from './context.ts';
import { localeOf } from './locale.ts';
import type { SnapshotLines } from './snapshot-lines.ts';

/** Anything unreadable in the address falls back to the latest week and everybody: an old link must open something true. */
const query = z.object({
  manager: z.string().optional().catch(undefined),
  week: z.iso.date().optional().catch(undefined),
});

/** One frozen week in one scope. */
export interface ShownWeek {
  readonly locale: Locale;
  readonly connection: ConnectionRow;
  readonly header: SnapshotHeader;
  readonly manager: Manager | null;
  readonly stored: StoredForecast;
  /** The day asked for, when there is a snapshot of it; null shows the latest. */
  readonly week: string | null;
  /** Days of the snapshots there are, newest first. */
  readonly weeks: readonly Temporal.PlainDate[];
  /** The same with their ids. */
  readonly snapshots: readonly { readonly id: SnapshotId; readonly asOf: Temporal.PlainDate }[];
}

/** Null before the first snapshot. */
export async function shownWeek(
  context: HttpContext,
  tenant: TenantStore,
  request: Request,
): Promise<ShownWeek | null> {
  const connection = await firstConnection(context, tenant);
  if (connection === null) return null;
  const wanted = query.parse(request.query);
  const weeks = newestFirst(await tenant.snapshots.list(connection.id));
  const asked = weeks.find((week) => week.asOf.toString() === wanted.week);
  const chosen = asked ?? weeks[0];
  const header = chosen === undefined ? null : await tenant.snapshots.header(chosen.id);
  if (header === null) return null;
  const manager = header.managers.find((candidate) => candidate.id === wanted.manager) ?? null;
  const forecasts = await tenant.snapshots.forecasts(header.id);
  const stored = forecasts.find((forecast) => forecast.managerId === (manager?.id ?? null));
  if (stored === undefined) return null;
  return {
    locale: localeOf(request),
    connection,
    header,
    manager,
    stored,
    week: wanted.week === undefined ? null : header.asOf.toString(),
    weeks: weeks.map((week) => week.asOf),
    snapshots: weeks,
  };
}

export async function firstConnection(
  { crm }: HttpContext,
  tenant: TenantStore,
): Promise<ConnectionRow | null> {
  const connections = await tenant.connections.list();
  return connections.find((connection) => connection.crm === crm) ?? null;
}

type Week = { readonly id: SnapshotId; readonly asOf: Temporal.PlainDate };

function newestFirst(weeks: readonly Week[]): readonly Week[] {
  return [...weeks].sort((left, right) => Temporal.PlainDate.compare(right.asOf, left.asOf));
}

/** All lines of the scope, closed ones too. */
export async function linesOfWeek(
  tenant: TenantStore,
  cache: SnapshotLines,
  { header, manager }: Pick<ShownWeek, 'header' | 'manager'>,
): Promise<readonly ForecastLine[]> {
  const lines = await cache.of(tenant, header.id);
  return manager === null ? lines : linesOfManager(lines, manager, header.owners);
}

/** What a manager works on or has signed in the period; deals lost or signed before are history, and have their own pages. */
export function workedOn<Line extends LineFigures>(lines: readonly Line[]): readonly Line[] {
  return lines.filter(
    (line) => line.standing === 'open' || line.standing === 'unmapped' || line.wonInPeriodMinor !== 0n,
  );
}

/** Names as they were when the week was frozen. */
export function groupNamesOf({ owners, teams = [], pipelines, model }: SnapshotHeader): GroupNames {
  return { owners, teams, pipelines, milestones: model.milestones };
}

export function pageHeaderOf(
  { store, missingDigests }: HttpContext,
  connection: ConnectionRow,
  header: Pick<SnapshotHeader, 'company' | 'dataReadAt'>,
): PageHeader {
  return {
    company: connection.label,
    zone: header.company.zone,
    connection: { crm: connection.crm, state: connection.state, dataReadAt: header.dataReadAt },
    evaluationMode: store.label !== null,
    missingDigests: missingDigests?.() ?? [],
  };
}

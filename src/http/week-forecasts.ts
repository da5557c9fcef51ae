/**
 * Rollups of the weeks that people turn between. A snapshot never changes, so what is kept cannot be stale; it is small, because a page
 * reads figures of all deals and whole lines of the fifty it shows.
 */
import {
  type FrozenWeek,
  isWhole,
  movementOfSelection,
  type SelectedForecast,
  type Selection,
  selectForecast,
} from '../../jobs/select-forecast.ts';
import type { ForecastLine, LineFigures } from '../core/forecast/forecast-types.ts';
import type { SnapshotId } from '../core/values/ids.ts';
import type { TenantStore } from '../ports/store.ts';
import { columnOf } from '../web/forecast/deals.ts';
import type { ComparedMovement } from '../web/forecast/forecast-input.ts';
import type { ForecastFilter } from '../web/href.ts';
import { keepNewest } from './keep-newest.ts';
import { type ShownWeek, workedOn } from './shown-week.ts';

const WEEKS = 3;
const SELECTIONS = 12;
/** Rows of the movement of a selection: its CSV tells no more than the review of a scope does. */
const MOVEMENT_ROWS = 200;

export interface WeekForecasts {
  select(tenant: TenantStore, shown: ShownWeek, selection: Selection): Promise<SelectedForecast>;
  /** What moved since the snapshot before; null where there is nothing to compare with. */
  movement(tenant: TenantStore, shown: ShownWeek, selection: Selection): Promise<ComparedMovement | null>;
  /** Deals that a manager works on or has signed, searched and in the order asked. */
  deals(
    tenant: TenantStore,
    shown: ShownWeek,
    selection: Selection,
    filter: ForecastFilter,
  ): Promise<readonly LineFigures[]>;
}

/** For one tenant. */
export function weekForecasts(): WeekForecasts {
  const weeks = keepNewest<readonly LineFigures[]>(WEEKS);
  const selections = keepNewest<SelectedForecast>(SELECTIONS);
  const movements = keepNewest<ComparedMovement | null>(SELECTIONS);
  const orders = keepNewest<readonly LineFigures[]>(SELECTIONS);
  const figures = (tenant: TenantStore, id: SnapshotId) => weeks(id, () => tenant.snapshots.figures(id));
  const frozen = async (tenant: TenantStore, { header, stored }: ShownWeek): Promise<FrozenWeek> => ({
    header,
    stored,
    lines: await figures(tenant, header.id),
  });

  const select: WeekForecasts['select'] = (tenant, shown, selection) =>
    selections(keyOf(shown, selection), async () => selectForecast(await frozen(tenant, shown), selection));

  const movementIn = async (
    tenant: TenantStore,
    shown: ShownWeek,
    selection: Selection,
  ): Promise<ComparedMovement | null> => {
    const { comparedWith, movement } = shown.stored;
    if (comparedWith === null) return null;
    const { asOf } = comparedWith;
    if (isWhole(shown, selection)) return movement && { asOf, movement };
    const older = shown.snapshots.find((one) => one.asOf.equals(asOf));
    const header = older === undefined ? null : await tenant.snapshots.header(older.id);
    if (comparedWith.kind === 'replay' || header === null) return null;
    const before = { header, lines: await figures(tenant, header.id) };
    const moved = movementOfSelection(await frozen(tenant, shown), before, selection, MOVEMENT_ROWS);
    return moved && { asOf, movement: moved };
  };

  return {
    select,
    movement: (tenant, shown, selection) =>
      movements(keyOf(shown, selection), () => movementIn(tenant, shown, selection)),
    deals: async (tenant, shown, selection, { sort, search }) => {
      const sorted = await orders(`${keyOf(shown, selection)} ${sort}`, async () => {
        const { lines } = await select(tenant, shown, selection);
        return workedOn(lines).toSorted(orderOf(sort));
      });
      if (search === '') return sorted;
      const wanted = plain(search);
      return sorted.filter(({ dealName }) => plain(dealName).includes(wanted));
    },
  };
}

function keyOf({ header }: ShownWeek, { manager, teamId, pipelineId, period }: Selection): string {
  return JSON.stringify([header.id, manager?.id, teamId, pipelineId, period.key]);
}

/** The whole lines of some deals, with what they are in the period looked at. */
export async function wholeLines(
  tenant: TenantStore,
  { header }: ShownWeek,
  figures: readonly LineFigures[],
  { period }: Selection,
): Promise<readonly ForecastLine[]> {
  const lines = await tenant.snapshots.linesOf(
    header.id,
    figures.map(({ dealId }) => dealId),
  );
  const byId = new Map(figures.map((line) => [line.dealId, line]));
  const horizonDays = Math.max(0, header.asOf.until(period.end).days);
  return lines.map((line) => {
    const { odds, expectedMinor, wonInPeriodMinor } = byId.get(line.dealId) ?? line;
    const oddsReason = line.oddsReason && { ...line.oddsReason, horizonDays };
    return { ...line, odds, expectedMinor, wonInPeriodMinor, oddsReason };
  });
}

/** Without case and accents: "neolis" finds "Néolis". */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}

const names = new Intl.Collator('fr', { numeric: true });

type Compare = (left: LineFigures, right: LineFigures) => number;

/** What is open first, whatever the column; then the column; then the larger net amount and the id, so that pages never overlap. */
function orderOf(sort: ForecastFilter['sort']): Compare {
  const { key, turned } = columnOf(sort);
  const column = COLUMN_ORDER[key];
  return (left, right) =>
    Number(right.standing === 'open') - Number(left.standing === 'open') ||
    (turned ? column(right, left) : column(left, right)) ||
    descending(left.netMinor, right.netMinor) ||
    (left.dealId < right.dealId ? -1 : 1);
}

const COLUMN_ORDER: Readonly<Record<ReturnType<typeof columnOf>['key'], Compare>> = {
  net: (left, right) => descending(left.netMinor, right.netMinor),
  gross: (left, right) => descending(left.grossMinor, right.grossMinor),
  unproven: (left, right) => descending(left.unprovenMinor, right.unprovenMinor),
  expected: (left, right) => descending(left.expectedMinor, right.expectedMinor),
  odds: (left, right) => right.odds - left.odds,
  close: (left, right) => monthOf(left) - monthOf(right),
  name: (left, right) => names.compare(left.dealName, right.dealName),
};

/** A deal that may never be signed comes after all that may. */
function monthOf({ realisticClose }: LineFigures): number {
  return realisticClose === null ? Number.MAX_SAFE_INTEGER : realisticClose.year * 12 + realisticClose.month;
}

function descending(left: bigint, right: bigint): number {
  return left === right ? 0 : left > right ? -1 : 1;
}

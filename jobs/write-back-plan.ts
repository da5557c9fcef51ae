/** What the CRM should hold and does not yet: computed from the records as they are now, not from the week's snapshot. */

import type { ForecastSummary } from '../src/core/forecast/forecast-types.ts';
import type { MilestoneModel } from '../src/core/milestones/milestone.ts';
import { dateIn } from '../src/core/values/calendar.ts';
import type { ConnectionId, DealId } from '../src/core/values/ids.ts';
import { type ParkedWrite, withoutParked } from '../src/core/write-back/parked-writes.ts';
import {
  type Acknowledged,
  type DealWrite,
  plannedWrites,
  type RefusedWrite,
} from '../src/core/write-back/write-back.ts';
import type { TenantStore } from '../src/ports/store.ts';
import { type ComputedForecast, computeForecast, readSources, summaryOf } from './compute-forecast.ts';

export interface WriteBackPlan {
  readonly writes: readonly DealWrite[];
  /** Left out of `writes`: the CRM refused these very values lately. */
  readonly parked: readonly ParkedWrite[];
  readonly refused: ReadonlyMap<DealId, RefusedWrite>;
  readonly acknowledged: Acknowledged;
  readonly model: MilestoneModel;
  readonly forecast: ComputedForecast;
  /** Of the whole company. */
  readonly summary: ForecastSummary;
}

export async function planWriteBack(
  tenant: TenantStore,
  connectionId: ConnectionId,
  now: Temporal.Instant,
): Promise<WriteBackPlan> {
  const sources = await readSources(tenant, connectionId);
  const { model, company } = sources;
  const acknowledged = await tenant.receipts.acknowledged(connectionId);
  const forecast = computeForecast(sources, dateIn(company.zone, now));
  const wanted = plannedWrites({ lines: forecast.lines, acknowledged, model, locale: company.locale });
  const refused = await tenant.receipts.refusedWrites(connectionId);
  const { due: writes, parked } = withoutParked(wanted, refused, now);
  return {
    writes,
    parked,
    refused,
    acknowledged,
    model,
    forecast,
    summary: summaryOf(sources, forecast, null),
  };
}

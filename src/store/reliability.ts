import type { FrozenForecast } from '../core/forecast/frozen-forecast.ts';
import type { ReliabilityReport } from '../core/reliability/reliability-report.ts';
import { fromCanonicalJson, toCanonicalJson } from '../core/values/json.ts';
import type { FrozenForecastStore, ReliabilityStore } from '../ports/reliability-store.ts';
import type { TenantTransaction } from './database.ts';
import { dateToSql, instantToSql } from './time.ts';

export function reliabilityStore({ tx, tenantId }: TenantTransaction): ReliabilityStore {
  return {
    save: async (connectionId, report, at) => {
      await tx
        .insertInto('reliability_report')
        .values({
          tenant_id: tenantId,
          connection_id: connectionId,
          as_of: dateToSql(report.asOf),
          body: toCanonicalJson(report),
          at: instantToSql(at),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    latest: async (connectionId) => {
      const row = await tx
        .selectFrom('reliability_report')
        .select('body')
        .where('tenant_id', '=', tenantId)
        .where('connection_id', '=', connectionId)
        .orderBy('as_of', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : fromCanonicalJson<ReliabilityReport>(row.body);
    },
  };
}

export function frozenForecastStore({ tx, tenantId }: TenantTransaction): FrozenForecastStore {
  const bodies = (connectionId: string) =>
    tx
      .selectFrom('frozen_forecast')
      .select('body')
      .where('tenant_id', '=', tenantId)
      .where('connection_id', '=', connectionId);
  return {
    freeze: async (connectionId, frozen) => {
      await tx
        .insertInto('frozen_forecast')
        .values({
          tenant_id: tenantId,
          connection_id: connectionId,
          manager_id: frozen.managerId,
          period_key: frozen.periodKey,
          snapshot_id: frozen.snapshotId,
          amount_minor: frozen.amountMinor.toString(),
          currency: frozen.currency,
          body: toCanonicalJson(frozen),
          at: instantToSql(frozen.frozenAt),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const { body } = await bodies(connectionId)
        .where('manager_id', '=', frozen.managerId)
        .where('period_key', '=', frozen.periodKey)
        .where('snapshot_id', '=', frozen.snapshotId)
        .executeTakeFirstOrThrow();
      return fromCanonicalJson<FrozenForecast>(body);
    },
    list: async (connectionId) => {
      const rows = await bodies(connectionId).orderBy('seq').execute();
      return rows.map((row) => fromCanonicalJson<FrozenForecast>(row.body));
    },
  };
}

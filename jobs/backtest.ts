/** Replays the company's own past and lets frozen forecasts meet their outcome: what the reliability page shows. */

import type { ReliabilityReport } from '../src/core/reliability/reliability-report.ts';
import { daysBetween } from '../src/core/values/calendar.ts';
import { asId, type ConnectionId } from '../src/core/values/ids.ts';
import type { TenantStore } from '../src/ports/store.ts';
import { accuracyReport } from './accuracy.ts';
import { type ForecastSources, readSources } from './compute-forecast.ts';
import { type Job, type JobContext, type JobRun, type NextEffect, payloadOf } from './context.ts';

export const backtest: Job = {
  kind: 'backtest',
  async run(context, run) {
    const connectionId = asId<ConnectionId>(payloadOf(run.effect, 'connectionId'));
    const asOf = Temporal.PlainDate.from(payloadOf(run.effect, 'asOf'));
    const sources = await run.read((tenant) => readSources(tenant, connectionId));
    context.progress({ job: 'backtest', connectionId, done: sources.deals.length, unit: 'deals' });
    const report = await reliabilityReport(context, run, sources, asOf);
    await run.commit((tenant) => tenant.reliability.save(connectionId, report, context.clock.now()));
    context.logger.info('past replayed', {
      connection: connectionId,
      deals: report.backtest.deals,
      windows: report.backtest.horizons.reduce((sum, { windows }) => sum + windows, 0),
    });
    return [];
  },
};

/** Above this many deals every fourth Monday is replayed: two years of Mondays would keep a worker busy for minutes. */
const MANY_DEALS = 20_000;
const EVERY_FOURTH = 28;

async function reliabilityReport(
  { replay }: Pick<JobContext, 'replay'>,
  run: Pick<JobRun, 'read' | 'signal'>,
  sources: ForecastSources,
  asOf: Temporal.PlainDate,
): Promise<ReliabilityReport> {
  const { deals, model, company, verified } = sources;
  const options = deals.length > MANY_DEALS ? { everyDays: EVERY_FOURTH } : {};
  const past = await replay(
    { sources: { deals, model, rates: sources.rates, company, verified }, asOf, options },
    run.signal,
  );
  return {
    asOf,
    currency: company.currency,
    modelVersion: model.version,
    ...past,
    accuracy: await accuracyReport(run.read, sources, asOf),
  };
}

/**
 * After the first reading, after the first Monday, then on the first Monday of each month: by then another month can be judged. Empty when
 * it is not due.
 */
export async function dueBacktest(
  tenant: TenantStore,
  connectionId: ConnectionId,
  asOf: Temporal.PlainDate,
): Promise<readonly NextEffect[]> {
  const last = await tenant.reliability.latest(connectionId);
  const month = (day: Temporal.PlainDate) => day.toPlainYearMonth().toString();
  const [first] = await tenant.snapshots.list(connectionId);
  const frozenSince = last !== null && first !== undefined && daysBetween(last.asOf, first.asOf) > 0;
  if (last !== null && month(last.asOf) >= month(asOf) && !frozenSince) return [];
  return [
    {
      kind: 'backtest',
      key: `${connectionId}/${asOf}`,
      payload: { connectionId, asOf: asOf.toString() },
    },
  ];
}

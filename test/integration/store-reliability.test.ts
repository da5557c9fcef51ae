import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FrozenForecast } from '../../src/core/forecast/frozen-forecast.ts';
import { backtestReport } from '../../src/core/reliability/backtest-report.ts';
import type { ReliabilityReport } from '../../src/core/reliability/reliability-report.ts';
import { asId, type ManagerId, type SnapshotId } from '../../src/core/values/ids.ts';
import { deal, stageModel, ZONE } from '../support/deals.ts';
import { enginesFor, newTenant, type OpenedStore, type OwnTenant } from '../support/store-engines.ts';
import { date, dealOf, EUR, headerOf, instant } from '../support/store-records.ts';

function reportOf(asOf: string): ReliabilityReport {
  const backtest = backtestReport({
    deals: [deal('1', 's-contact 2026-01-05, s-won 2026-02-05'), deal('2', 's-contact 2026-01-20')],
    model: stageModel(),
    zone: ZONE,
    asOf: date(asOf),
    amountOf: () => 100n,
  });
  return { asOf: date(asOf), currency: EUR, modelVersion: 1, backtest, calibration: [], accuracy: [] };
}

function frozenOf(snapshotId: SnapshotId, amountMinor: bigint): FrozenForecast {
  return {
    managerId: asId<ManagerId>('claire'),
    periodKey: '2026-Q4',
    snapshotId,
    asOf: date('2026-11-16'),
    computedMinor: 0n,
    amountMinor,
    currency: EUR,
    differences: [{ dealId: null, differenceMinor: amountMinor, reason: 'an order by telephone \u0000' }],
    frozenAt: instant('2026-11-16T09:00:00Z'),
  };
}

describe.each(enginesFor('reliability'))('reliability, on the $name database', (engine) => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await engine.open();
  });
  afterAll(() => opened.close());

  const freezeSnapshot = (own: OwnTenant) =>
    own.run(({ snapshots }) => snapshots.freeze(headerOf(own, '2026-11-16'), [dealOf('1')]));

  it('there is no report before the first replay; the newest is shown, and a repeat changes nothing', async () => {
    const own = await newTenant(opened.store);
    const at = instant('2026-11-16T06:00:00Z');
    await own.run(async ({ reliability }) => {
      expect(await reliability.latest(own.connectionId)).toBeNull();
      await reliability.save(own.connectionId, reportOf('2026-11-16'), at);
      await reliability.save(own.connectionId, reportOf('2026-10-05'), at);
      await reliability.save(own.connectionId, { ...reportOf('2026-11-16'), modelVersion: 9 }, at);
      expect(await reliability.latest(own.connectionId)).toEqual(reportOf('2026-11-16'));
    });
  });

  it('what a manager froze stays: a second figure on the same snapshot returns the first', async () => {
    const own = await newTenant(opened.store);
    const snapshotId = await freezeSnapshot(own);
    await own.run(async ({ frozenForecasts }) => {
      const first = await frozenForecasts.freeze(own.connectionId, frozenOf(snapshotId, 650n));
      expect(first).toEqual(frozenOf(snapshotId, 650n));
      expect(await frozenForecasts.freeze(own.connectionId, frozenOf(snapshotId, 999n))).toEqual(first);
      expect(await frozenForecasts.list(own.connectionId)).toEqual([first]);
    });
  });

  it('another company sees neither', async () => {
    const own = await newTenant(opened.store);
    const snapshotId = await freezeSnapshot(own);
    const at = instant('2026-11-16T06:00:00Z');
    await own.run(async ({ frozenForecasts, reliability }) => {
      await reliability.save(own.connectionId, reportOf('2026-11-16'), at);
      await frozenForecasts.freeze(own.connectionId, frozenOf(snapshotId, 650n));
    });
    const other = await newTenant(opened.store);
    await other.run(async ({ frozenForecasts, reliability }) => {
      expect(await reliability.latest(own.connectionId)).toBeNull();
      expect(await frozenForecasts.list(own.connectionId)).toEqual([]);
    });
  });

  it('the database itself refuses to change a frozen figure', async () => {
    const client = new pg.Client({ connectionString: opened.connectionString });
    await client.connect();
    try {
      const change = client.query('update jalon.frozen_forecast set amount_minor = 0');
      await expect(change).rejects.toThrow('append-only');
      await expect(client.query('delete from jalon.reliability_report')).rejects.toThrow('append-only');
    } finally {
      await client.end();
    }
  });
});

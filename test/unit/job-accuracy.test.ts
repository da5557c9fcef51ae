import { describe, expect, it } from 'vitest';
import { accuracyReport } from '../../jobs/accuracy.ts';
import { computeForecast, type ForecastSources, summaryOf } from '../../jobs/compute-forecast.ts';
import type { Deal } from '../../src/core/deals/deal.ts';
import type { FrozenForecast } from '../../src/core/forecast/frozen-forecast.ts';
import { NOTHING_RECORDED } from '../../src/core/odds/verified-history.ts';
import { periodOf } from '../../src/core/values/calendar.ts';
import { asId, type ConnectionId, type ManagerId, type SnapshotId } from '../../src/core/values/ids.ts';
import type { SnapshotHeader, StoredForecast } from '../../src/ports/snapshot-store.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { amount, at, day, deal, EUR, stageModel, ZONE } from '../support/deals.ts';

const FIRST = day('2025-01-06');
const TODAY = day('2026-11-16');
const BOSS = asId<ManagerId>('boss');

/** A deal every second day for two years; two of three are won after 40 days, the others lost after 25. */
function deals(until: Temporal.PlainDate): readonly Deal[] {
  const count = Math.floor(FIRST.until(until).days / 2);
  return Array.from({ length: count }, (_, number) => {
    const on = (days: number) => FIRST.add({ days: 2 * number + days }).toString();
    const end = number % 3 === 0 ? `s-lost ${on(25)}` : `s-won ${on(40)}`;
    return deal(`d-${number}`, `s-contact ${on(0)}, s-solution ${on(12)}, ${end}`, amount('1000'));
  });
}

function sources(changes: Partial<ForecastSources> = {}): ForecastSources {
  return {
    connection: {
      id: asId<ConnectionId>('crm'),
      crm: 'hubspot',
      externalAccountId: '',
      label: '',
      state: 'active',
      lastPulledAt: null,
    },
    company: {
      zone: ZONE,
      currency: EUR,
      locale: 'en',
      fiscalStartMonth: 1,
      periodKind: 'month',
      writeBack: 'plan_only',
    },
    model: { ...stageModel(), version: 3 },
    deals: deals(TODAY),
    activities: [],
    contacts: [],
    confirmations: new Map(),
    verified: NOTHING_RECORDED,
    rates: [],
    managers: [
      {
        id: BOSS,
        name: 'Boss',
        email: 'boss@example.com',
        locale: 'en',
        zone: ZONE,
        teamIds: [],
        ownerIds: [],
        digest: 'on',
        digestPausedUntil: null,
      },
    ],
    targets: [],
    owners: [],
    teams: [],
    pipelines: [],
    rejections: 0,
    ...changes,
  };
}

interface Frozen {
  readonly header: SnapshotHeader;
  readonly deals: readonly Deal[];
  readonly lines: ReturnType<typeof computeForecast>['lines'];
  readonly forecasts: readonly StoredForecast[];
}

/** What a snapshot of that day would hold. */
function snapshotOf(all: ForecastSources, text: string): Frozen {
  const asOf = day(text);
  const forecast = computeForecast(all, asOf);
  return {
    header: {
      ...all,
      id: asId<SnapshotId>(text),
      connectionId: all.connection.id,
      asOf,
    } as unknown as SnapshotHeader,
    deals: all.deals,
    lines: forecast.lines,
    forecasts: [{ managerId: null, summary: summaryOf(all, forecast, null) } as unknown as StoredForecast],
  };
}

function reading(snapshots: readonly Frozen[], figures: readonly FrozenForecast[] = []) {
  const find = (id: SnapshotId) => snapshots.find(({ header }) => header.id === id);
  const tenant = {
    frozenForecasts: { list: async () => figures },
    snapshots: {
      list: async () => snapshots.map(({ header }) => ({ id: header.id, asOf: header.asOf })),
      header: async (id: SnapshotId) => find(id)?.header ?? null,
      deals: async (id: SnapshotId) => find(id)?.deals ?? [],
      lines: async (id: SnapshotId) => find(id)?.lines ?? [],
      forecasts: async (id: SnapshotId) => find(id)?.forecasts ?? [],
    },
  } as unknown as TenantStore;
  return async <T>(work: (store: TenantStore) => Promise<T>): Promise<T> => work(tenant);
}

describe('at the end of each month', () => {
  it('forecasts made 90, 60, 30 and 7 days before meet what was signed; without snapshots they are replayed and marked so', async () => {
    const [company] = await accuracyReport(reading([]), sources(), TODAY);
    expect(company?.horizons.map(({ daysBefore }) => daysBefore)).toEqual([90, 60, 30, 7]);
    const [, , month] = company?.horizons ?? [];
    expect(month?.periods.map(({ period }) => period.key)).toEqual([
      '2026-05',
      '2026-06',
      '2026-07',
      '2026-08',
      '2026-09',
      '2026-10',
    ]);
    expect(month?.periods[0]?.asOf.toString()).toBe('2026-05-02');
    expect(month?.periods.every(({ source }) => source === 'replayed')).toBe(true);
    expect(month?.periods.every(({ modelVersion }) => modelVersion === 3)).toBe(true);
  });

  it('a company whose deals behave the same each month is forecast well a month before, and better a week before', async () => {
    const [company] = await accuracyReport(reading([]), sources(), TODAY);
    const [, , month, week] = company?.horizons ?? [];
    expect(month?.total.wape).toBeLessThan(0.15);
    expect(week?.wape).toBeLessThan(0.1);
    expect(month?.skill).toBeGreaterThan(0);
  });

  it('what was frozen that week is judged, not what would be computed today', async () => {
    const before = sources();
    const snapshot = snapshotOf(before, '2026-09-28');
    const frozen = { ...snapshot, lines: snapshot.lines.map((line) => ({ ...line, expectedMinor: 0n })) };
    const [company] = await accuracyReport(reading([frozen]), before, TODAY);
    const september = company?.horizons[3]?.periods.find(({ period }) => period.key === '2026-09');
    expect(september?.source).toBe('replayed');
    const october = company?.horizons[2]?.periods.find(({ period }) => period.key === '2026-10');
    expect([october?.source, october?.asOf.toString()]).toEqual(['snapshot', '2026-09-28']);
    expect(october?.forecastMinor).toBeGreaterThan(0n);
  });

  it('a snapshot of the period itself counts as it was sent', async () => {
    const all = sources();
    const snapshot = snapshotOf(all, '2026-10-19');
    const [line] = snapshot.lines;
    const sent = {
      ...snapshot,
      lines: snapshot.lines.map((one) => (one === line ? { ...one, expectedMinor: 7n } : one)),
    };
    const summary = snapshot.forecasts[0]?.summary;
    const [company] = await accuracyReport(reading([sent]), all, TODAY);
    const met = company?.horizons[3]?.periods.find(({ period }) => period.key === '2026-10');
    expect([met?.source, met?.asOf.toString()]).toEqual(['snapshot', '2026-10-19']);
    expect(met?.forecastMinor).toBe((summary?.forecastMinor ?? 0n) - (line?.expectedMinor ?? 0n) + 7n);
    expect([met?.lowMinor, met?.highMinor]).toEqual([summary?.range?.p10Minor, summary?.range?.p90Minor]);
  });

  it('a week without a snapshot is replayed: an older one is not the forecast of that day', async () => {
    const old = snapshotOf(sources(), '2026-10-12');
    const [company] = await accuracyReport(reading([old]), sources(), TODAY);
    const met = company?.horizons[3]?.periods.find(({ period }) => period.key === '2026-10');
    expect([met?.source, met?.asOf.toString()]).toEqual(['replayed', '2026-10-25']);
  });

  it('a deal deleted after the first reading stays in the outcome and is told', async () => {
    const all = sources();
    const end = snapshotOf(all, '2026-11-02');
    const october = periodOf(day('2026-10-15'), 'month');
    const signed = end.lines.filter(
      ({ closedOn }) => closedOn !== null && closedOn.month === 10 && closedOn.year === 2026,
    );
    const gone = signed.find(({ standing }) => standing === 'won');
    const now = { ...all, deals: all.deals.filter(({ id }) => id !== gone?.dealId) };
    const [company] = await accuracyReport(reading([end]), now, TODAY);
    const outcome = company?.outcomes.find(({ period }) => period.key === october.key);
    expect(outcome?.source).toBe('snapshot');
    expect(outcome?.restated).toMatchObject([{ dealId: gone?.dealId, kind: 'gone', changeMinor: -100_000n }]);
    expect(outcome?.actualMinor).toBe((outcome?.todayMinor ?? 0n) + 100_000n);
  });

  it('the manager’s frozen figure stands beside the computed one', async () => {
    const figure: FrozenForecast = {
      managerId: BOSS,
      periodKey: '2026-10',
      snapshotId: asId<SnapshotId>('any'),
      asOf: day('2026-09-28'),
      computedMinor: 0n,
      amountMinor: 900_000n,
      currency: EUR,
      differences: [],
      frozenAt: at('2026-09-28'),
    };
    const [company, boss] = await accuracyReport(reading([], [figure]), sources(), TODAY);
    for (const scope of [company, boss]) {
      const [, sixty, thirty] = scope?.horizons ?? [];
      expect(sixty?.beside).toBeNull();
      expect(thirty?.beside?.periods).toBe(1);
      const october = thirty?.periods.at(-1);
      expect(october?.managerMinor).toBe(900_000n);
      const actual = Number(october?.actualMinor);
      expect(thirty?.beside?.manager.wape).toBeCloseTo(Math.abs(900_000 - actual) / actual, 10);
    }
  });

  it('a company without history is judged by nothing', async () => {
    const young = sources({ deals: deals(FIRST.add({ days: 20 })) });
    const [company] = await accuracyReport(reading([]), young, FIRST.add({ days: 40 }));
    expect(company?.horizons.every(({ periods, wape }) => periods.length === 0 && wape === null)).toBe(true);
  });
});

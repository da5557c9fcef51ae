import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manager, Target } from '../../src/core/deals/manager.ts';
import type { ForecastLine } from '../../src/core/forecast/forecast-types.ts';
import {
  asId,
  type MilestoneKey,
  type OwnerId,
  type PipelineId,
  type SnapshotId,
  type StageId,
} from '../../src/core/values/ids.ts';
import type { CompanySettings } from '../../src/ports/settings-store.ts';
import type { StoredForecast } from '../../src/ports/snapshot-store.ts';
import { enginesFor, newTenant, type OpenedStore, type OwnTenant } from '../support/store-engines.ts';
import {
  date,
  dealId,
  dealOf,
  EUR,
  headerOf,
  instant,
  MODEL,
  MONDAY,
  managerId,
} from '../support/store-records.ts';

const ID = asId<SnapshotId>('snapshot-2026-11-16');

function lineOf(id: string, netMinor: bigint): ForecastLine {
  return {
    dealId: dealId(id),
    dealName: `Deal ${id} \u0000 \ud800`,
    ownerId: asId<OwnerId>('paul'),
    pipelineId: asId<PipelineId>('sales'),
    stageId: asId<StageId>('proposal'),
    standing: 'open',
    exclusion: null,
    declared: null,
    verified: null,
    verifiedSince: date('2026-10-05'),
    daysInMilestone: 42,
    declaredWeightBps: 6_000,
    weightBps: 4_000,
    gross: { amountMinor: netMinor * 2n, currency: EUR },
    grossMinor: netMinor * 2n,
    netMinor,
    unprovenMinor: 0n,
    netOwn: null,
    odds: 0.1234567890123,
    oddsReason: null,
    expectedMinor: 7n,
    wonInPeriodMinor: 0n,
    closedOn: null,
    closeDate: null,
    realisticClose: null,
    pace: 'on_track',
    closeDatePushes: 0,
    lastCustomerContact: null,
    missing: [],
    flags: ['amount_rounded'],
  };
}

/** The store keeps a forecast as it is given and looks at none of its figures. */
function forecastOf(manager: string | null): StoredForecast {
  const told = { managerId: manager === null ? null : managerId(manager), movement: null, accuracy: [] };
  return told as unknown as StoredForecast;
}

describe.each(enginesFor('snapshots'))('what is frozen, on the $name database', (engine) => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await engine.open();
  });
  afterAll(() => opened.close());

  const freeze = (own: OwnTenant, asOf: string, deals = [dealOf('1')]) =>
    own.run(({ snapshots }) => snapshots.freeze(headerOf(own, asOf), deals));

  describe('a snapshot', () => {
    it('gives back header and deals exactly, histories and strange characters included', async () => {
      const own = await newTenant(opened.store);
      const deals = [dealOf('1', { name: 'a\u0000b \ud800' }), dealOf('2', { amount: { kind: 'missing' } })];
      await freeze(own, '2026-11-16', deals);
      await own.run(async ({ snapshots }) => {
        expect(await snapshots.header(ID)).toEqual(headerOf(own, '2026-11-16'));
        expect(await snapshots.deals(ID)).toEqual(deals);
        expect(await snapshots.header(asId('snapshot-nowhere'))).toBeNull();
      });
    });

    it('is taken once per day: a second one with other deals changes nothing and names the first', async () => {
      const own = await newTenant(opened.store);
      await freeze(own, '2026-11-16');
      const again = await own.run(({ snapshots }) =>
        snapshots.freeze(headerOf(own, '2026-11-16', { id: asId('another'), rejections: 99 }), [
          dealOf('1'),
          dealOf('2'),
        ]),
      );
      expect(again).toBe(ID);
      await own.run(async ({ snapshots }) => {
        expect(await snapshots.deals(ID)).toEqual([dealOf('1')]);
        expect((await snapshots.header(ID))?.rejections).toBe(2);
        expect(await snapshots.header(asId('another'))).toBeNull();
      });
    });

    it('taken by five processes at once is taken once', async () => {
      const own = await newTenant(opened.store);
      const ids = await Promise.all(
        Array.from({ length: 5 }, (_, index) =>
          own.run(({ snapshots }) =>
            snapshots.freeze(headerOf(own, '2026-11-16', { id: asId(`attempt-${index}`) }), [
              dealOf(String(index)),
            ]),
          ),
        ),
      );
      expect(new Set(ids).size).toBe(1);
      const deals = await own.run(({ snapshots }) => snapshots.deals(asId(ids[0] ?? '')));
      expect(deals).toHaveLength(1);
    });

    it('does not change when its deals change afterwards', async () => {
      const own = await newTenant(opened.store);
      await freeze(own, '2026-11-16');
      await freeze(own, '2026-11-23', [dealOf('1', { name: 'renamed' }), dealOf('2')]);
      await own.run(async ({ snapshots }) => {
        expect(await snapshots.deals(ID)).toEqual([dealOf('1')]);
        expect((await snapshots.deals(asId('snapshot-2026-11-23'))).map((deal) => deal.name)).toEqual([
          'renamed',
          'Deal 2',
        ]);
      });
    });

    it('is found as the latest, or as the one before a day', async () => {
      const own = await newTenant(opened.store);
      for (const day of ['2026-11-23', '2026-11-09', '2026-11-16']) await freeze(own, day);
      await own.run(async ({ snapshots }) => {
        expect((await snapshots.latest(own.connectionId))?.asOf).toEqual(date('2026-11-23'));
        expect((await snapshots.before(own.connectionId, date('2026-11-16')))?.asOf).toEqual(
          date('2026-11-09'),
        );
        expect(await snapshots.before(own.connectionId, date('2026-11-09'))).toBeNull();
        expect(await snapshots.latest(asId('nobody'))).toBeNull();
        expect((await snapshots.list(own.connectionId)).map(({ asOf }) => asOf.toString())).toEqual([
          '2026-11-09',
          '2026-11-16',
          '2026-11-23',
        ]);
      });
    });
  });

  describe('what was verified, Monday after Monday', () => {
    const verifiedOf = (id: string, verified: string | null, since: string | null): ForecastLine => ({
      ...lineOf(id, 100n),
      dealName: `"verified":"tricked" \u0000 {"verifiedSince":{"$date":"1999-01-01"}}`,
      verified: verified === null ? null : asId<MilestoneKey>(verified),
      verifiedSince: since === null ? null : date(since),
    });
    const week = async (own: OwnTenant, asOf: string, lines: readonly ForecastLine[], version = 1) => {
      const header = headerOf(own, asOf, { model: { ...MODEL, version } });
      await own.run(async ({ snapshots }) => {
        const id = await snapshots.freeze(header, []);
        await snapshots.saveForecast(id, lines, []);
      });
    };

    it('is given back as changes, oldest first, whatever a deal is called and in whatever order Mondays were saved', async () => {
      const own = await newTenant(opened.store);
      await week(
        own,
        '2026-11-23',
        [verifiedOf('1', 'need', '2026-11-18'), verifiedOf('2', 'need', '2026-11-19')],
        2,
      );
      await week(own, '2026-11-09', [verifiedOf('1', 'contact', '2026-10-05')]);
      await week(own, '2026-11-16', [verifiedOf('1', 'contact', '2026-10-05'), verifiedOf('2', null, null)]);
      await week(own, '2026-11-30', [
        verifiedOf('1', 'need', '2026-11-25'),
        { ...verifiedOf('2', null, null), standing: 'won' },
      ]);
      const history = await own.run(({ snapshots }) => snapshots.verifiedHistory(own.connectionId));
      expect(history.recordings.map(({ asOf, modelVersion }) => `${asOf} ${modelVersion}`)).toEqual([
        '2026-11-09 1',
        '2026-11-16 1',
        '2026-11-23 2',
        '2026-11-30 1',
      ]);
      expect(
        history.changes.map(({ dealId: id, asOf, seenBefore, milestone, since }) =>
          [id, asOf, seenBefore, milestone, since].map(String).join(' '),
        ),
      ).toEqual([
        '1 2026-11-09 null contact 2026-10-05',
        '1 2026-11-23 2026-11-16 need 2026-11-18',
        '1 2026-11-30 2026-11-23 need 2026-11-25',
        '2 2026-11-16 null null null',
        '2 2026-11-23 2026-11-16 need 2026-11-19',
      ]);
    });

    it('is nothing for a connection without a snapshot', async () => {
      const own = await newTenant(opened.store);
      const history = await own.run(({ snapshots }) => snapshots.verifiedHistory(own.connectionId));
      expect(history).toEqual({ recordings: [], changes: [] });
    });
  });

  describe('a forecast', () => {
    it('comes back line by line, largest net amount first, in pages that neither overlap nor leave a gap', async () => {
      const own = await newTenant(opened.store);
      await freeze(own, '2026-11-16');
      const lines = [
        lineOf('a', 5n),
        lineOf('b', 90_071_992_547_409_930n),
        lineOf('c', 5n),
        lineOf('d', 0n),
        lineOf('e', -3n),
      ];
      const forecasts = [forecastOf(null), forecastOf('claire'), forecastOf('ali')];
      await own.run(({ snapshots }) => snapshots.saveForecast(ID, lines, forecasts));
      await own.run(async ({ snapshots }) => {
        const sorted = [lines[1], lines[0], lines[2], lines[3], lines[4]];
        expect(await snapshots.lines(ID)).toEqual(sorted);
        expect(await snapshots.lines(ID, { limit: 2, offset: 0 })).toEqual(sorted.slice(0, 2));
        expect(await snapshots.lines(ID, { limit: 2, offset: 2 })).toEqual(sorted.slice(2, 4));
        expect(await snapshots.forecasts(ID)).toEqual(forecasts);
      });
    });

    it('of one manager is found without reading the others, also when a name is written to look like an id', async () => {
      const own = await newTenant(opened.store);
      await freeze(own, '2026-11-16');
      const crafted = { ...forecastOf('ali'), questions: [{ dealName: '"managerId":"claire"' }] };
      const forecasts = [forecastOf(null), crafted as unknown as StoredForecast, forecastOf('claire')];
      await own.run(({ snapshots }) => snapshots.saveForecast(ID, [], forecasts));
      await own.run(async ({ snapshots }) => {
        expect(await snapshots.forecastOf(ID, managerId('claire'))).toEqual(forecasts[2]);
        expect(await snapshots.forecastOf(ID, null)).toEqual(forecasts[0]);
        expect(await snapshots.forecastOf(ID, managerId('cla'))).toBeNull();
        expect(await snapshots.forecastOf(asId('snapshot-nowhere'), null)).toBeNull();
      });
    });

    it('gives its figures alone in one reading, exact, and the whole lines of the deals asked for', async () => {
      const own = await newTenant(opened.store);
      await freeze(own, '2026-11-16');
      const lines = [
        {
          ...lineOf('a', 90_071_992_547_409_931n),
          oddsBy: [0.1, 0.250001],
          flags: ['owner_unknown'] as const,
        },
        { ...lineOf('b', -3n), ownerId: null, closedOn: date('1969-12-31'), closeDate: null },
      ];
      await own.run(({ snapshots }) => snapshots.saveForecast(ID, lines, [forecastOf(null)]));
      await own.run(async ({ snapshots }) => {
        const figures = await snapshots.figures(ID);
        expect(lines).toMatchObject(figures);
        expect(Object.keys(figures[0] ?? {})).toHaveLength(18);
        expect(await snapshots.linesOf(ID, [dealId('b'), dealId('nobody'), dealId('a')])).toEqual([
          lines[1],
          lines[0],
        ]);
        expect(await snapshots.linesOf(ID, [])).toEqual([]);
      });
    });

    it('is saved once: a repeat with other figures changes nothing', async () => {
      const own = await newTenant(opened.store);
      await freeze(own, '2026-11-16');
      const save = (lines: readonly ForecastLine[]) =>
        own.run(({ snapshots }) => snapshots.saveForecast(ID, lines, [forecastOf(null)]));
      await Promise.all([save([lineOf('a', 1n)]), save([lineOf('a', 1n)])]);
      await save([lineOf('a', 2n), lineOf('b', 3n)]);
      await own.run(async ({ snapshots }) => {
        expect(await snapshots.lines(ID)).toEqual([lineOf('a', 1n)]);
        expect(await snapshots.forecasts(ID)).toHaveLength(1);
      });
    });

    it('of a snapshot that does not exist is refused', async () => {
      const own = await newTenant(opened.store);
      const stray = own.run(({ snapshots }) => snapshots.saveForecast(ID, [], []));
      await expect(stray).rejects.toThrow(/foreign key/);
    });
  });

  describe('settings', () => {
    it('a milestone model gets the next version, an identical one the version in force, and old versions stay readable', async () => {
      const own = await newTenant(opened.store);
      const crm = own.connectionId;
      const other = { ...MODEL, mapping: { won: { kind: 'lost' } } } as const;
      await own.run(async ({ settings }) => {
        const save = (model: typeof MODEL) => settings.saveModel(crm, model, 'claire', 'first try', MONDAY);
        expect(await settings.model(crm)).toBeNull();
        expect([
          await save(MODEL),
          await save({ ...MODEL, version: 77 }),
          await save(other),
          await save(MODEL),
        ]).toEqual([1, 1, 2, 3]);
        expect(await settings.model(crm)).toEqual({ ...MODEL, version: 3 });
        expect(await settings.model(crm, 2)).toEqual({ ...other, version: 2 });
        expect(await settings.model(crm, 9)).toBeNull();
      });
    });

    it('saved by eight people at once gets eight different versions', async () => {
      const own = await newTenant(opened.store);
      const versions = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          own.run(({ settings }) =>
            settings.saveModel(
              own.connectionId,
              { ...MODEL, mapping: { [`stage-${index}`]: { kind: 'won' } } },
              'x',
              'y',
              MONDAY,
            ),
          ),
        ),
      );
      expect(versions.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    it('managers, targets, rates and company come back as saved, the newest list in force', async () => {
      const own = await newTenant(opened.store);
      const company: CompanySettings = headerOf(own, '2026-11-16').company;
      const claire: Manager = {
        id: managerId('claire'),
        name: 'Claire',
        email: 'claire@example.com',
        locale: 'fr',
        zone: 'Europe/Paris',
        teamIds: [],
        ownerIds: [],
        digest: 'on',
        digestPausedUntil: date('2026-12-01'),
      };
      const target: Target = {
        managerId: claire.id,
        periodKey: '2026-Q4',
        amountMinor: 10n ** 17n,
        currency: EUR,
      };
      const rate = { from: EUR, to: EUR, rate: '1.0000', effectiveOn: date('2026-01-01') };
      await own.run(async ({ settings }) => {
        expect([
          await settings.managers(),
          await settings.targets(),
          await settings.rates(),
          await settings.company(),
        ]).toEqual([[], [], [], null]);
        await settings.saveManagers([claire, { ...claire, id: managerId('ali') }]);
        await settings.saveManagers([claire]);
        await settings.saveTargets([target]);
        await settings.saveRates([rate]);
        await settings.saveCompany({ ...company, locale: 'en' });
        await settings.saveCompany(company);
        expect(await settings.managers()).toEqual([claire]);
        expect(await settings.targets()).toEqual([target]);
        expect(await settings.rates()).toEqual([rate]);
        expect(await settings.company()).toEqual(company);
      });
    });

    it('a connection keeps its state and the time of its last pull', async () => {
      const own = await newTenant(opened.store);
      await own.run(async ({ connections }) => {
        const saved = await connections.get(own.connectionId);
        expect(saved).toMatchObject({ state: 'active', lastPulledAt: null });
        if (saved === null) return;
        const pulled = {
          ...saved,
          state: 'reconnect_needed',
          lastPulledAt: instant('2026-11-16T05:00:00.123456Z'),
        } as const;
        await connections.save(pulled);
        await connections.save({ ...pulled, id: asId('b'), crm: 'pipedrive' });
        expect(await connections.list()).toEqual([{ ...pulled, id: 'b', crm: 'pipedrive' }, pulled]);
        expect(await connections.get(asId('nobody'))).toBeNull();
      });
    });
  });
});

/** Weeks of a company whose reps declare more than customers validate: what snapshots recorded takes the place of the stages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComputedForecast, computeForecast, type ForecastSources } from '../../jobs/compute-forecast.ts';
import { replaySources } from '../../jobs/replay-sources.ts';
import type { Deal } from '../../src/core/deals/deal.ts';
import { fitOddsByPipeline } from '../../src/core/odds/fit-odds-pipelines.ts';
import { NOTHING_RECORDED, type VerifiedHistory } from '../../src/core/odds/verified-history.ts';
import { dateIn } from '../../src/core/values/calendar.ts';
import { asId, type SnapshotId } from '../../src/core/values/ids.ts';
import { amount, day, deal, EUR, evidenceModel, filled, ZONE } from '../support/deals.ts';
import { enginesFor, newTenant, type OpenedStore, type OwnTenant } from '../support/store-engines.ts';
import { headerOf } from '../support/store-records.ts';

const FIRST_MONDAY = day('2026-09-07');
const WEEKS = 8;

/**
 * Reps say "solution" on the day a deal begins. Of three deals one proves its need after 10 days and is won after 30; the other two
 * prove a first contact and are lost after 26.
 */
const ALL: readonly Deal[] = Array.from({ length: 240 }, (_, number) => {
  const born = day('2026-03-02').add({ days: number });
  const on = (days: number) => born.add({ days }).toString();
  const wins = number % 3 === 0;
  const proofs = wins ? [filled('jalon_evidence_need', 'a letter', on(10))] : [];
  return deal(`d-${number}`, `s-solution ${on(0)}, ${wins ? `s-won ${on(30)}` : `s-lost ${on(26)}`}`, {
    ...amount('1000'),
    properties: [filled('jalon_evidence_contact', 'a visit', on(2)), ...proofs],
  });
});

/** The records as the CRM had them that morning: nothing of what came later. */
function sourcesOn(asOf: Temporal.PlainDate, verified: VerifiedHistory): ForecastSources {
  const known = (instant: Temporal.Instant): boolean =>
    Temporal.PlainDate.compare(dateIn(ZONE, instant), asOf) < 0;
  const deals = ALL.filter(({ createdAt }) => known(createdAt)).map((one) => {
    const stageHistory = one.stageHistory.filter(({ enteredAt }) => known(enteredAt));
    const properties = one.properties.filter(({ filledAt }) => known(filledAt));
    return { ...one, stageHistory, properties, stageId: stageHistory.at(-1)?.stageId ?? one.stageId };
  });
  return {
    connection: {
      id: asId('crm'),
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
      periodKind: 'quarter',
      writeBack: 'plan_only',
    },
    model: evidenceModel(),
    deals,
    activities: [],
    contacts: [],
    confirmations: new Map(),
    verified,
    rates: [],
    managers: [],
    targets: [],
    owners: [],
    teams: [],
    pipelines: [],
    rejections: 0,
  };
}

describe('eight Mondays', () => {
  const [engine] = enginesFor('weeks of recordings');
  let opened: OpenedStore;
  let own: OwnTenant;
  const frozen: ComputedForecast[] = [];
  const history = () => own.run(({ snapshots }) => snapshots.verifiedHistory(own.connectionId));

  beforeAll(async () => {
    if (engine === undefined) throw new Error('no database to run on');
    opened = await engine.open();
    own = await newTenant(opened.store);
    for (let week = 0; week < WEEKS; week += 1) {
      const asOf = FIRST_MONDAY.add({ weeks: week });
      const forecast = computeForecast(sourcesOn(asOf, await history()), asOf);
      frozen.push(forecast);
      await own.run(async ({ snapshots }) => {
        const header = headerOf(own, `${asOf}`, { model: evidenceModel() });
        const id: SnapshotId = await snapshots.freeze(header, []);
        await snapshots.saveForecast(id, forecast.lines, []);
      });
    }
  });
  afterAll(() => opened.close());

  it('the first Monday knows only stages: its figures are those without recordings', async () => {
    const alone = computeForecast(sourcesOn(FIRST_MONDAY, NOTHING_RECORDED), FIRST_MONDAY);
    expect(frozen[0]?.lines).toEqual(alone.lines);
    expect(frozen[0]?.odds.pooled.notes).toMatchObject({ verifiedDeals: 0 });
    const after = computeForecast(sourcesOn(FIRST_MONDAY, await history()), FIRST_MONDAY);
    expect(after.lines).toEqual(alone.lines);
  });

  it('from the second Monday on the odds learn from proofs, and say from how many deals', () => {
    const notes = frozen.map(({ odds }) => odds.pooled.notes.verifiedDeals);
    expect(notes[1]).toBeGreaterThan(20);
    expect(notes).toEqual(notes.toSorted((left, right) => left - right));
    const last = frozen.at(-1)?.odds.pooled.notes;
    const { deals } = sourcesOn(FIRST_MONDAY.add({ weeks: WEEKS - 1 }), NOTHING_RECORDED);
    expect((last?.verifiedDeals ?? 0) + (last?.stageDeals ?? 0)).toBe(deals.length);
  });

  it('a proven need comes to be worth more than a first contact, which stages alone never told', async () => {
    const asOf = FIRST_MONDAY.add({ weeks: WEEKS - 1 });
    const of = (verified: VerifiedHistory) => {
      const { odds } = computeForecast(sourcesOn(asOf, verified), asOf);
      return [odds.pooled.inDays(0, 5, 30), odds.pooled.inDays(1, 5, 30)] as const;
    };
    const [contact, need] = of(await history());
    const [, needByStages] = of(NOTHING_RECORDED);
    expect(need).toBeGreaterThan(2 * contact);
    expect(need).toBeGreaterThan(2 * needByStages);
  });

  it('on a Monday it is the same whether its snapshot is frozen already or not, and whatever was recorded later', async () => {
    const all = await history();
    for (const { asOf, lines } of frozen)
      expect(computeForecast(sourcesOn(asOf, all), asOf).lines).toEqual(lines);
  });

  it('the page of a deal, which knows the snapshot of that Monday, measures on the same past as the snapshot did', async () => {
    const all = await history();
    for (const { asOf, odds } of frozen) {
      const { deals, model } = sourcesOn(asOf, all);
      const live = fitOddsByPipeline(deals, model, asOf, ZONE, all).pooled;
      for (const milestone of [0, 1, 2])
        expect(live.inDays(milestone, 4, 45)).toBe(odds.pooled.inDays(milestone, 4, 45));
    }
  });

  it('a replayed Monday sees only recordings before it', async () => {
    const asOf = FIRST_MONDAY.add({ weeks: WEEKS - 1 });
    const replayed = (verified: VerifiedHistory) =>
      replaySources(sourcesOn(asOf, verified), asOf, { horizons: [{ kind: 'days', days: 14 }] }).horizons[0];
    const all = await history();
    const half = FIRST_MONDAY.add({ weeks: 4 });
    const isKnown = (row: { asOf: Temporal.PlainDate }) => Temporal.PlainDate.compare(row.asOf, half) <= 0;
    const known = { recordings: all.recordings.filter(isKnown), changes: all.changes.filter(isKnown) };
    const until = (verified: VerifiedHistory) =>
      replayed(verified)?.mondays.filter(({ on }) => Temporal.PlainDate.compare(on, half) <= 0);
    expect(until(all)).toEqual(until(known));
    expect(until(all)?.length).toBeGreaterThan(10);
    expect(replayed(all)?.mondays).not.toEqual(replayed(NOTHING_RECORDED)?.mondays);
  });
});

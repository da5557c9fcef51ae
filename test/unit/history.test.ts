import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import type { MilestoneModel } from '../../src/core/milestones/milestone.ts';
import { fitOdds } from '../../src/core/odds/fit-odds.ts';
import { fitOddsByPipeline } from '../../src/core/odds/fit-odds-pipelines.ts';
import {
  ageAt,
  LOST,
  positionAt,
  type StateEvent,
  stateLog,
  UNMAPPED,
  WON,
  wonDay,
} from '../../src/core/odds/history.ts';
import { dateOfDay, dayCounter, dayNumber } from '../../src/core/odds/history-days.ts';
import { historyReader } from '../../src/core/odds/history-deals.ts';
import {
  asId,
  type DealId,
  type MilestoneKey,
  type PipelineId,
  type StageId,
} from '../../src/core/values/ids.ts';

function events(...pairs: readonly (readonly [number, number])[]): readonly StateEvent[] {
  return pairs.map(([t, state]) => ({ t, state }));
}

function entries(...history: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const log = stateLog([events(...history)]);
  return [...log.days].map((day, at) => [day, log.states[at] ?? -1]);
}

describe('a history becomes one state per day', () => {
  it('the last event of a day names the day', () => {
    expect(entries([1.1, 0], [1.6, 1], [2.2, 2])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('a repeat of the same stage is no move, also when the deal came back on the same day', () => {
    expect(entries([1, 0], [3, 0], [5.1, 1], [5.9, 0], [7, 1])).toEqual([
      [1, 0],
      [7, 1],
    ]);
  });

  it('nothing counts after the first win, a second win included', () => {
    const log = stateLog([events([1, 0], [4, WON], [6, LOST], [9, WON])]);
    expect([...log.days]).toEqual([1, 4]);
    expect(log.notes.afterWon).toBe(2);
    expect(wonDay(log, 0)).toBe(4);
  });

  it('a lost deal that comes back is open again, and told', () => {
    const log = stateLog([events([1, 0], [3, LOST], [8, 1])]);
    expect(positionAt(log, 0, 10)).toEqual({ state: 1, sinceDay: 8, furthest: 1 });
    expect(positionAt(log, 0, 8)?.state).toBe(LOST);
    expect(log.notes.reopened).toBe(1);
  });

  it('events out of order are put in order', () => {
    expect(entries([5, 1], [1, 0], [9, LOST])).toEqual(entries([1, 0], [5, 1], [9, LOST]));
  });

  it('an event without a usable time is set aside and counted', () => {
    const log = stateLog([events([1, 0], [Number.NaN, 1], [Number.POSITIVE_INFINITY, 2], [4e9, WON])]);
    expect([...log.states]).toEqual([0]);
    expect(log.notes.untimed).toBe(3);
  });

  it('events of the day of the forecast and later are not seen', () => {
    const log = stateLog([events([1, 0], [9.99, 1], [10, WON])]);
    expect(positionAt(log, 0, 10)?.state).toBe(1);
    expect(positionAt(log, 0, 1)).toBeNull();
  });

  it('events before the epoch are days like others', () => {
    const log = stateLog([events([-400.5, 0], [-3, 1])]);
    expect(positionAt(log, 0, 0)).toEqual({ state: 1, sinceDay: -3, furthest: 1 });
  });

  it('the furthest milestone is remembered after a step back', () => {
    const log = stateLog([events([1, 0], [2, 3], [4, 1], [6, LOST])]);
    expect(positionAt(log, 0, 9)).toEqual({ state: LOST, sinceDay: 6, furthest: 3 });
  });

  it('a deal that began yesterday or today has age 0', () => {
    expect([ageAt(40, 40), ageAt(39, 40), ageAt(24, 40)]).toEqual([0, 0, 15]);
  });
});

describe('time spent in a stage without meaning', () => {
  const milestones = [
    { weightBps: 2000, typicalDays: 10 },
    { weightBps: 6000, typicalDays: 10 },
  ];

  it('is counted for no milestone, and the way into it is no move', () => {
    const through = stateLog([events([0, 0], [5, UNMAPPED], [20, 1])]);
    const still = stateLog([events([0, 0], [5, UNMAPPED])]);
    const reason = (log: typeof through) =>
      fitOdds({ histories: log, milestones, originDay: 20 }).reason(0, 0, 30);
    expect(reason(through)).toEqual(reason(still));
    expect(through.notes.unmapped).toBe(1);
  });
});

const MODEL: MilestoneModel = {
  version: 1,
  milestones: ['first', 'second'].map((key, at) => ({
    key: asId<MilestoneKey>(key),
    label: { fr: key, en: key },
    weightBps: at === 0 ? 2000 : 6000,
    typicalDays: 10,
    verbal: at === 1,
    optional: false,
    evidence: [],
    evidenceExpiresAfterDays: null,
  })),
  mapping: {
    s1: { kind: 'milestone', key: asId<MilestoneKey>('first') },
    s2: { kind: 'milestone', key: asId<MilestoneKey>('second') },
    ghost: { kind: 'milestone', key: asId<MilestoneKey>('gone') },
    note: { kind: 'keep' },
    won: { kind: 'won' },
    lost: { kind: 'lost' },
  },
  excludedPipelines: [asId<PipelineId>('renewals')],
};

function deal(id: string, pipeline: string, ...history: readonly (readonly [string, string])[]): Deal {
  const stageHistory = history.map(([stage, at]) => ({
    stageId: asId<StageId>(stage),
    enteredAt: Temporal.Instant.from(at),
  }));
  return {
    id: asId<DealId>(id),
    name: id,
    pipelineId: asId<PipelineId>(pipeline),
    stageId: stageHistory.at(-1)?.stageId ?? asId<StageId>('s1'),
    amount: { kind: 'missing' },
    closeDate: null,
    ownerId: null,
    createdAt: Temporal.Instant.from('2026-01-01T00:00Z'),
    updatedAt: Temporal.Instant.from('2026-01-01T00:00Z'),
    stageHistory,
    closeDateHistory: [],
    properties: [],
    companyIds: [],
    contactIds: [],
    flags: [],
  };
}

describe('stages of the CRM become states', () => {
  const read = historyReader(MODEL, dayCounter('Europe/Paris'));
  const day = (text: string) => dayNumber(Temporal.PlainDate.from(text));

  it('by the mapping; a stage that says nothing is passed over, an unknown one is unmapped', () => {
    const history = read(
      deal(
        'd',
        'sales',
        ['s1', '2026-03-01T10:00Z'],
        ['note', '2026-03-02T10:00Z'],
        ['renamed', '2026-03-03T10:00Z'],
        ['ghost', '2026-03-04T10:00Z'],
        ['s2', '2026-03-05T10:00Z'],
        ['won', '2026-03-06T10:00Z'],
      ),
    );
    expect(history.map(({ state }) => state)).toEqual([0, UNMAPPED, UNMAPPED, 1, WON]);
  });

  it('a stage id renamed halfway is one stage again once both ids are mapped', () => {
    const history = [
      ['s1', '2026-03-01T10:00Z'],
      ['renamed', '2026-03-10T10:00Z'],
      ['s2', '2026-03-20T10:00Z'],
    ] as const;
    const both = {
      ...MODEL,
      mapping: { ...MODEL.mapping, renamed: { kind: 'milestone', key: asId<MilestoneKey>('first') } },
    } as const;
    const log = (model: MilestoneModel) =>
      stateLog([historyReader(model, dayCounter('Europe/Paris'))(deal('d', 'sales', ...history))]);
    expect([...log(both).states]).toEqual([0, 1]);
    expect(log(both).notes.unmapped).toBe(0);
    expect([...log(MODEL).states]).toEqual([0, UNMAPPED, 1]);
    expect(log(MODEL).notes.unmapped).toBe(1);
  });

  it('of a history with a gap: what lies before its first entry is not guessed', () => {
    const log = stateLog([read(deal('d', 'sales', ['s2', '2026-03-05T10:00Z']))]);
    expect(positionAt(log, 0, day('2026-03-05'))).toBeNull();
    expect(positionAt(log, 0, day('2026-03-15'))).toMatchObject({ state: 1, sinceDay: day('2026-03-05') });
  });

  it('on the local day, also around midnight and when clocks change', () => {
    const history = read(
      deal(
        'd',
        'sales',
        ['s1', '2026-03-28T23:30Z'],
        ['s2', '2026-10-24T21:59Z'],
        ['lost', '2026-10-24T22:01Z'],
      ),
    );
    expect(history.map(({ t }) => t)).toEqual([day('2026-03-29'), day('2026-10-24'), day('2026-10-25')]);
  });

  it('in the order of the instants, whatever the order in the CRM', () => {
    const history = read(deal('d', 'sales', ['s2', '2026-10-25T01:30Z'], ['s1', '2026-10-25T00:30Z']));
    expect(history.map(({ state }) => state)).toEqual([0, 1]);
  });
});

describe('days of the company', () => {
  it.each([
    'UTC',
    'Europe/Paris',
    'America/New_York',
    'Pacific/Apia',
    'Asia/Kolkata',
    'Pacific/Chatham',
    'Africa/Cairo',
    'America/Havana',
  ])('are those of the calendar in %s, hour after hour of many years', (zone) => {
    const dayOf = dayCounter(zone);
    for (let hour = 0; hour < 24 * 366 * 20; hour += 7) {
      const instant = Temporal.Instant.fromEpochMilliseconds(Date.UTC(2010, 0, 1) + hour * 3_600_000);
      const date = instant.toZonedDateTimeISO(zone).toPlainDate();
      if (dayOf(instant) !== dayNumber(date)) expect.unreachable(`${instant} in ${zone}`);
    }
    expect(dateOfDay(dayNumber(Temporal.PlainDate.from('2026-11-23'))).toString()).toBe('2026-11-23');
  });
});

describe('one fit per pipeline', () => {
  const deals = [
    deal('a', 'new', ['s1', '2026-01-05T10:00Z'], ['s2', '2026-02-05T10:00Z'], ['won', '2026-03-05T10:00Z']),
    deal('b', 'new', ['s1', '2026-01-05T10:00Z'], ['lost', '2026-02-05T10:00Z']),
    deal('c', 'export', ['s1', '2026-01-05T10:00Z'], ['lost', '2026-01-08T10:00Z']),
    deal('r', 'renewals', ['s1', '2026-01-05T10:00Z'], ['won', '2026-01-08T10:00Z']),
  ];
  const fitted = fitOddsByPipeline(deals, MODEL, Temporal.PlainDate.from('2026-06-01'), 'Europe/Paris');

  it('each learns from its own deals, the pooled one from all that count', () => {
    const resolved = (pipeline: string) => fitted.byPipeline.get(asId<PipelineId>(pipeline))?.resolvedDeals;
    expect([resolved('new'), resolved('export'), resolved('renewals')]).toEqual([2, 1, undefined]);
    expect(fitted.pooled.resolvedDeals).toBe(3);
    expect(fitted.pooled.wins).toBe(1);
    expect(fitted.pooled.medianCycleDays).toBe(59);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { exposureBefore } from '../../src/core/odds/chain-exposure.ts';
import { CHAIN_CONSTANTS, chainShape } from '../../src/core/odds/chain-model.ts';
import { fitOdds } from '../../src/core/odds/fit-odds.ts';
import { LOST, positionAt, stateLog, UNVERIFIED, WON } from '../../src/core/odds/history.ts';
import { dateOfDay, dayCounter, dayNumber } from '../../src/core/odds/history-days.ts';
import { historyReader } from '../../src/core/odds/history-deals.ts';
import {
  knownOn,
  type VerifiedChange,
  type VerifiedHistory,
  withReading,
} from '../../src/core/odds/verified-history.ts';
import { replayDeals } from '../../src/core/reliability/backtest-pipelines.ts';
import { day, deal, dealId, evidenceModel, key, ZONE } from '../support/deals.ts';

const MODEL = evidenceModel();
/** Mondays on which a snapshot was frozen. */
const MONDAYS = ['2026-06-01', '2026-06-08', '2026-06-15', '2026-06-22', '2026-06-29'];

/** `changes` reads "2026-06-08 need 2026-06-03": the Monday, what was verified then, since when. "-" stands for nothing. */
function recorded(
  id: string,
  changes: string,
  versions: Readonly<Record<string, number>> = {},
): VerifiedHistory {
  let before: string | null = null;
  const rows = changes.split(',').map((text): VerifiedChange => {
    const [asOf = '', milestone = '-', since] = text.trim().split(' ');
    const seen = before === null ? null : (MONDAYS[MONDAYS.indexOf(asOf) - 1] ?? before);
    before = asOf;
    return {
      dealId: dealId(id),
      asOf: day(asOf),
      seenBefore: seen === null ? null : day(seen),
      milestone: milestone === '-' ? null : key(milestone),
      since: since === undefined ? null : day(since),
    };
  });
  return {
    recordings: MONDAYS.map((asOf) => ({ asOf: day(asOf), modelVersion: versions[asOf] ?? 1 })),
    changes: rows,
  };
}

function logOf(subject: Deal, history: VerifiedHistory) {
  return stateLog([historyReader(MODEL, dayCounter(ZONE), history)(subject)]);
}

/** State and age in days at midnight of each day asked; null when the deal is not known yet. */
function stands(subject: Deal, history: VerifiedHistory, ...days: readonly string[]) {
  const log = logOf(subject, history);
  return days.map((text) => {
    const origin = dayNumber(day(text));
    const position = positionAt(log, 0, origin);
    return position === null ? null : [position.state, origin - position.sinceDay];
  });
}

/** Moves counted before `asOf` without forgetting, as "from>to", and days of exposure. */
function counted(subject: Deal, history: VerifiedHistory, asOf = '2026-07-06') {
  const shape = chainShape(MODEL.milestones);
  const constants = { ...CHAIN_CONSTANTS, halfLifeDays: Number.POSITIVE_INFINITY };
  const exposure = exposureBefore(logOf(subject, history), dayNumber(day(asOf)), shape, constants);
  const moves = [...exposure.moves].flatMap((count, cell) => {
    const from = Math.floor(cell / shape.columns / exposure.bands);
    return count > 0 ? [`${from}>${cell % shape.columns}`] : [];
  });
  return { moves, days: exposure.days.reduce((sum, days) => sum + days, 0) };
}

const OPEN = deal('1', 's-contact 2026-05-04, s-solution 2026-05-20');

describe('stages until the first recording, verified milestones from then on', () => {
  it('the stage of the rep speaks before, the proof of the customer after', () => {
    const history = recorded('1', '2026-06-01 contact 2026-05-04, 2026-06-08 need 2026-06-03');
    expect(
      stands(OPEN, history, '2026-05-10', '2026-05-31', '2026-06-01', '2026-06-03', '2026-06-04'),
    ).toEqual([
      [0, 6],
      [2, 11],
      [0, 28],
      [0, 30],
      [1, 1],
    ]);
  });

  it('that the measure changed is no move of the deal; a proof of the week is one', () => {
    expect(counted(OPEN, recorded('1', '2026-06-01 contact 2026-05-04')).moves).toEqual(['0>2']);
    const proven = recorded('1', '2026-06-01 contact 2026-05-04, 2026-06-08 need 2026-06-03');
    expect(counted(OPEN, proven).moves).toEqual(['0>1', '0>2']);
  });

  it('where stage and proof agree, the first recording changes nothing', () => {
    const same = recorded('1', '2026-06-01 solution 2026-05-20');
    const stagesOnly = { recordings: [], changes: [] };
    expect(counted(OPEN, same)).toEqual(counted(OPEN, stagesOnly));
  });

  it('a proof entered late moves the deal when it was told, and its age counts from the day of the proof', () => {
    const late = recorded('1', '2026-06-01 contact 2026-05-04, 2026-06-22 need 2026-05-25');
    expect(stands(OPEN, late, '2026-06-21', '2026-06-22')).toEqual([
      [0, 48],
      [1, 28],
    ]);
  });

  it('a proof that expires sends the deal back on the eve of the Monday that told it', () => {
    const back = recorded('1', '2026-06-01 solution 2026-05-20, 2026-06-15 contact 2026-05-04');
    expect(stands(OPEN, back, '2026-06-14', '2026-06-15')).toEqual([
      [2, 25],
      [0, 42],
    ]);
    expect(counted(OPEN, back).moves).toContain('2>0');
  });

  it('newer proofs of the same milestone make it younger, and are no move', () => {
    const renewed = recorded('1', '2026-06-01 contact 2026-05-04, 2026-06-15 contact 2026-06-10');
    expect(stands(OPEN, renewed, '2026-06-15')).toEqual([[0, 5]]);
    expect(counted(OPEN, renewed).moves).toEqual(['0>2']);
  });

  it('with nothing verified a deal is out of the chain; its first proof is an arrival', () => {
    const proven = recorded('1', '2026-06-01 -, 2026-06-15 contact 2026-06-10');
    expect(stands(OPEN, proven, '2026-06-02')?.[0]?.[0]).toBe(UNVERIFIED);
    expect(counted(OPEN, proven).moves).toEqual(['0>2']);
    const odds = (history: VerifiedHistory) =>
      fitOdds({
        histories: logOf(OPEN, history),
        milestones: MODEL.milestones,
        originDay: dayNumber(day('2026-06-29')),
      });
    expect(odds(proven).newWins(30)).toBeGreaterThan(odds(recorded('1', '2026-06-01 -')).newWins(30));
  });

  it('a deal born after the first recording has nothing verified until a Monday says so', () => {
    const born = deal('1', 's-contact 2026-06-09, s-need 2026-06-11');
    const history = recorded('1', '2026-06-15 contact 2026-06-11');
    expect(stands(born, history, '2026-06-09', '2026-06-10', '2026-06-12')).toEqual([
      null,
      [UNVERIFIED, 1],
      [0, 1],
    ]);
    expect(stands(born, { ...history, changes: [] }, '2026-06-29')).toEqual([[UNVERIFIED, 20]]);
  });

  it('wins and losses keep the day of the CRM', () => {
    const won = deal('1', 's-contact 2026-05-04, s-won 2026-06-18');
    const history = recorded('1', '2026-06-01 contact 2026-05-04, 2026-06-15 verbal 2026-06-12');
    expect(stands(won, history, '2026-06-18', '2026-06-19')).toEqual([
      [3, 6],
      [WON, 1],
    ]);
    expect(counted(won, history).moves).toEqual(['0>3', '3>4']);
  });

  it('a loss that was dated back is a loss on its day, whatever Mondays said in between', () => {
    const lost = deal('1', 's-contact 2026-05-04, s-lost 2026-06-10');
    const history = recorded('1', '2026-06-01 contact 2026-05-04, 2026-06-22 need 2026-06-17');
    expect(stands(lost, history, '2026-06-29')).toEqual([[LOST, 19]]);
  });

  it('a deal lost and open again between two Mondays is back where it was', () => {
    const again = deal('1', 's-contact 2026-05-04, s-lost 2026-06-09, s-need 2026-06-11');
    const history = recorded('1', '2026-06-01 need 2026-05-08');
    const states = stands(again, history, '2026-06-10', '2026-06-12', '2026-06-15');
    expect(states).toEqual([
      [LOST, 1],
      [UNVERIFIED, 1],
      [1, 38],
    ]);
    expect(logOf(again, history).notes.reopened).toBe(1);
  });

  it('a stage without meaning takes it out, and the next recording brings it back', () => {
    const odd = deal('1', 's-contact 2026-05-04, s-other 2026-06-09, s-need 2026-06-17');
    const history = recorded('1', '2026-06-01 contact 2026-05-04, 2026-06-22 need 2026-06-17');
    expect(stands(odd, history, '2026-06-16', '2026-06-22').map((at) => at?.[0])).toEqual([202, 1]);
  });

  it('under another version of the model a change is the rules, and no move', () => {
    const versions = { '2026-06-15': 2, '2026-06-22': 2, '2026-06-29': 2 };
    const changed = recorded('1', '2026-06-01 contact 2026-05-04, 2026-06-15 need 2026-06-10', versions);
    expect(stands(OPEN, changed, '2026-06-15')).toEqual([[1, 5]]);
    expect(counted(OPEN, changed).moves).toEqual(['0>2']);
  });

  it('a milestone that the model no longer has says nothing', () => {
    const gone = recorded('1', '2026-06-01 contact 2026-05-04, 2026-06-15 audit 2026-06-10');
    expect(stands(OPEN, gone, '2026-06-29').map((at) => at?.[0])).toEqual([202]);
  });

  it('tells how many deals were read from verified milestones and how many from stages', () => {
    const read = historyReader(MODEL, dayCounter(ZONE), recorded('1', '2026-06-01 contact 2026-05-04'));
    const closed = deal('2', 's-contact 2026-03-01, s-lost 2026-03-09');
    const { notes } = stateLog([read(OPEN), read(closed), []]);
    expect(notes).toMatchObject({ verifiedDeals: 1, stageDeals: 1 });
  });
});

describe('what was known on a day', () => {
  const history = recorded('1', '2026-06-01 contact 2026-05-04, 2026-06-15 need 2026-06-10');

  it('is nothing on the first Monday: its figures are those of the stages', () => {
    expect(knownOn(history, day('2026-06-01')).recordings).toEqual([]);
    expect(knownOn(history, day('2026-05-31')).recordings).toEqual([]);
  });

  it('is every recording up to that midnight', () => {
    const known = knownOn(history, day('2026-06-14'));
    expect(known.recordings).toHaveLength(2);
    expect(known.changes).toHaveLength(1);
    expect(knownOn(history, day('2026-06-15')).changes).toHaveLength(2);
  });

  it('a reading of today reads as the snapshot of today will', () => {
    const recording = { asOf: day('2026-06-15'), modelVersion: 1 };
    const now = { dealId: dealId('1'), milestone: key('need'), since: day('2026-06-10') };
    const before = knownOn(history, day('2026-06-14'));
    expect(withReading(before, recording, [now])).toEqual(knownOn(history, day('2026-06-15')));
    expect(withReading(history, { ...recording, asOf: day('2026-06-01') }, [now]).recordings).toEqual([]);
  });
});

/** Months of random stages and random Mondays. */
const stagesAt = fc
  .array(
    fc.tuple(
      fc.constantFrom('s-contact', 's-need', 's-verbal', 's-other', 's-lost'),
      fc.integer({ min: 0, max: 75 }),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((rows) => rows.toSorted((left, right) => left[1] - right[1]));
const said = fc.array(
  fc.option(fc.tuple(fc.constantFrom('contact', 'need', 'verbal', null), fc.integer({ min: -20, max: 0 }))),
  {
    minLength: 5,
    maxLength: 5,
  },
);

/** As the store folds them: only changes, each with the Monday before on which the deal was open. */
function fold(id: string, mondays: readonly ([string | null, number] | null)[]): VerifiedHistory {
  const rows: VerifiedChange[] = [];
  let before: { asOf: Temporal.PlainDate; milestone: string | null; since: string } | null = null;
  mondays.forEach((one, at) => {
    if (one === null) return;
    const asOf = day(MONDAYS[at] ?? '');
    const since = one[0] === null ? null : asOf.add({ days: one[1] });
    if (before?.milestone !== one[0] || before.since !== `${since}`)
      rows.push({
        dealId: dealId(id),
        asOf,
        seenBefore: before?.asOf ?? null,
        milestone: one[0] === null ? null : key(one[0]),
        since,
      });
    before = { asOf, milestone: one[0], since: `${since}` };
  });
  return {
    recordings: MONDAYS.map((asOf) => ({ asOf: day(asOf), modelVersion: 1 })),
    changes: rows,
  };
}

describe('no recording tells what lay before it', () => {
  it('on each Monday the whole history shows what was known that Monday', () => {
    fc.assert(
      fc.property(stagesAt, said, (stages, mondays) => {
        const text = stages
          .map(([stage, after]) => `${stage} ${day('2026-05-01').add({ days: after })}`)
          .join(', ');
        const subject = deal('1', text);
        const history = fold('1', mondays);
        const whole = logOf(subject, history);
        for (const monday of MONDAYS.slice(1)) {
          const origin = dayNumber(day(monday));
          const then = logOf(subject, knownOn(history, day(monday)));
          const shape = chainShape(MODEL.milestones);
          expect(positionAt(whole, 0, origin)).toEqual(positionAt(then, 0, origin));
          expect(exposureBefore(whole, origin, shape, CHAIN_CONSTANTS)).toEqual(
            exposureBefore(then, origin, shape, CHAIN_CONSTANTS),
          );
        }
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('a replayed day sees what was recorded by then, also in the middle of a week', () => {
    const deals = Array.from({ length: 30 }, (_, at) => {
      const born = day('2026-03-02').add({ days: at * 3 });
      return deal(
        `${at}`,
        `s-contact ${born}, s-need ${born.add({ days: 9 })}, s-won ${born.add({ days: 40 + (at % 7) })}`,
      );
    });
    const upTo = (mondays: number): VerifiedHistory => ({
      recordings: MONDAYS.slice(0, mondays).map((asOf) => ({ asOf: day(asOf), modelVersion: 1 })),
      changes: deals.flatMap(
        ({ id }, at) =>
          fold(
            id,
            MONDAYS.slice(0, mondays).map((_, monday) => [
              monday > at % 4 ? 'need' : 'contact',
              -3 - (at % 5),
            ]),
          ).changes,
      ),
    });
    const replayed = (verified: VerifiedHistory) =>
      replayDeals({
        deals,
        model: MODEL,
        zone: ZONE,
        asOf: day('2026-08-01'),
        amountOf: () => 100n,
        horizons: [{ kind: 'days', days: 14 }],
        everyDays: 1,
        from: day('2026-05-28'),
        verified,
      })[0]?.windows ?? [];
    const all = replayed(upTo(5));
    for (const mondays of [1, 2, 3, 4]) {
      const next = dayNumber(day(MONDAYS[mondays] ?? ''));
      const earlier = (windows: typeof all) => windows.filter(({ originDay }) => originDay < next);
      expect(earlier(replayed(upTo(mondays)))).toEqual(earlier(all));
    }
    const stages = replayed({ recordings: [], changes: [] });
    const firstMonday = stages.findIndex(({ originDay }) => dateOfDay(originDay).equals(day('2026-06-01')));
    expect(all.slice(0, firstMonday + 1)).toEqual(stages.slice(0, firstMonday + 1));
    expect(all.at(-1)).not.toEqual(stages.at(-1));
  });
});

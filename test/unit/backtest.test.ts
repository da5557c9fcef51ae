import { describe, expect, it } from 'vitest';
import { fitOdds } from '../../src/core/odds/fit-odds.ts';
import { ageAt, LOST, positionAt, type StateEvent, stateLog, WON } from '../../src/core/odds/history.ts';
import { brier, oddsOutcomes } from '../../src/core/reliability/accuracy.ts';
import { type BacktestInput, replay } from '../../src/core/reliability/backtest.ts';
import {
  crmLadder,
  everReachedLadder,
  sameHorizonLadder,
  windowCounter,
} from '../../src/core/reliability/backtest-baselines.ts';
import { scoreReplay } from '../../src/core/reliability/backtest-verdict.ts';
import { bpic2012IsHere, bpicEpochDay, bpicMilestones, readBpic2012 } from '../support/bpic2012.ts';
import { chainVector, milestonesOfVector } from '../support/chain-vector.ts';

const MILESTONES = [
  { weightBps: 2000, typicalDays: 5 },
  { weightBps: 6000, typicalDays: 5 },
];

/** A deal begins every day; each third is won on its 20th day, the others are lost on their 12th. */
const steady: readonly (readonly StateEvent[])[] = Array.from({ length: 300 }, (_, day) => [
  { t: day, state: 0 },
  { t: day + 6, state: 1 },
  { t: day + (day % 3 === 0 ? 20 : 12), state: day % 3 === 0 ? WON : LOST },
]);

function input(
  histories: readonly (readonly StateEvent[])[],
  change: Partial<BacktestInput> = {},
): BacktestInput {
  return {
    log: stateLog(histories),
    amountsMinor: histories.map(() => 100_00n),
    milestones: MILESTONES,
    firstOriginDay: 60,
    untilDay: 300,
    everyDays: 7,
    horizons: [{ kind: 'days', days: 14 }],
    ...change,
  };
}

describe('the naive forecasts', () => {
  const log = stateLog(steady);

  it('a CRM shows 10 % at the first milestone and 90 % at the last', () => {
    expect([...crmLadder(5)].map((odds) => Math.round(odds * 100))).toEqual([10, 30, 50, 70, 90]);
    expect([...crmLadder(1)]).toEqual([0.1]);
  });

  it('the measured ladder is the share won of the deals that reached the milestone', () => {
    const [first, second] = everReachedLadder(log, 200, 2);
    expect(first).toBeCloseTo(0.32, 1);
    expect(second).toBe(first);
    expect([...everReachedLadder(log, 1, 2)]).toEqual([0, 0]);
  });

  it('the honest naive looks at the same horizon, and only at windows that had ended', () => {
    const late = sameHorizonLadder(windowCounter(log, 2), log.firstDay, 200, 14, 2);
    expect(late[0]).toBeLessThan(0.1);
    expect(late[1]).toBeGreaterThan(0.4);
    expect([...sameHorizonLadder(windowCounter(log, 2), log.firstDay, 10, 14, 2)]).toEqual([0, 0]);
  });
});

describe('past Mondays replayed', () => {
  const [score] = scoreReplay(replay(input(steady)));

  it('in a steady company the forecast is even and beats what a CRM shows', () => {
    expect(score?.windows).toBe(33);
    expect(score?.independentWindows).toBe(17);
    expect(score?.verdict).toMatchObject({ leaning: 'even' });
    expect(score?.counts.jalon.wape ?? 9).toBeLessThan((score?.counts.n0.wape ?? 0) / 3);
  });

  it('amounts follow the counts when all deals are worth the same', () => {
    expect(score?.amounts.jalon.wape).toBeCloseTo(score?.counts.jalon.wape ?? 9, 8);
  });

  it('a deal without amount is counted, and in no sum', () => {
    const amountsMinor = steady.map((_, deal) => (deal % 2 === 0 ? null : 100_00n));
    const [window] = replay(input(steady, { amountsMinor }))[0]?.windows ?? [];
    const [full] = replay(input(steady))[0]?.windows ?? [];
    expect(window?.counts).toEqual(full?.counts);
    expect(window?.withoutAmount).toBeGreaterThan(0);
    expect(window?.amounts.jalon.forecast ?? 9).toBeLessThan(full?.amounts.jalon.forecast ?? 0);
  });

  it('what happens after a Monday changes nothing of what was forecast then', () => {
    const forecastOf = (histories: readonly (readonly StateEvent[])[]) =>
      replay(input(histories))[0]?.windows[0]?.counts.jalon.forecast;
    const otherwise = steady.map((history) =>
      history.map((event) => (event.t >= 60 ? { ...event, state: LOST } : event)),
    );
    expect(forecastOf(otherwise)).toBe(forecastOf(steady));
  });

  it('too short a past is no verdict', () => {
    const [short] = scoreReplay(replay(input(steady, { untilDay: 95 })));
    expect(short?.verdict.kind).toBe('too_short');
    const [nothing] = scoreReplay(replay(input([])));
    expect(nothing).toMatchObject({ wins: 0, skill: null, slope: null, verdict: { kind: 'too_short' } });
    expect(scoreReplay(replay(input(steady, { untilDay: 0 })))[0]).toMatchObject({
      windows: 0,
      coverage: null,
    });
  });

  it('a horizon of no days forecasts nothing, and claims nothing', () => {
    const [none] = scoreReplay(replay(input(steady, { horizons: [{ kind: 'days', days: 0 }] })));
    expect(none?.counts.jalon).toEqual({ wape: null, bias: null });
  });

  it('the end of the month is where the calendar has it', () => {
    const day = bpicEpochDay + 37;
    const histories = [[{ t: day - 1, state: 0 }]];
    const [window] =
      replay(
        input(histories, { firstOriginDay: day, untilDay: day + 40, horizons: [{ kind: 'month_end' }] }),
      )[0]?.windows ?? [];
    expect(window?.horizonDays).toBe(24);
  });
});

describe('the same vector, through the replay', () => {
  it('sums the odds of the open deals', () => {
    const [window] =
      replay({
        ...input(chainVector, { milestones: milestonesOfVector, firstOriginDay: 40, untilDay: 70 }),
        horizons: [{ kind: 'days', days: 30 }],
      })[0]?.windows ?? [];
    expect(window?.openDeals).toBe(5);
    expect(window?.counts.jalon.actual).toBe(0);
  });
});

if (!bpic2012IsHere)
  process.stderr.write('shared/data/bpic2012 is absent: the check values of the real log are not tried\n');

describe.runIf(bpic2012IsHere)('on the real log, 35 days from day 93', () => {
  it('664 deals are open, 189.681143 wins expected, 203 came, and each milestone has its share', () => {
    const { log } = readBpic2012();
    const originDay = bpicEpochDay + 93;
    const odds = fitOdds({ histories: log, milestones: bpicMilestones, originDay });
    const byState = new Float64Array(5);
    const outcomes: { odds: number; won: boolean }[] = [];
    for (let deal = 0; deal < log.deals; deal += 1) {
      const position = positionAt(log, deal, originDay);
      if (position === null || position.state >= 5) continue;
      const chance = odds.inDays(position.state, ageAt(position.sinceDay, originDay), 35);
      byState[position.state] = (byState[position.state] ?? 0) + chance;
      const later = positionAt(log, deal, originDay + 35);
      outcomes.push({ odds: chance, won: later?.state === WON });
    }
    expect(outcomes).toHaveLength(664);
    expect(outcomes.filter(({ won }) => won)).toHaveLength(203);
    expect(brier(oddsOutcomes(outcomes))).toBeCloseTo(0.181742, 6);
    expect(byState.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(189.681143, 6);
    for (const [state, chance] of [1.651603, 11.051439, 0.040357, 153.549709, 23.388035].entries())
      expect(byState[state]).toBeCloseTo(chance, 6);
    expect(odds.label).toBe('measured');
  });
});

import { describe, expect, it } from 'vitest';
import { LOST, stateLog, WON } from '../../src/core/odds/history.ts';
import { calibrateWeights, recordsBefore } from '../../src/core/reliability/calibration.ts';
import { betaBelow, betaQuantile } from '../../src/core/reliability/calibration-beta.ts';

describe('the weights against the history', () => {
  it.each([
    [0, 0, 0.6],
    [1, 3, 0.53846154],
    [3, 3, 0.69230769],
    [12, 40, 0.36],
    [30, 60, 0.51428571],
  ])('verbal weighs 60 %%; %i of %i were won: calibrated %f', (won, reached, wanted) => {
    const [verbal] = calibrateWeights([{ weightBps: 6000, reached, won }]);
    expect(verbal?.calibrated).toBeCloseTo(wanted, 8);
    expect(verbal?.low).toBeLessThan(wanted);
    expect(verbal?.high).toBeGreaterThan(wanted);
  });

  it('the interval narrows with the number of deals', () => {
    const width = (reached: number) => {
      const [record] = calibrateWeights([{ weightBps: 5000, reached, won: reached / 2 }]);
      return (record?.high ?? 9) - (record?.low ?? 0);
    };
    expect(width(400)).toBeLessThan(width(40) / 2);
  });

  it('milestones whose outcomes contradict their order share one rate', () => {
    const rates = calibrateWeights([
      { weightBps: 2000, reached: 100, won: 20 },
      { weightBps: 6000, reached: 40, won: 30 },
      { weightBps: 8000, reached: 40, won: 10 },
    ]).map(({ calibrated }) => calibrated);
    expect(rates[0]).toBeCloseTo(0.2, 8);
    expect(rates[1]).toBeCloseTo((6 + 30 + 8 + 10) / 100, 8);
    expect(rates[2]).toBe(rates[1]);
  });

  it('weights of 0 and of 100 % without history stay what they are', () => {
    const rates = calibrateWeights([
      { weightBps: 0, reached: 0, won: 0 },
      { weightBps: 10_000, reached: 0, won: 0 },
    ]);
    expect(rates.map(({ calibrated, low, high }) => [calibrated, low, high])).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
  });

  it('a deal counts once for each milestone it ever reached, resolved or not at all', () => {
    const log = stateLog(
      [[0, 1, 0, 1, WON], [0, 2, LOST], [0, 1], [WON], [1, LOST, 0]].map((states) =>
        states.map((state, t) => ({ t, state })),
      ),
    );
    expect(recordsBefore(log, 10, [1000, 4000, 6000])).toEqual([
      { weightBps: 1000, reached: 2, won: 1 },
      { weightBps: 4000, reached: 2, won: 1 },
      { weightBps: 6000, reached: 1, won: 0 },
    ]);
  });
});

describe('the Beta distribution', () => {
  it('agrees with closed forms', () => {
    expect(betaBelow(0.3, 1, 1)).toBeCloseTo(0.3, 12);
    expect(betaBelow(0.3, 3, 1)).toBeCloseTo(0.027, 12);
    expect(betaBelow(0.7, 1, 4)).toBeCloseTo(1 - 0.3 ** 4, 12);
    expect(betaBelow(0.5, 2000, 2000)).toBeCloseTo(0.5, 10);
  });

  it('its quantile is the inverse', () => {
    for (const [a, b] of [
      [0.3, 0.4],
      [6, 4],
      [18, 32],
      [900, 4100],
    ] as const)
      for (const share of [0.1, 0.5, 0.9])
        expect(betaBelow(betaQuantile(share, a, b), a, b)).toBeCloseTo(share, 8);
  });
});

import { describe, expect, it } from 'vitest';
import {
  brier,
  brierSkill,
  intervalCoverage,
  mape,
  oddsOutcomes,
  signedBias,
  wape,
} from '../../src/core/reliability/accuracy.ts';
import { calibrationSlope } from '../../src/core/reliability/accuracy-slope.ts';
import { logistic, logit } from '../../src/core/totals/totals-shock.ts';
import { randomFrom } from '../support/random.ts';

/** forecast-model section 7. */
const PERIODS = [
  { forecast: 120, actual: 100 },
  { forecast: 90, actual: 100 },
  { forecast: 200, actual: 150 },
  { forecast: 0, actual: 20 },
];

const DEALS = (
  [
    [0.9, [1, 1, 0]],
    [0.6, [1, 1, 0, 0]],
    [0.3, [0, 1, 0]],
    [0.1, [0, 0]],
  ] as const
).flatMap(([odds, outcomes]) => outcomes.map((won) => ({ odds, won: won === 1 })));

describe('how far forecasts were off', () => {
  it('in all, in which direction, and per period', () => {
    expect(wape(PERIODS)).toBeCloseTo(0.27027027, 8);
    expect(signedBias(PERIODS)).toBeCloseTo(0.10810811, 8);
    expect(mape(PERIODS)).toBeCloseTo(0.40833333, 8);
  });

  it('is unknown, not zero, when nothing was won', () => {
    expect([wape([{ forecast: 5, actual: 0 }]), signedBias([]), mape([{ forecast: 5, actual: 0 }])]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('the range should hold eight periods of ten', () => {
    const range = { low: 10, high: 20 };
    expect(intervalCoverage([10, 20, 9, 21].map((actual) => ({ ...range, actual })))).toBe(0.5);
    expect(intervalCoverage([])).toBeNull();
  });
});

describe('how good the odds of single deals were', () => {
  it('twelve deals', () => {
    expect(brier(oddsOutcomes(DEALS))).toBeCloseTo(0.21333333, 8);
    expect(brierSkill(oddsOutcomes(DEALS))).toBeCloseTo(0.1223, 3);
  });

  it('is unknown without deals, or when all ended alike', () => {
    const none = oddsOutcomes([]);
    expect([brier(none), brierSkill(none), calibrationSlope(none)]).toEqual([null, null, null]);
    const lost = oddsOutcomes(DEALS.map(({ odds }) => ({ odds, won: false })));
    expect([brierSkill(lost), calibrationSlope(lost)]).toEqual([null, null]);
  });

  it('a slope of one says calibrated, below one too bold', () => {
    const random = randomFrom(11);
    const honest = Array.from({ length: 20_000 }, () => {
      const odds = 0.02 + 0.96 * random();
      return { odds, won: random() < odds };
    });
    const bold = honest.map(({ odds, won }) => ({ odds: logistic(2 * logit(odds)), won }));
    expect(calibrationSlope(oddsOutcomes(honest))).toBeCloseTo(1, 1);
    expect(calibrationSlope(oddsOutcomes(bold))).toBeCloseTo(0.5, 1);
  });

  it('the slope of one value of the odds, or of odds that separate the outcomes, is unknown', () => {
    expect(calibrationSlope(oddsOutcomes(DEALS.map(({ won }) => ({ odds: 0.4, won }))))).toBeNull();
    expect(
      calibrationSlope(oddsOutcomes([0.1, 0.2, 0.8, 0.9].map((odds) => ({ odds, won: odds > 0.5 })))),
    ).toBeNull();
  });
});

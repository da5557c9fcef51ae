import { describe, expect, it } from 'vitest';
import type { PaceNorm } from '../../src/core/forecast/forecast-types.ts';
import {
  businessDaysBetween,
  isSilent,
  lastCustomerContact,
  paceNorms,
  paceOf,
} from '../../src/core/review/pace.ts';
import { midnightOf } from '../../src/core/values/calendar.ts';
import { activity, day, deal, key, MONDAY, stageModel, ZONE } from '../support/deals.ts';

const midnight = midnightOf(MONDAY, ZONE);

/** Deals won after 1, 2, ... `count` days in the first milestone. */
const wonAfterDays = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const left = day('2026-03-01').add({ days: index + 1 });
    return deal(`w${index}`, `s-contact 2026-03-01, s-need ${left}, s-won ${left.add({ days: 4 })}`);
  });

describe('how long deals stay in a milestone', () => {
  it('is measured in quartiles from ten won deals on', () => {
    expect(paceNorms(wonAfterDays(12), stageModel(), midnight).slice(0, 2)).toEqual([
      {
        milestone: 'contact',
        fastBelowDays: 3,
        medianDays: 6,
        stuckAboveDays: 9,
        source: 'own_history',
        n: 12,
      },
      { milestone: 'need', fastBelowDays: 4, medianDays: 4, stuckAboveDays: 4, source: 'own_history', n: 12 },
    ]);
  });

  it('is three times the median with three to nine won deals, and nothing is called fast', () => {
    const [contact] = paceNorms(wonAfterDays(9), stageModel(), midnight);
    expect(contact).toMatchObject({
      fastBelowDays: 0,
      medianDays: 5,
      stuckAboveDays: 15,
      source: 'three_medians',
      n: 9,
    });
  });

  it('is three times what the manager thinks is usual before that', () => {
    const [contact, need] = paceNorms(wonAfterDays(2), stageModel(), midnight);
    expect(contact).toMatchObject({ medianDays: 14, stuckAboveDays: 42, source: 'typical_days', n: 2 });
    expect(need).toMatchObject({ medianDays: 21, stuckAboveDays: 63, source: 'typical_days' });
  });

  it('counts neither lost nor open deals, nor wins that lie ahead', () => {
    const others = [
      deal('l', 's-contact 2026-03-01, s-lost 2026-03-09'),
      deal('o', 's-contact 2026-03-01, s-need 2026-03-09'),
      deal('later', 's-contact 2026-03-01, s-won 2026-11-23'),
    ];
    expect(paceNorms(others, stageModel(), midnight)[0]?.n).toBe(0);
  });

  it('adds up the visits of a deal that came back', () => {
    const back = 's-contact 2026-03-01, s-need 2026-03-06, s-contact 2026-03-07, s-won 2026-03-17';
    const three = ['a', 'b', 'c'].map((id) => deal(id, back));
    expect(paceNorms(three, stageModel(), midnight)[0]).toMatchObject({ medianDays: 15, n: 3 });
  });
});

describe('a deal', () => {
  const norm = (milestone: string): PaceNorm => ({
    milestone: key(milestone),
    fastBelowDays: 5,
    medianDays: 10,
    stuckAboveDays: 20,
    source: 'own_history',
    n: 12,
  });
  const passed = (days: number) => ({ days, norm: norm('contact') });

  it('is stuck once it stays longer than three quarters of the won deals', () => {
    expect(paceOf(20, norm('need'), null)).toBe('on_track');
    expect(paceOf(21, norm('need'), null)).toBe('stuck');
    expect(paceOf(21, norm('need'), passed(2))).toBe('stuck');
  });

  it('is fast when the milestone before went by quickly and it still moves', () => {
    expect(paceOf(3, norm('need'), passed(4))).toBe('fast');
    expect(paceOf(3, norm('need'), passed(5))).toBe('on_track');
    expect(paceOf(11, norm('need'), passed(4))).toBe('on_track');
  });

  it('is not fast because it only just arrived', () => {
    expect(paceOf(0, norm('need'), null)).toBe('on_track');
    expect(paceOf(0, norm('need'), passed(9))).toBe('on_track');
  });

  it('with nothing verified has no pace to speak of', () => {
    expect(paceOf(null, norm('need'), null)).toBe('on_track');
  });
});

describe('silence', () => {
  it('is counted in business days, weekends apart', () => {
    expect(businessDaysBetween(day('2026-11-20'), day('2026-11-23'))).toBe(1);
    expect(businessDaysBetween(day('2026-11-21'), day('2026-11-22'))).toBe(0);
    expect(businessDaysBetween(day('2026-11-09'), day('2026-11-23'))).toBe(10);
    expect(businessDaysBetween(day('2026-11-23'), day('2026-11-20'))).toBe(0);
  });

  it('is worth a word after ten of them, and unknown contacts are no silence', () => {
    expect(isSilent(day('2026-11-09'), MONDAY)).toBe(true);
    expect(isSilent(day('2026-11-10'), MONDAY)).toBe(false);
    expect(isSilent(null, MONDAY)).toBe(false);
  });

  it('ends only when the customer takes part', () => {
    const activities = [
      activity('d', '2026-11-02'),
      activity('d', '2026-11-12', { withCustomer: false }),
      activity('d', '2026-10-02'),
      activity('d', '2026-11-24'),
    ];
    expect(lastCustomerContact(activities, midnight)).toEqual(activities[0]?.at);
    expect(lastCustomerContact([], midnight)).toBeNull();
  });
});

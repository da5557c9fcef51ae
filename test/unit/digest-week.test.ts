import { describe, expect, it } from 'vitest';
import {
  closedWeeks,
  dueOf,
  firstInstantAt,
  isLate,
  mondayOfWeek,
  mondayWindow,
  pausedUntil,
  sendingTime,
} from '../../jobs/digest/digest-week.ts';
import { mondayPull } from '../../jobs/schedule.ts';
import type { Manager } from '../../src/core/deals/manager.ts';
import { asId, type ConnectionId } from '../../src/core/values/ids.ts';

const at = (text: string) => Temporal.Instant.from(text);
const WEEK = '2026-W47';
const PARIS: Pick<Manager, 'zone' | 'digest' | 'digestPausedUntil'> = {
  zone: 'Europe/Paris',
  digest: 'on',
  digestPausedUntil: null,
};

describe('eight o’clock on Monday', () => {
  it('is the manager’s own, summer and winter', () => {
    expect(sendingTime('2026-W47', 'Europe/Paris')).toEqual(at('2026-11-16T07:00:00Z'));
    expect(sendingTime('2026-W24', 'Europe/Paris')).toEqual(at('2026-06-08T06:00:00Z'));
    expect(sendingTime('2026-W47', 'Pacific/Kiritimati')).toEqual(at('2026-11-15T18:00:00Z'));
    expect(sendingTime('2026-W47', 'Pacific/Pago_Pago')).toEqual(at('2026-11-16T19:00:00Z'));
  });

  it('comes once on the Monday after the clocks changed, where a stored delay came twice', () => {
    const before = sendingTime('2026-W10', 'America/New_York');
    const after = sendingTime('2026-W11', 'America/New_York');
    expect(after.since(before).total('hours')).toBe(7 * 24 - 1);
  });

  it('belongs to the ISO week also where the year turns', () => {
    expect(mondayOfWeek('2026-W01').toString()).toBe('2025-12-29');
    expect(mondayOfWeek('2026-W53').toString()).toBe('2026-12-28');
    expect(mondayOfWeek('2027-W01').toString()).toBe('2027-01-04');
  });

  it('where a clock jumps over the wanted time, is the first instant after; where it comes twice, the first', () => {
    const wall = (text: string, zone: string) => firstInstantAt(Temporal.PlainDateTime.from(text), zone);
    const springForward = at('2026-03-08T07:00:00Z');
    expect(wall('2026-03-08T02:30', 'America/New_York')).toEqual(springForward);
    expect(wall('2026-03-08T02:00', 'America/New_York')).toEqual(springForward);
    expect(wall('2026-03-08T03:00', 'America/New_York')).toEqual(springForward);
    expect(wall('2026-11-01T01:30', 'America/New_York')).toEqual(at('2026-11-01T05:30:00Z'));
    expect(wall('2011-12-30T08:00', 'Pacific/Apia'), 'a day that never was').toEqual(
      at('2011-12-30T10:00:00Z'),
    );
  });
});

describe('a planned digest', () => {
  const due = (now: string, changes: Partial<typeof PARIS> = {}) =>
    dueOf(WEEK, { ...PARIS, ...changes }, at(now));

  it('waits until eight, leaves from eight on, and is closed 36 hours later', () => {
    expect(due('2026-11-16T06:59:59Z')).toEqual({ kind: 'wait' });
    expect(due('2026-11-16T07:00:00Z')).toEqual({ kind: 'send' });
    expect(due('2026-11-17T18:59:59Z')).toEqual({ kind: 'send' });
    expect(due('2026-11-17T19:00:00Z')).toEqual({ kind: 'skip', reason: 'late' });
  });

  it('is late from nine on', () => {
    expect(isLate(WEEK, PARIS.zone, at('2026-11-16T07:59:59Z'))).toBe(false);
    expect(isLate(WEEK, PARIS.zone, at('2026-11-16T08:00:00Z'))).toBe(true);
  });

  it('follows a choice made since: off, paused, no manager any more', () => {
    expect(due('2026-11-16T07:00:00Z', { digest: 'off' })).toEqual({ kind: 'skip', reason: 'digest_off' });
    const paused = (until: string) =>
      due('2026-11-16T07:00:00Z', { digestPausedUntil: Temporal.PlainDate.from(until) });
    expect(paused('2026-11-17')).toEqual({ kind: 'skip', reason: 'paused' });
    expect(paused('2026-11-16')).toEqual({ kind: 'send' });
    expect(dueOf(WEEK, null, at('2026-11-16T00:00:00Z'))).toEqual({ kind: 'skip', reason: 'digest_off' });
  });

  it('is not closed before eight: who turns the digest on again by then has it', () => {
    expect(due('2026-11-16T05:00:00Z', { digest: 'off' })).toEqual({ kind: 'wait' });
  });
});

describe('a pause', () => {
  const until = (now: string, weeks: number) => pausedUntil('Europe/Paris', weeks, at(now)).toString();

  it('of one week leaves out one Monday, whenever it is asked for', () => {
    expect(until('2026-11-12T10:00:00Z', 1), 'a Thursday: Monday 16 is left out').toBe('2026-11-19');
    expect(until('2026-11-16T06:00:00Z', 1), 'Monday before eight: today is left out').toBe('2026-11-23');
    expect(until('2026-11-16T07:30:00Z', 1), 'Monday after eight: today has left, the 23rd is left out').toBe(
      '2026-11-24',
    );
  });
});

describe('Monday’s reading', () => {
  const window = (now: string, ...zones: string[]) => mondayWindow(zones, at(now));

  it('begins two hours before the first manager’s eight o’clock and ends with the last manager’s last hour', () => {
    expect(window('2026-11-16T04:59:59Z', 'Europe/Paris')).toBeNull();
    expect(window('2026-11-16T05:00:00Z', 'Europe/Paris')).toMatchObject({ isoWeek: WEEK });
    expect(window('2026-11-17T18:59:59Z', 'Europe/Paris')).toMatchObject({ isoWeek: WEEK });
    expect(window('2026-11-17T19:00:00Z', 'Europe/Paris')).toBeNull();
  });

  it('begins on the company’s Sunday for a manager in Auckland', () => {
    expect(window('2026-11-15T16:59:59Z', 'Europe/Paris', 'Pacific/Auckland')).toBeNull();
    expect(window('2026-11-15T17:00:00Z', 'Europe/Paris', 'Pacific/Auckland')).toEqual({
      isoWeek: WEEK,
      monday: Temporal.PlainDate.from('2026-11-16'),
      fallBackFrom: at('2026-11-15T21:00:00Z'),
    });
  });

  it('is one effect per connection and week, whichever minute asks', () => {
    const key = (now: string) => {
      const found = window(now, 'Europe/Paris');
      return found === null ? null : mondayPull({ id: asId<ConnectionId>('crm') }, found).key;
    };
    expect([key('2026-11-16T05:00:00Z'), key('2026-11-17T10:00:00Z')]).toEqual([
      'monday/crm/2026-W47',
      'monday/crm/2026-W47',
    ]);
    expect(key('2026-11-18T10:00:00Z')).toBeNull();
  });
});

describe('weeks that may lack a row', () => {
  it('are this one once it is closed and the one before, never older ones', () => {
    expect(closedWeeks('Europe/Paris', at('2026-11-17T18:59:59Z'))).toEqual(['2026-W46']);
    expect(closedWeeks('Europe/Paris', at('2026-11-17T19:00:00Z'))).toEqual(['2026-W46', '2026-W47']);
    expect(closedWeeks('Europe/Paris', at('2027-01-04T07:00:00Z'))).toEqual(['2026-W53']);
  });
});

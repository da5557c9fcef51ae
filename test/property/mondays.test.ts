import { describe, expect, it } from 'vitest';
import { dueOf, isClosed, mondayWindow, sendingTime } from '../../jobs/digest/digest-week.ts';
import { dateIn, isoWeekOf, mondayOf } from '../../src/core/values/calendar.ts';

const ZONES = Intl.supportedValuesOf('timeZone');
const FIRST = mondayOf(Temporal.PlainDate.from('2026-01-05'));
const WEEKS = 522;
const MONDAYS = Array.from({ length: WEEKS }, (_, week) => FIRST.add({ weeks: week }));
const EIGHT = Temporal.PlainTime.from('08:00');

const choice = (zone: string) => ({ zone, digest: 'on' as const, digestPausedUntil: null });

/** Minutes around a sending time: the two that decide, and the two at the end of the 36 hours. */
const DECIDING_MINUTES = [-1, 0, 2159, 2160];
/** What could go wrong further away, looked at four times a year. */
const AROUND_MINUTES = [-8640, -4320, -1440, -121, -120, -61, -60, 1, 59, 60, 61, 1440, 2161, 4320, 8640];

describe(`ten years of Mondays in the ${ZONES.length} zones of this machine`, () => {
  it('each has one sending time: eight o’clock there, or the first instant after a jump, in the right ISO week', () => {
    let mondays = 0;
    const wrong: string[] = [];
    for (const zone of ZONES) {
      for (const monday of MONDAYS) {
        const isoWeek = isoWeekOf(monday);
        const there = sendingTime(isoWeek, zone).toZonedDateTimeISO(zone);
        const exact = there.toPlainDate().equals(monday) && there.toPlainTime().equals(EIGHT);
        if (!exact && !isFirstAfterJump(there, monday)) wrong.push(`${zone} ${isoWeek} ${there}`);
        if (isoWeekOf(dateIn(zone, there.toInstant())) !== isoWeek)
          wrong.push(`${zone} ${isoWeek} other week`);
        mondays += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(mondays).toBe(ZONES.length * WEEKS);
    expect(mondays).toBeGreaterThan(200_000);
  }, 120_000);

  it('are a week apart, give or take a change of the clocks, and in order', () => {
    const odd: string[] = [];
    for (const zone of ZONES) {
      let last = sendingTime(isoWeekOf(FIRST), zone).epochMilliseconds;
      for (const monday of MONDAYS.slice(1)) {
        const next = sendingTime(isoWeekOf(monday), zone).epochMilliseconds;
        const hours = (next - last) / 3_600_000;
        if (hours < 165 || hours > 171) odd.push(`${zone} ${monday} ${hours} h`);
        last = next;
      }
    }
    expect(odd).toEqual([]);
  }, 120_000);

  it('asked minute by minute around each, exactly one moment is the first that says send: 0 doubled, 0 missed', () => {
    const wrong: string[] = [];
    let answers = 0;
    for (const zone of ZONES) {
      for (const [week, monday] of MONDAYS.entries()) {
        const isoWeek = isoWeekOf(monday);
        const eight = sendingTime(isoWeek, zone);
        const asked = week % 13 === 0 ? [...DECIDING_MINUTES, ...AROUND_MINUTES] : DECIDING_MINUTES;
        for (const minutes of asked) {
          const { kind } = dueOf(isoWeek, choice(zone), eight.add({ minutes }));
          const right = minutes < 0 ? 'wait' : minutes < 2160 ? 'send' : 'skip';
          if (kind !== right) wrong.push(`${zone} ${isoWeek} ${minutes} min: ${kind}`);
          answers += 1;
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(answers).toBeGreaterThan(ZONES.length * WEEKS * DECIDING_MINUTES.length);
  }, 240_000);

  it('two weeks are never due at once, so that no tick can mail two', () => {
    const both: string[] = [];
    for (const zone of ZONES) {
      for (const monday of MONDAYS) {
        const eight = sendingTime(isoWeekOf(monday.add({ weeks: 1 })), zone);
        if (!isClosed(isoWeekOf(monday), zone, eight)) both.push(`${zone} ${monday}`);
      }
    }
    expect(both).toEqual([]);
  }, 120_000);

  it('the reading for the whole world is open at every manager’s eight o’clock, and for that week', () => {
    const wrong: string[] = [];
    for (const monday of MONDAYS.filter((_, week) => week % 13 === 0)) {
      const isoWeek = isoWeekOf(monday);
      for (const zone of ZONES) {
        for (const now of [sendingTime(isoWeek, zone), sendingTime(isoWeek, zone).subtract({ hours: 2 })]) {
          if (mondayWindow(['Pacific/Kiritimati', 'Pacific/Pago_Pago', zone], now)?.isoWeek !== isoWeek)
            wrong.push(`${zone} ${isoWeek}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);
});

/** No time of that day before it exists: the minute before belongs to another wall-clock day or to a time before eight. */
function isFirstAfterJump(there: Temporal.ZonedDateTime, monday: Temporal.PlainDate): boolean {
  const before = there.subtract({ nanoseconds: 1 }).toPlainDateTime();
  const wanted = monday.toPlainDateTime(EIGHT);
  return (
    Temporal.PlainDateTime.compare(before, wanted) < 0 &&
    Temporal.PlainDateTime.compare(there.toPlainDateTime(), wanted) > 0
  );
}

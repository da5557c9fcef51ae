/** When the CRM is read between two Mondays. Pure: the same minute gives the same keys, so a repeated tick adds nothing. */
import { dateIn, isoWeekOf, mondayOf } from '../src/core/values/calendar.ts';
import type { ConnectionRow } from '../src/ports/connection-store.ts';
import type { NextEffect } from './context.ts';

/**
 * A proof that a rep adds shows on the deal within the hour. Nothing changed costs one small call per object type, 14 in all: some 340
 * a day, of 250,000 that the smallest HubSpot account has, and 3,900 of the 30,000 tokens that one Pipedrive seat has at least.
 */
const MINUTES_BETWEEN = 60;

/** The week's whole reading happens on Sunday night, when nobody works: see `startOf` in pull.ts. */
const WHOLE_FROM = Temporal.PlainTime.from('02:00');
const DAYS_TO_SUNDAY = 6;

export function regularReading(connection: ConnectionRow, zone: string, now: Temporal.Instant): NextEffect[] {
  const { id, state, lastPulledAt } = connection;
  // The first reading is asked for by a person, or by Monday.
  if (state !== 'active' || lastPulledAt === null) return [];
  const payload = { connectionId: id, run: 'poll' };
  const monday = mondayOf(dateIn(zone, now));
  const sunday = monday
    .add({ days: DAYS_TO_SUNDAY })
    .toZonedDateTime({ timeZone: zone, plainTime: WHOLE_FROM });
  if (Temporal.Instant.compare(now, sunday.toInstant()) >= 0) {
    return [{ kind: 'pull', key: `whole/${id}/${isoWeekOf(monday)}`, payload: { ...payload, whole: 'yes' } }];
  }
  const slot = Math.floor(now.epochMilliseconds / (MINUTES_BETWEEN * 60_000));
  return [{ kind: 'pull', key: `poll/${id}/${slot}`, payload }];
}

import { describe, expect, it } from 'vitest';
import { regularReading } from '../../jobs/reading-times.ts';
import { asId, type ConnectionId } from '../../src/core/values/ids.ts';
import type { ConnectionRow } from '../../src/ports/connection-store.ts';

const PARIS = 'Europe/Paris';
const connection: ConnectionRow = {
  id: asId<ConnectionId>('hubspot'),
  crm: 'hubspot',
  externalAccountId: '1',
  label: 'Atelier Nord',
  state: 'active',
  lastPulledAt: Temporal.Instant.from('2026-11-16T06:00:00Z'),
};
const at = (local: string) => Temporal.ZonedDateTime.from(`${local}[${PARIS}]`).toInstant();
const due = (local: string) => regularReading(connection, PARIS, at(local));

describe('between two Mondays the CRM is read', () => {
  it('once an hour, however often the tick looks', () => {
    expect(due('2026-11-18T10:01')).toEqual(due('2026-11-18T10:59'));
    expect(due('2026-11-18T10:01')[0]?.key).not.toBe(due('2026-11-18T11:00')[0]?.key);
  });

  it('whole on Sunday night, once', () => {
    const [whole] = due('2026-11-22T02:00');
    expect(whole).toMatchObject({ kind: 'pull', key: 'whole/hubspot/2026-W47', payload: { whole: 'yes' } });
    expect(due('2026-11-22T23:59')).toEqual([whole]);
    expect(due('2026-11-22T01:59')[0]?.payload).not.toHaveProperty('whole');
  });

  it('not before somebody asked for the first reading, and not while it waits for a new token', () => {
    const now = at('2026-11-18T10:00');
    expect(regularReading({ ...connection, lastPulledAt: null }, PARIS, now)).toEqual([]);
    expect(regularReading({ ...connection, state: 'reconnect_needed' }, PARIS, now)).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChangelog, stageEntriesOf } from '../../connectors/pipedrive/deal-story.ts';
import { exactNumber, parseWithExactValues } from '../../connectors/pipedrive/exact-json.ts';
import { dayOf, instantOf, secondText } from '../../connectors/pipedrive/times.ts';
import { nextReset, openTokenLedger } from '../../connectors/pipedrive/tokens.ts';

const createdAt = Temporal.Instant.from('2026-01-05T08:00:00Z');
const change = (field_key: string, old_value: string | null, new_value: string | null, time: string) => ({
  field_key,
  old_value,
  new_value,
  time,
});
const places = (rows: readonly unknown[], stageId: string, status: string) => {
  const found = stageEntriesOf({ stageId, status, createdAt }, readChangelog(rows));
  return { ...found, entries: found.entries.map((entry) => `${entry.stageId} ${entry.enteredAt}`) };
};

describe('the past of a deal, from its changelog', () => {
  it('begins at the creation, in the stage that the first move left', () => {
    const rows = [
      change('stage_id', '2', '3', '2026-02-01 10:00:00'),
      change('stage_id', '1', '2', '2026-01-10 09:00:00'),
    ];
    expect(places(rows, '3', 'open')).toEqual({
      complete: true,
      entries: ['1 2026-01-05T08:00:00Z', '2 2026-01-10T09:00:00Z', '3 2026-02-01T10:00:00Z'],
    });
  });

  it('keeps the order of moves that happened in one second', () => {
    const rows = [
      change('status', 'open', 'won', '2026-02-01 10:00:00'),
      change('stage_id', '1', '2', '2026-02-01 10:00:00'),
    ];
    expect(places(rows, '2', 'won').entries.map((entry) => entry.split(' ')[0])).toEqual([
      '1',
      '2',
      'status:won',
    ]);
  });

  it('tells a deal that was lost, reopened elsewhere and won', () => {
    const rows = [
      change('status', 'open', 'won', '2026-03-01 00:00:00'),
      change('status', 'lost', 'open', '2026-02-20 00:00:01'),
      change('stage_id', '1', '4', '2026-02-20 00:00:00'),
      change('status', 'open', 'lost', '2026-02-01 00:00:00'),
    ];
    const stages = places(rows, '4', 'won').entries.map((entry) => entry.split(' ')[0]);
    expect(stages).toEqual(['1', 'status:lost', '4', 'status:won']);
  });

  it('passes over a deletion that was undone', () => {
    const rows = [
      change('status', 'deleted', 'open', '2026-02-02 00:00:00'),
      change('status', 'open', 'deleted', '2026-02-01 00:00:00'),
    ];
    expect(places(rows, '1', 'open')).toMatchObject({ complete: true, entries: ['1 2026-01-05T08:00:00Z'] });
  });

  it('says that it is incomplete when the log does not lead to where the deal stands, or has a zero date', () => {
    expect(places([change('stage_id', '1', '2', '2026-01-10 09:00:00')], '3', 'open').complete).toBe(false);
    expect(places([change('stage_id', '1', '2', '0000-00-00 00:00:00')], '2', 'open').complete).toBe(false);
  });

  it('never has a stage twice in a row, and never goes back in time', () => {
    const step = fc.record({
      field: fc.constantFrom('stage_id', 'status'),
      pick: fc.nat(3),
      minutes: fc.nat(600),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { rows, stage, status } = walk(steps);
        const { entries, complete } = stageEntriesOf(
          { stageId: stage, status, createdAt },
          readChangelog(rows),
        );
        expect(complete).toBe(true);
        for (const [at, entry] of entries.entries()) {
          const before = entries[at - 1];
          if (before === undefined) continue;
          expect(entry.stageId).not.toBe(before.stageId);
          expect(Temporal.Instant.compare(before.enteredAt, entry.enteredAt)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

/** A random life, written down as the API would: newest first. */
function walk(steps: readonly { readonly field: string; readonly pick: number; readonly minutes: number }[]) {
  const state: Record<string, string> = { stage_id: '1', status: 'open' };
  let at = createdAt;
  const rows = steps.map(({ field, pick, minutes }) => {
    const from = state[field] ?? '';
    const to = field === 'stage_id' ? String(pick + 1) : (['open', 'won', 'lost', 'open'][pick] ?? 'open');
    state[field] = to;
    at = at.add({ minutes });
    return change(field, from, to, at.toString().slice(0, 19).replace('T', ' '));
  });
  return { rows: rows.reverse(), stage: state['stage_id'] ?? '', status: state['status'] ?? '' };
}

describe('amounts in JSON', () => {
  it('come and go with the digits that were sent', () => {
    const text =
      '{"value":0.1234567890123456789,"custom":{"value":12345678901234567890.55,"currency":"EUR"},"id":7}';
    const read = parseWithExactValues(text);
    expect(read).toEqual({
      value: '0.1234567890123456789',
      custom: { value: '12345678901234567890.55', currency: 'EUR' },
      id: 7,
    });
    expect(JSON.stringify({ value: exactNumber('12345678901234567890.55') })).toBe(
      '{"value":12345678901234567890.55}',
    );
  });
});

describe('Pipedrive’s dates', () => {
  it('are UTC when they carry no zone, and missing when they are zero', () => {
    expect(String(instantOf('2026-02-01 10:00:00'))).toBe('2026-02-01T10:00:00Z');
    expect(String(instantOf('2026-02-01T10:00:00Z'))).toBe('2026-02-01T10:00:00Z');
    expect(instantOf('0000-00-00 00:00:00')).toBe(null);
    expect(instantOf('last week')).toBe('unreadable');
    expect(dayOf('2026-02-30')).toBe('unreadable');
  });

  it('are asked for in whole seconds', () => {
    expect(secondText(Temporal.Instant.from('2026-02-01T10:00:00.999Z'))).toBe('2026-02-01T10:00:00Z');
  });
});

describe('the tokens of the day', () => {
  const told = (remaining: number, limit = 1_000) => ({
    status: 200,
    text: '',
    json: null,
    headers: {
      'x-daily-ratelimit-token-limit': String(limit),
      'x-daily-ratelimit-token-remaining': String(remaining),
    },
  });

  it('leave half of the day to other apps, and half of our half to write-back', () => {
    const ledger = openTokenLedger();
    ledger.learn(told(1_000));
    expect([ledger.allows(500, 'write'), ledger.allows(501, 'write')]).toEqual([true, false]);
    expect([ledger.allows(250, 'history'), ledger.allows(251, 'history')]).toEqual([true, false]);
  });

  it('count what others have used, so that a restart forgets nothing', () => {
    const ledger = openTokenLedger({ dailyShareBps: 7_000 });
    ledger.learn(told(400));
    expect([ledger.allows(100, 'write'), ledger.allows(101, 'write')]).toEqual([true, false]);
  });

  it('are the smallest plan’s while neither headers nor configuration tell', () => {
    const ledger = openTokenLedger();
    expect(ledger.budget(createdAt)).toMatchObject({ dailyTokens: 30_000, leftForWritesTokens: 15_000 });
    expect(openTokenLedger({ dailyTokens: 60_000 }).allows(30_000, 'write')).toBe(true);
  });

  it('count calls on their way, which no header tells yet', () => {
    const ledger = openTokenLedger();
    const answered = ledger.begin(300);
    ledger.learn(told(1_000));
    expect(ledger.allows(201, 'write')).toBe(false);
    answered();
    expect(ledger.spentTokens).toBe(300);
  });

  it('come back at midnight UTC', () => {
    expect(nextReset(Temporal.Instant.from('2026-03-01T23:59:59Z')).toString()).toBe('2026-03-02T00:01:00Z');
  });
});

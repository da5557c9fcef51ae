import { describe, expect, it } from 'vitest';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import { withoutParked } from '../../src/core/write-back/parked-writes.ts';
import type { DealWrite, PropertyKey, RefusedWrite } from '../../src/core/write-back/write-back.ts';

const NOW = Temporal.Instant.from('2026-11-23T06:00:00Z');
const DEAL = asId<DealId>('7');
const values = (weight: string) => new Map<PropertyKey, string>([['jalon_weight', weight]]);
const write = (weight: string): DealWrite => ({ dealId: DEAL, currency: null, values: values(weight) });
const refused = (changes: Partial<RefusedWrite> = {}) =>
  new Map<DealId, RefusedWrite>([
    [DEAL, { values: values('25'), code: 'RULE_OF_ACCOUNT', at: NOW.subtract({ hours: 24 }), ...changes }],
  ]);

describe('a write that the CRM refused', () => {
  it('waits for a week when the same values are wanted again, and is listed meanwhile', () => {
    const { due, parked } = withoutParked([write('25')], refused(), NOW);
    expect(due).toEqual([]);
    expect(parked).toEqual([
      {
        dealId: DEAL,
        code: 'RULE_OF_ACCOUNT',
        refusedAt: NOW.subtract({ hours: 24 }),
        until: NOW.add({ hours: 6 * 24 }),
      },
    ]);
  });

  it('is tried again when other values are wanted', () => {
    expect(withoutParked([write('40')], refused(), NOW).due).toHaveLength(1);
    const both = { ...write('25'), values: new Map([...values('25'), ['jalon_pace', 'stuck'] as const]) };
    expect(withoutParked([both], refused(), NOW).due).toHaveLength(1);
  });

  it('is tried again after a week: the rules of the account may have changed', () => {
    const old = refused({ at: NOW.subtract({ hours: 7 * 24 }) });
    expect(withoutParked([write('25')], old, NOW)).toEqual({ due: [write('25')], parked: [] });
  });

  it('is tried again at once when the property was missing: the next run makes it', () => {
    expect(withoutParked([write('25')], refused({ code: 'PROPERTY_MISSING' }), NOW).due).toHaveLength(1);
  });
});

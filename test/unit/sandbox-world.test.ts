import { describe, expect, it } from 'vitest';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import type { WorldChange, WorldRecord } from '../../sandbox/world/types.ts';
import { BY_PERSON, type World } from '../../sandbox/world/world.ts';

const [first, second] = [String(FIRST_SMALL_DEAL_ID), String(FIRST_SMALL_DEAL_ID + 1)];
const stamp = { atMs: Date.UTC(2026, 2, 3), source: BY_PERSON };

function deal(world: World, id = first): WorldRecord {
  const found = world.get('deal', id);
  if (found === undefined) throw new Error('no such deal');
  return found;
}

describe('a CRM account in memory', () => {
  it('keeps every value a field had, but not a value written twice', () => {
    const world = smallWorld(1);
    world.edit('deal', first, { amount: '2000' }, stamp);
    world.edit('deal', first, { amount: '2000' }, { ...stamp, atMs: stamp.atMs + 1 });
    world.edit('deal', first, { amount: '' }, { ...stamp, atMs: stamp.atMs + 2 });
    expect(world.history(deal(world), 'amount').map((version) => version.value)).toEqual([
      '1000',
      '2000',
      '',
    ]);
    expect(world.value(deal(world), 'amount')).toBeNull();
    expect(deal(world).updatedAtMs).toBe(stamp.atMs + 2);
  });

  it('does not count archiving as a change of the deal', () => {
    const world = smallWorld(1);
    const before = deal(world).updatedAtMs;
    world.archive('deal', first, stamp);
    expect(deal(world)).toMatchObject({ updatedAtMs: before, archivedAtMs: stamp.atMs });
    world.restore('deal', first, stamp);
    expect(deal(world)).toMatchObject({ updatedAtMs: stamp.atMs, archivedAtMs: null });
  });

  it('lets the winner of a merge keep its values, take what it lacked and inherit the links', () => {
    const world = smallWorld(2);
    world.edit('deal', second, { next_step: 'call back' }, stamp);
    world.merge('deal', first, second, stamp);
    expect(world.value(deal(world), 'name')).toBe('Deal 1');
    expect(world.value(deal(world), 'next_step')).toBe('call back');
    expect(world.linked(deal(world), 'company')).toHaveLength(2);
    expect(world.get('deal', second)).toBeUndefined();
    expect(world.resolve('deal', second)?.id).toBe(first);
  });

  it('reads a link from both ends', () => {
    const world = smallWorld(1);
    const company = world.linked(deal(world), 'company')[0];
    expect(company).toMatchObject({ primary: true });
    expect(world.linked({ kind: 'company', id: company?.id ?? '' }, 'deal').map((link) => link.id)).toEqual([
      first,
    ]);
  });

  it('lists by number, whatever the order of creation', () => {
    const world = smallWorld(0);
    for (const id of ['10000000000', '9', '99999999999999999', '100']) world.create('deal', id, {}, stamp);
    expect(world.list('deal').map((record) => record.id)).toEqual([
      '9',
      '100',
      '10000000000',
      '99999999999999999',
    ]);
  });

  it('tells whoever listens what was changed, by whom and when, until they stop', () => {
    const world = smallWorld(2);
    const heard: WorldChange[] = [];
    const stop = world.onChange((change) => heard.push(change));
    world.edit('deal', first, { amount: '5' }, stamp);
    world.merge('deal', first, second, stamp);
    stop();
    world.archive('deal', first, stamp);
    expect(heard.map((change) => [change.what, change.record.id, change.fields, change.lostId])).toEqual([
      ['edited', first, ['amount'], null],
      ['merged', first, [], second],
    ]);
  });

  it('refuses to change what is not there', () => {
    const world = smallWorld(0);
    expect(() => world.edit('deal', first, {}, stamp)).toThrow(/no deal/);
    expect(() => world.create('deal', '1', {}, stamp) && world.create('deal', '1', {}, stamp)).toThrow(
      /already/,
    );
  });
});

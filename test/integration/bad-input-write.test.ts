import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import { BAD_ACCOUNT_YAML } from '../support/bad-account.ts';
import { type CommandBench, openCommandBench } from '../support/command-bench.ts';

/** The way back to the CRM and to the managers, when something there is wrong. */
let bench: CommandBench;
let amount = 5_000;

beforeAll(async () => {
  bench = await openCommandBench(smallWorld(6), BAD_ACCOUNT_YAML);
  await bench.run('pull');
}, 180_000);

afterAll(async () => {
  await bench.close();
});

afterEach(() => {
  bench.sandbox.faults.clear();
  bench.mails.faults.clear();
});

const deal = (at: number) => String(FIRST_SMALL_DEAL_ID + at);

function written(at: number): Readonly<Record<string, string>> {
  return bench.sandbox.written().values[deal(at)] ?? {};
}

/** Changes the amount of a deal; `won` also its stage, so that each of our properties has something new to say. Returns the net amount to come. */
async function somethingNew(at: number, change: 'amount' | 'won' = 'amount'): Promise<string> {
  amount += 1_000;
  const stage = change === 'won' ? { stage: 'closedwon' } : {};
  bench.sandbox.edit.set('deal', deal(at), { amount: String(amount), ...stage });
  bench.sandbox.advance({ days: 1 });
  await bench.run('pull');
  return `${change === 'won' ? amount : amount / 4}.00`;
}

/** As HubSpot does it: with the property go its values. */
function removeForGood(property: string): void {
  const { edit, world } = bench.sandbox;
  edit.removeProperty(property);
  for (const { id } of world.list('deal')) edit.set('deal', id, { [property]: '' });
}

describe('writing back', () => {
  it('waits for a yes the first time, and says so with its code', async () => {
    const { exit, err } = await bench.run('write-back', 'apply');
    expect(exit).toBe(2);
    expect(err).toContain('WRITE_NOT_CONFIRMED: This would write to the CRM for the first time.');
    expect(bench.sandbox.written().total).toBe(0);
    expect((await bench.run('write-back', 'apply', '--yes')).exit).toBe(0);
    expect(written(0)['jalon_net_amount']).toBe('250.00');
  });

  it('leaves out properties that were archived, made read-only or of another type, writes the others and tells the admin', async () => {
    const { edit } = bench.sandbox;
    edit.changeProperty('jalon_pace', { archived: true });
    edit.changeProperty('jalon_weight', { type: 'string', fieldType: 'text' });
    edit.changeProperty('jalon_milestone_since', { readOnlyValue: true });
    const net = await somethingNew(0, 'won');

    const { exit, err } = await bench.run('write-back', 'apply');

    expect(exit).toBe(3);
    expect(err).toContain('property.archived: The property was archived in the CRM');
    expect(err).toContain('(jalon_pace). Restore it');
    expect(err).toContain('property.wrong_type: A property of this name exists with another type');
    expect(err).toContain('(jalon_weight)');
    expect(err).toContain('property.read_only: The property is read-only or calculated in the CRM');
    expect(err).toContain('(jalon_milestone_since)');
    expect(written(0)['jalon_net_amount']).toBe(net);
  });

  it('writes them again once the account has mended them', async () => {
    const { edit } = bench.sandbox;
    edit.changeProperty('jalon_pace', { archived: false });
    edit.changeProperty('jalon_weight', { type: 'number', fieldType: 'number' });
    edit.changeProperty('jalon_milestone_since', { readOnlyValue: false });
    const { exit, err } = await bench.run('write-back', 'apply');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(written(0)['jalon_weight']).toBe('100');
  });

  it('makes a property that is gone for good again, and fills it on every deal, changed or not', async () => {
    const [untouched, total] = [written(4)['jalon_net_amount'], bench.sandbox.written().total];
    removeForGood('jalon_net_amount');
    const net = await somethingNew(1);
    expect((await bench.run('write-back', 'apply')).exit).toBe(0);
    expect(written(1)['jalon_net_amount']).toBe(net);
    expect(written(4)['jalon_net_amount']).toBe(untouched);
    expect(bench.sandbox.written().total - total).toBe(6);
  });

  it('without the right to make it, writes the others and says which right is missing', async () => {
    removeForGood('jalon_pace');
    bench.sandbox.tokens.grant('no-schema', [
      ...['oauth', 'crm.objects.deals.read', 'crm.objects.deals.write', 'crm.schemas.deals.read'],
      ...['crm.objects.companies.read', 'crm.objects.contacts.read', 'crm.objects.owners.read'],
      ...['settings.currencies.read', 'sales-email-read'],
    ]);
    const net = await somethingNew(2);
    bench.useToken('no-schema', false);
    bench.locale = 'fr';
    const { exit, err } = await bench.run('write-back', 'apply');
    bench.locale = 'en';
    bench.useToken('all-rights');
    expect(exit).toBe(3);
    expect(err).toContain('property.not_permitted: Le jeton n’a pas le droit de créer cette propriété');
    expect(err).toContain('(jalon_pace)');
    expect(written(2)['jalon_net_amount']).toBe(net);
    expect((await bench.run('write-back', 'apply')).exit).toBe(0);
  });

  it('a deal that a rule of the account protects is told, and its neighbours are written', async () => {
    const protectedBefore = written(3)['jalon_net_amount'];
    bench.sandbox.faults.add({ kind: 'refuse_record', ids: [deal(3)], times: null });
    await somethingNew(3);
    const net = await somethingNew(4);

    const { exit, err } = await bench.run('write-back', 'apply');

    expect(exit).toBe(3);
    expect(err).toMatch(/^RULE_OF_ACCOUNT: A rule of the CRM account forbids the change .+ \(× 1\)\. /m);
    expect(written(3)['jalon_net_amount']).toBe(protectedBefore);
    expect(written(4)['jalon_net_amount']).toBe(net);
    bench.sandbox.faults.clear();
    const netOnceAllowed = await somethingNew(3);
    expect((await bench.run('write-back', 'apply')).exit).toBe(0);
    expect(written(3)['jalon_net_amount']).toBe(netOnceAllowed);
  });

  it('a refused token parks the writing and asks for reconnection', async () => {
    await somethingNew(5, 'won');
    bench.useToken('revoked', false);
    const { exit, err } = await bench.run('write-back', 'apply');
    expect(exit).toBe(4);
    expect(err).toContain('write_back is parked until somebody acts.');
    bench.useToken('fresh');
    await bench.run('pull');
    expect(written(5)['jalon_weight']).toBe('100');
  });

  it('never wrote a value twice in all this', () => {
    expect(bench.sandbox.written().doubled).toEqual([]);
  });
});

describe('a mail server that refuses', () => {
  async function nextWeek(): Promise<void> {
    bench.sandbox.advance({ days: 7 });
    await bench.run('pull');
    await bench.run('snapshot');
  }

  it('a digest that it refuses for good is told with its reason, and the other manager has theirs', async () => {
    await nextWeek();
    bench.mails.faults.set({ at: 'rcpt', act: 550, times: 1 });
    const { exit, out, err } = await bench.run('digest', 'send');
    expect(exit).toBe(3);
    expect(out).toMatch(/: failed$/m);
    expect(out).toMatch(/: sent$/m);
    expect(err).toContain('SMTP_RECIPIENT_REFUSED: The mail server refuses the manager’s address for good.');
    expect(bench.mails.mails).toHaveLength(1);
  });

  it('a digest that provably did not leave waits, and goes out once the server is back', async () => {
    await nextWeek();
    const before = bench.mails.mails.length;
    bench.mails.faults.set({ at: 'connect', act: 'drop' });
    const { exit, err } = await bench.run('digest', 'send');
    expect(exit).toBe(1);
    expect(err).toMatch(/^SMTP_\w+: .*mail server/m);
    expect(err).toContain('digest_send waits until');
    expect(bench.mails.mails).toHaveLength(before);
    bench.mails.faults.clear();
    bench.sandbox.advance({ minutes: 5 });
    expect((await bench.run('digest', 'send')).exit).toBe(0);
    expect(bench.mails.mails).toHaveLength(before + 2);
  });

  it('a digest whose fate is unknown is never sent a second time', async () => {
    await nextWeek();
    const before = bench.mails.mails.length;
    bench.mails.faults.set({ at: 'accepted', act: 'drop' });
    bench.locale = 'fr';
    const { exit, out, err } = await bench.run('digest', 'send');
    bench.locale = 'en';
    expect(exit).toBe(3);
    expect(out).toMatch(/: uncertain$/m);
    expect(err).toContain('SMTP_BROKEN_OFF: Le serveur de mail a coupé la conversation.');
    expect(bench.mails.mails).toHaveLength(before + 2);
    bench.mails.faults.clear();
    bench.sandbox.advance({ hours: 1 });
    await bench.run('digest', 'send');
    expect(bench.mails.mails).toHaveLength(before + 2);
  });
});

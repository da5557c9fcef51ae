import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallWorld } from '../../sandbox/world/small-world.ts';
import { type CommandBench, openCommandBench } from '../support/command-bench.ts';

const COMPANY = `
name: Atelier Nord
zone: Europe/Paris
currency: EUR
locale: en
milestones:
  - { key: contact, label: { fr: Contact, en: Contact }, weight: 20, typical_days: 10, evidence: [stage_entered] }
  - { key: verbal, verbal: true, label: { fr: Accord, en: Verbal }, weight: 60, typical_days: 10, evidence: [stage_entered] }
stages: { First contact: contact, Offer: verbal, Won: won, Lost: lost }
rates: [{ from: CHF, to: EUR, rate: "1.04", effective_on: 2026-01-01 }]
managers:
  - { name: Claire Dumas, email: claire@company.example }
  - { name: Off Duty, email: off@company.example, digest: "off" }
`;

describe('the commands about the Monday mail', () => {
  let bench: CommandBench;
  beforeAll(async () => {
    bench = await openCommandBench(smallWorld(30), COMPANY);
    for (const command of ['pull', 'snapshot']) expect((await bench.run(command)).exit).toBe(0);
  });
  afterAll(() => bench.close());

  const status = async () => {
    const { exit, out } = await bench.run('digest', 'status', '--json');
    const rows = JSON.parse(out) as {
      manager: string;
      state: string;
      reason: string | null;
      missing: boolean;
    }[];
    return { exit, rows: new Map(rows.map((row) => [row.manager, row])) };
  };

  it('status lists every manager; who wants none is explained, and exit code and list agree on what is missing', async () => {
    const { exit, rows } = await status();
    expect(rows.get('off@company.example')).toMatchObject({
      state: 'none',
      reason: 'skip.digest_off',
      missing: false,
    });
    expect(rows.get('claire@company.example')).toMatchObject({ state: 'none', reason: null });
    expect(exit).toBe(rows.get('claire@company.example')?.missing ? 3 : 0);
  });

  it('a refused digest is told by send and by status, in both languages, and is no longer missing', async () => {
    bench.mails.faults.set({ at: 'rcpt', act: 550, times: 1 });
    expect((await bench.run('digest', 'send')).exit).toBe(3);
    const { exit, rows } = await status();
    expect(rows.get('claire@company.example')).toMatchObject({
      state: 'failed',
      reason: 'SMTP_RECIPIENT_REFUSED',
      missing: false,
    });
    expect(rows.get('off@company.example')).toMatchObject({ state: 'skipped', reason: 'skip.digest_off' });
    expect(exit).toBe(0);
    const english = (await bench.run('digest', 'status')).out;
    bench.locale = 'fr';
    const french = (await bench.run('digest', 'status')).out;
    bench.locale = 'en';
    expect(english).toMatch(/Claire Dumas .* refused\n {4}SMTP_RECIPIENT_REFUSED: /);
    expect(french).toMatch(/Claire Dumas .* refusée\n {4}SMTP_RECIPIENT_REFUSED: /);
    expect(french).not.toBe(english);
  });

  it('send again asks for a yes, says why, and sends one mail with it', async () => {
    const asked = await bench.run('digest', 'send', '--again', 'claire@company.example');
    expect(asked.exit).toBe(1);
    expect(asked.err).toContain('only with --yes');
    expect(asked.err).toContain('SMTP_RECIPIENT_REFUSED');
    expect(bench.mails.mails).toHaveLength(0);
    const sent = await bench.run('digest', 'send', '--again', 'Claire@company.example', '--yes');
    expect([sent.exit, sent.out]).toEqual([0, expect.stringContaining('sent')]);
    expect(bench.mails.mails).toHaveLength(1);
    expect((await status()).rows.get('claire@company.example')).toMatchObject({
      state: 'sent',
      reason: null,
    });
  });

  it('send again leaves who turned it off in peace, and knows nobody else', async () => {
    const off = await bench.run('digest', 'send', '--again', 'off@company.example', '--yes');
    expect([off.exit, off.err]).toEqual([1, expect.stringContaining('turned the digest off')]);
    const nobody = await bench.run('digest', 'send', '--again', 'nobody@company.example', '--yes');
    expect([nobody.exit, nobody.err]).toEqual([1, expect.stringContaining('MANAGER_UNKNOWN')]);
    expect(bench.mails.mails).toHaveLength(1);
  });

  it('send without --again gives nobody a second mail', async () => {
    expect((await bench.run('digest', 'send')).exit).toBe(0);
    expect(bench.mails.mails).toHaveLength(1);
  });
});

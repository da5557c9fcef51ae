import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sendAgain } from '../../jobs/digest/digest-again.ts';
import { digestStatus } from '../../jobs/digest/digest-status.ts';
import { answer } from '../../jobs/worker.ts';
import type { MailFault } from '../../sandbox/mail/faults.ts';
import { type MailSink, startMailSink } from '../../sandbox/mail/sink.ts';
import { openSmtpMailer } from '../../src/mail/smtp.ts';
import type { DigestRow } from '../../src/ports/digest-store.ts';
import type { Mailer } from '../../src/ports/mailer.ts';
import { connectionOf, type MondayCompany, managerOf, mondayCompany } from '../support/monday-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';

const READ = '2026-11-16T05:00:00Z';
const EIGHT = '2026-11-16T07:00:00Z';

/** Drops in every phase, and what is certain about the mail afterwards. */
const DROPS: readonly (readonly [MailFault['at'], 'retried' | 'uncertain', number])[] = [
  ['connect', 'retried', 1],
  ['ehlo', 'retried', 1],
  ['mail', 'retried', 1],
  ['rcpt', 'retried', 1],
  ['data', 'retried', 1],
  ['body', 'uncertain', 0],
  ['accepted', 'uncertain', 1],
];

const [engine] = enginesFor('digests through SMTP');

describe('a digest through a mail server that fails', () => {
  let opened: OpenedStore;
  let sink: MailSink;
  let mailer: Mailer;

  beforeAll(async () => {
    if (engine === undefined) throw new Error('there is always the embedded engine');
    opened = await engine.open();
    sink = await startMailSink();
    const times = { connectTimeoutMs: 400, silenceTimeoutMs: 400, totalTimeoutMs: 3_000 };
    mailer = openSmtpMailer({ smtpUrl: sink.url, ...times });
  });
  afterEach(() => sink.faults.clear());
  afterAll(async () => {
    await mailer.close();
    await sink.close();
    await opened.close();
  });

  /** A company whose digest is planned; its mails are told from those of other tests by the address. */
  async function planned(name: string): Promise<MondayCompany> {
    const company = await mondayCompany(opened.store, [managerOf(name)], READ);
    await company.minute();
    company.mailer = mailer;
    company.now = Temporal.Instant.from(EIGHT);
    return company;
  }

  async function minutes(company: MondayCompany, count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      await company.minute();
      company.now = company.now.add({ minutes: 1 });
    }
  }

  const mailsTo = (name: string) =>
    sink.mails.filter(({ envelope }) => envelope.to.includes(`${name}@company.example`)).length;

  const rowOf = async (company: MondayCompany): Promise<DigestRow> => {
    const [row] = await company.rows();
    if (row === undefined) throw new Error('the digest is planned');
    return row;
  };

  it.each(DROPS)('broken off at %s once: %s, and the mailbox has %i', async (at, expected, kept) => {
    const name = `drop-${at}`;
    const company = await planned(name);
    sink.faults.set({ at, act: 'drop', times: 1 });
    await minutes(company, 20);
    const row = await rowOf(company);
    expect(row.state).toBe(expected === 'retried' ? 'sent' : 'uncertain');
    expect(mailsTo(name)).toBe(kept);
    await minutes(company, 120);
    expect(mailsTo(name), 'no machine sends it again').toBe(kept);
  });

  it.each(['connect', 'rcpt', 'data', 'accepted'] as const)(
    'a 4xx at %s is tried again and sent once',
    async (at) => {
      const name = `later-${at}`;
      const company = await planned(name);
      sink.faults.set({ at, act: 451, times: 2 });
      await minutes(company, 20);
      expect(await rowOf(company)).toMatchObject({ state: 'sent', reason: null });
      expect(mailsTo(name)).toBe(1);
    },
  );

  it.each([
    ['rcpt', 'SMTP_RECIPIENT_REFUSED'],
    ['accepted', 'SMTP_MESSAGE_REFUSED'],
  ] as const)('a 5xx at %s is the end of it, told with its code, and tried no more', async (at, code) => {
    const name = `refused-${at}`;
    const company = await planned(name);
    sink.faults.set({ at, act: 550 });
    await minutes(company, 5);
    expect(await rowOf(company)).toMatchObject({ state: 'failed', reason: code });
    sink.faults.clear();
    await minutes(company, 60);
    expect(mailsTo(name)).toBe(0);
    const connection = await connectionOf(company);
    const [status] = await company.own.run((tenant) => digestStatus(tenant, connection, company.now));
    expect(status).toMatchObject({ reason: code, missing: false });
  });

  it('a server that hangs is given up in time; before the mail it is tried again, after it is uncertain', async () => {
    const early = await planned('hang-early');
    sink.faults.set({ at: 'mail', act: 'hang', times: 1 });
    await minutes(early, 10);
    expect(await rowOf(early)).toMatchObject({ state: 'sent' });
    const late = await planned('hang-late');
    sink.faults.set({ at: 'accepted', act: 'hang', times: 1 });
    await minutes(late, 10);
    expect(await rowOf(late)).toMatchObject({ state: 'uncertain', reason: 'SMTP_TIMEOUT' });
    expect([mailsTo('hang-early'), mailsTo('hang-late')]).toEqual([1, 1]);
  });

  describe('sent again by a person', () => {
    async function again(company: MondayCompany, yes: boolean) {
      const row = await rowOf(company);
      const request = { row, by: 'admin', at: company.now, yes };
      const reply = await company.own.run(async (tenant) => {
        const asked = await sendAgain(tenant, request);
        if (asked.kind === 'refused') return asked.why;
        return { effectId: await tenant.effects.add({ ...asked.effect, dueAt: company.now }) };
      });
      if (typeof reply === 'string') return reply;
      const doorbell = { tenantId: company.own.tenantId, ...reply };
      return await answer(company.context, { ring: async () => undefined }, doorbell);
    }

    it.each([
      ['uncertain', { at: 'accepted', act: 'drop', times: 1 }],
      ['failed', { at: 'rcpt', act: 550, times: 1 }],
      ['sent', { at: 'body', act: 'drop', times: 0 }],
    ] as const)('%s: nothing without an explicit yes, one mail with it', async (state, fault) => {
      const name = `again-${state}`;
      const company = await planned(name);
      sink.faults.set(fault);
      await minutes(company, 2);
      expect((await rowOf(company)).state).toBe(state);
      const before = mailsTo(name);
      expect(await again(company, false)).toBe('confirm');
      expect(mailsTo(name)).toBe(before);
      expect(await again(company, true)).toBe('done');
      expect(mailsTo(name)).toBe(before + 1);
      expect((await rowOf(company)).state).toBe('sent');
      await minutes(company, 30);
      expect(mailsTo(name), 'and no more than that').toBe(before + 1);
    });

    it('leaves the attempt before in the audit log, and the ledger one row', async () => {
      const company = await planned('again-audit');
      sink.faults.set({ at: 'rcpt', act: 550, times: 1 });
      await minutes(company, 2);
      await again(company, true);
      const [entry] = await company.own.run((tenant) => tenant.audit.list(1));
      expect(entry).toMatchObject({
        by: 'admin',
        action: 'digest_again',
        subject: (await rowOf(company)).id,
      });
      expect(await company.rows()).toHaveLength(1);
    });

    it('of two people who ask at once, one is obeyed', async () => {
      const company = await planned('again-two');
      await minutes(company, 2);
      const row = await rowOf(company);
      const request = { row, by: 'admin', at: company.now, yes: true };
      const answers = await Promise.all(
        [1, 2].map(() => company.own.run((tenant) => sendAgain(tenant, request))),
      );
      expect(answers.map((one) => (one.kind === 'send' ? 'send' : one.why)).sort()).toEqual([
        'changed',
        'send',
      ]);
    });

    it('a week that was never sent needs no yes; a manager who has turned it off is still left in peace', async () => {
      const company = await mondayCompany(opened.store, [managerOf('again-late')], '2026-11-09T05:00:00Z');
      await company.minute();
      company.mailer = mailer;
      company.now = Temporal.Instant.from('2026-11-11T09:00:00Z');
      await company.minute();
      expect(await rowOf(company)).toMatchObject({ state: 'skipped', reason: 'late' });
      expect(await again(company, false)).toBe('done');
      expect(mailsTo('again-late')).toBe(1);
      expect(await rowOf(company)).toMatchObject({ state: 'sent', late: true });
      await company.setManagers([managerOf('again-late', { digest: 'off' })]);
      expect(await again(company, true)).toBe('unwanted');
      expect(mailsTo('again-late')).toBe(1);
      expect((await rowOf(company)).state, 'what was sent stays so').toBe('sent');
    });
  });

  it('the alarm: after nine a digest without an end is missing, one with an end or one that nobody wants is not', async () => {
    const names = ['alarm-sent', 'alarm-off', 'alarm-stuck'];
    const managers = names.map((name) => managerOf(name, { digest: name === 'alarm-off' ? 'off' : 'on' }));
    const company = await mondayCompany(opened.store, managers, READ);
    await company.minute();
    company.mailer = {
      ...mailer,
      send: async (mail) =>
        mail.to.name === 'alarm-stuck'
          ? { kind: 'unsent', code: 'SMTP_UNREACHABLE' }
          : { kind: 'sent', response: '' },
    };
    company.now = Temporal.Instant.from(EIGHT);
    const missing = async () => {
      const connection = await connectionOf(company);
      const statuses = await company.own.run((tenant) => digestStatus(tenant, connection, company.now));
      return statuses
        .filter((status) => status.missing)
        .map(({ manager, reason }) => `${manager.name} ${reason}`);
    };
    expect(await missing(), 'not before nine').toEqual([]);
    await minutes(company, 61);
    expect(await missing()).toEqual(['alarm-stuck SMTP_UNREACHABLE']);
  });
});

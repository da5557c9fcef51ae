import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tick } from '../../jobs/schedule.ts';
import type { MailOutcome } from '../../src/ports/mailer.ts';
import { connectionOf, type MondayCompany, managerOf, mondayCompany } from '../support/monday-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';

const PARIS = managerOf('claire');
const NEW_YORK = managerOf('dan', { zone: 'America/New_York' });
const AUCKLAND = managerOf('aroha', { zone: 'Pacific/Auckland' });

/** Lives from `from` to `to`, in steps of so many minutes. */
async function live(company: MondayCompany, from: string, to: string, stepMinutes = 10, schedulers = 1) {
  const end = Temporal.Instant.from(to);
  company.now = Temporal.Instant.from(from);
  while (Temporal.Instant.compare(company.now, end) < 0) {
    await company.minute(schedulers);
    company.now = company.now.add({ minutes: stepMinutes });
  }
}

describe.each(enginesFor('Mondays'))('Mondays on the $name database', (engine) => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await engine.open();
  });
  afterAll(() => opened.close());

  const company = (startsAt: string, ...managers: ReturnType<typeof managerOf>[]) =>
    mondayCompany(opened.store, managers.length === 0 ? [PARIS] : managers, startsAt);

  const told = async (subject: MondayCompany) =>
    (await subject.rows()).map(({ managerId, isoWeek, state, reason, late }) =>
      [managerId, isoWeek, state, ...(reason === null ? [] : [reason]), ...(late ? ['late'] : [])].join(' '),
    );

  it('every manager has one mail at eight o’clock there, also one for whom Monday begins on our Sunday', async () => {
    const subject = await company('2026-11-15T12:00:00Z', PARIS, NEW_YORK, AUCKLAND);
    const sentAt = new Map<string, string>();
    const { mailer } = subject;
    subject.mailer = {
      ...mailer,
      send: (mail) => {
        sentAt.set(mail.to.name, subject.now.toString());
        return mailer.send(mail);
      },
    };
    await live(subject, '2026-11-15T12:00:00Z', '2026-11-16T15:00:00Z');
    expect(Object.fromEntries(sentAt)).toEqual({
      aroha: '2026-11-15T19:00:00Z',
      claire: '2026-11-16T07:00:00Z',
      dan: '2026-11-16T13:00:00Z',
    });
    expect(subject.mails).toHaveLength(3);
    expect(await told(subject)).toEqual(['aroha 2026-W47 sent', 'claire 2026-W47 sent', 'dan 2026-W47 sent']);
  });

  it('three schedulers with three workers make one row and one mail per manager', async () => {
    const subject = await company('2026-11-16T04:50:00Z', PARIS, managerOf('marc'));
    await live(subject, '2026-11-16T04:50:00Z', '2026-11-16T07:30:00Z', 10, 3);
    expect(subject.mails.map((mail) => mail.to.name).sort()).toEqual(['claire', 'marc']);
    expect(await told(subject)).toEqual(['claire 2026-W47 sent', 'marc 2026-W47 sent']);
  });

  it('a server that is down from Monday six to Tuesday seven sends once, and the row says late', async () => {
    const subject = await company('2026-11-17T06:00:00Z');
    await live(subject, '2026-11-17T06:00:00Z', '2026-11-17T07:00:00Z');
    expect(subject.mails).toHaveLength(1);
    expect(await told(subject)).toEqual(['claire 2026-W47 sent late']);
  });

  it('a server that is down until Thursday sends nothing and leaves one row with the reason, week after week once', async () => {
    const subject = await company('2026-11-09T04:50:00Z');
    await live(subject, '2026-11-09T04:50:00Z', '2026-11-09T07:30:00Z');
    expect(await told(subject)).toEqual(['claire 2026-W46 sent']);
    await live(subject, '2026-12-03T10:00:00Z', '2026-12-03T11:00:00Z');
    expect(await told(subject)).toEqual([
      'claire 2026-W49 skipped late late',
      'claire 2026-W48 skipped late late',
      'claire 2026-W46 sent',
    ]);
    expect(subject.mails, 'never a burst of old weeks').toHaveLength(1);
  });

  it('an account that was connected on Wednesday has missed nothing on Monday', async () => {
    const subject = await company('2026-11-18T10:00:00Z');
    await live(subject, '2026-11-18T10:00:00Z', '2026-11-18T11:00:00Z');
    expect(await told(subject)).toEqual([]);
  });

  it('a CRM that is away keeps managers waiting two hours; then the records as last read are told, with their time', async () => {
    const subject = await company('2026-11-09T04:50:00Z');
    await live(subject, '2026-11-09T04:50:00Z', '2026-11-09T07:30:00Z');
    subject.crmIsAway = true;
    await live(subject, '2026-11-16T04:50:00Z', '2026-11-16T08:59:00Z');
    expect(subject.mails).toHaveLength(1);
    await live(subject, '2026-11-16T09:00:00Z', '2026-11-16T09:30:00Z');
    expect(await told(subject)).toEqual(['claire 2026-W47 sent late', 'claire 2026-W46 sent']);
    expect(subject.mails.at(-1)?.text, 'the footer says of when').toContain('read on 9 November');
  });

  it('a CRM that is away for half an hour is read as soon as it is back, and the digest is on time', async () => {
    const subject = await company('2026-11-16T04:50:00Z');
    subject.crmIsAway = true;
    await live(subject, '2026-11-16T04:50:00Z', '2026-11-16T05:30:00Z', 1);
    subject.crmIsAway = false;
    await live(subject, '2026-11-16T05:30:00Z', '2026-11-16T07:05:00Z', 1);
    expect(await told(subject)).toEqual(['claire 2026-W47 sent']);
    expect(subject.mails[0]?.text).toContain('read on 16 November');
  });

  it('a token that waits to be renewed leaves the same choice: what was last read, not silence', async () => {
    const subject = await company('2026-11-09T04:50:00Z');
    await live(subject, '2026-11-09T04:50:00Z', '2026-11-09T07:30:00Z');
    const connection = await connectionOf(subject);
    await subject.own.run((tenant) => tenant.connections.save({ ...connection, state: 'reconnect_needed' }));
    await live(subject, '2026-11-16T04:50:00Z', '2026-11-16T09:30:00Z');
    expect(await told(subject)).toEqual(['claire 2026-W47 sent late', 'claire 2026-W46 sent']);
  });

  it('a paused connection leaves the reason', async () => {
    const subject = await company('2026-11-09T04:50:00Z');
    await live(subject, '2026-11-09T04:50:00Z', '2026-11-09T07:30:00Z');
    const connection = await connectionOf(subject);
    await subject.own.run((tenant) => tenant.connections.save({ ...connection, state: 'paused' }));
    await live(subject, '2026-11-16T04:50:00Z', '2026-11-17T20:00:00Z', 60);
    expect(await told(subject)).toEqual([
      'claire 2026-W47 skipped connection_paused',
      'claire 2026-W46 sent',
    ]);
  });

  describe('what a person decides between six and eight', () => {
    const until = async (subject: MondayCompany) => {
      await live(subject, '2026-11-16T04:50:00Z', '2026-11-16T06:30:00Z');
      expect(await told(subject)).toEqual(['claire 2026-W47 planned']);
    };
    const goOn = (subject: MondayCompany) => live(subject, '2026-11-16T06:30:00Z', '2026-11-16T08:30:00Z');

    it.each([
      ['off', { digest: 'off' as const }, 'claire 2026-W47 skipped digest_off'],
      [
        'a pause',
        { digestPausedUntil: Temporal.PlainDate.from('2026-11-30') },
        'claire 2026-W47 skipped paused',
      ],
    ])('%s holds', async (_name, choice, row) => {
      const subject = await company('2026-11-16T04:50:00Z');
      await until(subject);
      await subject.setManagers([{ ...PARIS, ...choice }]);
      await goOn(subject);
      expect(subject.mails).toEqual([]);
      expect(await told(subject)).toEqual([row]);
    });

    it('who was off and turns it on has it at eight', async () => {
      const subject = await company('2026-11-16T04:50:00Z', { ...PARIS, digest: 'off' });
      await until(subject);
      await subject.setManagers([PARIS]);
      await goOn(subject);
      expect(await told(subject)).toEqual(['claire 2026-W47 sent']);
    });

    it('a corrected address is the one used, and who is no manager any more gets nothing', async () => {
      const subject = await company('2026-11-16T04:50:00Z', PARIS, managerOf('marc'));
      await live(subject, '2026-11-16T04:50:00Z', '2026-11-16T06:30:00Z');
      await subject.setManagers([{ ...PARIS, email: 'new@company.example' }]);
      await goOn(subject);
      expect(subject.mails.map((mail) => mail.to.address)).toEqual(['new@company.example']);
      expect(await told(subject)).toEqual(['claire 2026-W47 sent', 'marc 2026-W47 skipped digest_off']);
    });

    it('another zone moves the hour and never doubles the week', async () => {
      const subject = await company('2026-11-16T04:50:00Z');
      await until(subject);
      await subject.setManagers([{ ...PARIS, zone: 'America/New_York' }]);
      await goOn(subject);
      expect(subject.mails).toHaveLength(0);
      await live(subject, '2026-11-16T12:50:00Z', '2026-11-16T13:20:00Z');
      expect(subject.mails).toHaveLength(1);
      await subject.setManagers([{ ...PARIS, zone: 'Pacific/Pago_Pago' }]);
      await live(subject, '2026-11-16T18:50:00Z', '2026-11-16T19:20:00Z');
      expect(subject.mails).toHaveLength(1);
    });
  });

  it('a mail server that is down for three hours delays the mail and loses none', async () => {
    const subject = await company('2026-11-16T04:50:00Z');
    const { mailer } = subject;
    const unsent: MailOutcome = { kind: 'unsent', code: 'SMTP_UNREACHABLE' };
    subject.mailer = { ...mailer, send: async () => unsent };
    await live(subject, '2026-11-16T04:50:00Z', '2026-11-16T10:00:00Z', 2);
    expect(await told(subject)).toEqual(['claire 2026-W47 planned SMTP_UNREACHABLE late']);
    subject.mailer = mailer;
    await live(subject, '2026-11-16T10:00:00Z', '2026-11-16T10:30:00Z', 2);
    expect(subject.mails).toHaveLength(1);
    expect(await told(subject)).toEqual(['claire 2026-W47 sent late']);
  });

  it('who turns it off while the mail server is down gets none when it is back', async () => {
    const subject = await company('2026-11-16T04:50:00Z');
    const { mailer } = subject;
    subject.mailer = { ...mailer, send: async () => ({ kind: 'unsent', code: 'SMTP_TIMEOUT' }) };
    await live(subject, '2026-11-16T04:50:00Z', '2026-11-16T07:10:00Z');
    subject.mailer = mailer;
    await subject.setManagers([{ ...PARIS, digest: 'off' }]);
    await live(subject, '2026-11-16T07:10:00Z', '2026-11-16T08:00:00Z');
    expect(subject.mails).toEqual([]);
    expect(await told(subject)).toEqual(['claire 2026-W47 skipped digest_off']);
  });

  it('who turns it off, or leaves, between the tick and the worker gets none: the last look is at the hand-over', async () => {
    const choices: readonly (readonly [string, Parameters<MondayCompany['setManagers']>[0]])[] = [
      ['off', [{ ...PARIS, digest: 'off' }]],
      ['paused', [{ ...PARIS, digestPausedUntil: Temporal.PlainDate.from('2026-11-30') }]],
      ['gone', []],
    ];
    for (const [name, managers] of choices) {
      const subject = await company('2026-11-16T04:50:00Z');
      await live(subject, '2026-11-16T04:50:00Z', '2026-11-16T06:30:00Z');
      subject.now = Temporal.Instant.from('2026-11-16T07:00:00Z');
      await tick(subject.context, { ring: async () => undefined });
      await subject.setManagers(managers);
      await subject.work();
      expect(subject.mails, name).toEqual([]);
      expect(await told(subject)).toEqual([
        `claire 2026-W47 skipped ${name === 'paused' ? 'paused' : 'digest_off'}`,
      ]);
    }
  });

  it('the trouble of one company stops no other', async () => {
    const [first, second] = [await company('2026-11-16T05:00:00Z'), await company('2026-11-16T05:00:00Z')];
    const store = first.context.store;
    const context = {
      ...first.context,
      store: {
        ...store,
        system: { ...store.system, tenants: async () => [first.own.tenantId, second.own.tenantId] },
        inTenant: (async (id, work) => {
          if (id === first.own.tenantId) throw new Error('its rows cannot be read');
          return await store.inTenant(id, work);
        }) satisfies typeof store.inTenant,
      },
    };
    await tick(context, { ring: async () => undefined });
    expect(await second.own.run((tenant) => tenant.effects.list({ kind: 'pull' }))).toHaveLength(1);
  });
});

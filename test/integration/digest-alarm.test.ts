import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { pingMonitor } from '../../src/heartbeat.ts';
import { createApp } from '../../src/http/app.ts';
import type { Mailer, MailOutcome } from '../../src/ports/mailer.ts';
import { LINK_KEY, type MondayCompany, managerOf, mondayCompany } from '../support/monday-company.ts';
import { smallServer } from '../support/small-server.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';

const [engine] = enginesFor('the alarm about digests');
const READ = '2026-11-16T05:00:00Z';
const EIGHT = '2026-11-16T07:00:00Z';
const ADMIN = 'admin@company.example';

describe('a Monday that is missing', () => {
  let opened: OpenedStore;
  beforeAll(async () => {
    if (engine === undefined) throw new Error('there is always the embedded engine');
    opened = await engine.open();
  });
  afterAll(() => opened.close());

  /** At five to eight, everything planned. `claire` is in Paris, `ana` in New York. */
  async function atEight(changes: Parameters<typeof managerOf>[1] = {}): Promise<MondayCompany> {
    const managers = [
      managerOf('claire', changes),
      managerOf('ana', { ...changes, zone: 'America/New_York' }),
    ];
    const company = await mondayCompany(opened.store, managers, READ);
    Object.assign(company.context, { alertEmail: ADMIN });
    await company.minute();
    company.now = Temporal.Instant.from(EIGHT);
    return company;
  }

  /** A mail server that takes what is for the admin and nothing else. */
  function onlyAlerts(company: MondayCompany, others: MailOutcome): { readonly tries: () => number } {
    const { mailer } = company;
    let tries = 0;
    const send: Mailer['send'] = async (mail) => {
      if (mail.to.address === ADMIN) return await mailer.send(mail);
      tries += 1;
      return others;
    };
    company.mailer = { ...mailer, send };
    return { tries: () => tries };
  }

  async function until(company: MondayCompany, instant: string, stepMinutes = 10): Promise<void> {
    while (Temporal.Instant.compare(company.now, Temporal.Instant.from(instant)) < 0) {
      await company.minute();
      company.now = company.now.add({ minutes: stepMinutes });
    }
  }

  const alerts = ({ mails }: MondayCompany) => mails.filter(({ to }) => to.address === ADMIN);

  it('is told to the admin after nine there, once a week however long it lasts, and again in the next week', async () => {
    const company = await atEight();
    onlyAlerts(company, { kind: 'unsent', code: 'SMTP_UNREACHABLE' });
    await until(company, '2026-11-16T08:00:00Z');
    expect(alerts(company), 'not before nine').toEqual([]);
    await until(company, '2026-11-17T07:00:00Z', 90);
    const [alert, ...more] = alerts(company);
    expect(more).toEqual([]);
    expect(alert?.subject).toBe('Jalon: 1 Monday digest is missing (Main account)');
    expect(alert?.text).toContain('- claire: The mail server');
    expect(alert?.text).toContain('https://jalon.example/digests');
    expect(alert?.html).toContain('<li><b>claire</b>');
    company.now = Temporal.Instant.from('2026-11-23T05:00:00Z');
    await until(company, '2026-11-23T10:00:00Z', 45);
    expect(alerts(company)).toHaveLength(2);
  });

  it('is no alarm when the mail left, when nobody wants one, or for a company that was connected on Wednesday', async () => {
    const sent = await atEight();
    await until(sent, '2026-11-16T16:00:00Z', 120);
    const unwanted = await atEight({ digest: 'off' });
    await until(unwanted, '2026-11-16T16:00:00Z', 240);
    const wednesday = await mondayCompany(opened.store, [managerOf('late')], '2026-11-18T09:00:00Z');
    Object.assign(wednesday.context, { alertEmail: ADMIN });
    await until(wednesday, '2026-11-18T12:00:00Z', 60);
    expect([sent, unwanted, wednesday].map((company) => alerts(company).length)).toEqual([0, 0, 0]);
  });

  it('is not told twice when the process dies with the alert at the mail server', async () => {
    const company = await atEight();
    let handed = 0;
    company.mailer = {
      ...company.mailer,
      send: async (mail) => {
        if (mail.to.address !== ADMIN) return { kind: 'unsent', code: 'SMTP_UNREACHABLE' };
        handed += 1;
        throw new Error('the process is gone');
      },
    };
    await until(company, '2026-11-16T12:00:00Z', 30);
    expect(handed).toBe(1);
  });

  it('is told later when the mail server was away for the alert too', async () => {
    const company = await atEight();
    const { mailer } = company;
    company.mailer = { ...mailer, send: async () => ({ kind: 'unsent', code: 'SMTP_UNREACHABLE' }) };
    await until(company, '2026-11-16T09:30:00Z', 30);
    onlyAlerts(Object.assign(company, { mailer }), { kind: 'unsent', code: 'SMTP_UNREACHABLE' });
    await until(company, '2026-11-16T12:30:00Z', 30);
    expect(alerts(company)).toHaveLength(1);
  });

  it('is on every page until the mail has left, in the reader’s language', async () => {
    const company = await atEight();
    const { mailer } = company;
    onlyAlerts(company, { kind: 'unsent', code: 'SMTP_UNREACHABLE' });
    const { store, clock, logger, links } = company.context;
    const server = createApp({
      store,
      tenantId: company.own.tenantId,
      crm: 'hubspot',
      clock,
      logger,
      links,
      ring: () => undefined,
      mailSource: async () => new Uint8Array(),
      key: LINK_KEY,
      config: readConfig({}),
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const page = async (path: string) => await (await fetch(base + path)).text();
    try {
      await until(company, '2026-11-16T07:50:00Z');
      expect(await page('/?lang=en')).not.toContain('class="alarm"');
      await until(company, '2026-11-16T08:20:00Z');
      for (const path of ['/', '/review', '/gap', '/digests'])
        expect(await page(`${path}?lang=fr`), path).toContain(
          'synthèse du lundi manque, ni envoyée, ni expliquée\u00A0: claire.',
        );
      expect(await page('/digests?lang=en')).toMatch(/digest-state bad">missing</);
      company.mailer = mailer;
      await until(company, '2026-11-16T08:50:00Z');
      expect(await page('/?lang=en')).not.toContain('class="alarm"');
    } finally {
      server.close();
    }
  });

  describe('a monitor that is to hear of every good Monday', () => {
    it('hears once, after the last manager of the week had the mail', async () => {
      const monitor = await smallServer((_request, response) => void response.writeHead(200).end('ok'));
      const company = await atEight();
      Object.assign(company.context, {
        heartbeat: (signal: AbortSignal) => pingMonitor(monitor.url, signal),
      });
      await until(company, '2026-11-16T12:50:00Z', 70);
      expect(monitor.requests, 'eight o’clock has not come in New York').toEqual([]);
      await until(company, '2026-11-17T12:00:00Z', 300);
      expect(monitor.requests.map(({ method }) => method)).toEqual(['POST']);
      await monitor.close();
    });

    it('hears nothing of a Monday on which a mail was refused', async () => {
      const monitor = await smallServer((_request, response) => void response.writeHead(200).end());
      const company = await atEight();
      Object.assign(company.context, {
        heartbeat: (signal: AbortSignal) => pingMonitor(monitor.url, signal),
      });
      onlyAlerts(company, { kind: 'refused', code: 'SMTP_RECIPIENT_REFUSED' });
      await until(company, '2026-11-16T20:00:00Z', 120);
      expect(monitor.requests).toEqual([]);
      await monitor.close();
    });

    it('that does not answer, answers badly or sends elsewhere is asked again, and stops no digest', async () => {
      const replies = [500, 302, 200];
      const monitor = await smallServer((_request, response, nth) => {
        response.writeHead(replies[nth - 1] ?? 200, { location: 'http://127.0.0.1:9/' }).end();
      });
      const company = await atEight();
      Object.assign(company.context, {
        heartbeat: (signal: AbortSignal) => pingMonitor(monitor.url, signal),
      });
      await until(company, '2026-11-16T16:00:00Z', 30);
      expect(monitor.requests).toHaveLength(3);
      expect(company.mails.map(({ to }) => to.name).sort()).toEqual(['ana', 'claire']);
      await monitor.close();
      expect(await pingMonitor(monitor.url, new AbortController().signal), 'nobody there').toBe(false);
    });
  });
});

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestModelOf } from '../../jobs/digest/digest-model.ts';
import { readConfig } from '../../src/config.ts';
import { asId } from '../../src/core/values/ids.ts';
import { createApp } from '../../src/http/app.ts';
import { openSmtpMailer } from '../../src/mail/smtp.ts';
import type { Mail } from '../../src/ports/mailer.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { HOSTILE } from '../support/forecast-page.ts';
import {
  connectionOf,
  LINK_KEY,
  type MondayCompany,
  managerOf,
  mondayCompany,
} from '../support/monday-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';

const [engine] = enginesFor('the page of the digests');
const READ = '2026-11-16T05:00:00Z';
const EIGHT = '2026-11-16T07:00:00Z';

describe('the page of the Monday digests', () => {
  let opened: OpenedStore;
  let company: MondayCompany;
  let server: Server;
  let base: string;
  const composer = openSmtpMailer({ smtpUrl: 'smtp://127.0.0.1' });

  beforeAll(async () => {
    if (engine === undefined) throw new Error('there is always the embedded engine');
    opened = await engine.open();
    const managers = [
      managerOf('claire'),
      managerOf('marc', { digest: 'off' }),
      managerOf('nadia', { name: HOSTILE }),
    ];
    company = await mondayCompany(opened.store, managers, READ);
    await company.minute();
    company.now = Temporal.Instant.from(EIGHT);
    await company.minute();
    const { store, clock, logger, links } = company.context;
    server = createApp({
      store,
      tenantId: company.own.tenantId,
      crm: 'hubspot',
      clock,
      logger,
      links,
      ring: () => undefined,
      mailSource: composer.source,
      key: LINK_KEY,
      config: readConfig({ ALERT_EMAIL: 'admin@company.example' }),
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(company.context, { alertEmail: 'admin@company.example' });
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await opened.close();
  });

  const page = async (query: string) => await (await fetch(`${base}/digests?${query}`)).text();
  const post = (path: string, fields: Readonly<Record<string, string>>, site = 'same-origin') =>
    fetch(`${base}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { 'sec-fetch-site': site },
      redirect: 'manual',
    });
  const test = (to: 'manager' | 'admin', site?: string) =>
    post('/digests/test?lang=en&manager=claire', { week: '2026-11-16', to }, site);
  /** Mails that leave while `work` goes on and the workers do what is due. */
  const mailsOf = async (work: () => Promise<unknown>): Promise<readonly Mail[]> => {
    const before = company.mails.length;
    await work();
    await company.work();
    return company.mails.slice(before);
  };
  const claire = async () => {
    const row = (await company.rows()).find(({ managerId }) => managerId === 'claire');
    if (row === undefined) throw new Error('claire has a row');
    return row;
  };

  it('tells for every manager whether the mail left, and why not, in both languages', async () => {
    const english = await page('lang=en');
    expect(english).toMatch(/claire<\/a>[\s\S]*?sent[\s\S]*?16 November, 08:00/);
    expect(english).toContain('The manager has no digest: turned off, or no longer a manager');
    const french = await page('lang=fr');
    expect(french).toMatch(/claire<\/a>[\s\S]*?envoyée/);
    expect(french).toContain('Le manager n’a pas de synthèse');
    expect(english, 'a name is text').not.toContain('<script>alert');
  });

  it('shows the mail of the week on every screen and in both languages, with its sizes beside their limits', async () => {
    const phone = await page('lang=en&manager=claire');
    expect(phone).toMatch(/<dd><span class="value">\d+<\/span> <small>of 230 at most<\/small>/);
    expect(phone).toContain('of 60 KB at most');
    expect(phone).toContain('of 45 at most');
    const frame = /<iframe[^>]* src="([^"]+)"/.exec(phone)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const mail = await (await fetch(base + frame)).text();
    expect(mail.includes('Forecast Q4')).toBe(true);
    const dark = await (await fetch(`${base}${frame.replace('scheme=light', 'scheme=dark')}`)).text();
    expect(mail.includes('@media not all')).toBe(true);
    expect(dark.includes('@media all')).toBe(true);
    expect(await page('lang=en&manager=claire&view=text')).toMatch(
      /<pre class="mail-text"[\s\S]*Forecast Q4/,
    );
    const source = await page('lang=en&manager=claire&view=source&mail=fr');
    expect(source).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(source).toContain(`digest.${(await claire()).id}@`);
  });

  it('every link of the mail leads to a page of that week in the manager’s scope, or to the deal in the CRM', async () => {
    const mail = company.mails.find(({ to }) => to.name === 'claire');
    const links = [...(mail?.html ?? '').matchAll(/href="([^"]+)"/g)].map(([, link = '']) =>
      link.replaceAll('&amp;', '&'),
    );
    const own = links.filter((link) => link.startsWith('https://jalon.example/'));
    expect(links.filter((link) => !own.includes(link))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^https:\/\/app\.hubspot\.com\/contacts\/4242\/record\/0-3\/d-\d$/),
      ]),
    );
    for (const link of own) {
      const { pathname, search } = new URL(link);
      const reply = await fetch(base + pathname + search);
      expect([link, reply.status]).toEqual([link, 200]);
      if (pathname === '/') expect(search).toBe('?lang=en&manager=claire&week=2026-11-16');
    }
    expect(own.map((link) => new URL(link).pathname.split('/')[1])).toEqual(
      expect.arrayContaining(['', 'digest-settings', 'digest']),
    );
    const review = company.context.links.digest({
      tenantId: company.own.tenantId,
      managerId: asId('claire'),
      digestId: 'any',
      asOf: Temporal.PlainDate.from('2026-11-16'),
      locale: 'fr',
    }).review;
    const page = await (await fetch(review.replace('https://jalon.example', base))).text();
    expect(page).toContain('16 novembre');
  });

  it('runs one script of our own, and no other', async () => {
    const policy = (await fetch(`${base}/digests`)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect((await fetch(`${base}/review`)).headers.get('content-security-policy')).not.toContain(
      'script-src',
    );
  });

  describe('a test', () => {
    it('is marked, has its own Message-ID, unsubscribes nobody, and changes nothing in the ledger', async () => {
      const before = await company.rows();
      const [mail, ...more] = await mailsOf(() => test('manager'));
      expect(more).toEqual([]);
      expect(mail?.subject).toMatch(/^\[Test\] Q4/);
      expect(mail?.to.address).toBe('claire@company.example');
      expect(mail?.messageId).toMatch(/^<test\./);
      expect(Object.keys(mail?.headers ?? {})).not.toContain('List-Unsubscribe');
      expect(`${mail?.html}${mail?.text}`).not.toContain('/digest-settings/');
      expect(await company.rows()).toEqual(before);
    });

    it('goes to the admin when asked; twice in one minute is once', async () => {
      company.now = company.now.add({ minutes: 2 });
      const mails = await mailsOf(async () => {
        await test('admin');
        await test('admin');
      });
      expect(mails.map(({ to }) => to.address)).toEqual(['admin@company.example']);
    });

    it('is refused after six in an hour, with words', async () => {
      const notices: string[] = [];
      const mails = await mailsOf(async () => {
        for (let count = 0; count < 5; count += 1) {
          company.now = company.now.add({ minutes: 1 });
          notices.push(
            new URL((await test('manager')).headers.get('location') ?? '', base).searchParams.get('done') ??
              '',
          );
        }
      });
      expect(notices).toEqual(['test_asked', 'test_asked', 'test_asked', 'test_asked', 'test_too_many']);
      expect(mails).toHaveLength(4);
      expect(await page('lang=fr&manager=claire&done=test_too_many')).toContain('réessayez plus tard');
    });

    it('whose process dies with the mail at the server is not sent a second time, and says so', async () => {
      company.now = company.now.add({ hours: 2 });
      const { mailer } = company;
      let handed = 0;
      company.mailer = {
        ...mailer,
        send: async () => {
          handed += 1;
          throw new Error('the process is gone');
        },
      };
      await mailsOf(() => test('manager'));
      company.now = company.now.add({ minutes: 5 });
      await company.work();
      company.mailer = mailer;
      expect(handed).toBe(1);
      expect(await page('lang=en&manager=claire')).toContain('it may or may not have arrived');
    });

    it('is taken from our own page only', async () => {
      const mails = await mailsOf(async () => expect((await test('manager', 'cross-site')).status).toBe(403));
      expect(mails).toEqual([]);
      expect((await post('/digests/test?manager=claire', { week: 'today', to: 'everybody' })).status).toBe(
        400,
      );
      expect((await post('/digests/test?manager=nobody', { week: '2026-11-16', to: 'manager' })).status).toBe(
        400,
      );
    });
  });

  describe('send again', () => {
    const again = async (fields: Readonly<Record<string, string>> = {}) => {
      const reply = await post('/digests/again?lang=en&manager=claire', {
        digest: (await claire()).id,
        ...fields,
      });
      return new URL(reply.headers.get('location') ?? '/', base).searchParams.get('done');
    };

    it('asks for a yes where a mail left; with it one mail leaves, with the same Message-ID and a trace', async () => {
      const first = company.mails.find(({ to }) => to.name === 'claire');
      expect(await mailsOf(async () => expect(await again()).toBe('again_confirm'))).toEqual([]);
      const mails = await mailsOf(async () => expect(await again({ yes: 'yes' })).toBe('again_asked'));
      expect(mails.map(({ messageId }) => messageId)).toEqual([first?.messageId]);
      expect((await claire()).state).toBe('sent');
      const entries = await company.own.run((tenant) => tenant.audit.list(20));
      expect(entries.find(({ action }) => action === 'digest_again')).toMatchObject({ by: 'web page' });
    });

    it('of a digest that is not in the ledger is a bad request', async () => {
      expect((await post('/digests/again', { digest: 'nothing' })).status).toBe(400);
      expect((await post('/digests/again', {}, 'cross-site')).status).toBe(403);
    });
  });

  it('is composed from what was frozen, without the lines of the deals, and is the mail that the lines give', async () => {
    const { snapshotId } = await claire();
    const mailWith = (changes: (tenant: TenantStore) => Partial<TenantStore['snapshots']>) =>
      company.own.run(async (tenant) => {
        const seen = { ...tenant, snapshots: { ...tenant.snapshots, ...changes(tenant) } };
        const header = await tenant.snapshots.header(snapshotId);
        const manager = header?.managers.find(({ id }) => id === 'claire');
        if (header === null || manager === undefined) throw new Error('the week is frozen');
        const subject = { tenantId: company.own.tenantId, header, manager, digestId: 'same' };
        return await digestModelOf(seen, company.context.links, subject);
      });
    const frozen = await mailWith(() => ({
      lines: () => {
        throw new Error('50,000 lines for ten names');
      },
    }));
    const fromLines = await mailWith(({ snapshots }) => ({
      forecastOf: async (id, managerId) => {
        const stored = await snapshots.forecastOf(id, managerId);
        if (stored === null) return null;
        const { pace: _pace, questions: _questions, ...older } = stored;
        return older;
      },
    }));
    expect(frozen.stuckTotal, 'there is something to tell').toBeGreaterThan(0);
    expect(fromLines).toEqual(frozen);
  });

  it('a week without a forecast has no mail to show, and the page says so', async () => {
    const empty = await page('lang=en&manager=claire&iso=2026-W01');
    expect(empty).toContain('there is no mail to show');
    expect((await connectionOf(company)).state).toBe('active');
  });
});

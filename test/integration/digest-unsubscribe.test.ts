import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestStatus } from '../../jobs/digest/digest-status.ts';
import { startMailSink } from '../../sandbox/mail/sink.ts';
import { readConfig } from '../../src/config.ts';
import { asId, type ManagerId, type TenantId } from '../../src/core/values/ids.ts';
import { createApp } from '../../src/http/app.ts';
import { linkToken } from '../../src/http/link-token.ts';
import { openSmtpMailer } from '../../src/mail/smtp.ts';
import {
  connectionOf,
  LINK_KEY,
  type MondayCompany,
  managerOf,
  mondayCompany,
} from '../support/monday-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';

const [engine] = enginesFor('unsubscribing');
const ONE_CLICK = 'List-Unsubscribe=One-Click';

describe('unsubscribing by the mail', () => {
  let opened: OpenedStore;
  let company: MondayCompany;
  let server: Server;
  let base: string;
  const names = Array.from({ length: 10 }, (_, index) => `manager-${index}`);

  beforeAll(async () => {
    if (engine === undefined) throw new Error('there is always the embedded engine');
    opened = await engine.open();
    company = await mondayCompany(
      opened.store,
      names.map((name) => managerOf(name)),
      '2026-11-11T09:00:00Z',
    );
    const { store, clock, logger, links } = company.context;
    const config = readConfig({ JALON_ACCESS_TOKEN: 'a-secret-of-somebody-else' });
    const { tenantId } = company.own;
    const mailSource = async () => new Uint8Array();
    const ring = () => undefined;
    const crm = 'hubspot' as const;
    const context = { store, tenantId, crm, clock, logger, links, mailSource, ring, key: LINK_KEY, config };
    server = createApp(context).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await opened.close();
  });

  const tokenOf = (name: string, tenantId = company.own.tenantId) =>
    linkToken({ tenantId, managerId: asId<ManagerId>(name) }, LINK_KEY);

  /** As a mail client posts: no cookie, no sign-in, from elsewhere. */
  const post = (token: string, body: string) =>
    fetch(`${base}/digest-settings/${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://mail.example' },
      body,
    });

  const managers = () => company.own.run((tenant) => tenant.settings.managers());
  const choiceOf = async (name: string) => (await managers()).find((manager) => manager.name === name);

  it('a GET, as scanners of mails make it, shows the page and changes nothing', async () => {
    const before = await managers();
    for (const method of ['GET', 'HEAD'])
      expect((await fetch(`${base}/digest-settings/${tokenOf('manager-1')}`, { method })).status).toBe(200);
    expect(await managers()).toEqual(before);
    expect(await company.own.run((tenant) => tenant.audit.list(10))).toEqual([]);
  });

  it('one POST without a cookie turns it off at once, and touches nobody else', async () => {
    expect((await post(tokenOf('manager-0'), ONE_CLICK)).status).toBe(200);
    expect((await choiceOf('manager-0'))?.digest).toBe('off');
    const others = (await managers()).filter((manager) => manager.name !== 'manager-0');
    expect(others.every((manager) => manager.digest === 'on')).toBe(true);
  });

  it('the admin is told: in the audit log, and by the status', async () => {
    const [entry] = await company.own.run((tenant) => tenant.audit.list(1));
    expect(entry).toMatchObject({ action: 'digest_choice', subject: 'manager-0', by: 'manager-0' });
    const connection = await connectionOf(company);
    const statuses = await company.own.run((tenant) => digestStatus(tenant, connection, company.now));
    expect(statuses.find(({ manager }) => manager.name === 'manager-0')).toMatchObject({
      reason: 'skip.digest_off',
      chosenAt: company.now,
      missing: false,
    });
  });

  it('a token that we did not sign, was changed, or names nobody is a 404 and changes nothing', async () => {
    const before = await managers();
    const [body = '', signature = ''] = tokenOf('manager-2').split('.');
    const foreign = linkToken(
      { tenantId: company.own.tenantId, managerId: asId<ManagerId>('manager-2') },
      Buffer.alloc(32, 9),
    );
    const tokens = [
      foreign,
      `${tokenOf('manager-3').split('.')[0]}.${signature}`,
      `${body}.${signature.slice(0, -1)}`,
      `${body}.`,
      body,
      'x'.repeat(2_000),
      tokenOf('nobody'),
      tokenOf('manager-2', asId<TenantId>('another-company')),
    ];
    for (const token of tokens) {
      expect((await post(token, ONE_CLICK)).status, token).toBe(404);
      expect((await fetch(`${base}/digest-settings/${token}`)).status, token).toBe(404);
    }
    expect(await managers()).toEqual(before);
  });

  it('ten who unsubscribe in one moment are all off: no choice is lost', async () => {
    const replies = await Promise.all(names.map((name) => post(tokenOf(name), ONE_CLICK)));
    expect(replies.map((reply) => reply.status)).toEqual(names.map(() => 200));
    expect((await managers()).filter((manager) => manager.digest === 'off')).toHaveLength(names.length);
  });

  it('a pause ends on the day that was asked for; a day that is over or out of reach is refused', async () => {
    expect((await post(tokenOf('manager-4'), 'choice=pause&until=2026-12-14')).status).toBe(200);
    expect(await choiceOf('manager-4')).toMatchObject({
      digest: 'on',
      digestPausedUntil: Temporal.PlainDate.from('2026-12-14'),
    });
    for (const until of ['2026-11-11', '2026-11-10', '2027-12-01', '2026-02-30', 'tomorrow', ''])
      expect((await post(tokenOf('manager-4'), `choice=pause&until=${until}`)).status, until).toBe(400);
    for (const body of ['', 'choice=delete', 'choice=off&email=x', 'choice=pause', 'List-Unsubscribe=Yes'])
      expect((await post(tokenOf('manager-4'), body)).status, body).toBe(400);
    expect((await post(tokenOf('manager-4'), 'choice=on')).status).toBe(200);
    expect(await choiceOf('manager-4')).toMatchObject({ digest: 'on', digestPausedUntil: null });
  });
});

describe('the headers of every digest', () => {
  it('offer one click in single, unfolded lines, also for a long name and a long address, and the link works', async () => {
    if (engine === undefined) throw new Error('there is always the embedded engine');
    const opened = await engine.open();
    const sink = await startMailSink();
    const mailer = openSmtpMailer({ smtpUrl: sink.url });
    const long = `${'l'.repeat(50)}@${'company'.repeat(8)}.example`;
    const managers = [managerOf('claire'), managerOf('long', { id: asId<ManagerId>(long), email: long })];
    const company = await mondayCompany(opened.store, managers, '2026-11-16T05:00:00Z');
    company.mailer = mailer;
    await company.minute();
    company.now = Temporal.Instant.from('2026-11-16T07:00:00Z');
    await company.minute();
    expect(sink.mails).toHaveLength(2);
    for (const { source } of sink.mails) {
      const lines = (new TextDecoder().decode(source).split('\r\n\r\n')[0] ?? '').split('\r\n');
      const line = (name: string) => lines.filter((one) => one.toLowerCase().startsWith(`${name}:`));
      const [unsubscribe = ''] = line('list-unsubscribe');
      expect(unsubscribe).toMatch(
        /^List-Unsubscribe: <https:\/\/jalon\.example\/digest-settings\/[\w-]+\.[\w-]+>$/,
      );
      expect(unsubscribe.length).toBeLessThan(998);
      expect(line('list-unsubscribe-post')).toEqual(['List-Unsubscribe-Post: List-Unsubscribe=One-Click']);
      expect(line('list-id')).toHaveLength(1);
      expect(line('auto-submitted')).toEqual(['Auto-Submitted: auto-generated']);
      expect(line('message-id')).toHaveLength(1);
      const next = lines[lines.indexOf(unsubscribe) + 1] ?? '';
      expect(next, 'nothing of it is folded into the next line').not.toMatch(/^[ \t]/);
      const parsed = await PostalMime.parse(source);
      const link = /<([^>]+)>/.exec(unsubscribe)?.[1] ?? 'no link';
      expect(parsed.text).toContain(link);
    }
    await mailer.close();
    await sink.close();
    await opened.close();
  });
});

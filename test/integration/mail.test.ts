import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import PostalMime, { type Email } from 'postal-mime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MailFault } from '../../sandbox/mail/faults.ts';
import { type MailSink, startMailSink } from '../../sandbox/mail/sink.ts';
import { openSmtpMailer } from '../../src/mail/smtp.ts';
import type { Mail, Mailer } from '../../src/ports/mailer.ts';

const UNSUBSCRIBE = `<https://jalon.example/u/${'k'.repeat(120)}>`;

const digest: Mail = {
  from: { name: 'Jalon', address: 'jalon@jalon.example' },
  to: { name: 'Zoë Müller', address: 'zoe@company.example' },
  subject: 'Lundi 23 novembre : écart de 12 000 €',
  html: '<p>Écart : <b>12 000 €</b></p>',
  text: 'Écart : 12 000 €\n.\nune ligne seule avec un point ci-dessus',
  messageId: '<digest.t1.m1.2026-W48@jalon.example>',
  headers: { 'List-Unsubscribe': UNSUBSCRIBE, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
};

const parse = (source: Uint8Array): Promise<Email> => PostalMime.parse(source);

/** Header lines as they travel, folds included. */
const rawHeaders = (source: Uint8Array): string =>
  new TextDecoder().decode(source).split('\r\n\r\n')[0] ?? '';

describe('a mail through SMTP', () => {
  let folder: string;
  let sink: MailSink;
  let mailer: Mailer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jalon-mail-'));
    sink = await startMailSink({ folder });
    mailer = openSmtpMailer({
      smtpUrl: sink.url,
      connectTimeoutMs: 600,
      silenceTimeoutMs: 600,
      totalTimeoutMs: 5_000,
    });
  });
  afterEach(() => sink.faults.clear());
  afterAll(async () => {
    await mailer.close();
    await sink.close();
    rmSync(folder, { recursive: true });
  });

  const lastMail = () => {
    const mail = sink.mails.at(-1);
    if (mail === undefined) {
      throw new Error('the sink has no mail');
    }
    return mail;
  };

  it('arrives whole: names, subject, both alternatives, and is kept as a file that names nobody', async () => {
    expect(await mailer.send(digest)).toMatchObject({
      kind: 'sent',
      response: expect.stringContaining('250'),
    });
    const { source, envelope, file } = lastMail();
    const parsed = await parse(source);
    expect(parsed.from).toEqual(digest.from);
    expect(parsed.to).toEqual([digest.to]);
    expect(parsed.subject).toBe(digest.subject);
    expect(parsed.html?.trim()).toBe(digest.html);
    expect(parsed.text?.trimEnd()).toBe(digest.text);
    expect(parsed.messageId).toBe(digest.messageId);
    expect(parsed.attachments).toEqual([]);
    expect(envelope).toEqual({ from: digest.from.address, to: [digest.to.address] });
    expect(readdirSync(folder).join()).not.toMatch(/zoe|müller|company/i);
    expect(new Uint8Array(readFileSync(file ?? ''))).toEqual(new Uint8Array(source));
  });

  it('carries the unsubscribe link on one unfolded line', async () => {
    await mailer.send(digest);
    expect(rawHeaders(lastMail().source).split('\r\n')).toContain(`List-Unsubscribe: ${UNSUBSCRIBE}`);
    expect(lastMail().headers).toContainEqual({
      name: 'list-unsubscribe-post',
      value: 'List-Unsubscribe=One-Click',
    });
  });

  it('shows the same mail in its source as it sends', async () => {
    const preview = await parse(await mailer.source(digest));
    await mailer.send(digest);
    const sent = await parse(lastMail().source);
    const seen = ({ from, to, subject, html, text, messageId }: Email) => ({
      from,
      to,
      subject,
      html: html?.trim(),
      text: text?.trimEnd(),
      messageId,
    });
    expect(seen(preview)).toEqual(seen(sent));
    expect(await mailer.source(digest)).toBeInstanceOf(Uint8Array);
  });

  describe('says what is certain when the conversation breaks', () => {
    const before = { kind: 'unsent', kept: 0 };
    const cases: [MailFault['at'], MailFault['act'], { kind: string; kept: number; code?: string }][] = [
      ['connect', 'drop', { ...before, code: 'SMTP_BROKEN_OFF' }],
      ['ehlo', 'drop', before],
      ['mail', 'drop', before],
      ['rcpt', 'drop', before],
      ['data', 'drop', before],
      ['body', 'drop', { kind: 'uncertain', kept: 0 }],
      ['accepted', 'drop', { kind: 'uncertain', kept: 1 }],
      ['connect', 'hang', { ...before, code: 'SMTP_TIMEOUT' }],
      ['ehlo', 'hang', { ...before, code: 'SMTP_TIMEOUT' }],
      ['mail', 'hang', { ...before, code: 'SMTP_TIMEOUT' }],
      ['rcpt', 'hang', { ...before, code: 'SMTP_TIMEOUT' }],
      ['data', 'hang', { ...before, code: 'SMTP_TIMEOUT' }],
      ['body', 'hang', { kind: 'uncertain', kept: 0, code: 'SMTP_TIMEOUT' }],
      ['accepted', 'hang', { kind: 'uncertain', kept: 1, code: 'SMTP_TIMEOUT' }],
      ['connect', 421, { ...before, code: 'SMTP_TRY_LATER' }],
      ['connect', 554, { ...before, code: 'SMTP_NOT_ACCEPTED' }],
      ['mail', 451, { ...before, code: 'SMTP_TRY_LATER' }],
      ['mail', 550, { kind: 'refused', kept: 0, code: 'SMTP_SENDER_REFUSED' }],
      ['mail', 530, { ...before, code: 'SMTP_AUTH' }],
      ['rcpt', 450, { ...before, code: 'SMTP_TRY_LATER' }],
      ['rcpt', 550, { kind: 'refused', kept: 0, code: 'SMTP_RECIPIENT_REFUSED' }],
      ['data', 451, { ...before, code: 'SMTP_TRY_LATER' }],
      ['data', 554, { kind: 'refused', kept: 0, code: 'SMTP_MESSAGE_REFUSED' }],
      ['accepted', 452, { ...before, code: 'SMTP_TRY_LATER' }],
      ['accepted', 554, { kind: 'refused', kept: 0, code: 'SMTP_MESSAGE_REFUSED' }],
    ];

    it.each(cases)('fault at %s (%s)', async (at, act, { kept, ...expected }) => {
      const keptBefore = sink.mails.length;
      sink.faults.set({ at, act });
      expect(await mailer.send(digest)).toMatchObject(expected);
      expect(sink.mails.length - keptBefore).toBe(kept);
    });

    it('sends again after a fault that struck once', async () => {
      sink.faults.set({ at: 'rcpt', act: 450, times: 1 });
      expect(await mailer.send(digest)).toMatchObject({ kind: 'unsent' });
      expect(await mailer.send(digest)).toMatchObject({ kind: 'sent' });
    });

    it('keeps the phases of two mails sent together apart', async () => {
      const keptBefore = sink.mails.length;
      sink.faults.set({ at: 'accepted', act: 'drop', times: 1 });
      const outcomes = await Promise.all([mailer.send(digest), mailer.send(digest), mailer.send(digest)]);
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['sent', 'sent', 'uncertain']);
      expect(sink.mails.length - keptBefore).toBe(3);
    });

    it('is unsent when no server is there', async () => {
      const vacant = createServer().listen(0, '127.0.0.1');
      await once(vacant, 'listening');
      const address = vacant.address();
      vacant.close();
      const port = typeof address === 'object' ? address?.port : 0;
      const nobody = openSmtpMailer({ smtpUrl: `smtp://127.0.0.1:${port}` });
      expect(await nobody.send(digest)).toEqual({ kind: 'unsent', code: 'SMTP_UNREACHABLE' });
    });

    it('ends in time although the server drips one byte after another', async () => {
      const dripping = createServer((socket) => {
        socket.on('error', () => undefined);
        const drip = setInterval(() => socket.write('220-wait\r\n'), 50);
        socket.on('close', () => clearInterval(drip));
      }).listen(0, '127.0.0.1');
      await once(dripping, 'listening');
      const address = dripping.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const patient = openSmtpMailer({
        smtpUrl: `smtp://127.0.0.1:${port}`,
        connectTimeoutMs: 60_000,
        totalTimeoutMs: 500,
      });
      expect(await patient.send(digest)).toEqual({ kind: 'unsent', code: 'SMTP_TIMEOUT' });
      dripping.close();
    });
  });

  describe('a server that asks for a password', () => {
    it('takes the right one; a wrong one leaves the mail unsent, not refused', async () => {
      const guarded = await startMailSink({ credentials: { user: 'jalon', password: 'p@ss:word' } });
      const sendAs = (password: string) =>
        openSmtpMailer({
          smtpUrl: guarded.url.replace('//', `//jalon:${encodeURIComponent(password)}@`),
        }).send(digest);
      expect(await sendAs('p@ss:word')).toMatchObject({ kind: 'sent' });
      expect(await sendAs('wrong')).toEqual({ kind: 'unsent', code: 'SMTP_AUTH' });
      expect(guarded.mails).toHaveLength(1);
      await guarded.close();
    });

    it('never gets the password in clear when TLS is required', async () => {
      const guarded = await startMailSink({ credentials: { user: 'jalon', password: 'secret' } });
      const careful = openSmtpMailer({
        smtpUrl: guarded.url.replace('//', '//jalon:secret@'),
        requireTls: true,
      });
      expect(await careful.send(digest)).toMatchObject({ kind: 'unsent', code: 'SMTP_TLS' });
      await guarded.close();
    });

    it.each([
      ['drop', 'SMTP_BROKEN_OFF'],
      ['hang', 'SMTP_TIMEOUT'],
      [454, 'SMTP_AUTH'],
    ] as const)('that breaks at the login (%s) has not taken the mail', async (act, code) => {
      const guarded = await startMailSink({ credentials: { user: 'jalon', password: 'secret' } });
      guarded.faults.set({ at: 'auth', act });
      const smtpUrl = guarded.url.replace('//', '//jalon:secret@');
      const times = { connectTimeoutMs: 600, silenceTimeoutMs: 600 };
      expect(await openSmtpMailer({ smtpUrl, ...times }).send(digest)).toEqual({ kind: 'unsent', code });
      guarded.faults.clear();
      expect(await openSmtpMailer({ smtpUrl, ...times }).send(digest)).toMatchObject({ kind: 'sent' });
      expect(guarded.mails).toHaveLength(1);
      await guarded.close();
    });

    it('is not named in the error of an address that cannot be read', () => {
      expect(() => openSmtpMailer({ smtpUrl: 'http://user:hunter2@mail.example' })).toThrowError(
        expect.objectContaining({
          code: 'SMTP_URL_INVALID',
          message: expect.not.stringContaining('hunter2'),
        }),
      );
    });
  });

  describe('through TLS that is wrong', () => {
    let tls: MailSink;
    beforeAll(async () => {
      tls = await startMailSink({ untrustedTls: true, credentials: { user: 'jalon', password: 'secret' } });
    });
    afterEach(() => tls.faults.clear());
    afterAll(() => tls.close());

    const open = (url: string, requireTls: boolean) =>
      openSmtpMailer({ smtpUrl: url, requireTls, connectTimeoutMs: 600, silenceTimeoutMs: 600 });
    const withPassword = () => tls.url.replace('//', '//jalon:secret@');

    it.each([true, false])(
      'a certificate that nobody trusts gets neither the password nor the mail, TLS required or not (%s)',
      async (requireTls) => {
        const outcome = await open(withPassword(), requireTls).send(digest);
        expect(outcome).toMatchObject({ kind: 'unsent', code: 'SMTP_TLS' });
        expect(tls.mails).toEqual([]);
      },
    );

    it.each([
      ['drop', /SMTP_(TLS|BROKEN_OFF)/],
      ['hang', /SMTP_TIMEOUT/],
      [454, /SMTP_(TLS|TRY_LATER)/],
    ] as const)('an answer to STARTTLS that fails (%s) leaves the mail unsent', async (act, code) => {
      tls.faults.set({ at: 'starttls', act });
      const outcome = await open(withPassword(), true).send(digest);
      expect(outcome).toMatchObject({ kind: 'unsent', code: expect.stringMatching(code) });
      expect(tls.mails).toEqual([]);
    });

    it('TLS spoken to a server that speaks none, or none to one that waits for it, leaves the mail unsent', async () => {
      const spoken = await open(sink.url.replace('smtp:', 'smtps:'), false).send(digest);
      expect(spoken).toEqual({ kind: 'unsent', code: 'SMTP_TLS' });
      const waiting = createServer((socket) => void socket.on('error', () => undefined)).listen(
        0,
        '127.0.0.1',
      );
      await once(waiting, 'listening');
      const address = waiting.address();
      const port = typeof address === 'object' ? address?.port : 0;
      expect(await open(`smtp://127.0.0.1:${port}`, false).send(digest)).toEqual({
        kind: 'unsent',
        code: 'SMTP_TIMEOUT',
      });
      waiting.close();
    });
  });

  describe('cannot be bent by what a CRM user typed', () => {
    const hostile = [
      'Zoë\r\nBcc: thief@evil.example',
      'Zoë" <thief@evil.example>, "x',
      'Zoë <thief@evil.example>',
      'a@b.example, c@d.example',
      '\u202Egro.live\u202C\u2066x\u2069',
      'NUL\u0000 DEL\u007F NEL\u0085 LS\u2028 BOM\uFEFF',
      '=?utf-8?Q?Bcc=3A_thief=40evil=2Eexample?=',
      'half \uD800 emoji',
      'group: thief@evil.example;',
    ];

    it.each(hostile)('as a name: %j', async (name) => {
      const source = await mailer.source({ ...digest, to: { name, address: digest.to.address } });
      await expectOneRecipient(source);
    });

    it.each(hostile)('as a subject: %j', async (subject) => {
      const source = await mailer.source({ ...digest, subject });
      await expectOneRecipient(source);
      expect((await parse(source)).subject ?? '').not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\uFEFF]/u);
    });

    it('whatever the text is', async () => {
      const text = fc.string({ unit: 'binary', maxLength: 300 });
      await fc.assert(
        fc.asyncProperty(text, text, async (name, subject) => {
          const source = await mailer.source({
            ...digest,
            subject,
            from: { name, address: digest.from.address },
            to: { name, address: digest.to.address },
          });
          await expectOneRecipient(source);
        }),
        { numRuns: 300 },
      );
    });

    async function expectOneRecipient(source: Uint8Array): Promise<void> {
      const parsed = await parse(source);
      expect(parsed.to?.map(({ address }) => address)).toEqual([digest.to.address]);
      expect(parsed.from?.address).toBe(digest.from.address);
      expect(parsed.cc ?? parsed.bcc ?? []).toEqual([]);
      const allowed =
        /^(from|to|subject|message-id|list-unsubscribe|list-unsubscribe-post|date|mime-version|content-type)$/;
      expect(parsed.headers.map(({ key }) => key).filter((key) => !allowed.test(key))).toEqual([]);
      const keys = parsed.headers.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }

    it('caps a subject without breaking a character', async () => {
      const { subject } = await parse(await mailer.source({ ...digest, subject: '👩‍👩‍👧 é'.repeat(200) }));
      expect([...new Intl.Segmenter('en').segment(subject ?? '')]).toHaveLength(200);
      expect(subject).toMatch(/…$/);
    });

    const badAddresses = [
      '',
      'zoe',
      'zoe@',
      '@company.example',
      'zoe@localhost',
      'zoe@company.example\r\nRCPT TO:<thief@evil.example>',
      'zoe@company.example, thief@evil.example',
      'zoe@company.example>',
      '"zoe"@company.example',
      'zoe <zoe@company.example>',
      'zoe@[127.0.0.1]',
      'zoe@127.0.0.1',
      'zoe..m@company.example',
      'zoé@company.example',
      'zoe@evil.example/@company',
      'zoe@company%2eexample',
      `${'z'.repeat(65)}@company.example`,
    ];

    it.each(badAddresses)('as an address: %j', async (address) => {
      const keptBefore = sink.mails.length;
      const outcome = await mailer.send({ ...digest, to: { name: 'Zoë', address } });
      expect(outcome).toEqual({ kind: 'refused', code: 'MAIL_ADDRESS_INVALID' });
      expect(sink.mails.length).toBe(keptBefore);
    });

    it('but an address with plus, dots or an accented domain is taken', async () => {
      const outcome = await mailer.send({
        ...digest,
        to: { name: '', address: 'zoe.m+crm@société.example' },
      });
      expect(outcome).toMatchObject({ kind: 'sent' });
      expect(lastMail().headers).toContainEqual({ name: 'to', value: 'zoe.m+crm@xn--socit-esab.example' });
    });

    const badHeaders: [string, string][] = [
      ['X-Week', '2026-W48\r\nBcc: thief@evil.example'],
      ['X-Week\r\nBcc', 'thief@evil.example'],
      ['Bcc', 'thief@evil.example'],
      ['Content-Type', 'text/html'],
      ['X-Week', 'é'],
      ['X-Week', ''],
      ['X-Week', 'x'.repeat(1_000)],
    ];

    it.each(badHeaders)('as a header: %j %j', async (name, value) => {
      const outcome = await mailer.send({ ...digest, headers: { [name]: value } });
      expect(outcome).toEqual({ kind: 'refused', code: 'MAIL_HEADER_INVALID' });
      await expect(mailer.source({ ...digest, headers: { [name]: value } })).rejects.toMatchObject({
        code: 'MAIL_HEADER_INVALID',
      });
    });

    it('as a Message-ID', async () => {
      expect(await mailer.send({ ...digest, messageId: '<a@b>\r\nBcc: thief@evil.example' })).toEqual({
        kind: 'refused',
        code: 'MAIL_HEADER_INVALID',
      });
    });
  });

  it('lets a mail on its way arrive before it closes, and sends nothing afterwards', async () => {
    const closing = openSmtpMailer({ smtpUrl: sink.url });
    const onItsWay = closing.send(digest);
    await closing.close();
    expect(await onItsWay).toMatchObject({ kind: 'sent' });
    expect(await closing.send(digest)).toEqual({ kind: 'unsent', code: 'MAILER_CLOSED' });
  });
});

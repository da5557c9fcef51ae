import { createTransport } from 'nodemailer';
import type { Mail, Mailer, MailOutcome } from '../ports/mailer.ts';
import { composed } from './compose.ts';
import { MailerError } from './mailer-error.ts';
import { failedOutcome, sentOutcome } from './outcome.ts';
import { Transaction } from './transaction.ts';

interface SmtpTimes {
  /** TCP, TLS and greeting. */
  readonly connectTimeoutMs: number;
  /** Longest silence of the server. */
  readonly silenceTimeoutMs: number;
  /** Longest send in all, however slowly the server drips. */
  readonly totalTimeoutMs: number;
}

export interface SmtpMailerOptions extends Partial<SmtpTimes> {
  /** smtp:// or smtps://, with user and password when the server wants them. */
  readonly smtpUrl: string;
  /** Refuse to send in clear. By default: when the URL holds a password and the server is not on this machine. */
  readonly requireTls?: boolean;
}

const DEFAULT_TIMES: SmtpTimes = {
  connectTimeoutMs: 10_000,
  silenceTimeoutMs: 30_000,
  totalTimeoutMs: 120_000,
};

/** Sends each mail over a connection of its own: a digest is one mail per manager and week. Throws MailerError (SMTP_URL_INVALID). */
export function openSmtpMailer(options: SmtpMailerOptions): Mailer {
  const times = { ...DEFAULT_TIMES, ...options };
  const url = smtpUrl(options.smtpUrl);
  const requireTls = options.requireTls ?? (url.password !== '' && !isThisMachine(url.hostname));
  const sending = new Set<Promise<MailOutcome>>();
  let closed = false;

  return {
    async send(mail) {
      if (closed) {
        return { kind: 'unsent', code: 'MAILER_CLOSED' };
      }
      const send = sendOver(url, requireTls, times, mail);
      sending.add(send);
      return send.finally(() => sending.delete(send));
    },
    source: sourceOf,
    async close() {
      closed = true;
      await Promise.all(sending);
    },
  };
}

async function sendOver(url: URL, requireTls: boolean, times: SmtpTimes, mail: Mail): Promise<MailOutcome> {
  const transaction = new Transaction();
  const transport = createTransport({
    url: url.href,
    requireTLS: requireTls,
    connectionTimeout: times.connectTimeoutMs,
    greetingTimeout: times.connectTimeoutMs,
    dnsTimeout: times.connectTimeoutMs,
    socketTimeout: times.silenceTimeoutMs,
    socketCloseTimeout: 0,
    transactionLog: true,
    logger: transaction.log,
  });
  try {
    const { response } = await transport.sendMail({
      ...composed(mail),
      signal: AbortSignal.timeout(times.totalTimeoutMs),
    });
    return sentOutcome(response);
  } catch (error) {
    return failedOutcome(error, transaction);
  } finally {
    transport.close();
  }
}

/** Same composer as `send`; the date is that of the call. */
async function sourceOf(mail: Mail): Promise<Uint8Array> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await transport.sendMail(composed(mail));
  if (!(message instanceof Uint8Array)) {
    throw new Error('nodemailer gave a stream where it was asked for bytes');
  }
  return message;
}

function smtpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new MailerError(
      'SMTP_URL_INVALID',
      'The address of the mail server must look like smtp://user:password@host:587.',
    );
  }
  return url;
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

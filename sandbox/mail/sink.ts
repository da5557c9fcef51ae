import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { emlFileName, headersOf, type MailHeader } from './eml.ts';
import { type MailFault, MailFaults } from './faults.ts';
import { newFront } from './front.ts';

interface SunkMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly headers: readonly MailHeader[];
  /** RFC 5322 bytes as they arrived. */
  readonly source: Uint8Array;
  /** Path of the .eml file; null without a folder. */
  readonly file: string | null;
}

export interface MailSinkOptions {
  /** A free one when absent. */
  readonly port?: number;
  /** Each mail is kept here as .eml, before it is acknowledged; made when missing. */
  readonly folder?: string;
  readonly faults?: readonly MailFault[];
  /** Asks for AUTH and accepts only these. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Offers STARTTLS with a certificate that nobody has reason to trust. */
  readonly untrustedTls?: boolean;
}

export interface MailSink {
  /** smtp://127.0.0.1:port */
  readonly url: string;
  /** Mails acknowledged so far, oldest first. */
  readonly mails: readonly SunkMail[];
  readonly faults: MailFaults;
  close(): Promise<void>;
}

/** An SMTP server on this machine only that delivers to nobody: keeps what it is sent, and fails on demand. */
export async function startMailSink(options: MailSinkOptions = {}): Promise<MailSink> {
  const mails: SunkMail[] = [];
  const faults = new MailFaults();
  for (const fault of options.faults ?? []) {
    faults.set(fault);
  }
  if (options.folder !== undefined) {
    mkdirSync(options.folder, { recursive: true });
  }
  const smtp = newSmtpServer(options, mails);
  const front = newFront(await portOf(smtp.listen(0, '127.0.0.1')), faults);
  const port = await portOf(front.server.listen(options.port ?? 0, '127.0.0.1'));
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    faults,
    async close() {
      front.cutAll();
      await Promise.all([
        new Promise<void>((resolve) => front.server.close(() => resolve())),
        new Promise<void>((resolve) => smtp.close(resolve)),
      ]);
    },
  };
}

function newSmtpServer(
  { credentials, folder, untrustedTls }: MailSinkOptions,
  mails: SunkMail[],
): SMTPServer {
  const smtp = new SMTPServer({
    name: 'mail.sandbox.example',
    logger: false,
    disabledCommands: [
      ...(credentials === undefined ? ['AUTH'] : []),
      ...(untrustedTls === true ? [] : ['STARTTLS']),
    ],
    allowInsecureAuth: true,
    hidePIPELINING: true,
    disableReverseLookup: true,
    closeTimeout: 500,
    size: MAX_MAIL_BYTES,
    onAuth({ username, password }, _session, answer) {
      const known = username === credentials?.user && password === credentials?.password;
      answer(known ? null : new Error('Invalid user or password'), { user: username });
    },
    onData(stream, session, answer) {
      buffer(stream).then((source) => {
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push(keep(source, { from, to }, folder, mails.length + 1));
        answer(null, 'kept');
      }, answer);
    },
  });
  smtp.on('error', () => undefined);
  return smtp;
}

const MAX_MAIL_BYTES = 10_000_000;

function keep(
  source: Uint8Array,
  envelope: SunkMail['envelope'],
  folder: string | undefined,
  number: number,
): SunkMail {
  const file = folder === undefined ? null : join(folder, emlFileName(new Date(), envelope.to, number));
  if (file !== null) {
    writeFileSync(file, source, { flag: 'wx', mode: 0o600 });
  }
  return { envelope, headers: headersOf(source), source, file };
}

async function portOf(server: Server): Promise<number> {
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the mail sink did not get a port');
  }
  return address.port;
}

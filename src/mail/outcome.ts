import type { MailOutcome } from '../ports/mailer.ts';
import { type MailerCode, MailerError } from './mailer-error.ts';
import { oneVisibleLine } from './safe-text.ts';

/** How far the conversation had come when it failed. */
export interface Progress {
  /** The server said "go ahead" (354) to DATA: from here on it may have taken the mail without our knowing. */
  readonly handedOver: boolean;
}

/** What nodemailer puts on its errors. */
interface SmtpFailure {
  readonly code: string | null;
  readonly command: string | null;
  /** Of Node, below nodemailer's own code: "CERT_HAS_EXPIRED" under "ESOCKET". */
  readonly originalCode: string | null;
  /** Three digits of the server's own answer; null when there was none. */
  readonly reply: number | null;
}

const BROKEN_CODES: Readonly<Record<string, MailerCode>> = {
  EAUTH: 'SMTP_AUTH',
  ENOAUTH: 'SMTP_AUTH',
  EOAUTH2: 'SMTP_AUTH',
  ETLS: 'SMTP_TLS',
  EREQUIRETLS: 'SMTP_TLS',
  ETIMEDOUT: 'SMTP_TIMEOUT',
  EABORT: 'SMTP_TIMEOUT',
  ECONNECTION: 'SMTP_BROKEN_OFF',
  ESOCKET: 'SMTP_UNREACHABLE',
  EDNS: 'SMTP_UNREACHABLE',
};

/** OpenSSL's and Node's names for a certificate that is not to be trusted and for TLS that does not come about (nodejs.org, "TLS/SSL", "X509 certificate error codes"). */
const TLS_TROUBLE =
  /^(ERR_SSL_|ERR_TLS_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_(CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_MISMATCH|EPROTO)/;

const REFUSALS: Readonly<Record<string, MailerCode>> = {
  'MAIL FROM': 'SMTP_SENDER_REFUSED',
  'RCPT TO': 'SMTP_RECIPIENT_REFUSED',
  DATA: 'SMTP_MESSAGE_REFUSED',
};

export function sentOutcome(response: string): MailOutcome {
  return { kind: 'sent', response: oneVisibleLine(response, 200) };
}

/**
 * What is certain after a failed send. An answer of the server is believed: 4xx and 5xx mean it has not taken the mail, also after the
 * final dot. Without an answer, only what happened before "go ahead" is certain.
 */
export function failedOutcome(error: unknown, { handedOver }: Progress): MailOutcome {
  if (error instanceof MailerError) {
    return { kind: 'refused', code: error.code };
  }
  const failure = smtpFailure(error);
  if (failure.reply !== null && failure.reply >= 400) {
    return answeredOutcome(failure, failure.reply);
  }
  const isTls = TLS_TROUBLE.test(failure.originalCode ?? '');
  const code = isTls ? 'SMTP_TLS' : (BROKEN_CODES[failure.code ?? ''] ?? 'SMTP_BROKEN_OFF');
  return { kind: handedOver ? 'uncertain' : 'unsent', code };
}

/** Replies to any command that ask for a login (RFC 4954) or for encryption first (RFC 3207). */
const LOGIN_REPLIES: ReadonlySet<number> = new Set([530, 534, 535, 538]);

/** Only a 5xx about this sender, recipient or message is for good: one about our login or our server says nothing of the mail. */
function answeredOutcome({ code, command }: SmtpFailure, reply: number): MailOutcome {
  const broken = BROKEN_CODES[code ?? ''];
  if (broken === 'SMTP_AUTH' || broken === 'SMTP_TLS') {
    return { kind: 'unsent', code: broken };
  }
  if (LOGIN_REPLIES.has(reply)) {
    return { kind: 'unsent', code: 'SMTP_AUTH' };
  }
  if (reply < 500 || reply === 503) {
    return { kind: 'unsent', code: 'SMTP_TRY_LATER' };
  }
  const refusal = REFUSALS[command ?? ''];
  return refusal === undefined
    ? { kind: 'unsent', code: 'SMTP_NOT_ACCEPTED' }
    : { kind: 'refused', code: refusal };
}

function smtpFailure(error: unknown): SmtpFailure {
  const facts = typeof error === 'object' && error !== null ? { ...error } : {};
  return {
    code: 'code' in facts && typeof facts.code === 'string' ? facts.code : null,
    originalCode:
      'originalCode' in facts && typeof facts.originalCode === 'string' ? facts.originalCode : null,
    command: 'command' in facts && typeof facts.command === 'string' ? facts.command : null,
    reply: 'responseCode' in facts && typeof facts.responseCode === 'number' ? facts.responseCode : null,
  };
}

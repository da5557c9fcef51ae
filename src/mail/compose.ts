import type { SendMailOptions } from 'nodemailer';
import type { Mail } from '../ports/mailer.ts';
import { travellingAddress } from './address.ts';
import { MailerError } from './mailer-error.ts';
import { oneVisibleLine } from './safe-text.ts';

const SUBJECT_LENGTH = 200;

/** RFC 5322 2.1.1: a line may not exceed 998 characters; some room is left for the name of the header. */
const HEADER_VALUE_LENGTH = 900;
const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]{0,60}$/;
const HEADER_VALUE = /^[\x20-\x7E]+$/;
const MESSAGE_ID = /^<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,200}@[A-Za-z0-9.-]{1,200}>$/;

/** Headers that say who, what and how: they come from the fields of the mail and from nowhere else. */
const OWN_HEADERS =
  /^(from|to|cc|bcc|sender|reply-to|return-path|subject|date|message-id|mime-version|received|dkim-.*|content-.*)$/i;

/** The mail in nodemailer's words: both alternatives, no attachment, nothing fetched from disk or network. Throws MailerError. */
export function composed(mail: Mail): SendMailOptions {
  const from = travellingAddress(mail.from);
  const to = travellingAddress(mail.to);
  if (!MESSAGE_ID.test(mail.messageId)) {
    throw new MailerError('MAIL_HEADER_INVALID', 'The Message-ID is not of the form <id@domain>.');
  }
  return {
    from,
    to,
    envelope: { from: from.address, to: [to.address] },
    subject: oneVisibleLine(mail.subject, SUBJECT_LENGTH),
    text: mail.text.toWellFormed(),
    html: mail.html.toWellFormed(),
    messageId: mail.messageId,
    headers: Object.entries(mail.headers).map(([key, value]) => extraHeader(key, value)),
    textEncoding: 'quoted-printable',
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** One unfolded line: DKIM of a folded List-Unsubscribe breaks on some servers (nodemailer#1654), so RFC 8058 would too. */
function extraHeader(key: string, value: string): { key: string; value: { prepared: true; value: string } } {
  const valid = HEADER_NAME.test(key) && HEADER_VALUE.test(value) && value.length <= HEADER_VALUE_LENGTH;
  if (!valid || OWN_HEADERS.test(key)) {
    throw new MailerError(
      'MAIL_HEADER_INVALID',
      'A header of this mail is not one line of plain ASCII, or is not free to be set.',
    );
  }
  return { key, value: { prepared: true, value } };
}

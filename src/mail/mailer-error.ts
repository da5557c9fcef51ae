/** Codes of this adapter. Each has a row in docs/errors.md. */
export type MailerCode =
  | 'MAIL_ADDRESS_INVALID'
  | 'MAIL_HEADER_INVALID'
  | 'MAILER_CLOSED'
  | 'SMTP_URL_INVALID'
  | 'SMTP_AUTH'
  | 'SMTP_TLS'
  | 'SMTP_TIMEOUT'
  | 'SMTP_UNREACHABLE'
  | 'SMTP_BROKEN_OFF'
  | 'SMTP_NOT_ACCEPTED'
  | 'SMTP_TRY_LATER'
  | 'SMTP_SENDER_REFUSED'
  | 'SMTP_RECIPIENT_REFUSED'
  | 'SMTP_MESSAGE_REFUSED';

/** A mail that cannot be composed, or a mailer that cannot be opened. The message holds no address and no name. */
export class MailerError extends Error {
  override readonly name = 'MailerError';
  readonly code: MailerCode;

  constructor(code: MailerCode, message: string) {
    super(message);
    this.code = code;
  }
}

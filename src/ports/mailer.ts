/** Addresses travel as objects: a crafted "name <address>" text must never be parsed as a recipient list. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

export interface Mail {
  readonly from: MailAddress;
  readonly to: MailAddress;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Fixed by the ledger row, so that a provider can recognise a second try. */
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * `unsent`: provably not accepted (refused, or the connection broke before the server asked for the message): may be tried again.
 * `refused`: the server said no for good (5xx). `uncertain`: the message was handed over and the answer is missing: never resent by a machine.
 */
export type MailOutcome =
  | { readonly kind: 'sent'; readonly response: string }
  | { readonly kind: 'unsent'; readonly code: string }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'uncertain'; readonly code: string };

export interface Mailer {
  send(mail: Mail): Promise<MailOutcome>;
  /** The RFC 5322 source, as `send` would hand it over: for previews and for the .eml file of the demo. */
  source(mail: Mail): Promise<Uint8Array>;
  close(): Promise<void>;
}

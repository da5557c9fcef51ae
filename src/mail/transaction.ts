import type { Progress } from './outcome.ts';

type LogEntry = { readonly tnx?: unknown };

/**
 * Reads nodemailer's transaction log, the only place that tells where a conversation broke: its errors say `command=CONN` for a
 * connection lost before the mail was asked for and for one lost after it was taken. Nothing of it is kept or written anywhere.
 */
export class Transaction implements Progress {
  #dataSaid = false;
  #handedOver = false;

  get handedOver(): boolean {
    return this.#handedOver;
  }

  /** For nodemailer's `logger`. */
  readonly log = {
    trace: (): void => undefined,
    debug: (entry: LogEntry, line: unknown): void => this.#hear(entry, String(line)),
    info: (): void => undefined,
    warn: (): void => undefined,
    error: (): void => undefined,
    fatal: (): void => undefined,
  };

  #hear({ tnx }: LogEntry, line: string): void {
    if (tnx === 'client') {
      this.#dataSaid = line === 'DATA';
    } else if (tnx === 'server' && this.#dataSaid && /^[23]/.test(line)) {
      // nodemailer goes ahead on any 2xx or 3xx: some servers answer DATA with 250.
      this.#handedOver = true;
    }
  }
}

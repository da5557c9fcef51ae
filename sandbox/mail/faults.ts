/** Where in the SMTP conversation a fault strikes. `accepted`: after the final dot, when the mail is already kept. */
export type MailPhase =
  | 'connect'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'accepted';

/** `drop` breaks the connection, `hang` says nothing for ever, a number (4xx, 5xx) is the reply. */
export interface MailFault {
  readonly at: MailPhase;
  readonly act: 'drop' | 'hang' | number;
  /** Strikes this many times, then no more; every time when absent. */
  readonly times?: number;
}

/** The faults in force. One per phase: a new one replaces the old one. */
export class MailFaults {
  readonly #byPhase = new Map<MailPhase, { readonly fault: MailFault; left: number }>();

  set(fault: MailFault): void {
    this.#byPhase.set(fault.at, { fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#byPhase.clear();
  }

  /** The fault that strikes now at this phase, counted as having struck. */
  strike(at: MailPhase): MailFault['act'] | null {
    const armed = this.#byPhase.get(at);
    if (armed === undefined || armed.left <= 0) {
      return null;
    }
    armed.left -= 1;
    return armed.fault.act;
  }
}

import { connect, createServer, type Server, type Socket } from 'node:net';
import type { MailFault, MailFaults, MailPhase } from './faults.ts';

const PHASE_OF_COMMAND: Readonly<Record<string, MailPhase>> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  STAR: 'starttls',
  AUTH: 'auth',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
};

const LINE_END = '\r\n';
const BODY_END = '\r\n.\r\n';

/** A TCP front of an SMTP server that breaks conversations where the faults say: the server itself has no hook for EHLO and DATA. */
export function newFront(upstreamPort: number, faults: MailFaults): { server: Server; cutAll: () => void } {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(upstreamPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.setEncoding('latin1');
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    new Conversation(client, upstream, faults).begin();
  });
  const cutAll = (): void => {
    for (const socket of open) {
      socket.destroy();
    }
  };
  return { server, cutAll };
}

class Conversation {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #faults: MailFaults;
  #expecting: 'command' | 'go-ahead' | 'body' | 'verdict' | 'tunnel' = 'command';
  /** Bytes of the client not yet passed on; latin1 keeps each byte one character. */
  #pending = '';
  #bodyBegun = false;
  #verdictFault: MailFault['act'] | null = null;
  #over = false;

  constructor(client: Socket, upstream: Socket, faults: MailFaults) {
    this.#client = client;
    this.#upstream = upstream;
    this.#faults = faults;
  }

  begin(): void {
    if (this.#struckAt('connect')) {
      return;
    }
    this.#client.on('data', (chunk) => {
      this.#pending += chunk;
      this.#passOn();
    });
    this.#client.on('close', () => this.#upstream.destroy());
    this.#upstream.on('data', (chunk) => this.#answer(`${chunk}`));
    this.#upstream.on('close', () => this.#over || this.#client.end());
  }

  #passOn(): void {
    if (this.#expecting === 'tunnel' && !this.#over) {
      this.#upstream.write(this.#pending, 'latin1');
      this.#pending = '';
      return;
    }
    while (!this.#over && (this.#expecting === 'command' || this.#expecting === 'body')) {
      const passed = this.#expecting === 'command' ? this.#passCommand() : this.#passBody();
      if (!passed) {
        return;
      }
    }
  }

  #passCommand(): boolean {
    const end = this.#pending.indexOf(LINE_END);
    if (end < 0) {
      return false;
    }
    const line = this.#pending.slice(0, end + LINE_END.length);
    this.#pending = this.#pending.slice(line.length);
    const phase = PHASE_OF_COMMAND[line.slice(0, 4).toUpperCase()];
    if (phase !== undefined && this.#struckAt(phase)) {
      return true;
    }
    // From here on it is TLS between the two: nothing in it can be read, or broken at a phase.
    this.#expecting = phase === 'data' ? 'go-ahead' : phase === 'starttls' ? 'tunnel' : 'command';
    this.#upstream.write(line, 'latin1');
    return true;
  }

  #passBody(): boolean {
    if (this.#pending === '' || (!this.#bodyBegun && this.#struckAt('body'))) {
      return false;
    }
    this.#bodyBegun = true;
    const end = this.#pending.indexOf(BODY_END);
    if (end < 0) {
      return false;
    }
    const body = this.#pending.slice(0, end + BODY_END.length);
    this.#pending = this.#pending.slice(body.length);
    this.#bodyBegun = false;
    this.#verdictFault = this.#faults.strike('accepted');
    if (typeof this.#verdictFault === 'number') {
      this.#endWith(this.#verdictFault);
      return false;
    }
    this.#expecting = 'verdict';
    this.#upstream.write(body, 'latin1');
    return true;
  }

  #answer(reply: string): void {
    if (this.#over) {
      return;
    }
    if (this.#expecting === 'go-ahead') {
      this.#expecting = reply.startsWith('354') ? 'body' : 'command';
    } else if (this.#expecting === 'verdict') {
      this.#expecting = 'command';
      if (this.#verdictFault !== null) {
        this.#act(this.#verdictFault);
        return;
      }
    }
    this.#client.write(reply, 'latin1');
    this.#passOn();
  }

  /** True when a fault took the place of what the client said. */
  #struckAt(phase: MailPhase): boolean {
    const act = this.#faults.strike(phase);
    if (act === null) {
      return false;
    }
    this.#act(act, phase === 'connect' || phase === 'body');
    return true;
  }

  #act(act: MailFault['act'], endsConversation = false): void {
    if (act === 'hang') {
      this.#over = true;
    } else if (act === 'drop') {
      this.#over = true;
      this.#client.destroy();
    } else if (endsConversation) {
      this.#endWith(act);
    } else {
      this.#client.write(replyLine(act));
    }
  }

  #endWith(code: number): void {
    this.#over = true;
    this.#client.end(replyLine(code));
  }
}

function replyLine(code: number): string {
  return `${code} fault of the sandbox${LINE_END}`;
}

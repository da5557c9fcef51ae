/**
 * The one door to recorded vendor exchanges. What a vendor's page or a public record shows word for word is answered at the vendor's own
 * address; everything else on the network is refused, and an exchange that nobody asked for fails the test that recorded it.
 */
import nock from 'nock';

interface RecordedReply {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly path: string | RegExp;
  /** Which query is meant; any when absent. */
  readonly query?: (query: Readonly<Record<string, unknown>>) => boolean;
  readonly status: number;
  /** An object is sent as JSON, a text as it is. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Recording {
  /** Answers the next call to the path, once, in the order given. */
  reply(...replies: readonly RecordedReply[]): void;
  /** Throws when something recorded was never asked for. */
  end(): void;
}

export function recordAt(origin: string): Recording {
  nock.disableNetConnect();
  return {
    reply: (...replies) => {
      for (const { method = 'GET', path, query, status, body, headers = {} } of replies) {
        const type = typeof body === 'string' ? 'text/html' : 'application/json';
        nock(origin)
          .intercept(path, method)
          .query(query ?? true)
          .reply(status, body, { 'content-type': type, date: new Date(0).toUTCString(), ...headers });
      }
    },
    end: () => {
      const unused = nock.pendingMocks();
      nock.cleanAll();
      nock.enableNetConnect();
      nock.restore();
      nock.activate();
      if (unused.length > 0) throw new Error(`recorded and never asked for: ${unused.join(', ')}`);
    },
  };
}

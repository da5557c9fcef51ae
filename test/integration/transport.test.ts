import { createGzip } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Dialect, OutboundCall, Transport, Verdict } from '../../connectors/transport.ts';
import { createTransport, LostReply } from '../../connectors/transport.ts';
import type { InboundReply } from '../../connectors/wire.ts';
import { ConnectorError } from '../../src/ports/connector.ts';
import { type LogBook, logBook } from '../support/log-book.ts';
import { type SmallServer, sendJson, smallServer } from '../support/small-server.ts';
import { type VirtualTime, virtualTime } from '../support/virtual-time.ts';

const SECRET = 'pat-eu1-7d1c0b7e';

function judge(reply: InboundReply): Verdict {
  if (reply.status === 401) return { kind: 'renew_token' };
  if (reply.status === 429) {
    return { kind: 'retry', code: 'CRM_RATE_LIMITED', waitMs: 10_000, pausesBucket: true, untouched: true };
  }
  if (reply.status >= 500) {
    return { kind: 'retry', code: 'CRM_UNAVAILABLE', waitMs: null, pausesBucket: false, untouched: false };
  }
  return { kind: 'deliver' };
}

let open: SmallServer[] = [];
afterEach(async () => {
  await Promise.all(open.map((server) => server.close()));
  open = [];
});

async function server(...args: Parameters<typeof smallServer>): Promise<SmallServer> {
  const started = await smallServer(...args);
  open.push(started);
  return started;
}

interface Fixture {
  readonly transport: Transport;
  readonly time: VirtualTime;
  readonly log: LogBook;
}

function fixture(options: { timeoutMs?: number; signal?: AbortSignal; tokens?: string[] } = {}): Fixture {
  const time = virtualTime();
  const log = logBook();
  const { tokens = [SECRET], ...rest } = options;
  const dialect: Dialect = {
    name: 'crm',
    authorise: async () => ({ authorization: `Bearer ${tokens.length > 1 ? tokens.shift() : tokens[0]}` }),
    judge,
    reading: () => null,
  };
  const buckets = { all: { calls: 1_000, perMs: 1_000 } };
  return { transport: createTransport({ dialect, buckets, time, logger: log, ...rest }), time, log };
}

function call(url: string, more: Partial<OutboundCall> = {}): OutboundCall {
  const request = { method: 'GET', url: `${url}/deals/12?email=ana%40example.com`, headers: {} };
  return { ...request, lane: 'list', bucket: 'all', repeatable: true, ...more };
}

const WRITE = { method: 'POST', body: '{"amount":"125000.00"}', repeatable: false };

async function failureOf(work: Promise<unknown>): Promise<ConnectorError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectorError)) throw error;
  return error;
}

type Trouble = [name: string, answer: Parameters<typeof smallServer>[0]];

const PASSING: readonly Trouble[] = [
  ['an HTML page with status 502', (_, response) => response.writeHead(502).end('<html>bad gateway</html>')],
  ['status 503', (_, response) => sendJson(response, 503, {})],
  ['an empty body where an answer was due', (_, response) => response.writeHead(200).end()],
  ['an answer cut in the middle', (_, response) => response.writeHead(200).end('{"results":[{"id":"1"')],
  ['an HTML page with status 200', (_, response) => response.writeHead(200).end('<html></html>')],
  ['a connection that breaks', (request) => request.socket.destroy()],
  [
    'a body that breaks',
    (request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"a"', () => request.socket.destroy());
    },
  ],
  ['too many calls', (_, response) => sendJson(response, 429, {})],
];

describe('a call to a CRM in bad weather', () => {
  it.each(PASSING)('succeeds at the second try after %s', async (_name, answer) => {
    const crm = await server((request, response, nth) => {
      if (nth === 1) answer(request, response, nth);
      else sendJson(response, 200, { fine: true });
    });
    const { transport } = fixture();
    const reply = await transport.call(call(crm.url));
    expect(reply.json).toEqual({ fine: true });
    expect(transport.usage()).toMatchObject({ calls: 2, retries: 1, callsByLane: { list: 2 } });
  });

  it.each([
    ['CRM_UNAVAILABLE', (_: unknown, response) => sendJson(response, 502, {})],
    ['CRM_UNREADABLE', (_: unknown, response) => response.writeHead(200).end('{"half":')],
    ['CRM_RATE_LIMITED', (_: unknown, response) => sendJson(response, 429, {})],
    ['CRM_UNREACHABLE', (request) => request.socket.destroy()],
  ] satisfies Trouble[])(
    'ends with %s when the trouble stays, within thirty seconds',
    async (code, answer) => {
      const crm = await server(answer);
      const { transport, time } = fixture();
      const error = await failureOf(transport.call(call(crm.url)));
      expect(error).toMatchObject({ code, retry: { kind: 'after' }, whoMustAct: 'nobody' });
      expect(crm.requests.length).toBeLessThanOrEqual(5);
      expect(time.nowMs()).toBeLessThanOrEqual(30_000);
    },
  );

  it('does not wait for ever when nothing comes', async () => {
    const crm = await server(() => undefined);
    const { transport } = fixture({ timeoutMs: 60 });
    expect(await failureOf(transport.call(call(crm.url)))).toMatchObject({ code: 'CRM_TIMEOUT' });
  });

  it('does not wait for a body that drips', async () => {
    const crm = await server((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    });
    const { transport } = fixture({ timeoutMs: 120 });
    expect(await failureOf(transport.call(call(crm.url)))).toMatchObject({ code: 'CRM_TIMEOUT' });
  });

  it('refuses an answer that unpacks to more than 20 MB', async () => {
    const crm = await server((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' });
      const bomb = createGzip();
      bomb.pipe(response);
      bomb.end(Buffer.alloc(30 * 1024 * 1024, ' '));
    });
    const { transport } = fixture();
    const error = await failureOf(transport.call(call(crm.url)));
    expect(error).toMatchObject({ code: 'CRM_UNREADABLE' });
    expect(error.message).toContain('a body above');
  });

  it('stops at once when it is asked to', async () => {
    const crm = await server(() => undefined);
    const stop = new AbortController();
    const { transport } = fixture({ signal: stop.signal });
    const asked = failureOf(transport.call(call(crm.url)));
    setTimeout(() => stop.abort(), 30);
    expect(await asked).toMatchObject({ code: 'CRM_STOPPED' });
    expect(crm.requests.length).toBeLessThanOrEqual(1);
  });

  it('sends one call per ten seconds to a CRM that refuses everybody, not a crowd', async () => {
    const crm = await server((_, response) => sendJson(response, 429, {}));
    const { transport, time } = fixture();
    const crowd = Array.from({ length: 12 }, () => failureOf(transport.call(call(crm.url))));
    expect((await Promise.all(crowd)).every((error) => error.code === 'CRM_RATE_LIMITED')).toBe(true);
    const first = 12;
    const pauses = Math.ceil(time.nowMs() / 10_000);
    expect(crm.requests.length).toBeLessThanOrEqual(first + pauses);
  });
});

describe('a write whose reply is lost', () => {
  it.each([
    ['the connection breaks', (request: Parameters<Trouble[1]>[0]) => void request.socket.destroy()],
    ['the answer is cut', (_: unknown, response) => void response.writeHead(200).end('{"results":')],
    ['a gateway answers', (_: unknown, response) => void response.writeHead(504).end('<html></html>')],
  ] satisfies Trouble[])('is not sent a second time when %s', async (_name, answer) => {
    const crm = await server(answer);
    const { transport } = fixture();
    expect(await failureOf(transport.call(call(crm.url, WRITE)))).toBeInstanceOf(LostReply);
    expect(crm.requests).toHaveLength(1);
  });

  it('is sent again when the CRM said that it did nothing', async () => {
    const crm = await server((_, response, nth) => sendJson(response, nth === 1 ? 429 : 200, {}));
    const { transport } = fixture();
    expect((await transport.call(call(crm.url, WRITE))).status).toBe(200);
    expect(crm.requests).toHaveLength(2);
  });

  it('is no lost reply when nobody could be reached', async () => {
    const { url, close } = await smallServer(() => undefined);
    await close();
    const { transport } = fixture();
    const error = await failureOf(transport.call(call(url, WRITE)));
    expect(error).toMatchObject({ code: 'CRM_UNREACHABLE' });
    expect(error).not.toBeInstanceOf(LostReply);
  });
});

describe('a token that is not accepted', () => {
  it('is replaced once, when there is another', async () => {
    const crm = await server((request, response) =>
      sendJson(response, request.headers.authorization === 'Bearer new' ? 200 : 401, {}),
    );
    const { transport } = fixture({ tokens: ['old', 'new'] });
    expect((await transport.call(call(crm.url))).status).toBe(200);
    expect(crm.requests).toHaveLength(2);
  });

  it('is not tried again', async () => {
    const crm = await server((_, response) => sendJson(response, 401, {}));
    const { transport } = fixture();
    const error = await failureOf(transport.call(call(crm.url)));
    expect(error).toMatchObject({ code: 'CRM_UNAUTHORISED', retry: { kind: 'never' }, whoMustAct: 'admin' });
    expect(crm.requests).toHaveLength(1);
  });
});

describe('what a failed call leaves behind', () => {
  it('holds no token, no query, no body: neither in the error nor in the log', async () => {
    const crm = await server((_, response) =>
      sendJson(response, 502, { message: `token ${SECRET} for ana@example.com` }),
    );
    const { transport, log } = fixture();
    const error = await failureOf(transport.call(call(crm.url, { ...WRITE, repeatable: true })));
    const traces = [error.message, error.stack, JSON.stringify(error), ...log.lines].join('\n');
    expect(log.lines.length).toBeGreaterThan(0);
    for (const secret of [SECRET, 'ana', '125000', 'example.com']) expect(traces).not.toContain(secret);
  });

  it("tells the CRM's own time, not this machine's", async () => {
    const date = 'Mon, 02 Mar 2026 08:00:00 GMT';
    const crm = await server((_, response) => sendJson(response, 200, {}, { date }));
    const { transport } = fixture();
    expect(transport.vendorNow()).toBeNull();
    await transport.call(call(crm.url));
    expect(transport.vendorNow()?.toString()).toBe('2026-03-02T08:00:00Z');
  });
});

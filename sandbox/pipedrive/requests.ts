import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultBoard } from '../shared/fault-board.ts';
import type { Journal } from '../shared/journal.ts';
import type { Account } from './account.ts';
import {
  CLOUDFLARE_PAGE,
  capped,
  invalid,
  missingScope,
  notFound,
  overLimit,
  unauthorised,
} from './errors.ts';
import type { FaultRule } from './faults.ts';
import type { JournalEntry } from './journal.ts';
import type { Admission, LimitKeeper } from './limits.ts';
import { isJson, type Json, type Reply, reply } from './reply.ts';
import { type FoundRoute, findRoute, type Terms } from './routes.ts';

/** One exchange as it went over the wire, for those who check it against the published specification. */
export interface Observed {
  readonly method: string;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseText: string;
}

export interface Exchange {
  readonly account: Account;
  readonly journal: Journal<JournalEntry>;
  readonly faults: FaultBoard<FaultRule>;
  readonly keeper: LimitKeeper;
  /** Good tokens with their scopes; "*" opens everything. */
  readonly tokens: Map<string, readonly string[]>;
  readonly terms: Terms;
  readonly observe: ((observed: Observed) => void) | null;
  readonly closing: AbortController;
  latencyMs: number;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly method: string;
  readonly found: FoundRoute | null;
  readonly body: unknown;
  readonly token: string;
  readonly startedMs: number;
}

const MAX_BODY_BYTES = 10_000_000;

/** Reads, judges, carries out, answers and writes down one request. A fault of the sandbox itself is a 500 that says so. */
export async function answerRequest(
  exchange: Exchange,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const asked = await read(request, response);
    if (exchange.latencyMs > 0) await pause(exchange, exchange.latencyMs);
    await answer(exchange, asked);
  } catch (error) {
    if (exchange.closing.signal.aborted || response.headersSent) response.destroy();
    else
      response
        .writeHead(500, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ sandbox: String(error) }));
  }
}

async function read(request: IncomingMessage, response: ServerResponse): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const method = request.method ?? 'GET';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) throw new Error('request body too large');
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const header = request.headers['x-api-token'];
  const token = bearer ?? (typeof header === 'string' ? header : '');
  const body: unknown = text === '' ? null : JSON.parse(text);
  const found = findRoute(method, url.pathname);
  return { request, response, url, method, found, body, token, startedMs: performance.now() };
}

/** Token, right, budget, fault, work: in that order. */
async function answer(exchange: Exchange, asked: Asked): Promise<void> {
  const { found, method, url } = asked;
  const scopes = exchange.tokens.get(asked.token);
  if (scopes === undefined) return send(exchange, asked, unauthorised(), 0, null);
  if (found === null) return send(exchange, asked, notFound('Route'), 0, null);
  if (!scopes.includes('*') && !found.route.scopes.some((scope) => scopes.includes(scope)))
    return send(exchange, asked, missingScope(), 0, null);
  const { cost } = found.route;
  const admission = exchange.keeper.admit(asked.token, cost);
  if (admission.kind !== 'admitted') return refuse(exchange, asked, admission);
  const fault = exchange.faults.draw({ method, path: url.pathname });
  if (fault !== null) return await suffer(exchange, asked, fault, admission);
  const reply = carryOut(exchange, asked);
  send(exchange, asked, withHeaders(reply, admission.headers), cost, null);
}

function carryOut(exchange: Exchange, { found, method, url, body }: Asked): Reply {
  if (found === null) return notFound('Route');
  const call = { method, path: found.path, query: url.searchParams, body };
  return found.route.answer(exchange.account, call, exchange.terms);
}

function refuse(exchange: Exchange, asked: Asked, admission: Admission): void {
  if (admission.kind === 'blocked') sendPage(exchange, asked, 403, null);
  else send(exchange, asked, reply(429, overLimit(), admission.headers), 0, null);
}

async function suffer(
  exchange: Exchange,
  asked: Asked,
  fault: FaultRule,
  admission: Admission,
): Promise<void> {
  const cost = asked.found?.route.cost ?? 0;
  const instead = faultReply(fault, admission);
  if (instead !== null) return send(exchange, asked, instead, 0, fault);
  if (fault.kind === 'cloudflare') return sendPage(exchange, asked, 403, fault);
  if (fault.kind === 'bad_gateway') return sendPage(exchange, asked, 502, fault);
  if (fault.kind === 'empty_error') return sendText(exchange, asked, 500, '', 0, fault, {});
  if (fault.kind === 'hang') await pause(exchange, 3_600_000);
  if (fault.kind === 'hang' || fault.kind === 'reset') return breakOff(exchange, asked, 0, fault);
  const taken = carryOut(exchange, asked);
  if (fault.kind === 'slow') {
    await pause(exchange, fault.delayMs ?? 1_000);
    return send(exchange, asked, withHeaders(taken, admission.headers), cost, fault);
  }
  const text = JSON.stringify(taken.json);
  if (fault.kind === 'empty_ok') return sendText(exchange, asked, 200, '', cost, fault, {});
  if (fault.kind === 'truncated_json')
    return sendText(exchange, asked, 200, text.slice(0, Math.floor(text.length / 2)), cost, fault, {});
  breakOff(exchange, asked, cost, fault);
}

/** An answer given instead of carrying the request out; null when the fault is of another sort. */
function faultReply(fault: FaultRule, { headers }: Admission): Reply | null {
  switch (fault.kind) {
    case 'unauthorised':
      return unauthorised();
    case 'forbidden':
      return missingScope();
    case 'plan_capped':
      return capped('feature_capping_deals_limit');
    case 'rate_burst':
      return reply(429, overLimit(), { ...headers, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' });
    case 'rate_daily':
      return reply(429, overLimit(), { ...headers, 'x-daily-ratelimit-token-remaining': '0' });
    case 'error_500':
      return reply(500, { success: false, error: 'internal error' });
    case 'maintenance':
      return reply(503, { success: false, error: 'company database under maintenance' });
    case 'invalid':
      return invalid([{ parameter: 'body', problem: 'is invalid' }]);
    default:
      return null;
  }
}

function withHeaders(answered: Reply, headers: Readonly<Record<string, string>>): Reply {
  return { ...answered, headers: { ...headers, ...answered.headers } };
}

function send(
  exchange: Exchange,
  asked: Asked,
  answered: Reply,
  tokens: number,
  fault: FaultRule | null,
): void {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', ...answered.headers };
  sendText(exchange, asked, answered.status, JSON.stringify(answered.json), tokens, fault, headers);
}

function sendPage(exchange: Exchange, asked: Asked, status: number, fault: FaultRule | null): void {
  sendText(exchange, asked, status, CLOUDFLARE_PAGE, 0, fault, {
    'Content-Type': 'text/html; charset=UTF-8',
  });
}

/** `Date` tells the sandbox's time. */
function sendText(
  exchange: Exchange,
  asked: Asked,
  status: number,
  text: string,
  tokens: number,
  fault: FaultRule | null,
  headers: Readonly<Record<string, string>>,
): void {
  const body = Buffer.from(text, 'utf8');
  const { response, method, url } = asked;
  response.sendDate = false;
  const date = new Date(exchange.account.clock.nowMs()).toUTCString();
  response.writeHead(status, { Date: date, ...headers, 'Content-Length': String(body.length) });
  response.end(body);
  note(exchange, asked, { status, bytes: body.length, tokens, fault });
  if (fault === null && exchange.observe !== null) {
    const observed = { method, pathname: url.pathname, query: url.searchParams, requestBody: asked.body };
    exchange.observe({ ...observed, status, responseText: text });
  }
}

function breakOff(exchange: Exchange, asked: Asked, tokens: number, fault: FaultRule): void {
  asked.response.destroy();
  note(exchange, asked, { status: 0, bytes: 0, tokens, fault });
}

/** Waits in real time; ends at once when the sandbox closes. */
async function pause(exchange: Exchange, delayMs: number): Promise<void> {
  try {
    await wait(delayMs, undefined, { signal: exchange.closing.signal, ref: false });
  } catch (error) {
    if (!exchange.closing.signal.aborted) throw error;
  }
}

function note(
  exchange: Exchange,
  asked: Asked,
  outcome: { status: number; bytes: number; tokens: number; fault: FaultRule | null },
): void {
  const { method, found, url } = asked;
  exchange.journal.append({
    at: exchange.account.clock.now().toString(),
    method,
    path: found?.route.template ?? url.pathname,
    status: outcome.status,
    tokens: outcome.tokens,
    ms: Math.round(performance.now() - asked.startedMs),
    bytes: outcome.bytes,
    fault: outcome.fault?.kind ?? null,
    parameters: [...url.searchParams.keys()],
    ...touched(exchange.account, asked),
  });
}

/** Which record and keys a write named; the key of a custom field is told by the field's name. */
function touched(
  account: Account,
  { method, found, body }: Asked,
): { id?: string; keys?: readonly string[] } {
  if (method === 'GET' || !isJson(body)) return {};
  const custom: Json = isJson(body['custom_fields']) ? body['custom_fields'] : {};
  const plain = Object.keys(body).filter((key) => key !== 'custom_fields');
  const named = Object.keys(custom).map(
    (code) => `custom_fields.${account.dealFields.get(code)?.name ?? code}`,
  );
  return { ...(found?.path[0] !== undefined && { id: found.path[0] }), keys: [...plain, ...named] };
}

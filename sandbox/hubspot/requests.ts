import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answerControl, CONTROL_PREFIX } from './control.ts';
import { failure, notFound, rateLimited, validationError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { FaultRule } from './fault-board.ts';
import { type FaultReply, faultReply } from './fault-replies.ts';
import { type Call, isJson, type Json, type Reply } from './reply.ts';
import { canonicalPath, journalPath, type Match, matchRoute } from './routes.ts';
import { sendBroken, sendReply } from './wire.ts';

/** Longest request line HubSpot's edge takes. */
const MAX_URL_CHARS = 16_384;
const MAX_BODY_BYTES = 10_000_000;

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly method: string;
  readonly match: Match | null;
  readonly call: Call;
  readonly startedMs: number;
}

/** Reads, judges, carries out, answers and writes down one request. Never throws: a fault of the sandbox itself is a 500 that says so. */
export async function answerRequest(
  exchange: Exchange,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const text = await bodyOf(request);
    if (url.pathname.startsWith(CONTROL_PREFIX)) {
      answerControl(exchange, request.method ?? 'GET', url, text, response);
      return;
    }
    await answerCall(exchange, request, response, url, text);
  } catch (error) {
    if (!response.headersSent)
      sendReply(exchange, response, failure(500, { message: `sandbox: ${String(error)}` }), {});
    else response.destroy();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) throw new Error('request body too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function answerCall(
  exchange: Exchange,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  text: string,
): Promise<void> {
  const method = request.method ?? 'GET';
  const match = matchRoute(method, canonicalPath(url.pathname));
  const body = parseBody(text);
  const call: Call = { method, path: match?.variables ?? [], query: url.searchParams, body: body.json };
  const asked: Asked = { request, response, url, method, match, call, startedMs: performance.now() };
  if (exchange.latencyMs > 0) await pause(exchange, exchange.latencyMs);
  const refusal = body.ok ? refuse(exchange, asked) : validationError('Invalid input JSON');
  if (refusal !== null) return finish(exchange, asked, refusal, null);
  const fault = exchange.portal.faults.draw({ lane: laneOf(asked), method, path: url.pathname });
  if (fault === null) return finish(exchange, asked, carryOut(exchange, asked), null);
  await suffer(exchange, asked, fault);
}

function parseBody(text: string): { readonly ok: boolean; readonly json: unknown } {
  if (text === '') return { ok: true, json: null };
  try {
    return { ok: true, json: JSON.parse(text) };
  } catch {
    return { ok: false, json: null };
  }
}

function laneOf(asked: Asked) {
  return asked.match?.route.lane ?? 'other';
}

/** Too long, no right, no budget: in HubSpot's order. Null when the call may go on. */
function refuse(exchange: Exchange, asked: Asked): Reply | null {
  if ((asked.request.url ?? '').length > MAX_URL_CHARS) return failure(414, { message: 'URI Too Long' });
  const scopes = asked.match?.route.scopes(asked.call) ?? [];
  const noRight = exchange.tokens.refuse(asked.request.headers.authorization, scopes);
  if (noRight !== null) return noRight;
  const { portal } = exchange;
  const day = portal.clock.now().toZonedDateTimeISO(portal.world.account.zone).toPlainDate().toString();
  const empty = exchange.gate.admit(laneOf(asked), day);
  if (empty === null) return null;
  const policy = empty === 'daily' ? 'daily' : empty === 'search' ? 'search' : 'ten_secondly';
  return rateLimited(policy, portal.world.account.id, portal.appId);
}

function carryOut(exchange: Exchange, asked: Asked): Reply {
  if (asked.match === null) return notFound(`No route matches ${asked.method} ${asked.url.pathname}`);
  return asked.match.route.answer(exchange.portal, asked.call);
}

async function suffer(exchange: Exchange, asked: Asked, fault: FaultRule): Promise<void> {
  const { portal } = exchange;
  const instead = faultReply(fault, portal.world.account.id, portal.appId);
  if (instead !== null) return finish(exchange, asked, instead.reply, fault, instead);
  if (fault.kind === 'hang') await pause(exchange, fault.delayMs ?? 3_600_000, callerGone(asked.response));
  if (fault.kind === 'hang' || fault.kind === 'reset') {
    asked.response.destroy();
    return note(exchange, asked, 0, 0, fault);
  }
  const taken = carryOut(exchange, asked);
  if (fault.kind === 'slow') {
    await pause(exchange, fault.delayMs ?? 1_000);
    return finish(exchange, asked, taken, fault);
  }
  const sent = await sendBroken(exchange, asked.response, taken, fault);
  note(exchange, asked, sent.status, sent.bytes, fault);
}

/** Aborts when the caller breaks the connection. */
function callerGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

/** Waits in real time; ends at once when the sandbox closes or the caller has gone. */
async function pause(exchange: Exchange, delayMs: number, gone?: AbortSignal): Promise<void> {
  const { signal } = exchange.closing;
  const stop = gone === undefined ? signal : AbortSignal.any([signal, gone]);
  try {
    await wait(delayMs, undefined, { signal: stop, ref: false });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

function finish(
  exchange: Exchange,
  asked: Asked,
  answer: Reply,
  fault: FaultRule | null,
  shape: Omit<FaultReply, 'reply'> = {},
): void {
  const limits = exchange.gate.headers(laneOf(asked));
  const bytes = sendReply(exchange, asked.response, answer, { ...limits, ...shape.headers }, shape);
  note(exchange, asked, answer.status, bytes, fault);
  if (fault !== null) return;
  const { method, url, call } = asked;
  exchange.observe?.({
    method,
    pathname: url.pathname,
    requestBody: call.body,
    status: answer.status,
    reply: answer.json,
  });
}

function note(
  exchange: Exchange,
  asked: Asked,
  status: number,
  bytes: number,
  fault: FaultRule | null,
): void {
  exchange.journal.append({
    at: exchange.portal.clock.now().toString(),
    method: asked.method,
    path: journalPath(asked.url.pathname, asked.match),
    lane: laneOf(asked),
    status,
    ms: Math.round(performance.now() - asked.startedMs),
    bytes,
    fault: fault?.kind ?? null,
    ...touched(asked),
  });
}

/** Which records and properties a write named. */
function touched(asked: Asked): { ids?: readonly string[]; keys?: readonly string[] } {
  if (laneOf(asked) !== 'write' || !isJson(asked.call.body)) return {};
  const raw = asked.call.body['inputs'];
  const inputs: readonly Json[] = Array.isArray(raw) ? raw.filter(isJson) : [asked.call.body];
  const ids = inputs.map((input) => String(input['id'] ?? asked.call.path[1] ?? ''));
  const keys = inputs.flatMap((input) =>
    isJson(input['properties']) ? Object.keys(input['properties']) : [],
  );
  return { ids, keys: [...new Set(keys)] };
}

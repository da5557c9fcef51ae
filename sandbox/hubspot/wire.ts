import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Exchange } from './exchange.ts';
import type { FaultRule } from './fault-board.ts';
import type { Reply } from './reply.ts';

/** How a body leaves: JSON as a rule; HTML or nothing at all when something between us and HubSpot answers instead. */
export interface BodyShape {
  readonly html?: string;
  readonly bare?: boolean;
}

/** Pieces of a slow drip. */
const DRIPS = 20;

function headersOf(
  exchange: Exchange,
  answer: Reply,
  extra: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    Date: new Date(exchange.portal.clock.nowMs()).toUTCString(),
    'X-HubSpot-Correlation-Id': randomUUID(),
    ...(answer.json !== null && { 'Content-Type': 'application/json;charset=utf-8' }),
    ...extra,
  };
}

/** Sends a whole answer; returns the bytes of its body. `Date` tells the sandbox's time. */
export function sendReply(
  exchange: Exchange,
  response: ServerResponse,
  answer: Reply,
  extra: Readonly<Record<string, string>>,
  shape: BodyShape = {},
): number {
  const headers = headersOf(exchange, answer, extra);
  if (shape.html !== undefined) headers['Content-Type'] = 'text/html; charset=UTF-8';
  const body = Buffer.from(bodyText(answer, shape), 'utf8');
  if (answer.status !== 204) headers['Content-Length'] = String(body.length);
  response.sendDate = false;
  response.writeHead(answer.status, headers);
  response.end(body);
  return body.length;
}

function bodyText(answer: Reply, shape: BodyShape): string {
  if (shape.html !== undefined) return shape.html;
  return answer.json === null || shape.bare === true ? '' : JSON.stringify(answer.json);
}

/** An answer that goes wrong on its way, after the work was done. Status 0 when the caller sees none. */
export async function sendBroken(
  exchange: Exchange,
  response: ServerResponse,
  answer: Reply,
  fault: FaultRule,
): Promise<{ readonly status: number; readonly bytes: number }> {
  const body = Buffer.from(JSON.stringify(answer.json), 'utf8');
  const half = body.subarray(0, Math.floor(body.length / 2));
  response.sendDate = false;
  const headers = headersOf(exchange, answer, {});
  switch (fault.kind) {
    case 'empty_ok':
      response.writeHead(200, { Date: headers['Date'], 'Content-Length': '0' });
      response.end();
      return { status: 200, bytes: 0 };
    case 'truncated_json':
      response.writeHead(answer.status, { ...headers, 'Content-Length': String(half.length) });
      response.end(half);
      return { status: answer.status, bytes: half.length };
    case 'reset_mid_body':
      response.writeHead(answer.status, { ...headers, 'Content-Length': String(body.length) });
      response.write(half);
      await wait(20, undefined, { ref: false });
      response.destroy();
      return { status: 0, bytes: half.length };
    case 'slow_drip':
      response.writeHead(answer.status, { ...headers, 'Content-Length': String(body.length) });
      await drip(exchange, response, body, fault.delayMs ?? 2_000);
      return { status: answer.status, bytes: body.length };
    default:
      response.destroy();
      return { status: 0, bytes: 0 };
  }
}

async function drip(
  exchange: Exchange,
  response: ServerResponse,
  body: Buffer,
  delayMs: number,
): Promise<void> {
  const piece = Math.max(1, Math.ceil(body.length / DRIPS));
  for (let at = 0; at < body.length && !exchange.closing.signal.aborted && !response.destroyed; at += piece) {
    response.write(body.subarray(at, at + piece));
    await wait(delayMs / DRIPS, undefined, { ref: false });
  }
  response.end();
}

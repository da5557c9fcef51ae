/** One HTTP exchange on Node's own fetch: one deadline for connection, headers and body together, and a cap on the body's size. */
import type { ConnectorErrorCode } from '../src/ports/connector.ts';

/** Header names in lower case. `json` is undefined when the body is empty; a body that is no JSON never passes with status 2xx. */
export interface InboundReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: unknown;
}

/** Why no usable reply came. `unsent`: the request provably never reached the vendor. */
export interface Failure {
  readonly code: ConnectorErrorCode;
  readonly detail: string;
  readonly unsent: boolean;
}

export type Exchange =
  | { readonly kind: 'reply'; readonly reply: InboundReply }
  | { readonly kind: 'failure'; readonly failure: Failure };

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Counted after decompression, so that a small bomb is caught as well. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** Failures before a connection stood. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH']);

/** Throws only when `signal` asks to stop. */
export async function exchange(request: Request, timeoutMs: number, signal?: AbortSignal): Promise<Exchange> {
  const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
  const stop = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  try {
    const { url, method, headers, body } = request;
    const init = { method, headers, redirect: 'manual', signal: stop } as const;
    const response = await fetch(url, body === undefined ? init : { ...init, body });
    return read(response, await textOf(response));
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: 'failure', failure: failureOf(error, deadline.aborted, timeoutMs) };
  }
}

class BodyTooLarge extends Error {}

async function textOf(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new BodyTooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function read(response: Response, text: string): Exchange {
  const parsed = parse(text);
  const usable = parsed.ok || !response.ok;
  if (!usable) {
    const detail = `status ${response.status} with ${text.length === 0 ? 'an empty body' : 'a body that is no JSON'}`;
    return { kind: 'failure', failure: { code: 'CRM_UNREADABLE', detail, unsent: false } };
  }
  const headers = Object.fromEntries(response.headers);
  return { kind: 'reply', reply: { status: response.status, headers, text, json: parsed.json } };

  function parse(body: string): { ok: boolean; json: unknown } {
    if (body.length === 0) return { ok: response.status === 204, json: undefined };
    try {
      return { ok: true, json: JSON.parse(body) };
    } catch {
      return { ok: false, json: undefined };
    }
  }
}

function failureOf(error: unknown, timedOut: boolean, timeoutMs: number): Failure {
  if (error instanceof BodyTooLarge) {
    return { code: 'CRM_UNREADABLE', detail: `a body above ${MAX_BODY_BYTES} bytes`, unsent: false };
  }
  if (timedOut)
    return { code: 'CRM_TIMEOUT', detail: `no reply in ${Math.round(timeoutMs)} ms`, unsent: false };
  const code = networkCodeOf(error);
  return { code: 'CRM_UNREACHABLE', detail: `network error ${code}`, unsent: UNSENT.has(code) };
}

/** "ECONNRESET" and its like; messages of network errors may hold addresses, so only the code is kept. */
function networkCodeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  for (const candidate of [cause, error]) {
    if (candidate instanceof Error && 'code' in candidate && typeof candidate.code === 'string')
      return candidate.code;
  }
  return 'UNKNOWN';
}

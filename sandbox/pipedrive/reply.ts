/** What a route answers; the server adds limits, latency and faults. */
export interface Reply {
  readonly status: number;
  readonly json: Json;
  readonly headers: Readonly<Record<string, string>>;
}

export type Json = Readonly<Record<string, unknown>>;

/** One request as a route sees it. `path` holds the values of the template's variables in order. */
export interface Call {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export function reply(status: number, json: Json, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, json, headers };
}

export function ok(found: unknown, additional?: Json): Reply {
  const body = { success: true, data: found };
  return reply(200, additional === undefined ? body : { ...body, additional_data: additional });
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A decimal text as a JSON number with exactly these digits, which no float could promise. */
export function rawNumber(text: string): unknown {
  const writer = JSON as unknown as { rawJSON(text: string): unknown };
  return writer.rawJSON(text);
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

export function isJsonNumber(text: string): boolean {
  return JSON_NUMBER.test(text);
}

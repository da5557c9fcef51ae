/** What a route answers; the server adds headers, latency and faults. `json` null means an empty body. */
export interface Reply {
  readonly status: number;
  readonly json: unknown;
}

/** One request as a route sees it. `path` holds the values of the template's variables in order. */
export interface Call {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export function reply(status: number, json: unknown): Reply {
  return { status, json };
}

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A parameter given several times or as a comma list: the client sends the first form, the documentation shows the second. */
export function listParameter(query: URLSearchParams, name: string): readonly string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

export function stringList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

/** ISO text with milliseconds, as HubSpot writes instants. */
export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

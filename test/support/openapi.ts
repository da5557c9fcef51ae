import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';

type Json = Record<string, unknown>;

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Json;
}

/** One operation of a published specification, with what its requests and replies must look like. */
export interface Operation {
  readonly id: string;
  readonly parameters: readonly Parameter[];
  readonly body: ValidateFunction | null;
  readonly reply: ValidateFunction | null;
  /** Keys that a row of `data` may have: of the schema and of the example. Null when the reply has no rows. */
  readonly rowKeys: ReadonlySet<string> | null;
}

/** An OpenAPI 3.0 file as a checker. `relax` may change a schema before it is compiled: the overlay of known mistakes. */
export class OpenApi {
  private readonly paths: Record<string, Record<string, Json>>;
  private readonly ajv: Ajv;
  private readonly relax: (operationId: string, schema: Json) => void;
  private readonly compiled = new Map<string, Operation>();

  constructor(file: URL, relax: (operationId: string, schema: Json) => void) {
    const document = parse(readFileSync(file, 'utf8'), { maxAliasCount: -1 }) as { paths: OpenApi['paths'] };
    this.paths = document.paths;
    this.relax = relax;
    this.ajv = new Ajv({ strict: false, allErrors: true });
    formats.default(this.ajv);
  }

  /** `pathname` without the prefix of the version: "/deals/12". Null when the specification has no such operation. */
  operation(method: string, pathname: string): Operation | null {
    const verb = method.toLowerCase();
    const templates = Object.keys(this.paths).filter((template) => matches(template, pathname));
    const template = templates.sort((a, b) => variables(a) - variables(b))[0];
    const operation = template === undefined ? undefined : this.paths[template]?.[verb];
    if (operation === undefined) return null;
    const key = `${verb} ${template}`;
    const known = this.compiled.get(key) ?? this.compile(operation);
    this.compiled.set(key, known);
    return known;
  }

  private compile(operation: Json): Operation {
    const id = String(operation['operationId']);
    const body = contentOf(operation['requestBody']);
    const replies = (operation['responses'] ?? {}) as Record<string, unknown>;
    const success = contentOf(replies['200'] ?? replies['201']);
    return {
      id,
      parameters: (operation['parameters'] ?? []) as readonly Parameter[],
      body: body === null ? null : this.ajv.compile(this.prepared(id, body.schema)),
      reply: success === null ? null : this.ajv.compile(this.prepared(id, success.schema)),
      rowKeys: success === null ? null : rowKeysOf(success.schema, success.example),
    };
  }

  private prepared(id: string, schema: Json): Json {
    const copy = structuredClone(schema);
    this.relax(id, copy);
    return asJsonSchema(copy) as Json;
  }
}

function contentOf(part: unknown): { readonly schema: Json; readonly example: unknown } | null {
  const content = (part as { content?: Record<string, { schema?: Json; example?: unknown }> } | undefined)
    ?.content;
  const json = content?.['application/json'];
  return json?.schema === undefined
    ? null
    : { schema: json.schema, example: json.example ?? json.schema['example'] };
}

function matches(template: string, pathname: string): boolean {
  const wanted = template.split('/');
  const given = pathname.split('/');
  return (
    wanted.length === given.length && wanted.every((part, at) => part.startsWith('{') || part === given[at])
  );
}

function variables(template: string): number {
  return template.split('{').length;
}

/** OpenAPI 3.0 says `nullable: true` where JSON Schema lists the type null; with `allOf` and a type the null must pass both. */
function asJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asJsonSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, example, examples, ...rest } = schema as Json;
  const converted = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, asJsonSchema(value)]),
  );
  return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted;
}

/** Every schema under `schema` that has properties, itself included. */
export function eachObject(schema: unknown, visit: (properties: Record<string, Json>) => void): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { properties } = schema as { properties?: Record<string, Json> };
  if (properties !== undefined) visit(properties);
  for (const value of Object.values(schema)) eachObject(value, visit);
}

function rowKeysOf(schema: Json, example: unknown): ReadonlySet<string> | null {
  const keys = new Set<string>();
  const collect = (part: unknown, inData: boolean): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const [key, value] of Object.entries((part as { properties?: Json }).properties ?? {})) {
      if (inData) keys.add(key);
      collect(value, inData ? false : key === 'data');
    }
    for (const key of ['allOf', 'anyOf', 'oneOf'])
      for (const inner of ((part as Json)[key] ?? []) as unknown[]) collect(inner, inData);
    collect((part as Json)['items'], inData);
  };
  collect(schema, false);
  const shown = (example as { data?: unknown } | undefined)?.data;
  for (const row of Array.isArray(shown) ? shown : [shown])
    if (typeof row === 'object' && row !== null) for (const key of Object.keys(row)) keys.add(key);
  return keys.size === 0 ? null : keys;
}

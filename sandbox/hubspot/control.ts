import type { ServerResponse } from 'node:http';
import { RECORD_KINDS, type RecordKind } from '../world/types.ts';
import type { Exchange } from './exchange.ts';
import { FAULT_KINDS, type FaultKind, type FaultRule } from './fault-board.ts';
import { isJson, type Json } from './reply.ts';
import { summarise, summaryLines } from './summary.ts';
import { writtenReport } from './written-report.ts';

/**
 * The sandbox's own doors, for another process on this machine. Not part of HubSpot, not journaled, no token:
 *   GET  journal[?from=seq] | summary[?as=lines] | state | written | faults | clock
 *   POST faults {rule}                -> {id}        DELETE faults[?id=]
 *   POST advance {"duration":"PT5M"}                 POST latency {"latencyMs":120}
 *   POST edit {"do":"set|create|archive|restore|purge|merge", "kind":"deal", "id":"..", "fields":{..}, "loserId":".."}
 */
export const CONTROL_PREFIX = '/__sandbox';

export function answerControl(
  exchange: Exchange,
  method: string,
  url: URL,
  text: string,
  response: ServerResponse,
): void {
  const name = url.pathname.slice(CONTROL_PREFIX.length + 1);
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  const body = isJson(parsed) ? parsed : {};
  const answer = method === 'GET' ? look(exchange, name, url) : act(exchange, `${method} ${name}`, url, body);
  const found = answer !== undefined;
  response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(found ? answer : { message: `no such door: ${method} ${name}` }));
}

function look(exchange: Exchange, name: string, url: URL): unknown {
  const { portal, journal, gate } = exchange;
  switch (name) {
    case 'journal':
      return journal.entries(Number(url.searchParams.get('from') ?? 1));
    case 'summary': {
      const summary = summarise(journal.entries(), gate.use(), portal.faults.hits());
      return url.searchParams.get('as') === 'lines' ? summaryLines(summary) : summary;
    }
    case 'written':
      return writtenReport(portal);
    case 'faults':
      return portal.faults.list();
    case 'clock':
      return { now: portal.clock.now().toString() };
    case 'state':
      return stateOf(exchange);
    default:
      return undefined;
  }
}

function stateOf({ portal }: Exchange): Json {
  const counts = Object.fromEntries(RECORD_KINDS.map((kind) => [kind, countOf(portal.world.list(kind))]));
  return { now: portal.clock.now().toString(), account: portal.world.account, records: counts };
}

function countOf(records: readonly { readonly archivedAtMs: number | null }[]): Json {
  const archived = records.filter((record) => record.archivedAtMs !== null).length;
  return { living: records.length - archived, archived };
}

function act(exchange: Exchange, door: string, url: URL, body: Json): unknown {
  const { portal } = exchange;
  switch (door) {
    case 'POST faults':
      return { id: portal.faults.add(ruleFrom(body)) };
    case 'DELETE faults': {
      const id = url.searchParams.get('id');
      if (id === null) portal.faults.clear();
      else portal.faults.remove(Number(id));
      return {};
    }
    case 'POST advance':
      portal.clock.advance(Temporal.Duration.from(String(body['duration'])));
      return { now: portal.clock.now().toString() };
    case 'POST latency':
      exchange.latencyMs = Number(body['latencyMs']);
      return {};
    case 'POST edit':
      return edit(exchange, body);
    default:
      return undefined;
  }
}

function ruleFrom(body: Json): FaultRule {
  const kind: FaultKind | undefined = FAULT_KINDS.find((one) => one === body['kind']);
  if (kind === undefined)
    throw new Error(`unknown fault ${String(body['kind'])}; known: ${FAULT_KINDS.join(', ')}`);
  return { ...(body as Partial<FaultRule>), kind };
}

function edit(exchange: Exchange, body: Json): Json {
  const kind: RecordKind | undefined = RECORD_KINDS.find((one) => one === body['kind']);
  if (kind === undefined) throw new Error(`unknown kind ${String(body['kind'])}`);
  const id = String(body['id']);
  const raw = isJson(body['fields']) ? body['fields'] : {};
  const fields = Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, String(value)]));
  switch (body['do']) {
    case 'set':
      exchange.edit.set(kind, id, fields);
      return { id };
    case 'create':
      return { id: exchange.edit.create(kind, fields) };
    case 'archive':
    case 'restore':
    case 'purge':
      exchange.edit[body['do']](kind, id);
      return { id };
    case 'merge':
      exchange.edit.merge(kind, id, String(body['loserId']));
      return { id };
    default:
      throw new Error(`unknown edit ${String(body['do'])}`);
  }
}

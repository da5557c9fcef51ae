import { compareIds } from '../world/ids.ts';
import type { Link, WorldRecord } from '../world/types.ts';
import { associationTypes } from './association-types.ts';
import { notFound, rowError, validationError } from './errors.ts';
import { type ObjectType, objectType, typeOfKind } from './object-types.ts';
import type { Portal } from './portal.ts';
import { livingLinks } from './record-view.ts';
import { type Call, isJson, iso, type Json, type Reply, reply } from './reply.ts';

const MAX_INPUTS = 1_000;
const PAGE = 500;

/** POST /crm/v4/associations/{from}/{to}/batch/read: pages per record; records without links come as errors of a 207. */
export function batchReadAssociations(portal: Portal, call: Call): Reply {
  const [from, to] = [objectType(call.path[0] ?? ''), objectType(call.path[1] ?? '')];
  if (from === undefined || to === undefined) return notFound('Unable to infer object type');
  const raw = isJson(call.body) ? call.body['inputs'] : undefined;
  const inputs = Array.isArray(raw) ? raw.filter(isJson) : [];
  if (inputs.length === 0) return validationError('inputs must not be empty');
  if (inputs.length > MAX_INPUTS) {
    return validationError(`The maximum number of inputs supported in a batch request is ${MAX_INPUTS}.`);
  }
  const results: Json[] = [];
  const bare: string[] = [];
  for (const input of inputs) {
    const id = String(input['id']);
    const record = portal.world.get(from.kind, id);
    const links = record === undefined ? [] : orderedLinks(portal, record, to);
    if (record === undefined || links.length === 0) bare.push(id);
    else results.push({ from: { id }, ...linkPage(record, to, links, afterOf(input), PAGE) });
  }
  const at = iso(portal.clock.nowMs());
  const frame = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
  if (bare.length === 0) return reply(200, frame);
  return reply(207, { ...frame, numErrors: bare.length, errors: bare.map((id) => noLinks(from, to, id)) });
}

function afterOf(input: Json): string | null {
  return typeof input['after'] === 'string' && input['after'] !== '' ? input['after'] : null;
}

function noLinks(from: ObjectType, to: ObjectType, id: string): Json {
  return rowError({
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to.kind} is associated with ${from.kind} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [from.kind], toObjectType: [to.kind] },
  });
}

/** GET /crm/v4/objects/{type}/{id}/associations/{toType}. */
export function readAssociations(portal: Portal, call: Call): Reply {
  const [from, to] = [objectType(call.path[0] ?? ''), objectType(call.path[2] ?? '')];
  if (from === undefined || to === undefined) return notFound('Unable to infer object type');
  const record = portal.world.resolve(from.kind, call.path[1] ?? '');
  if (record === undefined) return notFound('Object not found.');
  const limit = Number(call.query.get('limit') ?? PAGE);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE)
    return validationError(`limit cannot be more than ${PAGE}`);
  const page = linkPage(record, to, orderedLinks(portal, record, to), call.query.get('after'), limit);
  return reply(200, { results: page.to, ...(page.paging !== undefined && { paging: page.paging }) });
}

function orderedLinks(portal: Portal, record: WorldRecord, to: ObjectType): readonly Link[] {
  return livingLinks(portal, record, to.kind).toSorted((a, b) => compareIds(a.id, b.id));
}

interface LinkPage {
  readonly to: readonly Json[];
  readonly paging?: Json;
}

/** `toObjectId` is a number here, as HubSpot sends it, although its own specification says text. */
function linkPage(
  record: WorldRecord,
  to: ObjectType,
  links: readonly Link[],
  after: string | null,
  limit: number,
): LinkPage {
  const from = after === null ? 0 : links.findIndex((link) => compareIds(link.id, after) > 0);
  const page = from < 0 ? [] : links.slice(from, from + limit);
  const rows = page.map((link) => ({
    toObjectId: Number(link.id),
    associationTypes: associationTypes(record.kind, to.kind, link.primary).map((type) => ({
      category: 'HUBSPOT_DEFINED',
      typeId: type.typeId,
      label: type.label,
    })),
  }));
  const last = page.at(-1);
  if (last === undefined || from + limit >= links.length) return { to: rows };
  const link = `https://api.hubapi.com/crm/v4/objects/${typeOfKind(record.kind).name}/${record.id}/associations/${to.name}?after=${last.id}`;
  return { to: rows, paging: { next: { after: last.id, link } } };
}

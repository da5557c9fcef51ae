import { lowerBound } from '../world/ids.ts';
import type { WorldRecord } from '../world/types.ts';
import { failure, notFound, validationError } from './errors.ts';
import type { ObjectType } from './object-types.ts';
import type { Portal } from './portal.ts';
import { recordView, viewFromQuery } from './record-view.ts';
import { type Call, type Reply, reply } from './reply.ts';

const MAX_PAGE = 100;
const MAX_PAGE_WITH_HISTORY = 50;

/** GET /crm/v3/objects/{type}: ascending by id; `after` is the id of the first record of the next page. */
export function listObjects(portal: Portal, type: ObjectType, call: Call): Reply {
  const view = viewFromQuery(call.query);
  const limit = pageSize(call.query.get('limit'), view.history.length > 0);
  if (typeof limit !== 'number') return limit;
  const archived = call.query.get('archived') === 'true';
  const records = portal.world.list(type.kind);
  const after = call.query.get('after');
  const page: WorldRecord[] = [];
  let next: WorldRecord | undefined;
  for (let at = after === null ? 0 : lowerBound(records, after); at < records.length; at += 1) {
    const record = records[at];
    if (record === undefined || (record.archivedAtMs !== null) !== archived) continue;
    if (page.length === limit) {
      next = record;
      break;
    }
    page.push(record);
  }
  return reply(200, {
    results: page.map((record) => recordView(portal, record, view)),
    ...(next !== undefined && { paging: { next: nextPage(type, next.id, call) } }),
  });
}

function pageSize(text: string | null, withHistory: boolean): number | Reply {
  const limit = text === null ? 10 : Number(text);
  if (!Number.isInteger(limit) || limit < 1)
    return validationError(`limit must be a positive integer, was ${text}`);
  if (withHistory && limit > MAX_PAGE_WITH_HISTORY) {
    return validationError(
      `The maximum page size supported in a request for property histories is ${MAX_PAGE_WITH_HISTORY}. Please reduce the limit and try again`,
    );
  }
  if (limit > MAX_PAGE) return validationError(`limit cannot be more than ${MAX_PAGE}`);
  return limit;
}

function nextPage(type: ObjectType, after: string, call: Call): { after: string; link: string } {
  const query = new URLSearchParams(call.query);
  query.set('after', after);
  return { after, link: `https://api.hubapi.com/crm/v3/objects/${type.name}?${query}` };
}

/** GET /crm/v3/objects/{type}/{id}. An id that was merged away answers with the winner, whose id differs from the one asked. */
export function getObject(portal: Portal, type: ObjectType, call: Call): Reply {
  const id = call.path[1] ?? '';
  const record = portal.world.resolve(type.kind, id);
  const archived = call.query.get('archived') === 'true';
  if (record === undefined || (record.archivedAtMs !== null) !== archived) {
    return failure(404, {
      message: `Object not found.  objectId are usually numeric.`,
      category: 'OBJECT_NOT_FOUND',
      subCategory: 'crm.OBJECT_NOT_FOUND',
      context: { id: [id] },
    });
  }
  return reply(200, recordView(portal, record, viewFromQuery(call.query)));
}

export function unknownType(name: string): Reply {
  return notFound(`Unable to infer object type from: ${name}`);
}

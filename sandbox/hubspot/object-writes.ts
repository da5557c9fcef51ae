import type { WorldRecord } from '../world/types.ts';
import { notFound, validationError } from './errors.ts';
import type { ObjectType } from './object-types.ts';
import { appStamp, type Portal } from './portal.ts';
import { recordView } from './record-view.ts';
import { type Call, isJson, type Json, type Reply, reply } from './reply.ts';
import { problemErrors, problemsMessage, valueProblems } from './value-checks.ts';

/** Writes values that were checked before. The world gets its own words; the ledger gets what HubSpot was told. */
export function applyProperties(portal: Portal, record: WorldRecord, properties: Json): WorldRecord {
  const stamp = appStamp(portal);
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(properties)) {
    const source = portal.properties.living(record.kind, name)?.source;
    if (source?.kind !== 'field' || typeof value !== 'string') continue;
    const already = (portal.properties.value(record, name) ?? '') === value;
    portal.ledger.note({ recordId: record.id, property: name, value, already, atMs: stamp.atMs });
    fields[source.field] = value === '' ? '' : source.keep(value, portal.world);
  }
  return portal.world.edit(record.kind, record.id, fields, stamp);
}

/** PATCH /crm/v3/objects/{type}/{id}: an old id of a merged record reaches the winner. */
export function patchObject(portal: Portal, type: ObjectType, call: Call): Reply {
  const record = portal.world.resolve(type.kind, call.path[1] ?? '');
  if (record === undefined || record.archivedAtMs !== null) return notFound('Object not found.');
  const properties = isJson(call.body) && isJson(call.body['properties']) ? call.body['properties'] : {};
  const problems = valueProblems(portal, type, properties);
  if (problems.length > 0) {
    return validationError(problemsMessage(problems), { errors: problemErrors(problems) });
  }
  const written = applyProperties(portal, record, properties);
  return reply(
    200,
    recordView(portal, written, { properties: Object.keys(properties), history: [], associations: [] }),
  );
}

/** POST /crm/v3/objects/{type}: 201 and the new record. */
export function createObject(portal: Portal, type: ObjectType, call: Call): Reply {
  const properties = isJson(call.body) && isJson(call.body['properties']) ? call.body['properties'] : {};
  const problems = valueProblems(portal, type, properties);
  if (problems.length > 0) {
    return validationError(problemsMessage(problems), { errors: problemErrors(problems) });
  }
  const record = portal.world.create(type.kind, portal.world.freeId(), {}, appStamp(portal));
  applyProperties(portal, record, properties);
  return reply(
    201,
    recordView(portal, record, { properties: Object.keys(properties), history: [], associations: [] }),
  );
}

/** DELETE /crm/v3/objects/{type}/{id}: into the recycle bin; 204 also when it was there already. */
export function archiveObject(portal: Portal, type: ObjectType, call: Call): Reply {
  const record = portal.world.get(type.kind, call.path[1] ?? '');
  if (record !== undefined && record.archivedAtMs === null) {
    portal.world.archive(type.kind, record.id, appStamp(portal));
  }
  return reply(204, null);
}

/** POST /crm/v3/objects/{type}/merge: 200 and the winner. */
export function mergeObjects(portal: Portal, type: ObjectType, call: Call): Reply {
  const body = isJson(call.body) ? call.body : {};
  const [winnerId, loserId] = [String(body['primaryObjectId']), String(body['objectIdToMerge'])];
  const winner = portal.world.resolve(type.kind, winnerId);
  const loser = portal.world.get(type.kind, loserId);
  if (winner === undefined || loser === undefined)
    return notFound('One or more of the objects to merge does not exist');
  if (winner.id === loser.id) return validationError('A record cannot be merged with itself');
  const merged = portal.world.merge(type.kind, winner.id, loser.id, appStamp(portal));
  return reply(200, recordView(portal, merged, { properties: [], history: [], associations: [] }));
}

import type { ChangeSource, Link, RecordKind, WorldRecord } from '../world/types.ts';
import { associationTypes } from './association-types.ts';
import { objectType, typeOfKind } from './object-types.ts';
import type { Portal } from './portal.ts';
import { iso, type Json, listParameter } from './reply.ts';

/** Ids of one type that come inside a list reply; the rest is a page further (dlt#593 lost them). */
const INLINE_ASSOCIATIONS = 100;

/** What a reader asked to see of each record. */
export interface ViewRequest {
  readonly properties: readonly string[];
  readonly history: readonly string[];
  readonly associations: readonly RecordKind[];
}

export function viewFromQuery(query: URLSearchParams): ViewRequest {
  const kinds = listParameter(query, 'associations')
    .map((name) => objectType(name)?.kind)
    .filter((kind) => kind !== undefined);
  return {
    properties: listParameter(query, 'properties'),
    history: listParameter(query, 'propertiesWithHistory'),
    associations: kinds,
  };
}

/** A record as every read answers it. Unset properties are null; properties that do not exist are left out without a word. */
export function recordView(portal: Portal, record: WorldRecord, request: ViewRequest): Json {
  return {
    id: record.id,
    properties: propertiesOf(portal, record, request.properties),
    ...(request.history.length > 0 && {
      propertiesWithHistory: historiesOf(portal, record, request.history),
    }),
    createdAt: iso(record.createdAtMs),
    updatedAt: iso(record.updatedAtMs),
    archived: record.archivedAtMs !== null,
    ...(record.archivedAtMs !== null && { archivedAt: iso(record.archivedAtMs) }),
    ...associationsPart(portal, record, request.associations),
    url: `https://app.hubspot.com/contacts/${portal.world.account.id}/record/${typeOfKind(record.kind).typeId}/${record.id}`,
  };
}

function propertiesOf(
  portal: Portal,
  record: WorldRecord,
  asked: readonly string[],
): Record<string, string | null> {
  const type = typeOfKind(record.kind);
  const always = [type.createdProperty, type.modifiedProperty, 'hs_object_id'];
  const shown: Record<string, string | null> = {};
  for (const name of [...(asked.length > 0 ? asked : type.defaults), ...always]) {
    const value = portal.properties.value(record, name);
    if (value !== undefined) shown[name] = value;
  }
  return shown;
}

/** Newest first. A calculated property has one version, as of the last change. */
function historiesOf(
  portal: Portal,
  record: WorldRecord,
  asked: readonly string[],
): Record<string, readonly Json[]> {
  const shown: Record<string, readonly Json[]> = {};
  for (const name of asked) {
    const property = portal.properties.living(record.kind, name);
    if (property === undefined) continue;
    const { source } = property;
    if (source.kind === 'calculated') {
      const value = source.value(record, portal.world);
      shown[name] =
        value === null ? [] : [{ value, timestamp: iso(record.updatedAtMs), sourceType: 'CALCULATED' }];
      continue;
    }
    shown[name] = portal.world
      .history(record, source.field)
      .toReversed()
      .map((version) => ({
        value: version.value === '' ? '' : source.show(version.value, portal.world),
        timestamp: iso(version.atMs),
        ...sourceView(version.source),
      }));
  }
  return shown;
}

function sourceView(source: ChangeSource): Json {
  switch (source.kind) {
    case 'person':
      return { sourceType: 'CRM_UI', sourceId: `userId:${source.id}`, updatedByUserId: Number(source.id) };
    case 'app':
      return { sourceType: 'INTEGRATION', sourceId: source.id };
    case 'automation':
      return { sourceType: 'AUTOMATION_PLATFORM', sourceId: source.id };
    case 'import':
      return { sourceType: 'IMPORT' };
  }
}

function associationsPart(portal: Portal, record: WorldRecord, kinds: readonly RecordKind[]): Json {
  const parts: Record<string, Json> = {};
  for (const kind of kinds) {
    const links = livingLinks(portal, record, kind);
    if (links.length === 0) continue;
    parts[typeOfKind(kind).name] = inlineAssociations(record, kind, links);
  }
  return Object.keys(parts).length === 0 ? {} : { associations: parts };
}

function inlineAssociations(record: WorldRecord, kind: RecordKind, links: readonly Link[]): Json {
  const results = links
    .slice(0, INLINE_ASSOCIATIONS)
    .flatMap((link) =>
      associationTypes(record.kind, kind, link.primary).map((type) => ({ id: link.id, type: type.name })),
    );
  const next = links[INLINE_ASSOCIATIONS];
  if (next === undefined) return { results };
  const from = typeOfKind(record.kind).name;
  const link = `https://api.hubapi.com/crm/v3/objects/${from}/${record.id}/associations/${typeOfKind(kind).name}?after=${next.id}`;
  return { results, paging: { next: { after: next.id, link } } };
}

/** Links to records that are not in the recycle bin. */
export function livingLinks(portal: Portal, record: WorldRecord, kind: RecordKind): readonly Link[] {
  return portal.world
    .linked(record, kind)
    .filter((link) => portal.world.get(kind, link.id)?.archivedAtMs === null);
}

import type { RecordKind } from '../world/types.ts';
import { failure, notFound, rowError, validationError } from './errors.ts';
import { objectType } from './object-types.ts';
import type { Portal } from './portal.ts';
import { definition as standard } from './property-shapes.ts';
import type { Definition, PropertyOption } from './property-types.ts';
import { type Call, isJson, iso, type Json, type Reply, reply } from './reply.ts';
import { allowedValues } from './value-checks.ts';

const TYPES = ['string', 'number', 'date', 'datetime', 'enumeration', 'bool'] as const;
const KEPT_EXTRAS = [
  'numberDisplayHint',
  'showCurrencySymbol',
  'currencyPropertyName',
  'formField',
  'hasUniqueValue',
];

function kindOf(call: Call): RecordKind | undefined {
  return objectType(call.path[0] ?? '')?.kind;
}

/** GET /crm/v3/properties/{type}: no paging. */
export function listProperties(portal: Portal, call: Call): Reply {
  const kind = kindOf(call);
  if (kind === undefined) return notFound('Unable to infer object type');
  const archived = call.query.get('archived') === 'true';
  const found = portal.properties.list(kind, archived);
  return reply(200, { results: found.map((property) => definitionView(portal, property)) });
}

export function getProperty(portal: Portal, call: Call): Reply {
  const kind = kindOf(call);
  const name = call.path[1] ?? '';
  const found = kind === undefined ? undefined : portal.properties.find(kind, name)?.definition;
  const archived = call.query.get('archived') === 'true';
  if (found === undefined || found.archived !== archived)
    return notFound(`Property "${name}" does not exist`);
  return reply(200, definitionView(portal, found));
}

/** POST /crm/v3/properties/{type}: 201; 409 when the name is taken, also by an archived property. */
export function createProperty(portal: Portal, call: Call): Reply {
  const kind = kindOf(call);
  if (kind === undefined) return notFound('Unable to infer object type');
  const made = make(portal, kind, call.body);
  return 'status' in made ? made : reply(201, definitionView(portal, made));
}

/** POST /crm/v3/properties/{type}/batch/create: 201, or 207 when some could not be made. */
export function createProperties(portal: Portal, call: Call): Reply {
  const kind = kindOf(call);
  if (kind === undefined) return notFound('Unable to infer object type');
  const inputs: unknown = isJson(call.body) ? call.body['inputs'] : undefined;
  const results: Json[] = [];
  const errors: Json[] = [];
  for (const input of Array.isArray(inputs) ? inputs : []) {
    const made = make(portal, kind, input);
    if (!('status' in made)) results.push(definitionView(portal, made));
    else
      errors.push(
        rowError({ category: 'VALIDATION_ERROR', message: messageOf(made), context: nameContext(input) }),
      );
  }
  const at = iso(portal.clock.nowMs());
  const frame = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
  return errors.length === 0 ? reply(201, frame) : reply(207, { ...frame, numErrors: errors.length, errors });
}

function messageOf(failed: Reply): string {
  return isJson(failed.json) ? String(failed.json['message']) : '';
}

function nameContext(input: unknown): Record<string, readonly string[]> {
  return { name: [isJson(input) ? String(input['name']) : ''] };
}

/** POST /crm/v3/properties/{type}/batch/read {inputs:[{name}]} */
export function readProperties(portal: Portal, call: Call): Reply {
  const kind = kindOf(call);
  if (kind === undefined) return notFound('Unable to infer object type');
  const body = isJson(call.body) ? call.body : {};
  const inputs = Array.isArray(body['inputs']) ? body['inputs'].filter(isJson) : [];
  const names = inputs.map((input) => String(input['name']));
  const wanted = body['archived'] === true;
  const found = names.map((name) => portal.properties.find(kind, name)?.definition);
  const results = found.flatMap((one) => (one?.archived === wanted ? [definitionView(portal, one)] : []));
  const missing = names.filter((_, at) => found[at]?.archived !== wanted);
  const at = iso(portal.clock.nowMs());
  const frame = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
  if (missing.length === 0) return reply(200, frame);
  const errors = missing.map((name) =>
    rowError({
      category: 'OBJECT_NOT_FOUND',
      message: `Property "${name}" does not exist`,
      context: { name: [name] },
    }),
  );
  return reply(207, { ...frame, numErrors: errors.length, errors });
}

/** PATCH: label, description, group, options; the name and the type stay. */
export function updateProperty(portal: Portal, call: Call): Reply {
  const kind = kindOf(call);
  const name = call.path[1] ?? '';
  const found = kind === undefined ? undefined : portal.properties.living(kind, name)?.definition;
  if (kind === undefined || found === undefined) return notFound(`Property "${name}" does not exist`);
  const body = isJson(call.body) ? call.body : {};
  const changed: Definition = {
    ...found,
    label: textOr(body, 'label', found.label),
    description: textOr(body, 'description', found.description),
    groupName: textOr(body, 'groupName', found.groupName),
    options: body['options'] === undefined ? found.options : optionsOf(body),
    updatedAtMs: portal.clock.nowMs(),
  };
  return reply(200, definitionView(portal, portal.properties.define(kind, changed)));
}

export function archiveProperty(portal: Portal, call: Call): Reply {
  const kind = kindOf(call);
  const name = call.path[1] ?? '';
  if (kind !== undefined && portal.properties.living(kind, name) !== undefined) {
    portal.properties.change(kind, name, { archived: true, updatedAtMs: portal.clock.nowMs() });
  }
  return reply(204, null);
}

export function listGroups(portal: Portal, call: Call): Reply {
  const kind = kindOf(call);
  if (kind === undefined) return notFound('Unable to infer object type');
  const results = [...portal.properties.groupsOf(kind).values()].map((group) => ({
    ...group,
    archived: false,
  }));
  return reply(200, { results });
}

export function getGroup(portal: Portal, call: Call): Reply {
  const kind = kindOf(call);
  const group = kind === undefined ? undefined : portal.properties.groupsOf(kind).get(call.path[1] ?? '');
  return group === undefined
    ? notFound('Property group not found.')
    : reply(200, { ...group, archived: false });
}

export function createGroup(portal: Portal, call: Call): Reply {
  const kind = kindOf(call);
  if (kind === undefined) return notFound('Unable to infer object type');
  const body = isJson(call.body) ? call.body : {};
  const name = textOr(body, 'name', '');
  if (name === '' || textOr(body, 'label', '') === '') return validationError('name and label are required');
  const groups = portal.properties.groupsOf(kind);
  if (groups.has(name)) return conflict(`A property group named '${name}' already exists.`);
  const group = {
    name,
    label: textOr(body, 'label', name),
    displayOrder: Number(body['displayOrder'] ?? -1),
  };
  groups.set(name, group);
  return reply(201, { ...group, archived: false });
}

function conflict(message: string): Reply {
  return failure(409, { message, category: 'CONFLICT' });
}

function make(portal: Portal, kind: RecordKind, raw: unknown): Definition | Reply {
  const body = isJson(raw) ? raw : {};
  const missing = ['name', 'label', 'type', 'fieldType', 'groupName'].filter(
    (key) => textOr(body, key, '') === '',
  );
  if (missing.length > 0)
    return validationError(`Some required fields were not set: [${missing.join(', ')}]`);
  const name = textOr(body, 'name', '');
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return validationError(`Property name "${name}" is not valid.`);
  if (portal.properties.find(kind, name) !== undefined)
    return conflict(`A property named '${name}' already exists.`);
  const group = textOr(body, 'groupName', '');
  if (!portal.properties.groupsOf(kind).has(group))
    return validationError(`Property group "${group}" does not exist`);
  const type = TYPES.find((one) => one === body['type']);
  if (type === undefined) return validationError(`Property type "${String(body['type'])}" is not valid.`);
  const options = optionsOf(body);
  if (type === 'enumeration' && options.length === 0)
    return validationError('Enumeration options must not be empty');
  const at = portal.clock.nowMs();
  return portal.properties.define(kind, {
    ...standard(name, textOr(body, 'label', name), type, {
      fieldType: textOr(body, 'fieldType', ''),
      groupName: group,
      options,
    }),
    description: textOr(body, 'description', ''),
    hubspotDefined: false,
    createdAtMs: at,
    updatedAtMs: at,
    extra: Object.fromEntries(KEPT_EXTRAS.filter((key) => key in body).map((key) => [key, body[key]])),
  });
}

function optionsOf(body: Json): readonly PropertyOption[] {
  const raw = Array.isArray(body['options']) ? body['options'].filter(isJson) : [];
  return raw.map((option, at) => ({
    label: textOr(option, 'label', ''),
    value: textOr(option, 'value', ''),
    displayOrder: typeof option['displayOrder'] === 'number' ? option['displayOrder'] : at,
    hidden: option['hidden'] === true,
  }));
}

function textOr(body: Json, key: string, fallback: string): string {
  const value = body[key];
  return typeof value === 'string' ? value : fallback;
}

function definitionView(portal: Portal, property: Definition): Json {
  const own =
    property.type === 'enumeration' && property.options.length === 0 ? allowedValues(portal, property) : [];
  const listed = own.map((value, at) => ({ label: value, value, displayOrder: at, hidden: false }));
  return {
    name: property.name,
    label: property.label,
    description: property.description,
    groupName: property.groupName,
    type: property.type,
    fieldType: property.fieldType,
    options: property.options.length > 0 ? property.options : listed,
    displayOrder: -1,
    calculated: property.calculated,
    externalOptions: property.name === 'hubspot_owner_id',
    hasUniqueValue: false,
    hidden: false,
    hubspotDefined: property.hubspotDefined,
    formField: false,
    dataSensitivity: 'non_sensitive',
    modificationMetadata: {
      archivable: !property.hubspotDefined,
      readOnlyDefinition: property.hubspotDefined,
      readOnlyValue: property.readOnlyValue,
      readOnlyOptions: property.hubspotDefined,
    },
    createdAt: iso(property.createdAtMs),
    updatedAt: iso(property.updatedAtMs),
    archived: property.archived,
    ...(property.archived && { archivedAt: iso(property.updatedAtMs) }),
    ...property.extra,
  };
}

import * as associations from '@hubspot/api-client/lib/codegen/crm/associations/v4/models/ObjectSerializer.js';
import * as objects from '@hubspot/api-client/lib/codegen/crm/objects/models/ObjectSerializer.js';
import * as owners from '@hubspot/api-client/lib/codegen/crm/owners/models/ObjectSerializer.js';
import * as pipelines from '@hubspot/api-client/lib/codegen/crm/pipelines/models/ObjectSerializer.js';
import * as properties from '@hubspot/api-client/lib/codegen/crm/properties/models/ObjectSerializer.js';

/** What the official client's models make of a JSON body: the same again, or a list of what they lose or change. */

interface Serializer {
  deserialize(data: unknown, type: string, format: string): unknown;
  serialize(data: unknown, type: string, format: string): unknown;
}

interface Model {
  readonly by: Serializer;
  readonly request: string | null;
  readonly reply: string | null;
}

const model = (by: { ObjectSerializer: unknown }, request: string | null, reply: string | null): Model => ({
  by: by.ObjectSerializer as Serializer,
  request,
  reply,
});

/** Models by operation, as the client's own api classes name them. */
const OPERATIONS: readonly (readonly [method: string, path: RegExp, model: Model])[] = [
  [
    'POST',
    /^\/crm\/v3\/objects\/\w+\/batch\/read$/,
    model(objects, 'BatchReadInputSimplePublicObjectId', 'BatchResponseSimplePublicObject'),
  ],
  [
    'POST',
    /^\/crm\/v3\/objects\/\w+\/batch\/update$/,
    model(objects, 'BatchInputSimplePublicObjectBatchInput', 'BatchResponseSimplePublicObject'),
  ],
  [
    'POST',
    /^\/crm\/v3\/objects\/\w+\/search$/,
    model(objects, 'PublicObjectSearchRequest', 'CollectionResponseWithTotalSimplePublicObjectForwardPaging'),
  ],
  [
    'GET',
    /^\/crm\/v3\/objects\/\w+$/,
    model(objects, null, 'CollectionResponseSimplePublicObjectWithAssociationsForwardPaging'),
  ],
  ['GET', /^\/crm\/v3\/objects\/\w+\/\d+$/, model(objects, null, 'SimplePublicObjectWithAssociations')],
  [
    'POST',
    /^\/crm\/v4\/associations\/\w+\/\w+\/batch\/read$/,
    model(
      associations,
      'BatchInputPublicFetchAssociationsBatchRequest',
      'BatchResponsePublicAssociationMultiWithLabel',
    ),
  ],
  ['GET', /^\/crm\/v3\/owners\/?$/, model(owners, null, 'CollectionResponsePublicOwnerForwardPaging')],
  ['GET', /^\/crm\/v3\/pipelines\/deals$/, model(pipelines, null, 'CollectionResponsePipelineNoPaging')],
  ['GET', /^\/crm\/v3\/properties\/deals$/, model(properties, null, 'CollectionResponsePropertyNoPaging')],
  ['POST', /^\/crm\/v3\/properties\/deals$/, model(properties, 'PropertyCreate', 'Property')],
  ['PATCH', /^\/crm\/v3\/properties\/deals\/\w+$/, model(properties, 'PropertyUpdate', 'Property')],
  [
    'POST',
    /^\/crm\/v3\/properties\/deals\/groups$/,
    model(properties, 'PropertyGroupCreate', 'PropertyGroup'),
  ],
];

export function modelOf(method: string, pathname: string): Model | null {
  return OPERATIONS.find(([verb, path]) => verb === method && path.test(pathname))?.[2] ?? null;
}

/** 207 answers with the list of what failed beside the results. */
export function replyType({ reply }: Model, status: number): string | null {
  return reply !== null && status === 207 ? `${reply}WithErrors` : reply;
}

/** Places at which `body` differs after a way through the model and back: "results.n.id: lost". */
export function changedBy({ by }: Model, type: string, body: unknown): readonly string[] {
  const back: unknown = JSON.parse(JSON.stringify(by.serialize(by.deserialize(body, type, ''), type, '')));
  return [...new Set(differences(body, back, ''))];
}

function differences(before: unknown, after: unknown, place: string): readonly string[] {
  if (before === null && after === undefined) return [];
  if (typeof before !== 'object' || before === null)
    return Object.is(before, after) ? [] : [`${place}: ${after === undefined ? 'lost' : 'changed'}`];
  if (typeof after !== 'object' || after === null) return [`${place}: lost`];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    const inner = Array.isArray(before) ? 'n' : key;
    return differences(
      Reflect.get(before, key),
      Reflect.get(after, key),
      place === '' ? inner : `${place}.${inner}`,
    );
  });
}

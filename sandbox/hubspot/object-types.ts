import type { RecordKind } from '../world/types.ts';

/** How HubSpot names a kind of record. */
export interface ObjectType {
  readonly kind: RecordKind;
  readonly name: string;
  readonly typeId: string;
  /** "DEAL": as error messages and association labels spell it. */
  readonly singular: string;
  readonly modifiedProperty: string;
  readonly createdProperty: string;
  /** Properties answered when none are asked for (section 4). */
  readonly defaults: readonly string[];
  readonly readScopes: readonly string[];
  readonly writeScopes: readonly string[];
}

const CONTACTS_READ = ['crm.objects.contacts.read'];

function engagement(
  kind: RecordKind,
  name: string,
  typeId: string,
  scopes: readonly string[] = CONTACTS_READ,
) {
  return {
    kind,
    name,
    typeId,
    singular: kind.toUpperCase(),
    modifiedProperty: 'hs_lastmodifieddate',
    createdProperty: 'hs_createdate',
    defaults: ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'],
    readScopes: scopes,
    writeScopes: ['crm.objects.contacts.write'],
  } satisfies ObjectType;
}

/** Type ids: https://developers.hubspot.com/docs/guides/crm/using-object-apis */
const OBJECT_TYPES: readonly ObjectType[] = [
  {
    kind: 'deal',
    name: 'deals',
    typeId: '0-3',
    singular: 'DEAL',
    modifiedProperty: 'hs_lastmodifieddate',
    createdProperty: 'createdate',
    defaults: ['dealname', 'amount', 'closedate', 'pipeline', 'dealstage'],
    readScopes: ['crm.objects.deals.read'],
    writeScopes: ['crm.objects.deals.write'],
  },
  {
    kind: 'company',
    name: 'companies',
    typeId: '0-2',
    singular: 'COMPANY',
    modifiedProperty: 'hs_lastmodifieddate',
    createdProperty: 'createdate',
    defaults: ['name', 'domain'],
    readScopes: ['crm.objects.companies.read'],
    writeScopes: ['crm.objects.companies.write'],
  },
  {
    kind: 'contact',
    name: 'contacts',
    typeId: '0-1',
    singular: 'CONTACT',
    modifiedProperty: 'lastmodifieddate',
    createdProperty: 'createdate',
    defaults: ['firstname', 'lastname', 'email'],
    readScopes: CONTACTS_READ,
    writeScopes: ['crm.objects.contacts.write'],
  },
  engagement('call', 'calls', '0-48'),
  engagement('email', 'emails', '0-49'),
  engagement('meeting', 'meetings', '0-47'),
  engagement('note', 'notes', '0-46'),
  engagement('task', 'tasks', '0-27'),
  {
    kind: 'product',
    name: 'products',
    typeId: '0-7',
    singular: 'PRODUCT',
    modifiedProperty: 'hs_lastmodifieddate',
    createdProperty: 'createdate',
    defaults: ['name', 'price', 'hs_sku'],
    readScopes: ['crm.objects.products.read'],
    writeScopes: ['crm.objects.products.write'],
  },
  {
    kind: 'line_item',
    name: 'line_items',
    typeId: '0-8',
    singular: 'LINE_ITEM',
    modifiedProperty: 'hs_lastmodifieddate',
    createdProperty: 'createdate',
    defaults: ['name', 'quantity', 'price', 'amount', 'hs_product_id'],
    readScopes: ['crm.objects.line_items.read'],
    writeScopes: ['crm.objects.line_items.write'],
  },
];

/** By "deals", "deal" or "0-3": HubSpot takes all three. */
export function objectType(text: string): ObjectType | undefined {
  return OBJECT_TYPES.find((type) => type.name === text || type.typeId === text || type.kind === text);
}

export function typeOfKind(kind: RecordKind): ObjectType {
  const type = OBJECT_TYPES.find((candidate) => candidate.kind === kind);
  if (type === undefined) throw new Error(`HubSpot has no object type for ${kind}`);
  return type;
}

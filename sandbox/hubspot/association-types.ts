import type { RecordKind } from '../world/types.ts';

/** One of the types a link carries; `name` is the v3 spelling inside list replies. Numbers: AssociationTypes of the official client. */
export interface AssociationType {
  readonly typeId: number;
  readonly label: string | null;
  readonly name: string;
}

const FROM_DEAL: Partial<Record<RecordKind, number>> = {
  contact: 3,
  company: 341,
  call: 205,
  email: 209,
  meeting: 211,
  note: 213,
  task: 215,
  line_item: 19,
};

const TO_DEAL: Partial<Record<RecordKind, number>> = {
  contact: 4,
  company: 342,
  call: 206,
  email: 210,
  meeting: 212,
  note: 214,
  task: 216,
  line_item: 20,
};

/** Links between companies, contacts and activities: contact-company 279/280; activities as in the client's table. */
const OTHERS: Readonly<Record<string, number>> = {
  'contact>company': 279,
  'company>contact': 280,
  'call>contact': 194,
  'contact>call': 193,
  'email>contact': 198,
  'contact>email': 197,
  'meeting>contact': 200,
  'contact>meeting': 199,
  'note>contact': 202,
  'contact>note': 201,
  'task>contact': 204,
  'contact>task': 203,
  'call>company': 182,
  'company>call': 181,
  'email>company': 186,
  'company>email': 185,
  'meeting>company': 188,
  'company>meeting': 187,
  'note>company': 190,
  'company>note': 189,
  'task>company': 192,
  'company>task': 191,
};

/** A main company carries two types, the primary and the plain one: readers must count it once. */
export function associationTypes(
  from: RecordKind,
  to: RecordKind,
  primary: boolean,
): readonly AssociationType[] {
  const plain = plainType(from, to);
  if (plain === undefined) return [];
  const name = `${from}_to_${to}`;
  const hasPrimary = [from, to].includes('deal') && [from, to].includes('company');
  if (!primary || !hasPrimary)
    return [{ typeId: plain, label: null, name: hasPrimary ? `${name}_unlabeled` : name }];
  return [
    { typeId: from === 'deal' ? 5 : 6, label: 'Primary', name },
    { typeId: plain, label: null, name: `${name}_unlabeled` },
  ];
}

function plainType(from: RecordKind, to: RecordKind): number | undefined {
  if (from === 'deal') return FROM_DEAL[to];
  if (to === 'deal') return TO_DEAL[from];
  return OTHERS[`${from}>${to}`];
}

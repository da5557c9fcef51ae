import type { Account } from './account.ts';
import { capped, invalid, notAllowed, notFound } from './errors.ts';
import { fieldJson } from './fields.ts';
import { type Call, isJson, ok, type Reply } from './reply.ts';

const TYPES = new Set(
  'varchar text double phone date daterange time timerange set enum varchar_auto address monetary org people user'.split(
    ' ',
  ),
);
const BODY = new Set([
  'field_name',
  'field_type',
  'options',
  'description',
  'ui_visibility',
  'important_fields',
  'required_fields',
]);

/** POST /api/v2/dealFields. Names need not be unique: the same call twice makes two fields. `cap` is the plan's number of custom fields. */
export function createDealField(account: Account, call: Call, cap: number): Reply {
  if (!isJson(call.body)) return invalid([{ parameter: 'body', problem: 'must be an object' }]);
  const { field_name: name, field_type: type, description } = call.body;
  const stray = Object.keys(call.body).filter((key) => !BODY.has(key));
  if (stray.length > 0) return invalid(stray.map(notAllowed));
  if (typeof name !== 'string' || name === '')
    return invalid([{ parameter: 'field_name', problem: 'is required' }]);
  if (typeof type !== 'string' || !TYPES.has(type))
    return invalid([{ parameter: 'field_type', problem: 'must be a valid field type' }]);
  const labels = labelsOf(call.body['options']);
  if ((type === 'enum' || type === 'set') !== labels.length > 0)
    return invalid([
      { parameter: 'options', problem: 'are required for enum and set, and for nothing else' },
    ]);
  if (account.dealFields.present().length >= cap) return capped('feature_capping_deals_custom_fields_limit');
  const field = account.dealFields.add({
    name,
    type,
    description: typeof description === 'string' ? description : '',
    labels,
    atMs: account.clock.nowMs(),
  });
  return ok(fieldJson(field));
}

/** POST /api/v2/dealFields/{code}/options: adds to those that are there. */
export function addDealFieldOptions(account: Account, call: Call): Reply {
  const field = account.dealFields.get(call.path[0] ?? '');
  if (field === undefined) return notFound('Field');
  const labels = labelsOf(call.body);
  if (labels.length === 0) return invalid([{ parameter: 'body', problem: 'must hold at least one option' }]);
  const added = labels.map((label) => account.dealFields.option(label));
  field.options.push(...added);
  return ok(added.map(({ id, label }) => ({ id, label })));
}

function labelsOf(options: unknown): string[] {
  if (!Array.isArray(options)) return [];
  return options.flatMap((option: unknown) =>
    isJson(option) && typeof option['label'] === 'string' ? [option['label']] : [],
  );
}

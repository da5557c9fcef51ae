import type { WorldRecord } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { Account } from './account.ts';
import { dealJson } from './deal-face.ts';
import { dealAt } from './deal-lists.ts';
import { invalid, notAllowed, notFound } from './errors.ts';
import { keptValue } from './field-values.ts';
import { type Call, isJson, type Json, ok, type Reply } from './reply.ts';

/** Keys of the PATCH body (openapi-v2 UpdateDealRequest) and the type each must have. Anything else fails the whole request. */
const BODY: Readonly<Record<string, 'string' | 'number' | 'boolean' | 'array' | 'object'>> = {
  title: 'string',
  owner_id: 'number',
  person_id: 'number',
  org_id: 'number',
  pipeline_id: 'number',
  stage_id: 'number',
  value: 'number',
  currency: 'string',
  is_deleted: 'boolean',
  is_archived: 'boolean',
  archive_time: 'string',
  status: 'string',
  probability: 'number',
  lost_reason: 'string',
  visible_to: 'number',
  close_time: 'string',
  won_time: 'string',
  lost_time: 'string',
  expected_close_date: 'string',
  label_ids: 'array',
  custom_fields: 'object',
};

const NULLABLE = new Set(['person_id', 'org_id', 'archive_time', 'probability', 'lost_reason', 'close_time']);

/** Writes of an app through the API carry its user, never an app id. */
const BY_API = { kind: 'app', id: '1' } as const;

/** PATCH /api/v2/deals/{id}: all or nothing. An unchanged value still bumps update_time. */
export function patchDeal(account: Account, call: Call): Reply {
  const deal = dealAt(account, call.path[0]);
  if (deal === undefined || deal.archivedAtMs !== null) return notFound();
  if (!isJson(call.body)) return invalid([{ parameter: 'body', problem: 'must be an object' }]);
  const problems = bodyProblems(call.body);
  const custom = isJson(call.body['custom_fields'])
    ? customFields(account, call.body['custom_fields'])
    : NOTHING;
  problems.push(...custom.problems);
  if (problems.length > 0) return invalid(problems);
  const fields = { ...plainFields(account, account.world, call.body), ...custom.fields };
  noteWrites(account, deal, custom.fields);
  account.world.edit('deal', deal.id, fields, { atMs: account.clock.nowMs(), source: BY_API });
  return ok(dealJson(account, deal, new Set()));
}

function noteWrites(account: Account, deal: WorldRecord, fields: Readonly<Record<string, string>>): void {
  for (const [worldField, value] of Object.entries(fields)) {
    const field = account.dealFields.byWorldField(worldField)?.name ?? worldField;
    const already = (account.world.value(deal, worldField) ?? '') === value;
    account.accepted.push({ dealId: deal.id, field, value, already });
  }
}

interface Problem {
  readonly parameter: string;
  readonly problem: string;
}

const NOTHING = { fields: {}, problems: [] as Problem[] };

function bodyProblems(body: Json): Problem[] {
  return Object.entries(body).flatMap(([key, value]) => {
    const type = BODY[key];
    if (type === undefined) return [notAllowed(key)];
    if (value === null) return NULLABLE.has(key) ? [] : [{ parameter: key, problem: 'must not be null' }];
    const found = Array.isArray(value) ? 'array' : typeof value;
    return found === type ? [] : [{ parameter: key, problem: `must be a ${type}` }];
  });
}

function customFields(
  account: Account,
  given: Json,
): { fields: Record<string, string>; problems: Problem[] } {
  const fields: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [code, value] of Object.entries(given)) {
    const field = account.dealFields.get(code);
    if (field === undefined) {
      problems.push(notAllowed(code));
      continue;
    }
    const kept = keptValue(field, value);
    if (kept.ok) fields[field.worldField] = kept.text;
    else problems.push({ parameter: `custom_fields.${code}`, problem: kept.problem });
  }
  return { fields, problems };
}

/** The few own fields that a test may change through the API. */
function plainFields(account: Account, world: World, body: Json): Record<string, string> {
  const fields: Record<string, string> = {};
  if (typeof body['title'] === 'string') fields['name'] = body['title'];
  if (typeof body['value'] === 'number') fields['amount'] = String(body['value']);
  if (typeof body['currency'] === 'string') fields['currency'] = body['currency'];
  if (typeof body['expected_close_date'] === 'string') fields['close_date'] = body['expected_close_date'];
  if (typeof body['owner_id'] === 'number') fields['owner'] = account.userIds.text(body['owner_id']);
  if (typeof body['stage_id'] === 'number') fields['stage'] = account.stageIds.text(body['stage_id']);
  const outcome = body['status'];
  if (outcome === 'won' || outcome === 'lost') {
    const stages = world.pipelines.flatMap((pipeline) => pipeline.stages);
    fields['stage'] = stages.find((stage) => stage.outcome === outcome)?.id ?? fields['stage'] ?? '';
  }
  return fields;
}

import { randomUUID } from 'node:crypto';
import type { WorldChange, WorldRecord } from '../world/types.ts';
import type { Account } from './account.ts';
import { dealJson } from './deal-face.ts';
import type { CustomField } from './fields.ts';
import { isJson, type Json } from './reply.ts';
import type { Webhook } from './webhook.ts';

type Action = 'create' | 'change' | 'delete';

const ACTIONS: Readonly<Record<WorldChange['what'], Action | null>> = {
  created: 'create',
  edited: 'change',
  archived: 'delete',
  restored: 'change',
  purged: null,
  merged: 'change',
  linked: null,
  unlinked: null,
};

/** Keys of a deal in a webhook: not those of the API. */
const KEYS = [
  'id title creator_user_id owner_id value currency person_id org_id pipeline_id stage_id status probability',
  'add_time update_time stage_change_time close_time won_time lost_time expected_close_date lost_reason label_ids',
  'origin origin_id channel channel_id',
].flatMap((line) => line.split(' '));

/** What a change of a deal makes a webhook send: one body, two for a merge (the loser's deletion, the winner's change). */
export function webhookBody(account: Account, webhook: Webhook, change: WorldChange): readonly Json[] {
  const action = ACTIONS[change.what];
  if (action === null) return [];
  const wanted = (one: Action) => webhook.action === '*' || webhook.action === one;
  const winner = String(account.idOf('deal', change.record.id));
  const bodies: Json[] = [];
  if (change.lostId !== null && wanted('delete')) {
    const loser = String(account.idOf('deal', change.lostId));
    const meta = metaOf(account, webhook, change, 'delete', loser);
    bodies.push({ meta: { ...meta, merged_to_id: winner }, data: null, previous: { id: Number(loser) } });
  }
  if (!wanted(action)) return bodies;
  const shown = dataOf(account, change.record);
  const meta = metaOf(account, webhook, change, action, winner);
  const merged =
    change.lostId === null ? {} : { merged_from_id: String(account.idOf('deal', change.lostId)) };
  return [
    ...bodies,
    {
      meta: { ...meta, ...merged },
      data: action === 'delete' ? null : shown,
      previous: action === 'create' ? null : action === 'delete' ? shown : previousOf(account, change),
    },
  ];
}

function metaOf(
  account: Account,
  webhook: Webhook,
  change: WorldChange,
  action: Action,
  entityId: string,
): Json {
  return {
    action,
    entity: 'deal',
    entity_id: entityId,
    company_id: account.world.account.id,
    user_id: '1',
    id: randomUUID(),
    correlation_id: randomUUID(),
    timestamp: new Date(change.atMs).toISOString(),
    type: 'general',
    version: webhook.version,
    webhook_id: String(webhook.id),
    webhook_owner_id: '1',
    change_source: change.source.kind === 'app' ? 'api' : 'app',
    is_bulk_edit: false,
    host: `${account.domain}.pipedrive.com`,
    permitted_user_ids: ['1'],
  };
}

function dataOf(account: Account, deal: WorldRecord): Json {
  const json = dealJson(account, deal, new Set());
  const custom = isJson(json['custom_fields']) ? json['custom_fields'] : {};
  const typed = Object.entries(custom).map(([code, value]) => [
    code,
    typedValue(account.dealFields.get(code), value),
  ]);
  return {
    ...Object.fromEntries(KEYS.map((key) => [key, json[key] ?? null])),
    visible_to: String(json['visible_to']),
    first_won_time: json['won_time'],
    custom_fields: Object.fromEntries(typed),
  };
}

/** A third shape of custom values, after those of v1 and v2. */
function typedValue(field: CustomField | undefined, value: unknown): unknown {
  if (field === undefined || value === null || value === undefined) return null;
  if (field.type === 'enum') return { type: 'enum', id: value };
  if (field.type === 'set' && Array.isArray(value))
    return { type: 'set', values: value.map((id: unknown) => ({ id })) };
  return isJson(value) ? { type: field.type, ...value } : { type: field.type, value };
}

const PREVIOUS: Readonly<Record<string, string>> = {
  name: 'title',
  amount: 'value',
  currency: 'currency',
  close_date: 'expected_close_date',
};

/** Changed fields only, as they were. The documented example leaves update_time out. */
function previousOf(account: Account, { record, fields }: WorldChange): Json {
  const before = (field: string) => account.world.history(record, field).at(-2)?.value ?? null;
  const known = fields.flatMap((field) =>
    PREVIOUS[field] === undefined ? [] : [[PREVIOUS[field], before(field)]],
  );
  const stage = fields.includes('stage') ? before('stage') : null;
  const stageId =
    stage === null || account.openStage(stage) === undefined
      ? {}
      : { stage_id: account.stageIds.number(stage) };
  return { ...Object.fromEntries(known), ...stageId };
}

import { linesOf } from '../world/line-items.ts';
import type { FieldVersion, WorldRecord } from '../world/types.ts';
import type { Account } from './account.ts';
import { lifeOf } from './deal-life.ts';
import { shownValue } from './field-values.ts';
import { isJsonNumber, type Json, rawNumber } from './reply.ts';
import { v1Time, v2Time } from './times.ts';

/** A deal as v2 shows it. `include` names the optional fields that were asked for. */
export function dealJson(account: Account, deal: WorldRecord, include: ReadonlySet<string>): Json {
  const { world } = account;
  const life = lifeOf(account, deal);
  const closedAtMs = life.wonAtMs ?? life.lostAtMs;
  const closeDate = world.value(deal, 'close_date');
  const company = world.linked(deal, 'company').toSorted((a, b) => Number(b.primary) - Number(a.primary))[0];
  const contact = world.linked(deal, 'contact').toSorted((a, b) => Number(b.primary) - Number(a.primary))[0];
  const archivedAtMs = account.archivedAtMs.get(deal.id) ?? null;
  const deleted = deal.archivedAtMs !== null || account.merged.has(deal);
  const json = {
    id: account.idOf('deal', deal.id),
    title: world.value(deal, 'name') ?? '',
    creator_user_id: 1,
    owner_id: account.ownerNumber(deal),
    value: shownAmount(world.value(deal, 'amount')),
    currency: world.value(deal, 'currency') ?? world.account.currency,
    person_id: contact === undefined ? null : account.idOf('contact', contact.id),
    org_id: company === undefined ? null : account.idOf('company', company.id),
    pipeline_id: account.pipelineIds.number(pipelineOf(account, deal, life.stageId)),
    stage_id: account.stageIds.number(life.stageId),
    status: deleted ? 'deleted' : life.status,
    probability: null,
    add_time: v2Time(deal.createdAtMs),
    update_time: v2Time(deal.updatedAtMs),
    stage_change_time: timeOrNull(life.stageChangedAtMs),
    close_time: timeOrNull(closedAtMs),
    won_time: timeOrNull(life.wonAtMs),
    lost_time: timeOrNull(life.lostAtMs),
    expected_close_date: closeDate !== null && /^\d{4}-\d{2}-\d{2}$/.test(closeDate) ? closeDate : null,
    lost_reason: null,
    visible_to: 3,
    label_ids: [],
    is_deleted: deleted,
    is_archived: archivedAtMs !== null,
    archive_time: timeOrNull(archivedAtMs),
    origin: 'ManuallyCreated',
    origin_id: null,
    channel: null,
    channel_id: null,
    source_lead_id: null,
    acv: null,
    arr: null,
    mrr: null,
    custom_fields: customJson(account, deal),
    ...mailJson(account, deal, include),
    ...(include.has('products_count') ? { products_count: linesOf(world, deal).length } : {}),
  };
  return account.bend('deal', deal.id, json);
}

/** An empty value and a value of 0 look the same in Pipedrive. A text that is no number passes as it is: accounts hold bad values too. */
function shownAmount(text: string | null): unknown {
  if (text === null) return 0;
  return isJsonNumber(text) ? rawNumber(text) : text;
}

function pipelineOf(account: Account, deal: WorldRecord, stageId: string): string {
  return account.world.value(deal, 'pipeline') ?? account.world.stage(stageId)?.pipeline.id ?? 'none';
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : v2Time(ms);
}

function customJson(account: Account, deal: WorldRecord): Json {
  const fields = account.dealFields.present();
  return Object.fromEntries(
    fields.map((field) => [field.code, shownValue(field, account.world.value(deal, field.worldField))]),
  );
}

function mailJson(account: Account, deal: WorldRecord, include: ReadonlySet<string>): Json {
  if (!include.has('last_incoming_mail_time') && !include.has('last_outgoing_mail_time')) return {};
  const json: Record<string, unknown> = {};
  for (const [field, direction] of [
    ['last_incoming_mail_time', 'incoming'],
    ['last_outgoing_mail_time', 'outgoing'],
  ] as const) {
    if (include.has(field)) json[field] = timeOrNull(lastMailMs(account, deal, direction));
  }
  return json;
}

function lastMailMs(account: Account, deal: WorldRecord, direction: string): number | null {
  let last: number | null = null;
  for (const link of account.world.linked(deal, 'email')) {
    const mail = account.world.get('email', link.id);
    if (mail === undefined || mail.archivedAtMs !== null) continue;
    if (account.world.value(mail, 'direction') !== direction) continue;
    const at = Date.parse(account.world.value(mail, 'at') ?? '');
    if (!Number.isNaN(at) && at <= account.clock.nowMs()) last = Math.max(last ?? at, at);
  }
  return last;
}

/** Fields of the world and the keys under which the changelog knows them. */
const LOGGED: Readonly<Record<string, string>> = {
  name: 'title',
  amount: 'value',
  currency: 'currency',
  close_date: 'expected_close_date',
  owner: 'user_id',
  pipeline: 'pipeline_id',
};

/** A deal's changelog, newest first, as v1 shows it: texts only, whole seconds, values of the creation itself left out. */
export function changelogJson(account: Account, deal: WorldRecord): readonly Json[] {
  const changes = [...lifeChanges(account, deal), ...fieldChanges(account, deal)];
  return changes
    .map((change, order) => ({ change, order }))
    .sort((a, b) => a.change.atMs - b.change.atMs || a.order - b.order)
    .map(({ change }) => changeJson(change))
    .reverse();
}

interface Change {
  readonly key: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly atMs: number;
  readonly source: string;
}

function lifeChanges(account: Account, deal: WorldRecord): readonly Change[] {
  const shown = (field: string, value: string) =>
    field === 'status' ? value : String(account.stageIds.number(value));
  return lifeOf(account, deal).changes.map(({ field, from, to, atMs }) => ({
    key: field,
    from: shown(field, from),
    to: shown(field, to),
    atMs,
    source: 'app',
  }));
}

function fieldChanges(account: Account, deal: WorldRecord): readonly Change[] {
  const changes: Change[] = [];
  for (const [field, versions] of deal.fields) {
    const key =
      field === 'stage' ? undefined : (LOGGED[field] ?? account.dealFields.byWorldField(field)?.code);
    if (key !== undefined) changes.push(...versionChanges(key, versions, deal.createdAtMs));
  }
  return changes;
}

function versionChanges(
  key: string,
  versions: readonly FieldVersion[],
  createdAtMs: number,
): readonly Change[] {
  const changes: Change[] = [];
  let before: string | null = null;
  for (const { value, atMs, source } of versions) {
    const to = value === '' ? null : value;
    if (before !== null || atMs > createdAtMs)
      changes.push({ key, from: before, to, atMs, source: source.kind === 'app' ? 'api' : 'app' });
    before = to;
  }
  return changes;
}

function changeJson({ key, from, to, atMs, source }: Change): Json {
  return {
    field_key: key,
    old_value: from,
    new_value: to,
    actor_user_id: 1,
    time: v1Time(atMs),
    change_source: source,
    change_source_user_agent: source === 'api' ? 'Pipedrive-SDK-Javascript-33.7.0' : 'Mozilla/5.0',
    is_bulk_update_flag: false,
  };
}

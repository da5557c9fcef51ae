import type { WorldOwner, WorldRecord, WorldStage } from '../world/types.ts';
import type { Account } from './account.ts';
import { shownValue } from './field-values.ts';
import type { Json } from './reply.ts';
import { v1Time, v2Time } from './times.ts';

/** Everything but deals, as v2 shows it; users, teams and notes as v1 does. */

export function organizationJson(account: Account, record: WorldRecord): Json {
  const { world } = account;
  return account.bend('company', record.id, {
    id: account.idOf('company', record.id),
    name: world.value(record, 'name') ?? '',
    owner_id: account.ownerNumber(record),
    add_time: v2Time(record.createdAtMs),
    update_time: v2Time(record.updatedAtMs),
    is_deleted: record.archivedAtMs !== null,
    visible_to: 3,
    label_ids: [],
    website: world.value(record, 'domain'),
    linkedin: null,
    industry: null,
    annual_revenue: null,
    employee_count: null,
    custom_fields: {},
  });
}

export function personJson(account: Account, record: WorldRecord): Json {
  const { world } = account;
  const first = world.value(record, 'first_name') ?? '';
  const last = world.value(record, 'last_name') ?? '';
  const email = world.value(record, 'email');
  const company = world.linked(record, 'company')[0];
  const fields = account.personFields.present();
  return account.bend('contact', record.id, {
    id: account.idOf('contact', record.id),
    name: `${first} ${last}`.trim(),
    first_name: first,
    last_name: last,
    owner_id: account.ownerNumber(record),
    ...(company === undefined ? {} : { org_id: account.idOf('company', company.id) }),
    add_time: v2Time(record.createdAtMs),
    update_time: v2Time(record.updatedAtMs),
    emails: email === null ? [] : [{ value: email, primary: true, label: 'work' }],
    phones: [],
    is_deleted: record.archivedAtMs !== null,
    visible_to: 3,
    label_ids: [],
    custom_fields: Object.fromEntries(
      fields.map((field) => [field.code, shownValue(field, world.value(record, field.worldField))]),
    ),
  });
}

const DONE: Readonly<Record<string, string>> = { call: 'connected', meeting: 'completed', task: 'completed' };

/** A call, meeting or task. A call that nobody answered stays to be done, as a rep would leave it. */
export function activityJson(account: Account, record: WorldRecord): Json {
  const { world } = account;
  const done = (world.value(record, 'outcome') ?? world.value(record, 'status')) === DONE[record.kind];
  const at = world.value(record, 'start') ?? world.value(record, 'at') ?? '';
  const atMs = Date.parse(at);
  const deal = world.linked(record, 'deal')[0];
  const person = world.linked(record, 'contact')[0];
  const company = world.linked(record, 'company')[0];
  const personId = person === undefined ? null : account.idOf('contact', person.id);
  return account.bend(record.kind, record.id, {
    id: account.idOf(record.kind, record.id),
    subject: world.value(record, 'title') ?? world.value(record, 'subject') ?? '',
    type: record.kind,
    owner_id: account.ownerNumber(record),
    creator_user_id: 1,
    is_deleted: record.archivedAtMs !== null,
    add_time: v2Time(record.createdAtMs),
    update_time: v2Time(record.updatedAtMs),
    deal_id: deal === undefined ? null : account.idOf('deal', deal.id),
    lead_id: null,
    person_id: personId,
    org_id: company === undefined ? null : account.idOf('company', company.id),
    due_date: Number.isNaN(atMs) ? v2Time(record.createdAtMs).slice(0, 10) : v2Time(atMs).slice(0, 10),
    due_time: Number.isNaN(atMs) ? null : v2Time(atMs).slice(11, 19),
    duration: null,
    busy: false,
    done,
    ...(done ? { marked_as_done_time: v2Time(record.updatedAtMs) } : {}),
    location: null,
    participants: personId === null ? [] : [{ person_id: personId, primary: true }],
    public_description: '',
    note: world.value(record, 'body') ?? '',
  });
}

/** v1: times without a zone, absent links as absent keys. */
export function noteJson(account: Account, record: WorldRecord): Json {
  const { world } = account;
  const deal = world.linked(record, 'deal')[0];
  return account.bend('note', record.id, {
    id: account.idOf('note', record.id),
    active_flag: record.archivedAtMs === null,
    add_time: v1Time(record.createdAtMs),
    update_time: v1Time(record.updatedAtMs),
    content: world.value(record, 'body') ?? '',
    ...(deal === undefined ? {} : { deal_id: account.idOf('deal', deal.id) }),
    pinned_to_deal_flag: false,
    pinned_to_organization_flag: false,
    pinned_to_person_flag: false,
    user_id: account.ownerNumber(record),
    last_update_user_id: account.ownerNumber(record),
  });
}

export function pipelineJsons(account: Account): readonly Json[] {
  return account.world.pipelines.map((pipeline) => ({
    id: account.pipelineIds.number(pipeline.id),
    name: pipeline.label,
    order_nr: pipeline.order,
    is_deleted: pipeline.archived,
    is_deal_probability_enabled: true,
    add_time: v2Time(0),
    update_time: v2Time(0),
  }));
}

/** Stages that end a deal in the world are no stages here: they are the deal's status. */
export function stageJsons(account: Account): readonly Json[] {
  return account.world.pipelines.flatMap((pipeline) =>
    pipeline.stages
      .filter((stage) => stage.outcome === null)
      .map((stage) => stageJson(account, stage, account.pipelineIds.number(pipeline.id))),
  );
}

function stageJson(account: Account, stage: WorldStage, pipelineId: number): Json {
  return {
    id: account.stageIds.number(stage.id),
    order_nr: stage.order,
    name: stage.label,
    is_deleted: stage.archived,
    deal_probability: percent(stage.probability),
    pipeline_id: pipelineId,
    is_deal_rot_enabled: false,
    days_to_rotten: null,
    add_time: v2Time(0),
    update_time: null,
  };
}

/** "0.4" -> 40. */
function percent(probability: string): number {
  return Math.min(100, Math.max(0, Math.round(Number(probability) * 100)));
}

export function userJson(account: Account, owner: WorldOwner): Json {
  return user(account, {
    id: account.userIds.number(owner.id),
    name: `${owner.firstName} ${owner.lastName}`.trim(),
    email: owner.email,
    active: owner.active,
    admin: false,
    createdAtMs: owner.createdAtMs,
    updatedAtMs: owner.updatedAtMs,
  });
}

/** The user whose token is used: user 1, an admin who sells nothing. */
export function meJson(account: Account): Json {
  const me = user(account, {
    id: 1,
    name: 'Pipedrive admin',
    email: `admin@${account.domain}.example`,
    active: true,
    admin: true,
    createdAtMs: 0,
    updatedAtMs: 0,
  });
  const { id, name, locale } = account.world.account;
  return {
    ...me,
    company_id: Number(id),
    company_name: name,
    company_domain: account.domain,
    company_country: locale === 'fr' ? 'FR' : 'US',
    company_industry: 'Other',
    language: { language_code: locale, country_code: locale === 'fr' ? 'FR' : 'US' },
  };
}

interface UserFacts {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  readonly admin: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

function user(account: Account, facts: UserFacts): Json {
  const { zone, currency, locale } = account.world.account;
  const now = Temporal.Instant.fromEpochMilliseconds(account.clock.nowMs()).toZonedDateTimeISO(zone);
  return {
    id: facts.id,
    name: facts.name,
    default_currency: currency,
    locale: locale === 'fr' ? 'fr_FR' : 'en_US',
    lang: 1,
    email: facts.email,
    phone: null,
    activated: true,
    last_login: v1Time(account.clock.nowMs()),
    created: v1Time(facts.createdAtMs),
    modified: v1Time(facts.updatedAtMs),
    has_created_company: facts.admin,
    access: [{ app: 'sales', admin: facts.admin, permission_set_id: '00000000-0000-4000-8000-000000000000' }],
    active_flag: facts.active,
    timezone_name: zone,
    timezone_offset: now.offset,
    role_id: 1,
    icon_url: null,
    is_you: facts.admin,
    is_deleted: false,
  };
}

export function teamJsons(account: Account): readonly Json[] {
  const { teams, owners } = account.world;
  return teams.map((team) => ({
    id: account.teamIds.number(team.id),
    name: team.name,
    description: '',
    manager_id: 1,
    users: owners
      .filter((owner) => owner.teamIds.includes(team.id))
      .map((owner) => account.userIds.number(owner.id)),
    active_flag: 1,
    deleted_flag: 0,
    add_time: v1Time(0),
    created_by_user_id: 1,
  }));
}

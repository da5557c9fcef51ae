/** The slow-moving part of a Pipedrive account: company, pipelines and stages, users, teams, custom fields. */

import type { Directory, Owner, Pipeline, Stage, Team } from '../../src/core/deals/deal.ts';
import { type CurrencyCode, parseCurrency } from '../../src/core/values/currency.ts';
import { asId } from '../../src/core/values/ids.ts';
import { ConnectorError } from '../../src/ports/connector.ts';
import type { PipedriveApi } from './api.ts';
import type { PipedriveField, PipedriveMe } from './schema.ts';
import * as schema from './schema.ts';

/** Pipedrive has no won or lost stage: a deal's status says so. Every pipeline gets these two, the same ids in all. */
export const WON_STAGE = 'status:won';
export const LOST_STAGE = 'status:lost';

/** What normalising a record needs to know of its account. */
export interface AccountFacts {
  readonly zone: string;
  readonly locale: 'fr' | 'en';
  readonly stageIds: ReadonlySet<string>;
  readonly ownerIds: ReadonlySet<string>;
  readonly dealFields: readonly PipedriveField[];
}

export interface PipedriveDirectory {
  readonly directory: Directory;
  readonly facts: AccountFacts;
}

/** 6 calls, 62 tokens; one more per 500 stages, pipelines or fields. */
export async function readPipedriveDirectory(api: PipedriveApi): Promise<PipedriveDirectory> {
  const [me, users, teams, pipelines, stages, dealFields] = await Promise.all([
    api.me(),
    api.users(),
    api.teams(),
    api.pipelines(),
    api.stages(),
    api.dealFields(),
  ]);
  const zone = zoneOf(me);
  const teamsRead = teams.flatMap((team) => readTeam(team));
  const directory: Directory = {
    account: {
      externalId: String(me.company_id),
      name: me.company_name ?? me.company_domain ?? String(me.company_id),
      zone,
      currency: currencyOf(me),
    },
    pipelines: pipelinesOf(pipelines, stages),
    owners: users.flatMap((user) => ownerOf(user, teamsRead)),
    teams: teamsRead.map(({ team }) => team),
    rates: [],
  };
  return { directory, facts: factsOf(directory, me, dealFields) };
}

function factsOf(directory: Directory, me: PipedriveMe, dealFields: readonly PipedriveField[]): AccountFacts {
  const stages = directory.pipelines.flatMap((pipeline) => pipeline.stages);
  return {
    zone: directory.account.zone,
    locale: me.language?.language_code === 'fr' ? 'fr' : 'en',
    stageIds: new Set(stages.map((stage) => stage.id)),
    ownerIds: new Set(directory.owners.map((owner) => owner.id)),
    dealFields,
  };
}

/**
 * The person field that names a role in the purchase, where the account has one: Pipedrive knows no such role, companies that note it use a
 * field of their own. One call, made when persons have arrived.
 */
export async function readRoleField(api: PipedriveApi): Promise<PipedriveField | null> {
  const fields = await api.personFields();
  return fields.find((field) => ROLE_NAMES.has(field.field_name.trim().toLowerCase())) ?? null;
}

const ROLE_NAMES = new Set([
  'buying_role',
  'buying role',
  'role in purchase',
  "rôle d'achat",
  "rôle dans l'achat",
]);

/** Default currency and zone are those of the token's user: Pipedrive tells none of the company. */
function currencyOf(me: PipedriveMe): CurrencyCode {
  const currency = parseCurrency(me.default_currency);
  if (currency.ok) return currency.value;
  throw new ConnectorError('CRM_UNREADABLE', 'pipedrive user: the default currency is no ISO 4217 code', {
    retry: { kind: 'never' },
    whoMustAct: 'admin',
  });
}

function zoneOf(me: PipedriveMe): string {
  const zone = me.timezone_name ?? 'UTC';
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
  } catch {
    return 'UTC';
  }
}

function pipelinesOf(pipelineRows: readonly unknown[], stageRows: readonly unknown[]): Pipeline[] {
  const stages = stageRows.flatMap((row) => {
    const parsed = schema.stageSchema.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
  return pipelineRows.flatMap((row): Pipeline[] => {
    const parsed = schema.pipelineSchema.safeParse(row);
    if (!parsed.success) return [];
    const { id, name, is_deleted } = parsed.data;
    const own = stages
      .filter((stage) => stage.pipeline_id === id)
      .map((stage) => stageOf(stage, is_deleted === true));
    const last = own.reduce((highest, stage) => Math.max(highest, stage.order), 0);
    return [{ id: asId(String(id)), label: name ?? '', stages: [...own, ...statusStages(last)] }];
  });
}

function stageOf(stage: ReturnType<typeof schema.stageSchema.parse>, pipelineDeleted: boolean): Stage {
  return {
    id: asId(String(stage.id)),
    label: stage.name ?? '',
    order: stage.order_nr ?? 0,
    crmProbabilityBps: stage.deal_probability == null ? null : Math.round(stage.deal_probability * 100),
    outcome: null,
    archived: pipelineDeleted || stage.is_deleted === true,
  };
}

function statusStages(lastOrder: number): readonly Stage[] {
  const stage = (id: string, label: string, outcome: 'won' | 'lost', order: number): Stage => ({
    id: asId(id),
    label,
    order,
    crmProbabilityBps: outcome === 'won' ? 10_000 : 0,
    outcome,
    archived: false,
  });
  return [stage(WON_STAGE, 'Won', 'won', lastOrder + 1), stage(LOST_STAGE, 'Lost', 'lost', lastOrder + 2)];
}

interface ReadTeam {
  readonly team: Team;
  readonly members: ReadonlySet<number>;
}

function readTeam(row: unknown): readonly ReadTeam[] {
  const parsed = schema.teamSchema.safeParse(row);
  if (!parsed.success || Number(parsed.data.deleted_flag ?? 0) === 1) return [];
  const { id, name, users } = parsed.data;
  return [{ team: { id: asId(String(id)), name: name ?? '' }, members: new Set(users ?? []) }];
}

function ownerOf(row: unknown, teams: readonly ReadTeam[]): readonly Owner[] {
  const parsed = schema.userSchema.safeParse(row);
  if (!parsed.success) return [];
  const { id, name, email, active_flag, is_deleted } = parsed.data;
  return [
    {
      id: asId(String(id)),
      name: name ?? '',
      email: email ?? null,
      active: active_flag !== false && is_deleted !== true,
      teamIds: teams.filter(({ members }) => members.has(id)).map(({ team }) => team.id),
    },
  ];
}

import { inOrderOfTime, worldAt } from '../world/script.ts';
import type {
  ChangeSource,
  WorldEvent,
  WorldOwner,
  WorldPipeline,
  WorldScript,
  WorldTeam,
} from '../world/types.ts';
import { BY_PERSON, type World } from '../world/world.ts';
import type { EventLog, LogMapping, LogOwner } from './types.ts';

/** Numbers for things whose id in the log is no number. */
const FIRST_DEAL_ID = 3_000_000_001;
const FIRST_COMPANY_ID = 4_000_000_001;
const FIRST_OWNER_ID = 500_001;
const FIRST_TEAM_ID = 601;

const BY_LOG: ChangeSource = BY_PERSON;

/** The account as it stood at midnight of `asOf` in the log's zone: what happened from that midnight on is not in it. */
export function worldFromLog(log: EventLog, options: { readonly asOf: Temporal.PlainDate }): World {
  return worldAt(scriptFromLog(log), options.asOf.toZonedDateTime(log.mapping.zone).toInstant());
}

/** The whole life of the log, for worlds of any day and for playing on. */
export function scriptFromLog(log: EventLog): WorldScript {
  const { mapping } = log;
  const ids = idsOf(log);
  return {
    account: {
      id: '25400200',
      name: mapping.name,
      zone: mapping.zone,
      currency: mapping.currency,
      locale: mapping.locale,
      extraCurrencies: [],
    },
    customFields: [],
    pipelines: pipelinesOf(log),
    teams: teamsOf(log),
    owners: ownersOf(log, ids),
    events: eventsOf(log, ids),
  };
}

interface LogIds {
  readonly deal: (dealId: string) => string;
  readonly owner: (owner: string) => string;
  readonly company: ReadonlyMap<string, string>;
}

/** CRMs number their records: ids that are numbers stay as they are, others are counted in the order of the log. */
function idsOf(log: EventLog): LogIds {
  const companies = [...new Set(log.deals.map((deal) => deal.company).filter((company) => company !== null))];
  return {
    deal: numbering(
      log.deals.map((deal) => deal.dealId),
      FIRST_DEAL_ID,
    ),
    owner: numbering(
      allOwners(log).map((owner) => owner.owner),
      FIRST_OWNER_ID,
    ),
    company: new Map(companies.map((company, at) => [company, String(FIRST_COMPANY_ID + at)])),
  };
}

function numbering(keys: readonly string[], first: number): (key: string) => string {
  if (keys.every((key) => /^[1-9]\d{0,17}$/.test(key))) return (key) => key;
  const numbers = new Map(keys.map((key, at) => [key, String(first + at)]));
  return (key) => numbers.get(key) ?? key;
}

/** Owners of the log's own list, and whoever else is named in a deal or an event. */
function allOwners(log: EventLog): readonly LogOwner[] {
  const listed = new Map(log.owners.map((owner) => [owner.owner, owner]));
  for (const owner of [...log.deals, ...log.stages].map((row) => row.owner)) {
    if (owner !== null && !listed.has(owner))
      listed.set(owner, { owner, name: owner, email: '', team: null });
  }
  return [...listed.values()];
}

function teamsOf(log: EventLog): readonly WorldTeam[] {
  const names = [...new Set(log.owners.map((owner) => owner.team).filter((team) => team !== null))];
  return names.map((name, at) => ({ id: String(FIRST_TEAM_ID + at), name }));
}

function ownersOf(log: EventLog, ids: LogIds): readonly WorldOwner[] {
  const teams = new Map(teamsOf(log).map((team) => [team.name, team.id]));
  const bornMs = firstMoment(log);
  return allOwners(log).map((owner, at) => {
    const [firstName = '', ...rest] = owner.name.split(' ');
    const team = owner.team === null ? undefined : teams.get(owner.team);
    return {
      id: ids.owner(owner.owner),
      userId: String(900_001 + at),
      firstName,
      lastName: rest.join(' '),
      email: owner.email,
      active: true,
      teamIds: team === undefined ? [] : [team],
      createdAtMs: bornMs,
      updatedAtMs: bornMs,
    };
  });
}

function firstMoment(log: EventLog): number {
  return log.deals.reduce((earliest, deal) => Math.min(earliest, deal.createdAtMs), Number.MAX_SAFE_INTEGER);
}

/** Stages in the order of the mapping; those that the log has and the mapping forgot come last, so that they are seen as unmapped. */
function pipelinesOf(log: EventLog): readonly WorldPipeline[] {
  const listed = new Set(log.mapping.pipelines.flatMap((pipeline) => pipeline.stages));
  const forgotten = [...new Set(log.stages.map((row) => row.stage))].filter((stage) => !listed.has(stage));
  return log.mapping.pipelines.map((pipeline, at) => {
    const stages = at === 0 ? [...pipeline.stages, ...forgotten] : pipeline.stages;
    return {
      id: pipeline.id,
      label: pipeline.label,
      order: at,
      archived: false,
      stages: stages.map((id, order) => ({
        id,
        label: id,
        order,
        archived: false,
        ...meaning(log.mapping, stages, order),
      })),
    };
  });
}

/** A CRM's own odds for a stage: the weight of its milestone, or of the nearest one before it. */
function meaning(
  mapping: LogMapping,
  stages: readonly string[],
  at: number,
): { readonly probability: string; readonly outcome: 'won' | 'lost' | null } {
  const own = mapping.stages[stages[at] ?? ''];
  if (own === 'won') return { probability: '1.0', outcome: 'won' };
  if (own === 'lost') return { probability: '0.0', outcome: 'lost' };
  for (let before = at; before >= 0; before -= 1) {
    const key = mapping.stages[stages[before] ?? ''];
    const milestone = mapping.milestones.find((candidate) => candidate.key === key);
    if (milestone !== undefined) return { probability: String(milestone.weight / 100), outcome: null };
  }
  return { probability: '0.1', outcome: null };
}

function eventsOf(log: EventLog, ids: LogIds): readonly WorldEvent[] {
  const bornMs = birthOf(log);
  const firstOwner = new Map(log.deals.map((deal) => [deal.dealId, deal.owner]));
  return inOrderOfTime([
    ...companyEvents(log, ids),
    ...log.deals.flatMap((deal) => dealEvents(deal, bornMs.get(deal.dealId) ?? deal.createdAtMs, log, ids)),
    ...log.amounts.map((row) => edit(ids.deal(row.dealId), row.atMs, { amount: row.amount })),
    ...log.stages.map((row) => {
      const owner = row.owner ?? firstOwner.get(row.dealId) ?? null;
      return edit(ids.deal(row.dealId), row.atMs, {
        stage: row.stage,
        ...(owner !== null && { owner: ids.owner(owner) }),
      });
    }),
  ]);
}

/** A deal exists from its first trace on: some logs enter a stage before they register the deal. */
function birthOf(log: EventLog): ReadonlyMap<string, number> {
  const born = new Map(log.deals.map((deal) => [deal.dealId, deal.createdAtMs]));
  for (const row of log.stages) born.set(row.dealId, Math.min(row.atMs, born.get(row.dealId) ?? row.atMs));
  return born;
}

function edit(id: string, atMs: number, fields: Readonly<Record<string, string>>): WorldEvent {
  return { what: 'edit', atMs, kind: 'deal', id, fields, source: BY_LOG };
}

function dealEvents(
  deal: EventLog['deals'][number],
  atMs: number,
  log: EventLog,
  ids: LogIds,
): readonly WorldEvent[] {
  const id = ids.deal(deal.dealId);
  const company = deal.company === null ? undefined : ids.company.get(deal.company);
  const create: WorldEvent = {
    what: 'create',
    atMs,
    kind: 'deal',
    id,
    source: BY_LOG,
    fields: {
      name: deal.name,
      amount: deal.amount ?? '',
      currency: deal.currency ?? '',
      pipeline: deal.pipeline ?? log.mapping.pipelines[0]?.id ?? '',
      close_date: deal.expectedClose ?? '',
      owner: deal.owner === null ? '' : ids.owner(deal.owner),
    },
  };
  if (company === undefined) return [create];
  const to = { kind: 'company', id: company } as const;
  return [create, { what: 'link', atMs, from: { kind: 'deal', id }, to, primary: true }];
}

function companyEvents(log: EventLog, ids: LogIds): readonly WorldEvent[] {
  const bornMs = firstMoment(log);
  return [...ids.company].map(([name, id]) => ({
    what: 'create',
    atMs: bornMs,
    kind: 'company',
    id,
    fields: { name },
    source: BY_LOG,
  }));
}

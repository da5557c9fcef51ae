/** The slow-moving part of a HubSpot account: account details, pipelines and stages, owners with their teams, exchange rates. */

import type { Directory, ExchangeRate, Owner, Pipeline, Stage, Team } from '../../src/core/deals/deal.ts';
import { type CurrencyCode, parseCurrency } from '../../src/core/values/currency.ts';
import { asId } from '../../src/core/values/ids.ts';
import { ConnectorError } from '../../src/ports/connector.ts';
import type { HubspotApi } from './api.ts';
import type { HubspotAccount, HubspotOwner } from './schema.ts';

/** What normalising a record needs to know of its account. */
export interface AccountFacts {
  readonly zone: string;
  readonly currency: CurrencyCode;
  /** An amount without currency is in the company's only when the account has no other. */
  readonly severalCurrencies: boolean;
  readonly stageIds: ReadonlySet<string>;
  readonly ownerIds: ReadonlySet<string>;
}

export interface HubspotDirectory {
  readonly directory: Directory;
  readonly facts: AccountFacts;
}

/** What is asked once a day, whatever the number of pulls. Lives as long as the process. */
type DailyMemory<Known> = Map<string, { readonly known: Known; readonly readAt: Temporal.Instant }>;

export interface DirectoryMemory {
  /** By account key: zone and currencies of an account hardly ever change. */
  readonly accounts: DailyMemory<HubspotAccount>;
  readonly rates: DailyMemory<readonly ExchangeRate[]>;
}

export function directoryMemory(): DirectoryMemory {
  return { accounts: new Map(), rates: new Map() };
}

const HOLDS_HOURS = 24;

/**
 * 3 calls, one more for the account and one more for its rates when it has several currencies (both once a day), one more per 500 owners.
 * `accountKey` tells accounts apart before the first call; `now` is HubSpot's own.
 */
export async function readHubspotDirectory(
  api: HubspotApi,
  memory: DirectoryMemory,
  accountKey: string,
  now: () => Temporal.Instant | null,
): Promise<HubspotDirectory> {
  const [pipelines, active, archived] = await Promise.all([
    api.dealPipelines(),
    readOwners(api, false),
    readOwners(api, true),
  ]);
  const account = await onceADay(memory.accounts, accountKey, now(), () => api.account());
  const owners = [
    ...active.map((owner) => ownerOf(owner, true)),
    ...archived.map((owner) => ownerOf(owner, false)),
  ];
  const several = (account.additionalCurrencies ?? []).some((code) => code !== account.companyCurrency);
  const rates = several ? await onceADay(memory.rates, accountKey, now(), () => currentRates(api)) : [];
  const directory: Directory = {
    account: accountOf(account),
    pipelines: pipelines.results.map(pipelineOf),
    owners: withoutDoubles(owners),
    teams: teamsOf([...active, ...archived]),
    rates,
  };
  return { directory, facts: factsOf(directory, several) };
}

async function onceADay<Known>(
  memory: DailyMemory<Known>,
  key: string,
  now: Temporal.Instant | null,
  read: () => Promise<Known>,
): Promise<Known> {
  const held = memory.get(key);
  if (held !== undefined && now !== null && now.since(held.readAt).total('hour') < HOLDS_HOURS)
    return held.known;
  const known = await read();
  if (now !== null) memory.set(key, { known, readAt: now });
  return known;
}

function factsOf(directory: Directory, severalCurrencies: boolean): AccountFacts {
  const { zone, currency } = directory.account;
  const stages = directory.pipelines.flatMap((pipeline) => pipeline.stages);
  return {
    zone,
    currency,
    severalCurrencies,
    stageIds: new Set(stages.map((stage) => stage.id)),
    ownerIds: new Set(directory.owners.map((owner) => owner.id)),
  };
}

async function readOwners(api: HubspotApi, archived: boolean): Promise<HubspotOwner[]> {
  const owners: HubspotOwner[] = [];
  let after: string | undefined;
  do {
    const page = await api.ownerPage(archived, after);
    owners.push(...page.results);
    after = page.paging?.next?.after;
  } while (after !== undefined);
  return owners;
}

function accountOf(account: HubspotAccount): Directory['account'] {
  const currency = parseCurrency(account.companyCurrency);
  if (!currency.ok) throw unreadable('the company currency is not one we know');
  if (!isZone(account.timeZone)) throw unreadable('the time zone of the account is not one we know');
  const name = account.uiDomain ?? `HubSpot ${account.portalId}`;
  return { externalId: account.portalId, name, zone: account.timeZone, currency: currency.value };
}

function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

function unreadable(detail: string): ConnectorError {
  const facts = { retry: { kind: 'never' }, whoMustAct: 'admin' } as const;
  return new ConnectorError('CRM_UNREADABLE', `hubspot account: ${detail}`, facts);
}

type HubspotPipeline = Awaited<ReturnType<HubspotApi['dealPipelines']>>['results'][number];

function pipelineOf(pipeline: HubspotPipeline): Pipeline {
  const stages = pipeline.stages.map(stageOf).sort((a, b) => a.order - b.order);
  return { id: asId(pipeline.id), label: pipeline.label, stages };
}

function stageOf(stage: HubspotPipeline['stages'][number]): Stage {
  const probabilityBps = bpsOf(stage.metadata?.['probability']);
  return {
    id: asId(stage.id),
    label: stage.label,
    order: stage.displayOrder,
    crmProbabilityBps: probabilityBps,
    outcome: stage.metadata?.['isClosed'] === 'true' ? outcomeOf(probabilityBps) : null,
    archived: stage.archived ?? false,
  };
}

/** Real accounts hold "Closed lost" with isClosed "false" and 0.8: then the stage says nothing, and the admin's mapping decides. */
function outcomeOf(probabilityBps: number | null): Stage['outcome'] {
  if (probabilityBps === 10_000) return 'won';
  return probabilityBps === 0 ? 'lost' : null;
}

/** "0.4" -> 4000. A probability, never an amount. */
function bpsOf(text: string | undefined): number | null {
  if (text === undefined || !/^[01](\.\d+)?$/.test(text)) return null;
  return Math.min(10_000, Math.round(Number(text) * 10_000));
}

function ownerOf(owner: HubspotOwner, active: boolean): Owner {
  const name = [owner.firstName, owner.lastName].filter((part) => part).join(' ');
  return {
    id: asId(owner.id),
    name: name === '' ? (owner.email ?? owner.id) : name,
    email: owner.email ?? null,
    active,
    teamIds: (owner.teams ?? []).map((team) => asId(team.id)),
  };
}

/** An owner who came back is in both lists: the active row, read first, counts. */
function withoutDoubles(owners: readonly Owner[]): Owner[] {
  const byId = new Map<string, Owner>();
  for (const owner of owners) if (!byId.has(owner.id)) byId.set(owner.id, owner);
  return [...byId.values()];
}

function teamsOf(owners: readonly HubspotOwner[]): Team[] {
  const teams = owners.flatMap((owner) => owner.teams ?? []);
  return [
    ...new Map(teams.map((team) => [team.id, { id: asId<Team['id']>(team.id), name: team.name }])).values(),
  ];
}

async function currentRates(api: HubspotApi): Promise<readonly ExchangeRate[]> {
  const reply = await api.currentRates();
  return reply.results.flatMap(rateOf);
}

type HubspotRate = Awaited<ReturnType<HubspotApi['currentRates']>>['results'][number];

/** A rate that cannot be read is left out: amounts in its currency are then shown as having no rate, which is the truth. */
function rateOf(rate: HubspotRate): ExchangeRate[] {
  const from = parseCurrency(rate.fromCurrencyCode);
  const to = parseCurrency(rate.toCurrencyCode);
  const day = /^\d{4}-\d{2}-\d{2}/.exec(rate.effectiveAt)?.[0];
  if (!from.ok || !to.ok || day === undefined) return [];
  return [
    { from: from.value, to: to.value, rate: rate.conversionRate, effectiveOn: Temporal.PlainDate.from(day) },
  ];
}

import type { WorldOwner, WorldPipeline, WorldStage } from '../world/types.ts';
import { notFound, validationError } from './errors.ts';
import { objectType } from './object-types.ts';
import type { Portal } from './portal.ts';
import { type Call, iso, type Json, type Reply, reply } from './reply.ts';

/** GET /crm/v3/pipelines/{type}: everything at once; metadata values are texts. */
export function listPipelines(portal: Portal, call: Call): Reply {
  if (objectType(call.path[0] ?? '')?.kind !== 'deal') return reply(200, { results: [] });
  const living = portal.world.pipelines.filter((pipeline) => !pipeline.archived);
  return reply(200, { results: living.map(pipelineView) });
}

export function getPipeline(portal: Portal, call: Call): Reply {
  const pipeline = portal.world.pipelines.find((one) => one.id === call.path[1] && !one.archived);
  return pipeline === undefined ? notFound('Pipeline not found.') : reply(200, pipelineView(pipeline));
}

function pipelineView(pipeline: WorldPipeline): Json {
  return {
    id: pipeline.id,
    label: pipeline.label,
    displayOrder: pipeline.order,
    archived: pipeline.archived,
    createdAt: iso(0),
    updatedAt: iso(0),
    stages: pipeline.stages.filter((stage) => !stage.archived).map(stageView),
  };
}

function stageView(stage: WorldStage): Json {
  return {
    id: stage.id,
    label: stage.label,
    displayOrder: stage.order,
    metadata: { isClosed: String(stage.outcome !== null), probability: stage.probability },
    writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
    archived: stage.archived,
    createdAt: iso(0),
    updatedAt: iso(0),
  };
}

const OWNER_PAGE = 100;
const MAX_OWNER_PAGE = 500;

/** GET /crm/v3/owners/: deactivated users only with archived=true, and then without a user id. */
export function listOwners(portal: Portal, call: Call): Reply {
  const limit = Number(call.query.get('limit') ?? OWNER_PAGE);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_OWNER_PAGE) {
    return validationError(`limit cannot be more than ${MAX_OWNER_PAGE}`);
  }
  const active = call.query.get('archived') !== 'true';
  const email = call.query.get('email');
  const owners = portal.world.owners.filter(
    (owner) => owner.active === active && (email === null || owner.email === email),
  );
  const after = Number(call.query.get('after') ?? 0);
  const page = owners.slice(after, after + limit);
  const more = after + limit < owners.length;
  return reply(200, {
    results: page.map((owner) => ownerView(portal, owner)),
    ...(more && { paging: { next: { after: String(after + limit), link: '' } } }),
  });
}

export function getOwner(portal: Portal, call: Call): Reply {
  const active = call.query.get('archived') !== 'true';
  const byUser = call.query.get('idProperty') === 'userId';
  const owner = portal.world.owners.find(
    (one) => (byUser ? one.userId : one.id) === call.path[0] && one.active === active,
  );
  return owner === undefined ? notFound('Owner not found.') : reply(200, ownerView(portal, owner));
}

function ownerView(portal: Portal, owner: WorldOwner): Json {
  const teams = owner.teamIds.flatMap((teamId, at) => {
    const team = portal.world.teams.find((one) => one.id === teamId);
    return team === undefined ? [] : [{ id: team.id, name: team.name, primary: at === 0 }];
  });
  return {
    id: owner.id,
    email: owner.email,
    type: 'PERSON',
    firstName: owner.firstName,
    lastName: owner.lastName,
    userId: owner.active ? Number(owner.userId) : null,
    userIdIncludingInactive: Number(owner.userId),
    ...(teams.length > 0 && { teams }),
    createdAt: iso(owner.createdAtMs),
    updatedAt: iso(owner.updatedAtMs),
    archived: !owner.active,
  };
}

/** GET /account-info/{v3|2026-03}/details */
export function accountDetails(portal: Portal): Reply {
  const { account } = portal.world;
  const offset = portal.clock.now().toZonedDateTimeISO(account.zone);
  return reply(200, {
    portalId: Number(account.id),
    accountType: 'STANDARD',
    timeZone: account.zone,
    companyCurrency: account.currency,
    additionalCurrencies: account.extraCurrencies.map((rate) => rate.currency),
    utcOffset: offset.offset,
    utcOffsetMilliseconds: offset.offsetNanoseconds / 1_000_000,
    uiDomain: 'app.hubspot.com',
    dataHostingLocation: 'eu1',
  });
}

/** GET /settings/currencies/2026-03/exchange-rates/current: `conversionRate` is a JSON number, as HubSpot sends it. */
export function currentRates(portal: Portal): Reply {
  const { account } = portal.world;
  const results = account.extraCurrencies.map((rate, at) => ({
    id: String(at + 1),
    fromCurrencyCode: rate.currency,
    toCurrencyCode: account.currency,
    conversionRate: Number(rate.rate),
    visibleInUI: true,
    effectiveAt: iso(rate.effectiveAtMs),
    createdAt: iso(rate.effectiveAtMs),
    updatedAt: iso(rate.effectiveAtMs),
  }));
  return reply(200, { results });
}

/** Brings the company file into the store: tenant, connection, model version, managers, targets, rates. Idempotent; an unchanged file changes nothing. */

import type { Directory } from '../core/deals/deal.ts';
import type { Manager } from '../core/deals/manager.ts';
import type { MilestoneModel, StageMeaning } from '../core/milestones/milestone.ts';
import { asId, type ConnectionId, type OwnerId, type StageId, type TeamId } from '../core/values/ids.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { Services } from './app.ts';
import type { CompanyFile, ManagerEntry } from './company-file.ts';

/** Names in the file that the CRM does not know: told, because a manager of nobody gets no digest. */
interface UnknownNames {
  readonly teams: readonly string[];
  readonly owners: readonly string[];
  readonly stages: readonly string[];
}

export interface Preparation {
  readonly connection: ConnectionRow;
  readonly unknown: UnknownNames;
}

export async function prepareCompany(services: Services, file: CompanyFile): Promise<Preparation> {
  const { store, tenantId, crm, context } = services;
  if (file.pipedriveBudget !== null) services.useBudget(file.pipedriveBudget);
  await store.system.createTenant({ id: tenantId, name: file.name });
  const connection = await ensureConnection(services, file.name);
  const directory = await ensureDirectory(services, connection);
  const { model, unknownStages } = modelForDirectory(file.model, directory);
  const { managers, unknown } = managersForDirectory(file.managers, directory);
  await store.inTenant(tenantId, async (tenant) => {
    // A yes that was given at the terminal outlives a file that never said it.
    const approved = (await tenant.settings.company())?.writeBack === 'on';
    await tenant.settings.saveCompany(approved ? { ...file.company, writeBack: 'on' } : file.company);
    await tenant.settings.saveModel(
      connection.id,
      model,
      'company file',
      `${crm} company file`,
      context.clock.now(),
    );
    await tenant.settings.saveManagers(withOwnChoices(managers, await tenant.settings.managers()));
    await tenant.settings.saveTargets(file.targets);
    await tenant.settings.saveRates(file.rates);
  });
  return { connection, unknown: { ...unknown, stages: unknownStages } };
}

/** A manager who turned the digest off or paused it by the link in the mail has decided; the file may only turn it off too. */
function withOwnChoices(managers: readonly Manager[], stored: readonly Manager[]): Manager[] {
  return managers.map((manager) => {
    const known = stored.find((candidate) => candidate.id === manager.id);
    if (known === undefined || manager.digest === 'off') return manager;
    return {
      ...manager,
      digest: known.digest,
      digestPausedUntil: manager.digestPausedUntil ?? known.digestPausedUntil,
    };
  });
}

async function ensureConnection({ store, tenantId, crm }: Services, label: string): Promise<ConnectionRow> {
  const id = asId<ConnectionId>(crm);
  return await store.inTenant(tenantId, async (tenant) => {
    const known = await tenant.connections.get(id);
    if (known !== null) return known;
    const connection: ConnectionRow = {
      id,
      crm,
      externalAccountId: '',
      label,
      state: 'active',
      lastPulledAt: null,
    };
    await tenant.connections.save(connection);
    return connection;
  });
}

/** Team and stage names mean nothing without the directory: read once here if no pull has done so yet. */
async function ensureDirectory(services: Services, connection: ConnectionRow): Promise<Directory> {
  const { store, tenantId, context } = services;
  const stored = await store.inTenant(tenantId, (tenant) => tenant.records.directory(connection.id));
  if (stored !== null) return stored;
  const directory = await services.session(connection).readDirectory();
  await store.inTenant(tenantId, async (tenant) => {
    await tenant.records.landDirectory(connection.id, directory, context.clock.now());
    await tenant.connections.save({ ...connection, externalAccountId: directory.account.externalId });
  });
  return directory;
}

/** A CRM whose deals are won and lost by their status has stages of this form for it, and none of any other. */
const BY_STATUS = 'status:';

/**
 * A file may name stages by id or, where ids are numbers that nobody knows, by label. Several stages of one label all get its meaning. What
 * the file calls won or lost is not missing where the status says it.
 */
export function modelForDirectory(
  model: MilestoneModel,
  directory: Directory,
): { model: MilestoneModel; unknownStages: string[] } {
  const stages = directory.pipelines.flatMap((pipeline) => pipeline.stages);
  const ids = new Set<string>(stages.map((stage) => stage.id));
  const byStatus = stages.some((stage) => stage.id.startsWith(BY_STATUS));
  const mapping: Record<string, StageMeaning> = {};
  const unknownStages: string[] = [];
  for (const [name, meaning] of Object.entries(model.mapping)) {
    const matching: StageId[] = ids.has(name)
      ? [asId<StageId>(name)]
      : stages.filter((stage) => stage.label === name).map((stage) => stage.id);
    if (matching.length === 0 && !(byStatus && isEnd(meaning))) unknownStages.push(name);
    for (const id of matching) mapping[id] = meaning;
  }
  for (const stage of stages) {
    if (stage.id.startsWith(BY_STATUS) && stage.outcome !== null)
      mapping[stage.id] ??= { kind: stage.outcome };
  }
  return { model: { ...model, mapping }, unknownStages };
}

function isEnd(meaning: StageMeaning): boolean {
  return meaning.kind === 'won' || meaning.kind === 'lost';
}

/** Empty lists mean everybody; a manager whose names the CRM does not know must see nobody instead. */
const NOBODY = asId<OwnerId>('nobody');

function managersForDirectory(
  entries: readonly ManagerEntry[],
  directory: Directory,
): { managers: Manager[]; unknown: Pick<UnknownNames, 'teams' | 'owners'> } {
  const teams = new Map<string, TeamId>(directory.teams.map((team) => [team.name, team.id]));
  const owners = new Map<string, OwnerId>(
    directory.owners.flatMap((owner) =>
      owner.email === null ? [] : [[owner.email.toLowerCase(), owner.id]],
    ),
  );
  const managers = entries.map(({ teamNames, ownerEmails, ...manager }): Manager => {
    const teamIds = teamNames.flatMap((name) => teams.get(name) ?? []);
    const ownerIds = ownerEmails.flatMap((email) => owners.get(email.toLowerCase()) ?? []);
    const namedButUnknown =
      teamNames.length + ownerEmails.length > 0 && teamIds.length + ownerIds.length === 0;
    return { ...manager, teamIds, ownerIds: namedButUnknown ? [NOBODY] : ownerIds };
  });
  const unknownTeams = entries.flatMap((entry) => entry.teamNames.filter((name) => !teams.has(name)));
  const unknownOwners = entries.flatMap((entry) =>
    entry.ownerEmails.filter((email) => !owners.has(email.toLowerCase())),
  );
  return { managers, unknown: { teams: unknownTeams, owners: unknownOwners } };
}

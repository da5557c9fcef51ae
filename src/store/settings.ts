import { sql } from 'kysely';
import type { MilestoneModel } from '../core/milestones/milestone.ts';
import { fromCanonicalJson, toCanonicalJson } from '../core/values/json.ts';
import type { CompanySettings, SettingsStore } from '../ports/settings-store.ts';
import type { TenantTransaction } from './database.ts';
import type { SettingKind } from './schema.ts';
import { cleanText } from './text.ts';
import { instantToSql } from './time.ts';

/** Managers, targets, rates and the company are each kept whole: a save replaces the list, and the earlier versions stay in the table. */
export function settingsStore(own: TenantTransaction): SettingsStore {
  return {
    saveModel: (connectionId, model, by, reason, at) =>
      appendModel(own, { connectionId, model, by, reason, at: instantToSql(at) }),
    model: async (connectionId, version) => (await findModel(own, connectionId, version))?.model ?? null,
    saveManagers: (managers) => appendSetting(own, 'managers', managers),
    managers: async () => (await newestSetting(own, 'managers')) ?? [],
    saveTargets: (targets) => appendSetting(own, 'targets', targets),
    targets: async () => (await newestSetting(own, 'targets')) ?? [],
    saveRates: (rates) => appendSetting(own, 'rates', rates),
    rates: async () => (await newestSetting(own, 'rates')) ?? [],
    saveCompany: (company) => appendSetting(own, 'company', company),
    company: () => newestSetting<CompanySettings>(own, 'company'),
  };
}

interface ModelChange {
  readonly connectionId: string;
  readonly model: MilestoneModel;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

async function appendModel(own: TenantTransaction, change: ModelChange): Promise<number> {
  await oneWriterAtATime(own, `model ${change.connectionId}`);
  const inForce = await findModel(own, change.connectionId);
  if (inForce !== null && bodyOf(change.model, inForce.version) === inForce.body) return inForce.version;
  const version = (inForce?.version ?? 0) + 1;
  await own.tx
    .insertInto('model_version')
    .values({
      tenant_id: own.tenantId,
      connection_id: change.connectionId,
      version,
      body: bodyOf(change.model, version),
      saved_by: cleanText(change.by),
      reason: cleanText(change.reason),
      at: change.at,
    })
    .execute();
  return version;
}

/** The number is the store's to give, whatever the caller's model carries. */
function bodyOf(model: MilestoneModel, version: number): string {
  return toCanonicalJson({ ...model, version });
}

async function findModel({ tx, tenantId }: TenantTransaction, connectionId: string, version?: number) {
  const versions = tx
    .selectFrom('model_version')
    .select(['version', 'body'])
    .where('tenant_id', '=', tenantId)
    .where('connection_id', '=', connectionId);
  const wanted = version === undefined ? versions : versions.where('version', '=', version);
  const row = await wanted.orderBy('version', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? null : { ...row, model: fromCanonicalJson<MilestoneModel>(row.body) };
}

async function appendSetting(own: TenantTransaction, kind: SettingKind, value: unknown): Promise<void> {
  await oneWriterAtATime(own, kind);
  const newest = await newestRow(own, kind);
  const body = toCanonicalJson(value);
  if (newest?.body === body) return;
  await own.tx
    .insertInto('setting_version')
    .values({ tenant_id: own.tenantId, kind, version: (newest?.version ?? 0) + 1, body })
    .execute();
}

async function newestSetting<Value>(own: TenantTransaction, kind: SettingKind): Promise<Value | null> {
  const row = await newestRow(own, kind);
  return row === null ? null : fromCanonicalJson<Value>(row.body);
}

async function newestRow({ tx, tenantId }: TenantTransaction, kind: SettingKind) {
  const row = await tx
    .selectFrom('setting_version')
    .select(['version', 'body'])
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', kind)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Version numbers are counted, so two savers of one tenant take turns until their transactions end. */
async function oneWriterAtATime({ tx, tenantId }: TenantTransaction, subject: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${tenantId} ${subject}`}, 0))`.execute(tx);
}

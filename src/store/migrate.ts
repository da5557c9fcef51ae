import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { StoreError } from '../ports/store-error.ts';
import { codeOf, isRetryable, messageOf, placeOf, storeErrorFrom } from './failures.ts';

/** One numbered file of src/store/migrations. Released files never change; a new wish is a new file. */
interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly digest: string;
}

/** Any number that nobody else uses as an advisory lock: "jalon" on a telephone. */
const MIGRATION_LOCK = 52566;
const OLDEST_SERVER = 150_000;
/** Roles belong to the whole server: two databases migrated at once may collide there, and one of them tries again. */
const COLLISION = 'XX000';
const ATTEMPTS = 4;

/**
 * Brings the database to the newest schema. Each migration and its number commit together, under a lock: of several starters one does it,
 * and a starter that was killed leaves nothing half done. Throws StoreError.
 */
export async function migrate(pool: pg.Pool, where: string): Promise<void> {
  try {
    await requireServer(pool, where);
    for (const migration of loadMigrations()) await applyWithRetry(pool, migration);
    await refuseNewerSchema(pool, where);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw asMigrationError(error, where);
  }
}

export function newestMigration(): number {
  return loadMigrations().at(-1)?.number ?? 0;
}

let loaded: readonly Migration[] | null = null;

/** Read once: a process keeps the schema it was started with, also when its files are being replaced. */
function loadMigrations(): readonly Migration[] {
  loaded ??= readMigrations();
  return loaded;
}

function readMigrations(): readonly Migration[] {
  const folder = join(import.meta.dirname, 'migrations');
  return readdirSync(folder)
    .filter((file) => /^\d{4}_.+\.sql$/.test(file))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name), 'utf8');
      return { number: Number(name.slice(0, 4)), name, sql, digest: hash('sha256', sql) };
    });
}

async function requireServer(pool: pg.Pool, where: string): Promise<void> {
  const { rows } = await pool.query<{ version: number; text: string }>(
    "select current_setting('server_version_num')::int as version, current_setting('server_version') as text",
  );
  const found = rows[0];
  if (found === undefined || found.version >= OLDEST_SERVER) return;
  throw new StoreError(
    'STORE_TOO_OLD',
    `${where} runs Postgres ${found.text}; Jalon needs 15 or newer. Upgrade the server.`,
    undefined,
    placeOf(where, found.text),
  );
}

async function applyWithRetry(pool: pg.Pool, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await apply(pool, migration);
      return;
    } catch (error) {
      const mayPass = codeOf(error) === COLLISION || isRetryable(error);
      if (!mayPass || attempt === ATTEMPTS) throw error;
      await pause(attempt * 200);
    }
  }
}

async function apply(pool: pg.Pool, migration: Migration): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await applyOnce(client, migration);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch((lost: Error) => {
      broken = lost;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function applyOnce(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('create schema if not exists jalon');
  await client.query(`create table if not exists jalon.schema_migration (
    number integer primary key, name text not null, digest text not null, applied_at timestamptz not null default now())`);
  const { rows } = await client.query<{ digest: string }>(
    'select digest from jalon.schema_migration where number = $1',
    [migration.number],
  );
  const applied = rows[0];
  if (applied === undefined) {
    await client.query(migration.sql);
    await client.query('insert into jalon.schema_migration (number, name, digest) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.digest,
    ]);
  } else if (applied.digest !== migration.digest) {
    throw new StoreError(
      'STORE_MIGRATION_FAILED',
      `migration ${migration.name} was changed after it had been applied. Restore the released file; changes go into a new file.`,
      undefined,
      migration.name,
    );
  }
}

async function refuseNewerSchema(pool: pg.Pool, where: string): Promise<void> {
  const { rows } = await pool.query<{ number: number }>(
    'select max(number) as number from jalon.schema_migration',
  );
  const found = rows[0]?.number ?? 0;
  if (found <= newestMigration()) return;
  throw new StoreError(
    'STORE_MIGRATION_FAILED',
    `${where} has schema ${found}, this version of Jalon knows ${newestMigration()}. Run the newer version, or restore a backup.`,
    undefined,
    placeOf(where, `${found} > ${newestMigration()}`),
  );
}

function asMigrationError(error: unknown, where: string): unknown {
  const known = storeErrorFrom(error, where);
  if (known instanceof StoreError) return known;
  const advice =
    codeOf(error) === '42501'
      ? 'The login may not do this. As an administrator: create role jalon_app nologin; create role jalon_system nologin; grant jalon_app, jalon_system to the login; grant create on the database to it.'
      : 'Nothing of the failed step was kept; the earlier schema still works with the earlier version.';
  return new StoreError(
    'STORE_MIGRATION_FAILED',
    `${where}: the schema could not be brought up to date: ${messageOf(error)}. ${advice}`,
    error,
    placeOf(where, messageOf(error)),
  );
}

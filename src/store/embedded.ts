import { mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { Store } from '../ports/store.ts';
import { StoreError } from '../ports/store-error.ts';
import { type DataDirLock, lockDataDir } from './data-dir-lock.ts';
import { Database } from './database.ts';
import { codeOf, isDiskFull, messageOf, placeOf } from './failures.ts';
import { ensureDatabaseFolder } from './first-boot.ts';
import { migrate } from './migrate.ts';
import { type SocketServer, servePglite } from './pglite-socket.ts';
import { createStore } from './store.ts';

export interface EmbeddedOptions {
  /** Folder of the database; made when missing. One process at a time. */
  readonly dataDir: string;
}

export interface EmbeddedHandle {
  /** Where the queue's own `pg.Pool` finds the same database. Valid until `close`. */
  readonly connectionString: string;
}

/** What pages and logs call this engine: one process, and no protection against power loss (PGlite does not fsync). */
const EVALUATION_MODE = 'evaluation mode';
/** Work of all connections waits for one session, so a long statement is waited for rather than reported. */
const WAIT_MS = 30_000;
const STATEMENT_TIMEOUT_MS = 60_000;
const CONNECTIONS = 8;

/** Opens (or creates) the embedded database in `dataDir`, alone. Throws StoreError. First start about 5 s, later 1 s. */
export async function openEmbeddedStore(options: EmbeddedOptions): Promise<Store & EmbeddedHandle> {
  const dataDir = resolve(options.dataDir);
  const where = `the embedded database in ${dataDir}`;
  const lock = await takeFolder(dataDir);
  const closers: (() => Promise<void>)[] = [async () => lock.release()];
  const closeAll = () => runBackwards(closers);
  try {
    const folder = join(dataDir, 'pg');
    await requireRoom(dataDir, where);
    await ensureDatabaseFolder(folder);
    const pglite = await PGlite.create({ dataDir: folder });
    closers.push(() => pglite.close());
    const server: SocketServer = await servePglite(pglite, dataDir);
    closers.push(() => server.stop());
    const database = new Database({
      connectionString: server.connectionString,
      where,
      maxConnections: CONNECTIONS,
      waitMs: WAIT_MS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      hasRoom: () => hasRoom(dataDir),
    });
    closers.push(() => database.close());
    await migrate(database.pool, where);
    await tidy(database);
    return { ...createStore(database, EVALUATION_MODE, closeAll), connectionString: server.connectionString };
  } catch (error) {
    await closeAll();
    throw openingError(error, where);
  }
}

/** PGlite has no background worker: nobody else would free the room of replaced rows, or count rows for the planner. Half a second. */
async function tidy(database: Database): Promise<void> {
  await database.pool.query('vacuum (analyze)');
}

/**
 * A PGlite that finds no room for its next 16 MB of write-ahead log never answers again (measured), so writing stops well before: the
 * largest transaction, a snapshot of 13,000 deals, takes about 60 MB.
 */
const RESERVED_BYTES = 200_000_000;

async function hasRoom(dataDir: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(dataDir);
  return bavail * bsize >= RESERVED_BYTES;
}

async function requireRoom(dataDir: string, where: string): Promise<void> {
  if (await hasRoom(dataDir)) return;
  throw new StoreError(
    'STORE_DISK_FULL',
    `${where} needs ${RESERVED_BYTES / 1_000_000} MB of free disk to start. Free some space and start again.`,
    undefined,
    placeOf(where),
  );
}

async function takeFolder(dataDir: string): Promise<DataDirLock> {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return await lockDataDir(dataDir);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw openingError(error, dataDir);
  }
}

/** Last opened, first closed; each is tried, whatever happened to the one before. */
async function runBackwards(closers: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
    await close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

const NOT_OURS = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

function openingError(error: unknown, where: string): unknown {
  if (error instanceof StoreError) return error;
  if (isDiskFull(error)) {
    return new StoreError(
      'STORE_DISK_FULL',
      `${where}: the disk is full. Free some space and start again.`,
      error,
      placeOf(where),
    );
  }
  if (NOT_OURS.has(codeOf(error))) {
    return new StoreError(
      'STORE_DIR_UNWRITABLE',
      `${where} cannot be written (${codeOf(error)}). Choose another folder or change its owner.`,
      error,
      placeOf(where, codeOf(error)),
    );
  }
  return new StoreError(
    'STORE_UNREACHABLE',
    `${where} did not open: ${messageOf(error)}. Restore a backup if this stays so.`,
    error,
    placeOf(where, messageOf(error)),
  );
}

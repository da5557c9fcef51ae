import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StoreError } from '../ports/store-error.ts';
import { codeOf } from './failures.ts';

/**
 * Two processes on one PGlite directory both open it and destroy committed rows (measured: 6 of 6). This file keeps the second one out. It
 * names its owner by pid *and* start time, because pids are used again; by host, because containers that share a volume share pids too.
 */
interface LockOwner {
  readonly pid: number;
  readonly startedAt: string;
  readonly host: string;
  readonly token: string;
}

export interface DataDirLock {
  release(): void;
}

const FILE = 'jalon.lock';
/** An owner on another host cannot be asked whether it lives; it is believed dead when it has not touched the file for this long. */
const SILENT_MS = 30_000;
const BEAT_MS = 5_000;
/** After a stale lock was taken away, another starter may be doing the same: look again once both have finished. */
const SETTLE_MS = 200;

/** Takes the lock or throws STORE_LOCKED naming the owner, within a second. A lock left by a dead process is taken over. */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const path = join(dataDir, FILE);
  const owner: LockOwner = {
    pid: process.pid,
    startedAt: startTimeOf(process.pid) ?? UNTOLD,
    host: hostname(),
    token: randomUUID(),
  };
  if (!tryCreate(path, owner)) {
    removeIfStale(path, dataDir);
    if (!tryCreate(path, owner)) throw locked(dataDir, readOwner(path));
    await pause(SETTLE_MS);
    const present = readOwner(path);
    if (present?.token !== owner.token) throw locked(dataDir, present);
  }
  return hold(path, owner);
}

function hold(path: string, owner: LockOwner): DataDirLock {
  const beat = setInterval(() => {
    if (readOwner(path)?.token === owner.token) touch(path);
  }, BEAT_MS);
  beat.unref();
  return {
    release: () => {
      clearInterval(beat);
      if (readOwner(path)?.token === owner.token) rmSync(path, { force: true });
    },
  };
}

function touch(path: string): void {
  const now = Temporal.Now.instant().epochMilliseconds / 1_000;
  utimesSync(path, now, now);
}

/** A hard link appears whole or not at all: nobody ever reads a half-written lock. False when the file is there already. */
function tryCreate(path: string, owner: LockOwner): boolean {
  const draft = `${path}.${owner.token}`;
  writeFileSync(draft, JSON.stringify(owner), { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Renaming is atomic; if what was taken away is not what was judged stale, a faster starter owns it and gets it back. */
function removeIfStale(path: string, dataDir: string): void {
  const found = readOwner(path);
  if (found !== null && isAlive(found, path)) throw locked(dataDir, found);
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    renameSync(path, aside);
    if (readOwner(aside)?.token !== found?.token) linkSync(aside, path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isAlive(owner: LockOwner, path: string): boolean {
  if (owner.host !== hostname()) return millisecondsSinceTouched(path) < SILENT_MS;
  const startedAt = startTimeOf(owner.pid);
  return startedAt !== null && (startedAt === UNTOLD || startedAt === owner.startedAt);
}

function millisecondsSinceTouched(path: string): number {
  return Temporal.Now.instant().epochMilliseconds - statSync(path).mtimeMs;
}

/** Null when there is no lock, or a file that no lock of ours ever was. */
function readOwner(path: string): LockOwner | null {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isOwner(found) ? found : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

function isOwner(found: unknown): found is LockOwner {
  return (
    typeof found === 'object' &&
    found !== null &&
    'pid' in found &&
    Number.isInteger(found.pid) &&
    'token' in found &&
    'host' in found &&
    'startedAt' in found
  );
}

/** A process that exists but does not tell when it started: believed to be the owner, because a wrong "dead" destroys rows. */
const UNTOLD = 'untold';

/** When the process with this pid started, in a form that only has to be compared; null when there is none. */
function startTimeOf(pid: number): string | null {
  if (!exists(pid)) return null;
  try {
    return process.platform === 'linux' ? linuxStartTimeOf(pid) : listedStartTimeOf(pid);
  } catch {
    return exists(pid) ? UNTOLD : null;
  }
}

/** Fields 3 (state) and 22 (ticks since boot) of proc(5); the boot id, because ticks begin again with the machine. A zombie is dead. */
function linuxStartTimeOf(pid: number): string | null {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return fields[0] === 'Z' ? null : `${bootId}:${fields[19]}`;
}

function listedStartTimeOf(pid: number): string {
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
}

/** Signal 0 asks without harm; EPERM means that it exists and is somebody else's. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function locked(dataDir: string, owner: LockOwner | null): StoreError {
  const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new StoreError(
    'STORE_LOCKED',
    `${dataDir} is in use by ${who}. The embedded database serves one process: stop that one first, or give DATABASE_URL to share a Postgres server.`,
    undefined,
    owner === null ? dataDir : `${dataDir}, pid ${owner.pid}, ${owner.host}`,
  );
}

/**
 * Creates an empty database folder. It takes twice the memory of a running one and never gives it back, so it is done by a process of its
 * own (`node first-boot.ts <folder>`), in a folder of its own, renamed when complete: a kill leaves no half-made database.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { codeOf } from './failures.ts';

const OWN_PATH = fileURLToPath(import.meta.url);
const TOLD_BYTES = 2_000;

/** Makes `folder` if it is missing. Throws with what the maker said. The caller holds the lock of the data directory. */
export async function ensureDatabaseFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  removeUnfinished(folder);
  const unfinished = `${folder}.new-${process.pid}`;
  if (existsSync(BLANK)) cpSync(BLANK, unfinished, { recursive: true });
  else await makeInOwnProcess(unfinished);
  keepBlank(unfinished);
  renameSync(unfinished, folder);
}

/** An empty database of this engine, kept beside the packages: copying it takes a fraction of the time of making one. */
const BLANK = blankPath();

function blankPath(): string {
  const engine = join(dirname(fileURLToPath(import.meta.resolve('@electric-sql/pglite'))), '..');
  const { version } = JSON.parse(readFileSync(join(engine, 'package.json'), 'utf8')) as { version: string };
  return join(engine, '../../.cache/jalon', `blank-database-${version}`);
}

/** Only where the packages may be written to, as on a developer's machine; elsewhere each first start makes its own. */
function keepBlank(database: string): void {
  if (existsSync(BLANK)) return;
  const own = `${BLANK}-${process.pid}`;
  try {
    mkdirSync(dirname(BLANK), { recursive: true });
    cpSync(database, own, { recursive: true });
    renameSync(own, BLANK);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!NOT_KEPT.has(codeOf(error))) throw error;
  }
}

/** The folder may not be written, the disk has no room for a copy, or another process was first. */
const NOT_KEPT = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTEMPTY', 'EEXIST', 'ENOENT']);

/** What killed starters left. A maker that outlived its starter still writes there: hence a name of our own, and no harm to anybody. */
function removeUnfinished(folder: string): void {
  const [home, start] = [dirname(folder), `${basename(folder)}.new-`];
  for (const name of readdirSync(home).filter((name) => name.startsWith(start))) {
    removeIfStill(join(home, name));
  }
}

function removeIfStill(unfinished: string): void {
  try {
    rmSync(unfinished, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    // Its maker is still writing there and will soon notice that nobody waits: the next start removes what it leaves.
    if (codeOf(error) !== 'ENOTEMPTY') throw error;
  }
}

function makeInOwnProcess(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const maker = spawn(process.execPath, [OWN_PATH, folder], { stdio: ['pipe', 'ignore', 'pipe'] });
    let told = '';
    maker.stderr.on('data', (text: Buffer) => {
      told = (told + text.toString()).slice(-TOLD_BYTES);
    });
    maker.once('error', reject);
    maker.once('close', (code) => {
      if (code === 0) resolve();
      else reject(failure(told, code));
    });
  });
}

/** Node prints the system's code in the text of an error; it decides what the person is told. */
function failure(told: string, exit: number | null): Error {
  const code = /\b(ENOSPC|EACCES|EPERM|EROFS|ENOTDIR|EEXIST)\b/.exec(told)?.[1];
  return Object.assign(
    new Error(`the database could not be created (exit ${exit}): ${told.trim()}`),
    code === undefined ? {} : { code },
  );
}

if (process.argv[1] === OWN_PATH) {
  // The pipe closes when the starter dies: nobody waits for this folder any more.
  process.stdin.on('close', () => process.exit(1)).resume();
  const database = await PGlite.create({ dataDir: process.argv[2] ?? '' });
  await database.close();
  process.exit(0);
}

import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { availableServices } from './services.ts';

const run = promisify(execFile);

/** A Postgres server of one suite's own, on a free loopback port, in a temporary folder. */
export interface PostgresServer {
  /** Superuser address of the database `postgres`. */
  readonly url: string;
  /** Makes an empty database owned by a fresh login that is no superuser but may create roles, and returns that login's address. */
  createDatabase(): Promise<string>;
  /** Runs one statement as superuser in the database `postgres`. */
  admin(statement: string): Promise<void>;
  /** Stops at once, as a crash would; `start` brings it back on the same port. */
  crash(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Postgres refuses to run as root; Debian's package brings this user. */
const SERVER_USER = 'postgres';

/** By its path: system folders are not on everybody's PATH. */
const SWITCH_USER = '/usr/sbin/runuser';

/** Starts it with trust authentication, which nobody but this machine can reach. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = availableServices().postgresBin;
  if (bin === null) throw new Error('no Postgres programs: guard the suite with availableServices()');
  const folder = mkdtempSync(join(tmpdir(), 'jalon-postgres-'));
  await giveToServerUser(folder);
  const cluster = join(folder, 'cluster');
  const port = await freePort();
  const pgCtl = (...args: string[]) =>
    runAsServerUser(join(bin, 'pg_ctl'), ['-D', cluster, '-s', '-w', ...args]);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=60`;
  const start = () => pgCtl('-l', join(folder, 'log'), '-o', options, 'start');
  await runAsServerUser(join(bin, 'initdb'), [
    '-D',
    cluster,
    '-A',
    'trust',
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--no-sync',
  ]);
  await start();

  const address = (user: string, database: string) => `postgresql://${user}@127.0.0.1:${port}/${database}`;
  const admin = async (statement: string) => {
    await run(join(bin, 'psql'), [
      '-X',
      '-q',
      '-v',
      'ON_ERROR_STOP=1',
      '-c',
      statement,
      address('postgres', 'postgres'),
    ]);
  };
  let databases = 0;
  return {
    url: address('postgres', 'postgres'),
    admin,
    createDatabase: async () => {
      databases += 1;
      const name = `jalon_${databases}`;
      await admin(`create role ${name} login createrole`);
      await admin(`create database ${name} owner ${name}`);
      return address(name, name);
    },
    crash: () => pgCtl('-m', 'immediate', 'stop'),
    start,
    restart: async () => {
      await pgCtl('-m', 'immediate', 'stop');
      await start();
    },
    stop: async () => {
      await pgCtl('-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function giveToServerUser(folder: string): Promise<void> {
  if (!isRoot()) return;
  const id = async (flag: string) => Number((await run('id', [flag, SERVER_USER])).stdout);
  chownSync(folder, await id('-u'), await id('-g'));
}

/** The server outlives this call, so it must not hold our pipes open: its output goes to the log file. */
async function runAsServerUser(program: string, args: readonly string[]): Promise<void> {
  const [file, rest] = isRoot()
    ? [SWITCH_USER, ['-u', SERVER_USER, '--', program, ...args]]
    : [program, [...args]];
  await run(file, rest, { cwd: tmpdir() });
}

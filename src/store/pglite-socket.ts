import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

export interface SocketServer {
  /** For `pg.Pool`, Kysely and the queue: as many connections as they like share the one session. */
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** Beyond this many, the socket server turns a client away. They cost nothing: they wait for one session. */
const MAX_CLIENTS = 100;
const PORT_IN_NAME = 5432;

/** Unix socket paths end at 107 bytes on Linux and 103 on macOS. */
const LONGEST_PATH_BYTES = 100;

/**
 * Serves the database on a unix socket in a folder that only this user can enter: PGlite asks nobody for a password. The folder is in the
 * data directory; where its path is too long, or its file system knows no sockets, in the system's temporary one.
 */
export async function servePglite(database: PGlite, dataDir: string): Promise<SocketServer> {
  const beside = join(dataDir, 'socket');
  rmSync(beside, { recursive: true, force: true });
  if (Buffer.byteLength(socketIn(beside)) > LONGEST_PATH_BYTES) return serveIn(database, temporaryFolder());
  mkdirSync(beside, { mode: 0o700 });
  return serveIn(database, beside).catch(() => serveIn(database, temporaryFolder()));
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'jalon-socket-'));
}

function socketIn(folder: string): string {
  return join(folder, `.s.PGSQL.${PORT_IN_NAME}`);
}

async function serveIn(database: PGlite, folder: string): Promise<SocketServer> {
  const server = new PGLiteSocketServer({
    db: keepExchangesWhole(database),
    path: socketIn(folder),
    maxConnections: MAX_CLIENTS,
  });
  await server.start();
  return {
    connectionString: `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}&port=${PORT_IN_NAME}`,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Frontend messages of an extended exchange that is not finished before Sync: Parse, Bind, Describe, Execute, Close, Flush. */
const UNFINISHED = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)));

/**
 * pglite-socket lets no other client in while a transaction is open, but outside of one it may mix the Parse of one client with the Bind of
 * another when a message is larger than one read (measured: 51 of 200). It decides by `isInTransaction`, so an unfinished exchange counts as
 * one here.
 */
function keepExchangesWhole(database: PGlite): PGlite {
  let unfinished = false;
  return new Proxy(database, {
    get(target, name) {
      if (name === 'isInTransaction') return () => unfinished || target.isInTransaction();
      if (name === 'execProtocolRawStream') {
        return (...call: Parameters<PGlite['execProtocolRawStream']>) => {
          unfinished = UNFINISHED.has(call[0][0] ?? 0);
          return target.execProtocolRawStream(...call);
        };
      }
      if (name === 'exec') {
        unfinished = false;
      }
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

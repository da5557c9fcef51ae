import { StoreError } from '../ports/store-error.ts';

/** SQLSTATE classes after which the whole transaction may be run again: connection lost, server restarting, conflict of transactions. */
const RETRYABLE = /^(08...|57P0[1-3]|40001|40P01)$/;

/** Codes of Node and of the pg driver for a connection that is not there. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EPIPE',
  'EAI_AGAIN',
  'ENOENT',
]);
const LOST = /connection terminated|connection error and is not queryable|client was closed/i;
/** The wait of the pool for a free connection, the wait of the driver for an answer; 57014 is the statement timeout of the server. */
const WAITED_TOO_LONG = /timeout exceeded when trying to connect|query read timeout/i;
const TIMED_OUT = '57014';

/** 28xxx: login refused; 3D000: no such database; 53300: no connection left. */
const REFUSED = /^(28...|3D000|53300|57P0[1-3]|08...)$/;

export function isRetryable(error: unknown): boolean {
  return RETRYABLE.test(codeOf(error)) || isConnectionLost(error);
}

function isConnectionLost(error: unknown): boolean {
  return NETWORK.has(codeOf(error)) || LOST.test(messageOf(error));
}

/** The `StoreError` behind a failure of the driver; any other error, a bug's, is returned as it is. `where` names the database without its password. */
export function storeErrorFrom(error: unknown, where: string): unknown {
  const code = codeOf(error);
  if (isDiskFull(error)) {
    return new StoreError(
      'STORE_DISK_FULL',
      `${where}: the disk is full. Nothing was written; free some space, work then goes on by itself.`,
      error,
      placeOf(where),
    );
  }
  if (code === TIMED_OUT || WAITED_TOO_LONG.test(messageOf(error))) {
    return new StoreError(
      'STORE_BUSY',
      `${where}: the database did not get to it in time. Try again; if it stays so, look for a long-running statement or allow more connections.`,
      error,
      placeOf(where),
    );
  }
  if (isConnectionLost(error) || REFUSED.test(code)) {
    return new StoreError(
      'STORE_UNREACHABLE',
      `${where} cannot be reached (${code || 'connection lost'}). Check that it runs, its address and the login.`,
      error,
      placeOf(where, code),
    );
  }
  return error;
}

/** 53100: disk full. 25006: a write in a transaction that `hasRoom` made read-only, the only reason for one here. */
const DISK_FULL = new Set(['53100', '25006', 'ENOSPC']);
/** ENOSPC as the file system inside PGlite numbers it (wasi_snapshot_preview1). */
const WASM_ENOSPC = 51;

/** `where` without its English words, and what else is known in no language (a code, a version): for `StoreError.place`. */
export function placeOf(where: string, ...facts: readonly string[]): string {
  const place = where.replace(/^(the embedded database in|Postgres at) /, '');
  return [place, ...facts].filter((fact) => fact !== '').join(', ');
}

export function isDiskFull(error: unknown): boolean {
  return (
    DISK_FULL.has(codeOf(error)) ||
    wasmErrno(error) === WASM_ENOSPC ||
    /no space left/i.test(messageOf(error))
  );
}

function wasmErrno(error: unknown): unknown {
  return typeof error === 'object' &&
    error !== null &&
    'name' in error &&
    error.name === 'ErrnoError' &&
    'errno' in error
    ? error.errno
    : null;
}

export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../ports/store-error.ts';

const KEY_BYTES = 32;

/**
 * The key that signs links in mails. Made once, beside the database and not in it: a copied database alone cannot forge a link. Throws
 * StoreError when the data directory cannot hold it.
 */
export function mailKey(dataDir: string): Buffer {
  try {
    return keyIn(dataDir);
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code ?? '';
    const code = found === 'ENOSPC' ? 'STORE_DISK_FULL' : 'STORE_DIR_UNWRITABLE';
    throw new StoreError(code, `${dataDir} cannot hold the key of the links`, error, `${dataDir}, ${found}`);
  }
}

function keyIn(dataDir: string): Buffer {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'link.key');
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, randomBytes(KEY_BYTES), { flag: 'wx', mode: 0o600 });
  try {
    if (publish(draft, path)) return readFileSync(path);
    // Cut short by a kill or a full disk: with an empty key anybody could sign.
    if (readFileSync(path).length !== KEY_BYTES) renameSync(draft, path);
    return readFileSync(path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A hard link appears whole or not at all, and never in place of another: of several processes that start at once one makes the key. */
function publish(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

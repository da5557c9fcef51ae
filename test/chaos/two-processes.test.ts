import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

describe('a second process on one data directory', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'jalon-second-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const second = (locale: string) =>
    spawnSync(process.execPath, [MAIN, 'migrate'], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { PATH: process.env['PATH'], JALON_DATA_DIR: dataDir, JALON_LOCALE: locale },
    });

  it('is refused with exit code 2, the code of the error and the pid of the first, and works once that one is gone', {
    timeout: 180_000,
  }, async () => {
    const first = await openEmbeddedStore({ dataDir: join(dataDir, 'database') });
    for (const locale of ['en', 'fr']) {
      const { status, stderr } = second(locale);
      expect(stderr).toContain('STORE_LOCKED');
      expect(stderr).toContain(String(process.pid));
      expect(status).toBe(2);
    }
    await first.close();
    expect(second('en').status).toBe(0);
  });
});

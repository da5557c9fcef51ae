import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { BAD_ACCOUNT_YAML } from '../support/bad-account.ts';
import { type CommandRun, runCommand } from '../support/command-bench.ts';
import { freePort } from '../support/free-port.ts';
import { startOldPostgres } from '../support/old-postgres.ts';
import { startRedis } from '../support/redis.ts';
import { announceMissing, availableServices } from '../support/services.ts';

/** What the machine can have against a first start: each ends with one line that says what to do, and with code 2 when it is ours to set. */
const folder = mkdtempSync(join(tmpdir(), 'jalon-machine-'));
const companyFile = join(folder, 'jalon.yaml');
const dataDir = join(folder, 'data');

beforeAll(() => {
  writeFileSync(companyFile, BAD_ACCOUNT_YAML);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** One command in a process state of its own: services are really opened. */
async function command(
  argv: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  locale: 'en' | 'fr' = 'en',
): Promise<CommandRun> {
  const config = readConfig({
    JALON_DATA_DIR: dataDir,
    JALON_COMPANY_FILE: companyFile,
    LOG_LEVEL: 'silent',
    PORT: '0',
    ...variables,
  });
  return await runCommand(config, locale, argv);
}

describe('a machine that is not ready', () => {
  it('a data directory in use names the process that uses it, and the second one keeps its hands off', async () => {
    const config = readConfig({ JALON_DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
    const { openServices } = await import('../../src/compose/services.ts');
    const terminal = {
      interactive: false,
      locale: 'en' as const,
      print: () => undefined,
      note: () => undefined,
      progress: () => undefined,
    };
    const first = await openServices(config, terminal, {});
    try {
      const { exit, err } = await command(['migrate'], {}, 'fr');
      expect(exit).toBe(2);
      expect(err).toMatch(/^STORE_LOCKED: Un autre processus utilise ce répertoire de données/);
      expect(err).toContain(`${join(dataDir, 'database')}, pid ${process.pid}`);
      expect((await first.store.system.ready()).schemaVersion).toBeGreaterThan(0);
    } finally {
      await first.close();
    }
    expect((await command(['migrate'])).exit).toBe(0);
  }, 120_000);

  it('a token that is missing is asked for by the name of its variable', async () => {
    const { exit, err } = await command(['pull']);
    expect(exit).toBe(2);
    expect(err).toMatch(
      /^TOKEN_MISSING: No access token is configured for this CRM \(HUBSPOT_ACCESS_TOKEN\)\. Set/,
    );
  }, 60_000);

  it('a CRM that cannot be reached is named by code, and a fresh start loses nothing by it', async () => {
    const baseUrl = `http://127.0.0.1:${await freePort()}`;
    const variables = { HUBSPOT_BASE_URL: baseUrl, HUBSPOT_ACCESS_TOKEN: 'pat-eu1-secret' };
    const { exit, err } = await command(['pull'], variables);
    expect(exit).toBe(1);
    expect(err).toMatch(/^CRM_UNREACHABLE: /);
    expect(err).not.toContain('secret');
  }, 60_000);

  it('a data directory that is a file cannot be written', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { exit, err } = await command(['migrate'], { JALON_DATA_DIR: file });
    expect(exit).toBe(2);
    expect(err).toMatch(/^STORE_DIR_UNWRITABLE: The data directory cannot be written \(.+a-file/);
  });

  it('a Postgres older than 15 is refused with its version, and without the password', async () => {
    const server = await startOldPostgres({ number: '140012', text: '14.12' });
    try {
      const { exit, err } = await command(['migrate'], { DATABASE_URL: server.url }, 'fr');
      expect(exit).toBe(2);
      expect(err).toMatch(
        /^STORE_TOO_OLD: Le serveur Postgres est antérieur à la version 15 \(127\.0\.0\.1:\d+\/jalon, 14\.12\)\./,
      );
      expect(err).not.toContain('very-secret');
    } finally {
      await server.close();
    }
  });

  it('a database that does not answer is no wrong usage: it may be there in a minute', async () => {
    const url = `postgres://somebody:very-secret@127.0.0.1:${await freePort()}/jalon`;
    const { exit, err } = await command(['migrate'], { DATABASE_URL: url });
    expect(exit).toBe(1);
    expect(err).toMatch(/^STORE_UNREACHABLE: .+ECONNREFUSED/);
    expect(err).not.toContain('very-secret');
  }, 60_000);

  it('an address that somebody else listens on is told with its port', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const { exit, err } = await command(['serve'], { PORT: port, JALON_COMPANY_FILE: join(folder, 'none') });
    await new Promise((resolve) => squatter.close(resolve));
    expect(exit).toBe(2);
    expect(err).toMatch(new RegExp(`^PORT_UNUSABLE: .+EADDRINUSE.+:${port}`, 'm'));
  }, 60_000);

  it('a company file that is not there is named by its path', async () => {
    const none = join(folder, 'none.yaml');
    const { exit, err } = await command(['pull'], { JALON_COMPANY_FILE: none }, 'fr');
    expect(exit).toBe(2);
    expect(err).toBe(
      `COMPANY_FILE_MISSING: Le fichier entreprise est illisible (${none}). Écrivez-le (docs/company-file.md), ou désignez-en un autre dans JALON_COMPANY_FILE.`,
    );
  });

  it('a command line that nobody knows points to the help', async () => {
    const { exit, err } = await command(['forcast'], {}, 'fr');
    expect(exit).toBe(2);
    expect(err).toMatch(
      /^COMMAND_INVALID: La ligne de commande n’est pas connue de Jalon\. Lancez jalon --help/m,
    );
    expect((await command(['sandbox', '--port', 'abc'])).exit).toBe(2);
  });
});

const { redisServer } = availableServices();
if (redisServer === null) announceMissing('Redis with an eviction policy', 'redisServer');

describe.runIf(redisServer !== null)('a Redis', () => {
  it('that may throw work away is refused, with the policy found and the command that mends it', async () => {
    const redis = await startRedis({ 'maxmemory-policy': 'allkeys-lru' });
    try {
      const { exit, err } = await command(['migrate'], { REDIS_URL: redis.url });
      expect(exit).toBe(2);
      expect(err).toMatch(
        /^QUEUE_EVICTION: .+ \(maxmemory-policy allkeys-lru\)\. Set maxmemory-policy to noeviction/,
      );
    } finally {
      await redis.stop();
    }
    expect((await command(['migrate'])).exit).toBe(0);
  }, 120_000);
});

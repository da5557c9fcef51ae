import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that some suites need beside Node. A path is null when this machine has none. */
export interface Services {
  /** Folder with `initdb` and `postgres`, 15 or newer. */
  readonly postgresBin: string | null;
  readonly redisServer: string | null;
  readonly chromium: string | null;
}

const DEBIAN_POSTGRES = '/usr/lib/postgresql';
const OLDEST_POSTGRES = 15;

/**
 * What this machine can run. A suite uses it with `describe.runIf(availableServices().redisServer !== null)`, after `announceMissing`. With
 * JALON_TEST_REQUIRE_SERVICES=1 (a complete CI machine) a missing program is an error: nothing is passed over unseen.
 */
export function availableServices(): Services {
  const services = {
    postgresBin: findPostgresBin(),
    redisServer: findOnPath(['redis-server']),
    chromium: findOnPath(['chromium', 'chromium-browser', 'google-chrome']),
  };
  const missing = Object.entries(services).flatMap(([name, path]) => (path === null ? [name] : []));
  if (process.env['JALON_TEST_REQUIRE_SERVICES'] === '1' && missing.length > 0) {
    throw new Error(`JALON_TEST_REQUIRE_SERVICES=1, but this machine lacks: ${missing.join(', ')}`);
  }
  return services;
}

/** Says on the test output which suite does not run, and why. */
export function announceMissing(suite: string, service: keyof Services): void {
  process.stderr.write(
    `\n[skipped] ${suite}: no ${service} on this machine (scripts/install-services.sh installs it)\n`,
  );
}

function findPostgresBin(): string | null {
  const versions = listFolder(DEBIAN_POSTGRES)
    .map(Number)
    .filter((version) => version >= OLDEST_POSTGRES)
    .sort((a, b) => a - b)
    .map((version) => join(DEBIAN_POSTGRES, String(version), 'bin'));
  return versions.find((folder) => isExecutable(join(folder, 'initdb'))) ?? folderOf(findOnPath(['initdb']));
}

function folderOf(program: string | null): string | null {
  return program === null ? null : join(program, '..');
}

function findOnPath(names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(':');
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

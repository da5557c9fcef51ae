import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** Exit code and text of the cruise over these paths, with the project's own law. */
async function cruise(...paths: string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout } = await run(
      'node_modules/.bin/depcruise',
      ['--config', '.dependency-cruiser.cjs', ...paths],
      { cwd: ROOT },
    );
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, output: stdout };
  }
}

const planted: string[] = [];
afterAll(async () => {
  for (const path of planted) await rm(path, { recursive: true, force: true });
});

/** A file inside a room of the house that breaks its law; removed afterwards. */
async function plant(room: string, content: string): Promise<string> {
  const folder = await mkdtemp(join(ROOT, room, 'planted-'));
  planted.push(folder);
  await writeFile(join(folder, 'violation.ts'), content);
  return folder;
}

describe('the import law', () => {
  it('holds in the whole house', async () => {
    const { code, output } = await cruise('src', 'connectors', 'jobs', 'templates', 'sandbox');
    expect(output).toMatch(/no dependency violations found \(\d{3,} modules/);
    expect(code).toBe(0);
  }, 120_000);

  it('catches a core file that imports an npm package', async () => {
    const folder = await plant('src/core', "import { z } from 'zod';\nexport const schema = z.string();\n");
    const { code, output } = await cruise(folder);
    expect(output).toContain('core-is-pure');
    expect(code).toBeGreaterThan(0);
  }, 120_000);

  it('catches a job that reaches for the store itself', async () => {
    const folder = await plant('jobs', "export { openPostgresStore } from '../../src/store/postgres.ts';\n");
    const { output } = await cruise(folder);
    expect(output).toContain('jobs-receive-adapters');
  }, 120_000);

  it('catches a connector that imports another connector', async () => {
    const folder = await plant('connectors/hubspot', "export * from '../../pipedrive/index.ts';\n");
    const { code } = await cruise(folder);
    expect(code).toBeGreaterThan(0);
  }, 120_000);
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnswerResult, answer } from '../../jobs/worker.ts';
import type { App, Services } from '../../src/cli/app.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { openServices } from '../../src/compose/services.ts';
import { readConfig } from '../../src/config.ts';

const DEADLY = join(import.meta.dirname, '../chaos/deadly-worker.ts');
const LEASE_MS = 45_000;
const config = readConfig({ LOG_LEVEL: 'silent' });

describe('work that kills the process doing it', () => {
  let dataDir: string;
  let services: Services;
  let elapsedMs = 0;
  const now = () => Temporal.Now.instant().add({ milliseconds: elapsedMs });
  const printed: string[] = [];
  const terminal: Terminal = {
    interactive: false,
    locale: 'en',
    print: (line) => void printed.push(line),
    note: (line) => void printed.push(line),
    progress: () => undefined,
  };

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'jalon-deadly-'));
    const first = spawnSync(process.execPath, [DEADLY, dataDir], { encoding: 'utf8', timeout: 60_000 });
    expect([first.signal, first.stderr]).toEqual(['SIGKILL', '']);
    services = await openServices(config, terminal, {
      dataDir,
      clock: { now },
      account: { baseUrl: 'http://127.0.0.1:9', token: 'none' },
    });
  });
  afterAll(async () => {
    await services.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const inTenant: Services['store']['inTenant'] = (tenantId, work) => services.store.inTenant(tenantId, work);
  const effects = () => inTenant(services.tenantId, (tenant) => tenant.effects.list({}));
  const deadly = async () => {
    const found = (await effects()).find(({ key }) => key === 'deadly');
    if (found === undefined) throw new Error('the deadly work is gone');
    return found;
  };
  /** A worker takes it and is never heard of again; its lease runs out. */
  const dieOf = async (effectId: string) => {
    await inTenant(services.tenantId, (tenant) => tenant.effects.claim(effectId, now(), LEASE_MS));
    elapsedMs += LEASE_MS;
  };
  const answered = async (effectId: string): Promise<AnswerResult> =>
    await answer(services.context, services.queue, { tenantId: services.tenantId, effectId });
  const command = async (...argv: string[]) => {
    printed.length = 0;
    const app = {
      config,
      terminal,
      open: async () => ({ ...services, close: async () => undefined }),
    } as unknown as App;
    return { exit: await runProgram(app, argv), printed: printed.join('\n') };
  };

  it('is found as the dead process left it', async () => {
    expect(await deadly()).toMatchObject({ state: 'claimed', attempts: 1, deaths: 0 });
  });

  it('after three deaths runs with nothing beside it, so that no neighbour is blamed', async () => {
    const { id } = await deadly();
    for (let death = 1; death < 3; death += 1) await dieOf(id);
    const neighbour = await inTenant(services.tenantId, async (tenant) => {
      const added = await tenant.effects.add({ kind: 'snapshot', key: 'beside', payload: {}, dueAt: now() });
      await tenant.effects.claim(added, now(), LEASE_MS);
      return added;
    });
    expect(await answered(id)).toBe('retry');
    expect(await deadly()).toMatchObject({ state: 'pending', deaths: 3, lastError: 'EFFECT_BUSY' });
    await inTenant(services.tenantId, (tenant) => tenant.effects.done(neighbour, 1));
    elapsedMs += LEASE_MS;
  });

  it('is parked when its fifth process is dead, and no later ring starts it', async () => {
    const { id } = await deadly();
    for (let death = 3; death < 5; death += 1) await dieOf(id);
    expect(await answered(id)).toBe('parked');
    expect(await deadly()).toMatchObject({
      state: 'parked',
      deaths: 5,
      lastError: 'EFFECT_CRASHED: pull, 5',
    });
    expect(await answered(id)).toBe('not_ours');
  });

  it('is told by "jalon work" with what to do, and a monitor sees exit code 3', async () => {
    const { exit, printed: text } = await command('work');
    expect(exit).toBe(3);
    expect(text).toMatch(
      /^pull {2}PARKED .*\n {4}EFFECT_CRASHED: .* \(pull, 5\)\. Look for a lack of memory/,
    );
    const json = await command('work', 'status', '--json');
    expect(JSON.parse(json.printed.split('\n')[0] ?? '')).toMatchObject([
      { code: 'EFFECT_CRASHED', deaths: 5 },
    ]);
  });

  it('starts anew when a person says so, and the audit log says who', async () => {
    expect(await command('work', 'again', '--id', '12345')).toMatchObject({
      exit: 1,
      printed: expect.stringContaining('EFFECT_NOT_PARKED'),
    });
    const { id } = await deadly();
    expect((await command('work', 'again', '--id', id)).exit).toBe(0);
    expect(await deadly()).toMatchObject({ state: 'pending', attempts: 0, deaths: 0 });
    expect((await command('work')).exit).toBe(0);
    const audit = await inTenant(services.tenantId, (tenant) => tenant.audit.list(5));
    expect(audit[0]).toMatchObject({ action: 'work_again', subject: id, by: 'command line' });
  });
});

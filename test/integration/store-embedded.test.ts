import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asId, type TenantId } from '../../src/core/values/ids.ts';
import { lockDataDir } from '../../src/store/data-dir-lock.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { newestMigration } from '../../src/store/migrate.ts';

/** Each test makes a database, some of them four: seconds each, more where other suites run beside. */
vi.setConfig({ testTimeout: 180_000 });

const PROGRAM = join(import.meta.dirname, '../support/store-process.ts');
const NOBODY = 4_194_304;

describe('the embedded database', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jalon-embedded-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    rmSync(folder, { recursive: true, force: true });
  });

  function start(task: 'commit' | 'hold'): {
    readonly child: ChildProcess;
    readonly lines: AsyncIterator<string>;
  } {
    const child = spawn(process.execPath, [PROGRAM, folder, task], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  const refusal = { name: 'StoreError', code: 'STORE_LOCKED' };
  const lockFile = () => join(folder, 'jalon.lock');
  const writeLock = (owner: Readonly<Record<string, unknown>>) =>
    writeFileSync(lockFile(), JSON.stringify(owner));
  const myLock = async () => {
    const lock = await lockDataDir(folder);
    const owner = JSON.parse(readFileSync(lockFile(), 'utf8'));
    lock.release();
    return owner;
  };

  it('is labelled evaluation mode, serves an ordinary pool, and keeps its rows over a restart', async () => {
    const first = await openEmbeddedStore({ dataDir: join(folder, 'new', 'place') });
    expect(first.label).toBe('evaluation mode');
    expect(await first.system.ready()).toEqual({ schemaVersion: newestMigration() });
    await first.system.createTenant({ id: asId<TenantId>('company'), name: 'Company' });
    await first.close();
    await first.close();
    const second = await openEmbeddedStore({ dataDir: join(folder, 'new', 'place') });
    expect(await second.system.tenants()).toEqual(['company']);
    await second.close();
    await expect(second.system.tenants()).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    expect(existsSync(join(folder, 'new', 'place', 'jalon.lock'))).toBe(false);
  });

  it('opens in a folder whose path is too long for a socket', async () => {
    const store = await openEmbeddedStore({ dataDir: join(folder, 'a'.repeat(120)) });
    expect(await store.system.tenants()).toEqual([]);
    await store.close();
  });

  it('answers each of many clients with its own rows, also outside of transactions and with large messages', async () => {
    const store = await openEmbeddedStore({ dataDir: folder });
    const pool = new pg.Pool({ connectionString: store.connectionString, max: 10 });
    const large = 'y'.repeat(300_000);
    const answers = await Promise.all(
      Array.from({ length: 120 }, async (_, index) => {
        if (index % 2 === 0) return (await pool.query('select $1::int as answer', [index])).rows[0].answer;
        return (await pool.query('select $1::int as answer, length($2::text)', [index, large])).rows[0]
          .answer;
      }),
    );
    expect(answers).toEqual(Array.from({ length: 120 }, (_, index) => index));
    await pool.end();
    await store.close();
  });

  it('keeps every row that was acknowledged before its process was killed', async () => {
    let acknowledged = -1;
    for (let kills = 1; kills <= 3; kills += 1) {
      const { child, lines } = start('commit');
      for (let count = 0; count < kills * 15; count += 1) {
        const { value } = await lines.next();
        acknowledged = Math.max(acknowledged, Number(value));
      }
      await kill(child);
    }
    const store = await openEmbeddedStore({ dataDir: folder });
    const effects = await store.inTenant(asId<TenantId>('company'), (tenant) => tenant.effects.list({}));
    await store.close();
    expect(acknowledged).toBe(44);
    const kept = new Set(effects.map((effect) => effect.key));
    expect(Array.from({ length: 45 }, (_, index) => String(index)).filter((key) => !kept.has(key))).toEqual(
      [],
    );
  });

  it('refuses a second process, naming the first', async () => {
    const first = start('hold');
    expect((await first.lines.next()).value).toBe('open');
    const second = start('hold');
    expect((await second.lines.next()).value).toContain(
      `STORE_LOCKED ${folder} is in use by process ${first.child.pid} on ${hostname()}`,
    );
    await expect(openEmbeddedStore({ dataDir: folder })).rejects.toMatchObject(refusal);
  });

  it('refuses its own process a second time', async () => {
    const lock = await lockDataDir(folder);
    await expect(lockDataDir(folder)).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining(String(process.pid)),
    });
    lock.release();
    (await lockDataDir(folder)).release();
  });

  it('takes over the lock of a dead process, of a pid that another process has now, and of a file cut short', async () => {
    const mine = await myLock();
    for (const left of [
      { ...mine, pid: NOBODY },
      { ...mine, startedAt: 'another start' },
    ]) {
      writeLock(left);
      (await lockDataDir(folder)).release();
    }
    writeFileSync(lockFile(), '{"pid":');
    (await lockDataDir(folder)).release();
    writeFileSync(lockFile(), '');
    (await lockDataDir(folder)).release();
  });

  it('believes an owner on another host alive while it gives signs of life, and dead after', async () => {
    const mine = await myLock();
    writeLock({ ...mine, host: 'another-container', token: 'theirs' });
    await expect(lockDataDir(folder)).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('another-container'),
    });
    execFileSync('touch', ['-d', '1 minute ago', lockFile()]);
    (await lockDataDir(folder)).release();
  });

  it('is taken by one of twenty that find the same stale lock at once', async () => {
    const mine = await myLock();
    for (let round = 0; round < 5; round += 1) {
      writeLock({ ...mine, pid: NOBODY, token: `stale ${round}` });
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataDir(folder)));
      const taken = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      expect(taken).toHaveLength(1);
      expect(
        outcomes
          .filter((outcome) => outcome.status === 'rejected')
          .every(({ reason }) => reason.code === 'STORE_LOCKED'),
      ).toBe(true);
      for (const { value } of taken) value.release();
    }
  });

  it('does not remove a lock that is no longer its own', async () => {
    const lock = await lockDataDir(folder);
    writeLock({ ...(await JSON.parse(readFileSync(lockFile(), 'utf8'))), token: 'of somebody else' });
    lock.release();
    expect(existsSync(lockFile())).toBe(true);
  });

  it('says what is wrong with a folder that cannot be one', async () => {
    writeFileSync(join(folder, 'file'), '');
    const opening = openEmbeddedStore({ dataDir: join(folder, 'file', 'inside') });
    await expect(opening).rejects.toMatchObject({ name: 'StoreError', code: 'STORE_DIR_UNWRITABLE' });
  });

  it('leaves no lock behind when the database does not open', async () => {
    mkdirSync(join(folder, 'pg'));
    writeFileSync(join(folder, 'pg', 'PG_VERSION'), 'not a version');
    await expect(openEmbeddedStore({ dataDir: folder })).rejects.toMatchObject({
      name: 'StoreError',
      code: 'STORE_UNREACHABLE',
    });
    expect(existsSync(lockFile())).toBe(false);
  });

  it.runIf(canMount())(
    'on a full disk refuses to write, goes on reading, and writes again once there is room',
    async () => {
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=320m', 'tmpfs', disk]);
      const filler = join(disk, 'filler');
      try {
        const store = await openEmbeddedStore({ dataDir: join(disk, 'store') });
        const create = (id: string) => store.system.createTenant({ id: asId<TenantId>(id), name: id });
        await create('before');
        writeFileSync(filler, Buffer.alloc(100_000_000));
        await expect(create('during')).rejects.toMatchObject({ name: 'StoreError', code: 'STORE_DISK_FULL' });
        expect(await store.system.tenants()).toEqual(['before']);
        rmSync(filler);
        await create('after');
        expect(await store.system.tenants()).toEqual(['after', 'before']);
        await store.close();
        writeFileSync(filler, Buffer.alloc(100_000_000));
        const opening = openEmbeddedStore({ dataDir: join(disk, 'store') });
        await expect(opening).rejects.toMatchObject({ name: 'StoreError', code: 'STORE_DISK_FULL' });
      } finally {
        execFileSync('umount', ['-l', disk]);
      }
    },
  );
});

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const probe = mkdtempSync(join(tmpdir(), 'jalon-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return true;
  } catch {
    process.stderr.write('\n[skipped] full disk: this machine lets nobody mount a small one\n');
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const BINARIES = '/usr/lib/postgresql/15/bin';

/** The columns that a plain weighted sum needs. */
interface SumColumns {
  readonly amountMinor: Float64Array;
  readonly milestone: Uint8Array;
  readonly owner: Uint16Array;
  readonly month: Uint8Array;
}

/** Best time of the plain weighted sum in SQL, in milliseconds; null when there is no Postgres to ask. */
export async function postgresWeightedSum(
  columns: SumColumns,
  weights: Float64Array,
): Promise<{ readonly ms: number } | null> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined) return measure(given, columns, weights);
  if (!existsSync(join(BINARIES, 'postgres'))) return null;
  const server = await startPostgres();
  try {
    return await measure(server.url, columns, weights);
  } finally {
    server.stop();
  }
}

async function measure(url: string, columns: SumColumns, weights: Float64Array): Promise<{ ms: number }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      'create temporary table bench_deal (amount_minor bigint, milestone smallint, owner int, month smallint)',
    );
    await load(client, columns);
    await client.query('create temporary table bench_weight (milestone smallint, weight numeric)');
    await client.query('insert into bench_weight select * from unnest($1::smallint[], $2::numeric[])', [
      [...weights.keys()],
      [...weights],
    ]);
    await client.query('analyze bench_deal');
    let ms = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 4; run += 1) {
      const start = performance.now();
      await client.query(
        'select owner, month, sum(round(amount_minor * weight)) from bench_deal join bench_weight using (milestone) group by owner, month',
      );
      ms = Math.min(ms, performance.now() - start);
    }
    return { ms };
  } finally {
    await client.end();
  }
}

async function load(client: pg.Client, columns: SumColumns): Promise<void> {
  const chunk = 50_000;
  for (let from = 0; from < columns.amountMinor.length; from += chunk)
    await client.query(
      'insert into bench_deal select * from unnest($1::bigint[], $2::smallint[], $3::int[], $4::smallint[])',
      [columns.amountMinor, columns.milestone, columns.owner, columns.month].map((column) => [
        ...column.subarray(from, from + chunk),
      ]),
    );
}

/** A throw-away server on a free port of this machine. Postgres refuses to run as root, so root hands it to the user `postgres`. */
async function startPostgres(): Promise<{ readonly url: string; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'jalon-bench-pg-'));
  const isRoot = process.getuid?.() === 0;
  const as = (...command: string[]): [string, string[]] =>
    isRoot ? ['runuser', ['-u', 'postgres', '--', ...command]] : [command[0] ?? '', command.slice(1)];
  if (isRoot) {
    execFileSync('chown', ['postgres', folder]);
    chmodSync(folder, 0o700);
  }
  const cluster = join(folder, 'cluster');
  execFileSync(...as(join(BINARIES, 'initdb'), '-A', 'trust', '-U', 'bench', '-D', cluster), {
    stdio: 'ignore',
  });
  const port = await freePort();
  const server = spawn(
    ...as(join(BINARIES, 'postgres'), '-D', cluster, '-p', `${port}`, '-h', '127.0.0.1', '-k', folder),
    { stdio: 'ignore' },
  );
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  await untilAnswering(url);
  return {
    url,
    stop: () => {
      execFileSync(...as(join(BINARIES, 'pg_ctl'), '-D', cluster, '-m', 'immediate', 'stop'), {
        stdio: 'ignore',
      });
      server.unref();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function untilAnswering(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

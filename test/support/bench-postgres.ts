import pg from 'pg';
import { startPostgres } from './postgres.ts';
import { availableServices } from './services.ts';

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
  if (availableServices().postgresBin === null) return null;
  const server = await startPostgres();
  try {
    return await measure(server.url, columns, weights);
  } finally {
    await server.stop();
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

/**
 * `npm run bench:web [deals]`: the forecast page of a company of 50,000 deals, on a real store behind the real server, asked over HTTP. Prints
 * for each sort of request the time until the last byte (first request, median and p95 of the others), the processor time of a request, and
 * the bytes of the page. The processor time is that of client, server and embedded database together, and the same on a busy machine.
 * With DEALS_ON=postgres on a Postgres server, else on the embedded database.
 */

import { largeCompany } from '../support/large-company.ts';
import { NOW, openSite, smallCompany, takeSnapshot } from '../support/small-company.ts';
import { enginesFor } from '../support/store-engines.ts';

const DEALS = Number(process.argv[2] ?? 50_000) || 50_000;
const REPEATS = Number(process.env['REPEATS'] ?? 40);
const ENGINE = process.env['DEALS_ON'] === 'postgres' ? 'Postgres' : 'embedded';

/** `fresh`: asked of a server that has just started, so that nothing is kept. */
const REQUESTS = [
  { name: 'whole company', path: '/?lang=fr' },
  { name: 'one manager', path: '/?lang=fr&manager=marc' },
  { name: 'one team', path: '/?lang=fr&team=t3' },
  { name: 'pipeline, next quarter', path: '/?lang=en&pipeline=renewals&period=2027-Q1' },
  { name: 'page 2', path: '/?lang=fr&page=2' },
  { name: 'sorted by name', path: '/?lang=fr&sort=name' },
  { name: 'search', path: '/?lang=fr&q=kerjean+12' },
  { name: 'past week', path: '/?lang=fr&week=2026-11-09' },
  { name: 'owners as CSV', path: '/forecast.csv?lang=fr&table=owner' },
  { name: 'deals as CSV', path: '/deals.csv?lang=fr', repeats: 2 },
];

const engine = enginesFor('bench:web').find(({ name }) => name === ENGINE);
if (engine === undefined) throw new Error(`${ENGINE} is not on this machine`);
const opened = await engine.open();
const { deals, more } = largeCompany(DEALS);
let started = performance.now();
const seconds = (): string => {
  const text = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  started = performance.now();
  return text;
};
const say = (text: string): unknown => process.stdout.write(`${text}\n`);

const company = await smallCompany(opened.store, deals, 'plan_only', more);
say(`${DEALS} deals landed (${ENGINE}): ${seconds()}`);
for (const monday of ['2026-11-09', '2026-11-16']) {
  await takeSnapshot(company, monday);
  say(`snapshot of ${monday}: ${seconds()}`);
}
let site = await openSite(company);
const cold = await ask('/?lang=fr');
say(
  `first page of a server just started: ${cold.ms.toFixed(0)} ms (${cold.cpu.toFixed(0)} ms of processor), ${kilobytes(cold.bytes)}`,
);
say(
  `${'request'.padEnd(26)}${['first', 'cpu', 'p50', 'p95', 'cpu', 'size'].map((title) => title.padStart(11)).join('')}`,
);
for (const { name, path, repeats = REPEATS } of REQUESTS) {
  await site.close();
  site = await openSite(company);
  await ask('/?lang=en&manager=claire&week=2026-11-16');
  const first = await ask(path);
  const times: number[] = [];
  const used = process.cpuUsage();
  for (let turn = 0; turn < repeats; turn += 1) times.push((await ask(path)).ms);
  const cpu = cpuMs(used) / repeats;
  times.sort((left, right) => left - right);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const cells = [first.ms, first.cpu, at(0.5), at(0.95), cpu].map((ms) => `${ms.toFixed(0)} ms`.padStart(11));
  say(`${name.padEnd(26)}${cells.join('')}${kilobytes(first.bytes).padStart(11)}`);
}
say(
  `memory: ${Math.round(process.memoryUsage.rss() / 1_048_576)} MB resident, client, server and database together; as of ${NOW}`,
);
await site.close();
await opened.close();

async function ask(
  path: string,
): Promise<{ readonly ms: number; readonly cpu: number; readonly bytes: number }> {
  const used = process.cpuUsage();
  const from = performance.now();
  const response = await fetch(site.url + path);
  const body = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return { ms: performance.now() - from, cpu: cpuMs(used), bytes: body.byteLength };
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KB`;
}

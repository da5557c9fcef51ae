/**
 * `npm run bench:calls`: calls (and tokens) per 1,000 deals for every CRM, counted by the local CRM itself, beside what other connectors are
 * known to need. Calls are the one figure that no hardware changes. Waits take no time here; nothing leaves this machine.
 */
import { existsSync, readFileSync } from 'node:fs';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import type { DealWrite, PropertyKey, PropertySpec } from '../../src/core/write-back/write-back.ts';
import type { CrmSession, WriteOutcome } from '../../src/ports/connector.ts';
import { benches, type ConnectorBench } from '../support/connector-bench.ts';
import { Landed, ownWritesOf } from '../support/landed.ts';

const DEALS = 2_000;
const CHANGED = 1_000;

/** Calls, and tokens where the CRM has them, of one step of work. */
interface Cost {
  readonly calls: number;
  readonly tokens: number | null;
  readonly lanes: Readonly<Record<string, number>>;
  /** Calls about deals alone: what others' figures count. */
  readonly dealCalls: number;
}

interface Row {
  readonly step: string;
  /** Divided by this many thousands of deals; null: the whole step. */
  readonly thousands: number | null;
  readonly cost: Cost;
}

/**
 * Other connectors, per 1,000 deals. Read in their source or measured against a simulator on 2026-11-21; a dash: they do not do it.
 * HubSpot: Airbyte source-hubspot (2026), Singer tap-hubspot 4.4.0, dlt verified source (2026-07), Nango deals 3.0, n8n-nodes-base 2.41.1,
 * Grouparoo 0.9 / Multiwoven, @hubspot/api-client getAll. Pipedrive: Airbyte source-pipedrive 3.0.0, Singer tap-pipedrive 2.1.0, n8n v2.
 */
const PEERS: Readonly<Record<CrmKind, readonly (readonly string[])[]>> = {
  hubspot: [
    ['official client, loop', '10', '10 (full again)', '20', '1,000 (batch: 10)'],
    ['Airbyte', '20', '20', '20 x all deals', '-'],
    ['Singer', '20', '20 per 1,000 existing', 'in v1 versions', '-'],
    ['dlt', '10', '10 (full again)', '20', '-'],
    ['Nango', '10', '2,010', '-', '1,000'],
    ['n8n', '4 (legacy v1)', '10, below 10k', '-', '1,000'],
    ['Grouparoo / Multiwoven', '-', '-', '-', '210 / 1,000'],
  ],
  pipedrive: [
    ['Airbyte 3.0.0', '2', '2', '1,000 (40,000 tokens)', '-'],
    ['Singer 2.1.0', '10', '10', '1,010', '-'],
    ['n8n v2', '2', '2 (full again)', '-', '1,000'],
  ],
};

const DEALS_PATH = /\/deals(\/|$)/;

const label = { fr: 'Poids du jalon (%)', en: 'Milestone weight (%)' };
const SPECS: readonly PropertySpec[] = [{ key: 'jalon_weight', type: 'number', label, description: label }];

async function measure(kind: CrmKind): Promise<readonly Row[]> {
  const crm = await benches[kind](smallWorld(DEALS));
  const landed = new Landed();
  const rows: Row[] = [];
  const step = async (
    name: string,
    thousands: number | null,
    work: (session: CrmSession) => Promise<unknown>,
  ) => {
    const session = crm.session(name.includes('without history') ? { limits: { historyShareBps: 0 } } : {});
    const before = crm.paths().length;
    await work(session);
    const { calls, tokens, callsByLane } = session.usage();
    const dealCalls = crm
      .paths()
      .slice(before)
      .filter((path) => DEALS_PATH.test(path)).length;
    rows.push({
      step: name,
      thousands,
      cost: { calls, tokens: tokens ?? null, lanes: callsByLane, dealCalls },
    });
  };
  await step('first pull, all objects, without history still to come', DEALS / 1_000, (session) =>
    landed.pull(session),
  );
  await step('exact stage history of what the first pull lacks', DEALS / 1_000, (session) =>
    landed.pull(session),
  );
  crm.advance({ minutes: 30 });
  await step('nothing changed (whole run, directory included)', null, (session) => landed.pull(session));
  crm.advance({ minutes: 30 });
  for (let nth = 0; nth < CHANGED; nth += 1)
    crm.edit.set('deal', dealAt(nth), { amount: String(5_000 + nth) });
  crm.advance({ minutes: 5 });
  await step('amount changed on 1,000 deals', CHANGED / 1_000, (session) => landed.pull(session));
  crm.advance({ minutes: 30 });
  for (let nth = 0; nth < CHANGED; nth += 1) crm.edit.set('deal', dealAt(nth), { stage: 'closedwon' });
  crm.advance({ minutes: 5 });
  await step('stage changed on 1,000 deals', CHANGED / 1_000, (session) => landed.pull(session));
  for (let nth = 0; nth < CHANGED; nth += 1)
    crm.edit.set('deal', dealAt(nth), { amount: String(7_000 + nth) });
  const hints = Array.from({ length: CHANGED }, (_, nth) => ({
    dealId: asId<DealId>(crm.dealId(dealAt(nth))),
    modifiedAt: null,
    mergedInto: null,
  }));
  await step('webhooks named 1,000 deals, amount changed', CHANGED / 1_000, (session) =>
    landed.readAgain(session, hints),
  );
  await crm.session().ensureProperties(SPECS);
  const outcomes: WriteOutcome[] = [];
  await step('write-back of 1,000 changed deals', CHANGED / 1_000, async (session) => {
    outcomes.push(...(await writeAll(session, crm)));
  });
  crm.advance({ minutes: 30 });
  await step('our own write-back coming back', CHANGED / 1_000, (session) =>
    landed.pull(session, { ownWrites: ownWritesOf(outcomes) }),
  );
  await step('write-back, nothing changed', null, async (session) => {
    for await (const _ of session.write([]));
  });
  await crm.close();
  return rows;
}

function dealAt(nth: number): string {
  return String(FIRST_SMALL_DEAL_ID + nth);
}

async function writeAll(session: CrmSession, crm: ConnectorBench): Promise<WriteOutcome[]> {
  const writes = Array.from({ length: CHANGED }, (_, nth): DealWrite => {
    const values = new Map<PropertyKey, string>([['jalon_weight', '60']]);
    return { dealId: asId<DealId>(crm.dealId(dealAt(nth))), currency: null, values };
  });
  const outcomes: WriteOutcome[] = [];
  for (let start = 0; start < writes.length; start += session.writeBatchSize) {
    for await (const some of session.write(writes.slice(start, start + session.writeBatchSize)))
      outcomes.push(...some);
  }
  return outcomes;
}

function print(kind: CrmKind, rows: readonly Row[]): void {
  console.log(
    `\n${kind}: calls per 1,000 deals (${DEALS} deals, each with a company and a contact; 7 directory calls or less in each run)`,
  );
  console.log(`  ${'step'.padEnd(56)} ${'calls'.padStart(8)} ${'tokens'.padStart(9)}   by lane, whole step`);
  for (const { step, thousands, cost } of rows) {
    const per = (figure: number) => (figure / (thousands ?? 1)).toFixed(thousands === null ? 0 : 1);
    const tokens = cost.tokens === null ? '-' : per(cost.tokens);
    const lanes = Object.entries(cost.lanes)
      .map(([lane, calls]) => `${lane} ${calls}`)
      .join(', ');
    console.log(`  ${step.padEnd(56)} ${per(cost.calls).padStart(8)} ${tokens.padStart(9)}   ${lanes}`);
  }
  const columns = ['full', 'per 1,000 changed', 'stage history', 'write-back'];
  console.log(`\n  ${'deals only'.padEnd(26)} ${columns.map((name) => name.padEnd(24)).join('')}`);
  for (const [name = '', ...figures] of [oursOf(rows), ...PEERS[kind]])
    console.log(`  ${name.padEnd(26)} ${figures.map((figure) => figure.padEnd(24)).join('')}`);
}

/** Our own row of the table: calls about deals per 1,000; where a call has a price, those of one lane and what they cost. */
function oursOf(rows: readonly Row[]): readonly string[] {
  const cell = (start: string, lane: string, price: number) => {
    const row = rows.find(({ step }) => step.startsWith(start));
    if (row === undefined) throw new Error(`no step begins with ${start}`);
    const { tokens, lanes, dealCalls } = row.cost;
    const calls = (tokens === null ? dealCalls : (lanes[lane] ?? 0)) / (row.thousands ?? 1);
    const shown = Math.round(calls).toLocaleString('en');
    return tokens === null ? shown : `${shown} (${Math.round(calls * price).toLocaleString('en')} tokens)`;
  };
  const inTheFullPull = rows.every(({ cost }) => cost.tokens === null);
  return [
    'Jalon, measured here',
    cell('first pull', 'deals', 10),
    cell('amount changed', 'deals', 10),
    inTheFullPull ? 'in the full pull' : cell('exact stage history', 'history', 20),
    cell('write-back of', 'write', 5),
  ];
}

const PERFORMANCE = new URL('../../../shared/design/performance.md', import.meta.url);

function sourceOfPeers(): string {
  const counted = 'Others: counted in their source or on a simulator, 2026-11-21';
  if (!existsSync(PERFORMANCE))
    return `${counted}; ../shared/design/performance.md, which tells how, is not here.`;
  const page = readFileSync(PERFORMANCE, 'utf8');
  const section = page.slice(page.indexOf('### 3c'), page.indexOf('\n## ', page.indexOf('### 3c')));
  const names = Object.values(PEERS).flatMap((rows) =>
    rows.map(([name = '']) => name.split(/[ ,/]/)[0] ?? ''),
  );
  const strange = names.filter((name) => name !== 'official' && !section.includes(name));
  if (strange.length > 0) throw new Error(`performance.md 3c does not know ${strange.join(', ')}`);
  return `${counted}: ../shared/design/performance.md, section 3c.`;
}

for (const kind of ['hubspot', 'pipedrive'] as const) print(kind, await measure(kind));
console.log(
  `\n${sourceOfPeers()} Archived and deleted deals of Pipedrive are walks of their own: one call each per run.`,
);

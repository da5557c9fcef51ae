/**
 * `npm run bench:digest`: 10,000 digests composed and rendered in one run, each for another manager: language, zone, target and team change.
 * Prints the time per digest and the memory as the run goes on. The forecast itself is not in it: a snapshot holds it already.
 * Then the same from the store, for companies of 1,000 to 50,000 deals: the time per digest must not grow with them.
 */
import { digestModelOf } from '../../jobs/digest/digest-model.ts';
import { linkMaker } from '../../src/compose/links.ts';
import type { ForecastLine } from '../../src/core/forecast/forecast-types.ts';
import { summarise } from '../../src/core/forecast/summary.ts';
import { composeDigest, digestPace, digestQuestions } from '../../src/core/review/digest.ts';
import { movementBetween } from '../../src/core/review/movement.ts';
import { asId, type DealId, type ManagerId, type OwnerId } from '../../src/core/values/ids.ts';
import type { StoredForecast } from '../../src/ports/snapshot-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { renderDigest } from '../../templates/digest/render.ts';
import { amount, deal, EUR, lineOfDeal, MONDAY, owner, QUARTER, stageModel } from '../support/deals.ts';
import { managerOf } from '../support/monday-company.ts';
import { randomFrom } from '../support/random.ts';
import { enginesFor, newTenant } from '../support/store-engines.ts';
import { headerOf } from '../support/store-records.ts';

const DIGESTS = 10_000;
const TOLD_AT = [1_000, 5_000, 10_000];
const TEAMS = 25;
const DEALS_PER_TEAM = 60;
const MODEL = stageModel();
const STAGES = ['s-contact', 's-need', 's-solution', 's-verbal', 's-won'];
const ZONES = Intl.supportedValuesOf('timeZone');
const OWNERS = Array.from({ length: 6 }, (_, index) => owner(`o-${index}`, `Rep${index} Name`));

interface Team {
  readonly before: readonly ForecastLine[];
  readonly after: readonly ForecastLine[];
}

function teamOf(number: number): Team {
  const random = randomFrom(number + 1);
  const lineAt = (index: number, moved: boolean): ForecastLine => {
    const stage = Math.min(STAGES.length - 1, Math.floor(random() * STAGES.length) + (moved ? 1 : 0));
    const since = MONDAY.subtract({ days: 1 + Math.floor(random() * 80) });
    const euros = String(1_000 + Math.floor(random() * 90_000));
    const line = lineOfDeal(deal(`t${number}-d${index}`, `${STAGES[stage]} ${since}`, amount(euros)), {
      asOf: MONDAY,
    });
    return {
      ...line,
      dealName: `Société numéro ${index} – déploiement`,
      ownerId: asId<OwnerId>(`o-${index % OWNERS.length}`),
      pace: index % 5 === 0 ? 'stuck' : index % 7 === 0 ? 'fast' : 'on_track',
      lastCustomerContact: MONDAY.subtract({ days: Math.floor(random() * 40) }),
    };
  };
  const before = Array.from({ length: DEALS_PER_TEAM }, (_, index) => lineAt(index, false));
  const after = before.map((line, index) => (index % 6 === 0 ? lineAt(index, true) : line));
  return { before, after };
}

function digestBytes(team: Team, number: number): number {
  const milestones = MODEL.milestones;
  const summary = summarise(team.after, {
    asOf: MONDAY,
    period: QUARTER,
    currency: EUR,
    modelVersion: 1,
    milestones,
    targetMinor: 50_000_000n + BigInt(number) * 1_000n,
    history: { label: 'measured', resolvedDeals: 300 },
    range: null,
    newBusinessMinor: null,
  });
  const model = composeDigest({
    manager: {
      id: asId<ManagerId>(`m-${number}`),
      name: `Manager ${number}`,
      email: `m${number}@company.example`,
      locale: number % 2 === 0 ? 'fr' : 'en',
      zone: ZONES[number % ZONES.length] ?? 'UTC',
      teamIds: [],
      ownerIds: [],
      digest: 'on',
      digestPausedUntil: null,
    },
    crm: 'hubspot',
    model: MODEL,
    lines: team.after,
    summary,
    movement: movementBetween({ before: team.before, after: team.after, milestones, maxRows: 200 }),
    owners: OWNERS,
    paceNorms: [],
    accuracy: [],
    rejectedRecords: number % 3,
    dataReadAt: MONDAY.toZonedDateTime('UTC').toInstant(),
    links: {
      forecast: 'https://jalon.example/',
      review: 'https://jalon.example/review',
      settings: `https://jalon.example/digest-settings/${number}`,
      unsubscribe: `https://jalon.example/digest-settings/${number}`,
      browser: `https://jalon.example/digest/${number}`,
    },
    dealLink: (dealId: DealId) => `https://crm.example/deal/${dealId}`,
  });
  const { html, text } = renderDigest(model);
  return html.length + text.length;
}

const residentMb = () => Math.round(process.memoryUsage.rss() / 1_048_576);

const teams = Array.from({ length: TEAMS }, (_, number) => teamOf(number));
process.stdout.write(`before the first digest: ${residentMb()} MB resident\n`);
let bytes = 0;
let startedMs = performance.now();
let started = process.cpuUsage();
let told = 0;
for (let number = 1; number <= DIGESTS; number += 1) {
  const team = teams[number % TEAMS];
  if (team !== undefined) bytes += digestBytes(team, number);
  if (!TOLD_AT.includes(number)) continue;
  const ms = (performance.now() - startedMs) / (number - told);
  const used = process.cpuUsage(started);
  const cpuMs = (used.user + used.system) / 1_000 / (number - told);
  const size = Math.round(bytes / number / 1024);
  process.stdout.write(
    `${number} digests: ${ms.toFixed(2)} ms each (${cpuMs.toFixed(2)} ms of processor), ${residentMb()} MB resident, ${size} KB each\n`,
  );
  told = number;
  startedMs = performance.now();
  started = process.cpuUsage();
}

const SIZES = [1_000, 10_000, 50_000];
const MANAGERS = 40;
const MAILS = 400;

const [engine] = enginesFor('digests from the store');
const opened = await engine?.open();
if (opened !== undefined) {
  for (const deals of SIZES) await fromStore(opened.store, deals);
  await opened.close();
}

/** One company with so many lines and `MANAGERS` managers, frozen as the snapshot job freezes it; then `MAILS` digests read, composed and rendered. */
async function fromStore(store: Store, deals: number): Promise<void> {
  const own = await newTenant(store);
  const managers = Array.from({ length: MANAGERS }, (_, index) => managerOf(`m-${index}`));
  const header = { ...headerOf(own, MONDAY.toString()), model: MODEL, managers, owners: OWNERS };
  const lines = Array.from(
    { length: Math.ceil(deals / DEALS_PER_TEAM) },
    (_, number) => teamOf(1_000 + number).after,
  )
    .flat()
    .slice(0, deals);
  const scope = { lines: lines.slice(0, 300), owners: OWNERS };
  const summary = summarise(scope.lines, {
    asOf: MONDAY,
    period: QUARTER,
    currency: EUR,
    modelVersion: 1,
    milestones: MODEL.milestones,
    targetMinor: 50_000_000n,
    history: { label: 'measured', resolvedDeals: 300 },
    range: null,
    newBusinessMinor: null,
  });
  const told = {
    standings: { open: deals, won: 0, lost: 0, unmapped: 0, excluded: 0 },
    movement: null,
    comparedWith: null,
    norms: [],
    accuracy: [],
    summary,
  };
  const pace = digestPace({ ...scope, paceNorms: [] });
  const questions = digestQuestions({ ...scope, asOf: MONDAY, movement: null, model: MODEL });
  const forecasts = [null, ...managers].map((manager) => ({
    ...told,
    managerId: manager?.id ?? null,
    ...(manager === null ? {} : { pace, questions }),
  }));
  await own.run(async ({ snapshots }) => {
    await snapshots.freeze(header, []);
    await snapshots.saveForecast(header.id, lines, forecasts as unknown as readonly StoredForecast[]);
  });
  const links = linkMaker({ base: 'https://jalon.example' }, Buffer.alloc(32, 7));
  const mail = (number: number) =>
    own.run(async (tenant) => {
      const found = await tenant.snapshots.header(header.id);
      const manager = found?.managers[number % MANAGERS];
      if (found === null || manager === undefined) throw new Error('the week is frozen');
      const subject = { tenantId: own.tenantId, header: found, manager, digestId: String(number) };
      return renderDigest(await digestModelOf(tenant, links, subject)).html.length;
    });
  await mail(0);
  const startMs = performance.now();
  for (let number = 0; number < MAILS; number += 1) await mail(number);
  const ms = (performance.now() - startMs) / MAILS;
  process.stdout.write(
    `${deals} deals, ${MANAGERS} managers, embedded store: ${ms.toFixed(2)} ms per digest read, composed and rendered, ${residentMb()} MB resident\n`,
  );
}

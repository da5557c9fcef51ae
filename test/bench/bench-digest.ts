/**
 * `npm run bench:digest`: 10,000 digests composed and rendered in one run, each for another manager: language, zone, target and team change.
 * Prints the time per digest and the memory as the run goes on. The forecast itself is not in it: a snapshot holds it already.
 */
import { composeDigest } from '../../src/core/digest.ts';
import type { ForecastLine } from '../../src/core/forecast-types.ts';
import { asId, type DealId, type ManagerId, type OwnerId } from '../../src/core/ids.ts';
import { movementBetween } from '../../src/core/movement.ts';
import { summarise } from '../../src/core/summary.ts';
import { renderDigest } from '../../templates/digest/render.ts';
import { amount, deal, EUR, lineOfDeal, MONDAY, owner, QUARTER, stageModel } from '../support/deals.ts';
import { randomFrom } from '../support/random.ts';

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

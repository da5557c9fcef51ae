/** A page of a believable quarter, with every oddity that a row can have; `hostile` names try to break out of the page. */

import type {
  ForecastLine,
  ForecastRange,
  ForecastSummary,
  OddsReason,
} from '../../src/core/forecast/forecast-types.ts';
import type { GroupForecast } from '../../src/core/forecast/group-forecasts.ts';
import type { Locale } from '../../src/core/milestones/milestone.ts';
import type { Movement } from '../../src/core/review/digest-types.ts';
import { type Period, periodOf } from '../../src/core/values/calendar.ts';
import {
  asId,
  type DealId,
  type ManagerId,
  type MilestoneKey,
  type OwnerId,
  type PipelineId,
  type TeamId,
} from '../../src/core/values/ids.ts';
import type { ForecastPageInput } from '../../src/web/forecast/forecast-input.ts';
import { currency, EUR, MILESTONES, milestoneKey, summaryFixture } from './digest-model.ts';

const REASON: OddsReason = {
  label: 'measured',
  resolvedDeals: 412,
  ageDays: 23,
  horizonDays: 22,
  bandFromDays: 14,
  bandToDays: 30,
  dailyForward: 0.0132,
  dailyLost: 0.0061,
  exposureDays: 2_184.6,
};

const NAMES = [
  'Néolis Énergie – audit 12 sites',
  'Clinique Saint-Roch – renouvellement',
  'Mairie de Lorient – billettique',
  'Groupe Vauban – déploiement SIRH',
  'Ateliers Brossard & Fils',
  'Cabinet Thévenot',
  'Transports Kerguelen – flotte 2027, lot 3 : géolocalisation et maintenance',
  'Maison Perrin',
];

export function lineFixture(index: number, changes: Partial<ForecastLine> = {}): ForecastLine {
  const grossMinor = 18_345_067n - BigInt(index) * 271_033n;
  const verified = MILESTONES[3 - (index % 4)]?.key ?? null;
  const weightBps = [6000, 4000, 2500, 1000][index % 4] ?? 0;
  const odds = [0.482, 0.271, 0.118, 0.034][index % 4] ?? 0;
  const permille = BigInt(Math.round(odds * 1000));
  return {
    dealId: asId<DealId>(String(2_000 + index)),
    dealName: NAMES[index % NAMES.length] ?? '',
    ownerId: asId<OwnerId>(index % 3 === 0 ? 'o1' : 'o2'),
    pipelineId: asId('p1'),
    stageId: asId('s3'),
    standing: 'open',
    exclusion: null,
    declared: index % 4 === 0 ? verified : milestoneKey('verbal'),
    verified,
    verifiedSince: Temporal.PlainDate.from('2026-05-16'),
    daysInMilestone: 23,
    declaredWeightBps: 6000,
    weightBps,
    gross: { amountMinor: grossMinor, currency: EUR },
    grossMinor,
    netMinor: (grossMinor * BigInt(weightBps)) / 10_000n,
    unprovenMinor: (grossMinor * BigInt(6000 - weightBps)) / 10_000n,
    netOwn: null,
    odds,
    oddsReason: REASON,
    expectedMinor: (grossMinor * permille) / 1000n,
    wonInPeriodMinor: 0n,
    closedOn: null,
    closeDate: Temporal.PlainDate.from('2026-06-25'),
    realisticClose: Temporal.PlainDate.from('2026-07-01'),
    pace: 'on_track',
    closeDatePushes: 0,
    lastCustomerContact: Temporal.PlainDate.from('2026-05-30'),
    missing:
      index % 4 === 0
        ? []
        : [
            {
              milestone: milestoneKey('verbal'),
              expired: index % 4 === 2,
              rules: [
                { kind: 'property_filled', property: 'jalon_verbal_commitment_on' },
                { kind: 'activity_with_customer', activities: ['meeting', 'call'], atLeast: 2 },
                { kind: 'manager_confirmation' },
              ],
            },
          ],
    flags: [],
    ...changes,
  };
}

/** Fifty lines of a hundred and thirty-seven: won, lost, excluded, unmapped, foreign and flagged ones among them. */
export function linesFixture(): readonly ForecastLine[] {
  const plain = Array.from({ length: 50 }, (_, index) => lineFixture(index));
  const odd: Readonly<Record<number, Partial<ForecastLine>>> = {
    1: { pace: 'stuck', daysInMilestone: 63, flags: ['close_before_creation'] },
    2: { standing: 'won', closedOn: Temporal.PlainDate.from('2026-05-02'), odds: 1, oddsReason: null },
    3: { standing: 'lost', grossMinor: 0n, netMinor: 0n, unprovenMinor: 0n, expectedMinor: 0n, odds: 0 },
    4: {
      exclusion: 'amount_missing',
      gross: null,
      grossMinor: 0n,
      netMinor: 0n,
      unprovenMinor: 0n,
      expectedMinor: 0n,
      ownerId: null,
      flags: ['owner_missing', 'close_date_missing'],
      realisticClose: null,
    },
    5: {
      standing: 'unmapped',
      exclusion: 'stage_unmapped',
      declared: null,
      verified: null,
      oddsReason: null,
    },
    6: { gross: { amountMinor: 19_812_672n, currency: currency('USD') }, flags: ['amount_rounded'] },
    7: {
      verified: null,
      weightBps: 0,
      netMinor: 0n,
      pace: 'fast',
      passed: { milestone: milestoneKey('need'), days: 4 },
    },
    8: { ownerId: asId<OwnerId>('gone'), oddsReason: { ...REASON, bandToDays: null, label: 'your_weights' } },
  };
  return plain.map((line, index) => ({ ...line, ...odd[index] }));
}

const TEAMS = [
  { id: asId<TeamId>('north'), name: 'Nord' },
  { id: asId<TeamId>('south'), name: 'Sud' },
];
const PIPELINES = ['p1', 'p2'].map((id, at) => ({
  id: asId<PipelineId>(id),
  label: ['Ventes', 'Renouvellements'][at] ?? '',
  stages: [],
}));

/** Parts of a whole in minor units, none of them round: what is shown has to be apportioned. */
function partsOf(total: bigint, count: number): readonly bigint[] {
  const parts = Array.from(
    { length: count },
    (_, at) => (total * BigInt(at + 1)) / BigInt(count * count + 7),
  );
  const rest = total - parts.slice(1).reduce((sum, part) => sum + part, 0n);
  return [rest, ...parts.slice(1)];
}

const RANGE: ForecastRange = {
  p10Minor: 12_345_678n,
  p50Minor: 23_456_789n,
  p90Minor: 34_567_890n,
  chanceOfTarget: null,
  reliabilityIndex: 0.5,
  concentration: [],
};

function groupsFixture(summary: ForecastSummary): ForecastPageInput['groups'] {
  const groups = (keys: readonly (string | null)[]): readonly GroupForecast[] => {
    const [net, unproven, won, expected, gross] = [
      summary.netMinor,
      summary.unprovenMinor,
      summary.wonMinor,
      summary.expectedMinor,
      summary.grossMinor,
    ].map((total) => partsOf(total, keys.length));
    return keys.map((key, at) => ({
      key,
      openDeals: at + 3,
      wonDeals: at,
      grossMinor: gross?.[at] ?? 0n,
      netMinor: net?.[at] ?? 0n,
      unprovenMinor: unproven?.[at] ?? 0n,
      wonMinor: won?.[at] ?? 0n,
      expectedMinor: expected?.[at] ?? 0n,
      forecastMinor: (won?.[at] ?? 0n) + (expected?.[at] ?? 0n),
      range: at === 0 ? null : RANGE,
    }));
  };
  return {
    milestone: groups([null, ...MILESTONES.map(({ key }) => key)]),
    owner: groups(['o2', 'o1', 'gone', null]),
    team: groups(['north', 'north south', null]),
    pipeline: groups(['p1', 'p2']),
  };
}

function monthsOf({ start, end }: Period): readonly Period[] {
  const months: Period[] = [];
  for (let day = start; Temporal.PlainDate.compare(day, end) < 0; day = day.add({ months: 1 }))
    months.push(periodOf(day, 'month'));
  return months;
}

function periodsFixture({ period, wonMinor, expectedMinor }: ForecastSummary): ForecastPageInput['periods'] {
  const next = periodOf(period.end, 'quarter');
  return [
    { whole: { period, wonMinor, expectedMinor, range: RANGE }, won: partsOf(wonMinor, 3) },
    { whole: { period: next, wonMinor: 0n, expectedMinor: 7_777_777n, range: null }, won: [0n, 0n, 0n] },
  ].map(({ whole, won }) => ({
    whole,
    months: monthsOf(whole.period).map((month, at) => ({
      period: month,
      wonMinor: won[at] ?? 0n,
      expectedMinor: partsOf(whole.expectedMinor, 3)[at] ?? 0n,
      range: RANGE,
    })),
  }));
}

/** Signed, lost, new and revised: to the forecast of the summary, from 41,299 less. */
function movementFixture({ forecastMinor }: ForecastSummary): Movement {
  const kinds = [
    { kind: 'signed' as const, deals: 2, changeMinor: 5_733_349n },
    { kind: 'lost' as const, deals: 1, changeMinor: -3_149_951n },
    { kind: 'new' as const, deals: 4, changeMinor: 2_249_951n },
    { kind: 'odds' as const, deals: 73, changeMinor: -703_449n },
  ];
  const change = kinds.reduce((sum, { changeMinor }) => sum + changeMinor, 0n);
  return {
    startMinor: forecastMinor - change,
    endMinor: forecastMinor,
    rows: [],
    otherDeals: 80,
    othersMinor: change,
    kinds,
  };
}

export const HOSTILE = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>\u202Egpj.exe\u0007{{7*7}}=HYPERLINK("x")`;

export function pageInputFixture(
  locale: Locale,
  changes: Partial<ForecastPageInput> = {},
): ForecastPageInput {
  const summary = summaryFixture();
  return {
    query: { locale, managerId: 'm1', week: null, page: 1 },
    header: {
      company: 'Fermiers & Associés',
      zone: 'Europe/Paris',
      connection: {
        crm: 'hubspot',
        state: 'active',
        dataReadAt: Temporal.Instant.from('2026-06-08T04:40:00Z'),
      },
      evaluationMode: true,
    },
    summary,
    groups: groupsFixture(summary),
    periods: periodsFixture(summary),
    compared: { asOf: Temporal.PlainDate.from('2026-06-01'), movement: movementFixture(summary) },
    choices: {
      teams: TEAMS,
      pipelines: PIPELINES,
      periods: [summary.period, ...monthsOf(summary.period)],
    },
    filtered: false,
    lines: linesFixture(),
    totalLines: 137,
    owners: ['o1', 'o2'].map((id, index) => ({
      id: asId<OwnerId>(id),
      name: ['Karim Benali', 'Sophie Lemoine'][index] ?? '',
      email: null,
      active: true,
      teamIds: [],
    })),
    milestones: MILESTONES as readonly { key: MilestoneKey; label: Record<Locale, string> }[],
    names: {
      owners: [
        { id: 'o1', name: 'Karim Benali' },
        { id: 'o2', name: 'Sophie Lemoine' },
      ],
      teams: TEAMS,
      pipelines: PIPELINES,
      milestones: MILESTONES,
    },
    managers: [
      { id: asId<ManagerId>('m1'), name: 'Claire Dumas' },
      { id: asId<ManagerId>('m2'), name: 'Marc Oger' },
      { id: asId<ManagerId>('m3'), name: 'Inès Faure' },
    ],
    weeks: ['2026-06-08', '2026-06-01', '2026-05-25', '2026-05-18'].map((day) =>
      Temporal.PlainDate.from(day),
    ),
    rejections: 2,
    historyIncomplete: 0,
    unwritten: { postponed: 0, refused: 0 },
    hasDigest: true,
    ...changes,
  };
}

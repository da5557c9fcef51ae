/** A realistic Monday of a French or English manager, as the core would hand it to templates/digest. Figures add up to the cent. */

import type { ForecastSummary } from '../../src/core/forecast/forecast-types.ts';
import type { Locale } from '../../src/core/milestones/milestone.ts';
import type {
  DigestModel,
  DigestQuestion,
  MovementRow,
  PaceRow,
} from '../../src/core/review/digest-types.ts';
import { periodOf } from '../../src/core/values/calendar.ts';
import { type CurrencyCode, parseCurrency } from '../../src/core/values/currency.ts';
import { asId, type DealId, type MilestoneKey } from '../../src/core/values/ids.ts';

export const EUR = currency('EUR');

export function currency(code: string): CurrencyCode {
  const parsed = parseCurrency(code);
  if (!parsed.ok) throw new Error(`${code} is no currency`);
  return parsed.value;
}

export const milestoneKey = (key: string): MilestoneKey => asId<MilestoneKey>(key);

export const MILESTONES: DigestModel['milestones'] = [
  { key: milestoneKey('contact'), label: { fr: 'Premier contact', en: 'First contact' } },
  { key: milestoneKey('need'), label: { fr: 'Besoin confirmé', en: 'Need confirmed' } },
  { key: milestoneKey('solution'), label: { fr: 'Solution validée', en: 'Solution validated' } },
  { key: milestoneKey('verbal'), label: { fr: 'Accord verbal', en: 'Verbal commitment' } },
];

/** 318 signed + 294 expected = 612, of 850 thousand euros; none of them round. */
export function summaryFixture(changes: Partial<ForecastSummary> = {}): ForecastSummary {
  const rollup = (
    key: string | null,
    deals: number,
    gross: bigint,
    net: bigint,
    unproven: bigint,
    expected: bigint,
  ) => ({
    key: key === null ? null : milestoneKey(key),
    deals,
    grossMinor: gross,
    netMinor: net,
    unprovenMinor: unproven,
    expectedMinor: expected,
  });
  const byMilestone = [
    rollup(null, 4, 21_049_950n, 0n, 2_104_995n, 149_951n),
    rollup('contact', 31, 64_449_951n, 6_444_995n, 9_649_949n, 2_249_950n),
    rollup('need', 27, 58_049_952n, 14_512_488n, 5_349_951n, 4_949_951n),
    rollup('solution', 19, 49_749_953n, 19_899_981n, 4_449_952n, 9_249_953n),
    rollup('verbal', 12, 28_349_954n, 17_009_972n, 0n, 12_849_955n),
  ];
  const sum = (pick: (row: (typeof byMilestone)[number]) => bigint): bigint =>
    byMilestone.reduce((total, row) => total + pick(row), 0n);
  const wonMinor = 31_780_040n;
  const expectedMinor = sum((row) => row.expectedMinor);
  const forecastMinor = wonMinor + expectedMinor;
  const targetMinor = 85_000_000n;
  return {
    asOf: Temporal.PlainDate.from('2026-06-08'),
    period: periodOf(Temporal.PlainDate.from('2026-06-08'), 'quarter'),
    currency: EUR,
    modelVersion: 3,
    targetMinor,
    wonMinor,
    wonDeals: 14,
    expectedMinor,
    forecastMinor,
    gapMinor: targetMinor - forecastMinor,
    openDeals: 93,
    grossMinor: sum((row) => row.grossMinor),
    netMinor: sum((row) => row.netMinor),
    unprovenMinor: sum((row) => row.unprovenMinor),
    newBusinessMinor: 4_120_000n,
    range: {
      p10Minor: 54_012_300n,
      p50Minor: 60_833_000n,
      p90Minor: 69_144_000n,
      chanceOfTarget: 0.04,
      reliabilityIndex: 0.71,
      concentration: [
        { dealId: asId<DealId>('101'), share: 0.31 },
        { dealId: asId<DealId>('102'), share: 0.17 },
        { dealId: asId<DealId>('103'), share: 0.12 },
      ],
    },
    byMilestone,
    byOwner: [],
    byPipeline: [],
    exclusions: [
      { reason: 'amount_missing', deals: 5 },
      { reason: 'stage_unmapped', deals: 4 },
      { reason: 'no_rate', deals: 2 },
    ],
    history: { label: 'measured', resolvedDeals: 412 },
    ...changes,
  };
}

const MOVES: readonly (readonly [string, string, MovementRow['kind'], bigint])[] = [
  ['101', 'Néolis Énergie – audit 12 sites', 'advanced', 4_449_900n],
  ['102', 'Hôtels du Littoral & Spa', 'signed', 2_959_900n],
  ['103', 'Groupe Vauban – déploiement SIRH', 'fell_back', -2_449_900n],
  ['104', 'SCI Montplaisir', 'lost', -1_949_900n],
  ['105', 'Cabinet Thévenot', 'advanced', 849_900n],
];

function movementRows(): readonly MovementRow[] {
  return MOVES.map(([id, dealName, kind, changeMinor]) => ({
    dealId: asId<DealId>(id),
    dealName,
    kind,
    changeMinor,
  }));
}

function question(
  key: string,
  repFirstName: string,
  dealName: string,
  dealId: string,
  facts: Partial<DigestQuestion>,
): DigestQuestion {
  const none = { days: null, date: null, milestone: null, count: null, verified: null };
  return { key, repFirstName, dealName, dealId: asId<DealId>(dealId), ...none, ...facts };
}

function pace(
  id: string,
  dealName: string,
  milestone: string,
  rep: string,
  netMinor: bigint,
  days: number,
  medianDays: number,
): PaceRow {
  return {
    dealId: asId<DealId>(id),
    dealName,
    milestone: milestoneKey(milestone),
    repFirstName: rep,
    netMinor,
    days,
    medianDays,
  };
}

const MONTHLY_WAPE = [0.18, 0.16, 0.17, 0.12, 0.11, 0.09];

export function digestFixture(locale: Locale, changes: Partial<DigestModel> = {}): DigestModel {
  const summary = summaryFixture();
  const rows = movementRows();
  const othersMinor = 270_000n;
  const moved = rows.reduce((sum, row) => sum + row.changeMinor, othersMinor);
  return {
    locale,
    crm: 'hubspot',
    managerName: 'Claire Dumas',
    isoWeek: '2026-W24',
    summary,
    movement: {
      startMinor: summary.forecastMinor - moved,
      endMinor: summary.forecastMinor,
      rows,
      otherDeals: 9,
      othersMinor,
    },
    verdict: {
      kind: 'short',
      losses: rows.filter((row) => row.changeMinor < 0n),
      gains: rows.filter((row) => row.changeMinor > 0n).slice(0, 2),
    },
    questions: [
      question('fell_back', 'Julie', 'Groupe Vauban – déploiement SIRH', '103', {
        milestone: milestoneKey('solution'),
      }),
      question('stuck_no_proof', 'Karim', 'Mairie de Lorient – billettique', '106', {
        days: 63,
        milestone: milestoneKey('solution'),
      }),
      question('silent', 'Sophie', 'Ateliers Brossard & Fils', '107', { days: 34 }),
    ],
    lastQuestions: { settled: 2, asked: 3 },
    stuck: [
      pace('106', 'Mairie de Lorient – billettique', 'solution', 'Karim', 3_812_000n, 63, 21),
      pace('107', 'Ateliers Brossard & Fils', 'need', 'Sophie', 1_612_500n, 55, 18),
      pace('108', 'Clinique Saint-Roch – renouvellement', 'verbal', 'Julie', 6_590_000n, 33, 9),
    ],
    stuckTotal: 6,
    fast: [
      pace('101', 'Néolis Énergie – audit 12 sites', 'verbal', 'Karim', 8_000_000n, 4, 9),
      pace('105', 'Cabinet Thévenot', 'need', 'Sophie', 1_100_000n, 5, 14),
    ],
    accuracy: MONTHLY_WAPE.map((wape, index) => ({
      month: Temporal.PlainDate.from('2025-12-01').add({ months: index }),
      wape,
    })),
    historyLabel: 'measured',
    milestones: MILESTONES,
    unmappedDeals: 4,
    excludedDeals: 7,
    rejectedRecords: 2,
    dataReadAt: Temporal.Instant.from('2026-06-08T04:40:00Z'),
    zone: 'Europe/Paris',
    links: {
      forecast: 'https://jalon.example.test/?manager=m1',
      review: 'https://jalon.example.test/review?manager=m1',
      settings: 'https://jalon.example.test/digest/settings',
      unsubscribe: 'https://jalon.example.test/digest/unsubscribe?token=abc',
      browser: 'https://jalon.example.test/digest/2026-W24',
      deals: Object.fromEntries(
        ['101', '102', '103', '104', '105', '106', '107', '108'].map((id) => [
          id,
          `https://app.hubspot.test/contacts/1/record/0-3/${id}`,
        ]),
      ),
    },
    ...changes,
  };
}

/** A page of a believable quarter, with every oddity that a row can have; `hostile` names try to break out of the page. */
import type { ForecastLine, OddsReason } from '../../src/core/forecast-types.ts';
import { asId, type DealId, type ManagerId, type MilestoneKey, type OwnerId } from '../../src/core/ids.ts';
import type { Locale } from '../../src/core/milestone.ts';
import type { ForecastPageInput } from '../../src/web/forecast-input.ts';
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
    before: {
      asOf: Temporal.PlainDate.from('2026-06-01'),
      forecastMinor: summary.forecastMinor - 4_129_900n,
    },
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

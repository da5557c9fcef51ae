import type { DigestQuestion } from '../../src/core/review/digest-types.ts';
import { questionsFor } from '../../src/core/review/questions.ts';
import { asId, type DealId, type OwnerId } from '../../src/core/values/ids.ts';
import type { OneToOneInput } from '../../src/web/one-to-one/one-to-one-page.ts';
import { EUR, MILESTONES, milestoneKey } from './digest-model.ts';
import { lineFixture, pageInputFixture } from './forecast-page.ts';

const ASOF = Temporal.PlainDate.from('2026-06-08');

/** Two of them as the mail asked them, and three of the week before: one answered since. */
function askedOf(questions: readonly DigestQuestion[]): OneToOneInput['questions'] {
  return {
    frozen: questions.slice(0, 2),
    further: questions.slice(2),
    last: {
      asOf: ASOF.subtract({ weeks: 1 }),
      questions: questions.slice(0, 3).map((question, index) => ({ question, settled: index === 0 })),
    },
  };
}

/** A full sheet: as many questions, notes and proofs as it holds, each as long as it may be. */
export function oneToOneFixture(locale: 'fr' | 'en', changes: Partial<OneToOneInput> = {}): OneToOneInput {
  const { header, managers } = pageInputFixture(locale);
  const owner = { id: asId<OwnerId>('o1'), name: 'Karim Benali', email: null, active: true, teamIds: [] };
  const long =
    'Transports Kerguelen – flotte 2027, lot 3 : géolocalisation et maintenance des remorques frigorifiques';
  const lines = Array.from({ length: 24 }, (_, index) =>
    lineFixture(index, {
      ownerId: owner.id,
      dealName: long,
      pace: index % 2 === 0 ? 'stuck' : 'on_track',
      closeDatePushes: index % 5,
      closeDate:
        index % 7 === 0 ? null : Temporal.PlainDate.from(`2026-06-${String(1 + index).padStart(2, '0')}`),
    }),
  );
  return {
    locale,
    managerId: 'm1',
    header,
    company: {
      zone: 'Europe/Paris',
      currency: EUR,
      locale,
      fiscalStartMonth: 1,
      periodKind: 'quarter',
      writeBack: 'on',
    },
    asOf: ASOF,
    owner,
    questions: askedOf(
      questionsFor(owner, {
        lines,
        owners: [owner],
        asOf: ASOF,
        milestones: MILESTONES.map((one, index) => ({
          ...one,
          weightBps: 1_000,
          typicalDays: 10,
          verbal: index === 3,
          optional: false,
          evidence: [],
          evidenceExpiresAfterDays: null,
        })),
        moved: new Map(),
        maxQuestions: 5,
      }),
    ),
    toProve: lines.filter(({ missing }) => missing.length > 0),
    notes: Array.from({ length: 9 }, (_, index) => ({
      dealId: asId<DealId>(String(2_000 + index)),
      isoWeek: '2026-W23',
      mark: 'note' as const,
      text: 'Karim demande au directeur financier une date de comité et la liste des sites concernés avant vendredi. '.repeat(
        4,
      ),
      by: 'm1',
      at: Temporal.Instant.from('2026-06-02T09:00:00Z'),
    })),
    dealNames: new Map(lines.map(({ dealId, dealName }) => [dealId, dealName])),
    mix: [
      { kind: 'meeting', withCustomer: true, count: 9 },
      { kind: 'meeting', withCustomer: false, count: 1 },
      { kind: 'call', withCustomer: true, count: 1_234 },
      { kind: 'note', withCustomer: false, count: 7 },
    ],
    milestones: MILESTONES.map((one) => ({ ...one, key: milestoneKey(one.key) })),
    managers,
    ...changes,
  };
}

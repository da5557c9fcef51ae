/** Random companies for fast-check: deals of every standing, amounts of every sort, proofs of every rule. */
import fc from 'fast-check';
import type { Deal } from '../../src/core/deals/deal.ts';
import { type ForecastInput, groupByDeal } from '../../src/core/forecast/forecast.ts';
import type { Confirmation } from '../../src/core/milestones/evidence.ts';
import type { MilestoneModel } from '../../src/core/milestones/milestone.ts';
import { asId, type DealId, type OwnerId, type PipelineId } from '../../src/core/values/ids.ts';
import {
  activity,
  deal,
  evidenceModel,
  filled,
  forecastInput,
  MONDAY,
  money,
  rate,
  said,
  stageModel,
} from './deals.ts';

const STAGES = ['s-contact', 's-need', 's-solution', 's-verbal', 's-hold', 's-won', 's-lost', 's-other'];
const MILESTONES = ['contact', 'need', 'solution', 'verbal'];

const daysAgo = fc.integer({ min: -3, max: 400 }).map((days) => MONDAY.subtract({ days }).toString());

const amountOfDeal: fc.Arbitrary<Deal['amount']> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 11n }), fc.constantFrom('EUR', 'USD', 'JPY', 'CHF'))
      .map(([cents, code]) => ({
        kind: 'money' as const,
        money: { ...money('0', code), amountMinor: cents },
      })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'missing' as const }) },
  {
    weight: 1,
    arbitrary: fc.constant({ kind: 'unusable' as const, text: '-1', reason: 'negative' as const }),
  },
);

const anyDeal: fc.Arbitrary<Omit<Deal, 'id'>> = fc
  .record({
    stages: fc.array(fc.tuple(fc.constantFrom(...STAGES), daysAgo), { minLength: 1, maxLength: 6 }),
    amount: amountOfDeal,
    owner: fc.option(fc.constantFrom('o-1', 'o-2', 'o-3')),
    pipeline: fc.constantFrom('p-1', 'p-2'),
    closeDate: fc.option(daysAgo),
    notes: fc.array(fc.tuple(fc.constantFrom(...MILESTONES), daysAgo), { maxLength: 4 }),
  })
  .map(({ stages, amount, owner, pipeline, closeDate, notes }) => {
    const sorted = stages.toSorted(([, left], [, right]) => (left < right ? -1 : left > right ? 1 : 0));
    return deal('any', sorted.map((stage) => stage.join(' ')).join(', '), {
      amount,
      ownerId: owner === null ? null : asId<OwnerId>(owner),
      pipelineId: asId<PipelineId>(pipeline),
      closeDate: closeDate === null ? null : Temporal.PlainDate.from(closeDate),
      properties: notes.map(([milestone, on]) => filled(`jalon_evidence_${milestone}`, 'a mail', on)),
    });
  });

const confirmation: fc.Arbitrary<Confirmation> = fc
  .tuple(fc.constantFrom(...MILESTONES), fc.constantFrom('confirmed' as const, 'refused' as const), daysAgo)
  .map(([milestone, verdict, on]) => said(milestone, verdict, on));

const model: fc.Arbitrary<MilestoneModel> = fc.constantFrom(
  stageModel(),
  evidenceModel(),
  evidenceModel((milestone) => ({ ...milestone, optional: milestone.key === 'need' })),
  { ...stageModel(), excludedPipelines: [asId<PipelineId>('p-2')] },
);

/** A company on a Monday, with up to 25 deals. */
export const company: fc.Arbitrary<ForecastInput> = fc
  .record({
    deals: fc.array(anyDeal, { maxLength: 25 }),
    said: fc.array(fc.tuple(fc.nat(24), confirmation), { maxLength: 20 }),
    met: fc.array(fc.tuple(fc.nat(24), daysAgo), { maxLength: 20 }),
    model,
  })
  .map(({ deals, said: words, met, model: chosen }) =>
    forecastInput(
      deals.map((any, index) => ({ ...any, id: idOf(index), name: `Deal ${index}` })),
      {
        model: chosen,
        rates: [rate('USD', 'EUR', '0.9137', '2025-01-01'), rate('EUR', 'JPY', '163.27', '2025-01-01')],
        confirmations: confirmationsByDeal(words),
        activitiesByDeal: groupByDeal(met.map(([index, on]) => activity(idOf(index), on))),
      },
    ),
  );

function idOf(index: number): DealId {
  return asId<DealId>(`d-${index}`);
}

function confirmationsByDeal(
  words: readonly (readonly [number, Confirmation])[],
): ReadonlyMap<DealId, readonly Confirmation[]> {
  const grouped = Map.groupBy(words, ([index]) => idOf(index));
  return new Map([...grouped].map(([id, entries]) => [id, entries.map(([, word]) => word)]));
}

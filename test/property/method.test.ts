import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { standingOf } from '../../src/core/deals/standing.ts';
import { forecastLines } from '../../src/core/forecast/forecast.ts';
import { openLines, summarise } from '../../src/core/forecast/summary.ts';
import { collectEvidence, verifiedMilestone } from '../../src/core/milestones/evidence.ts';
import type { MilestoneModel } from '../../src/core/milestones/milestone.ts';
import { checkModel } from '../../src/core/milestones/milestone-law.ts';
import { dayReader } from '../../src/core/odds/day-reader.ts';
import { forecastMinor, movementBetween } from '../../src/core/review/movement.ts';
import { midnightOf } from '../../src/core/values/calendar.ts';
import { toCanonicalJson } from '../../src/core/values/json.ts';
import { type Acknowledged, applyWrites, plannedWrites } from '../../src/core/write-back/write-back.ts';
import { evidenceModel, MONDAY, QUARTER, ZONE } from '../support/deals.ts';
import { company } from '../support/random-deals.ts';

const sum = <Row>(rows: readonly Row[], amountOf: (row: Row) => bigint) =>
  rows.reduce((total, row) => total + amountOf(row), 0n);

const summaryOf = (input: typeof company extends fc.Arbitrary<infer Input> ? Input : never) =>
  summarise(forecastLines(input), {
    asOf: MONDAY,
    period: QUARTER,
    currency: input.company.currency,
    modelVersion: 1,
    milestones: input.model.milestones,
    targetMinor: 10n ** 10n,
    history: { label: 'your_weights', resolvedDeals: 0 },
  });

describe('every forecast', () => {
  it('has totals that equal the sum of their lines, and rollups that equal the totals', () => {
    fc.assert(
      fc.property(company, (input) => {
        const lines = forecastLines(input);
        const summary = summaryOf(input);
        const open = openLines(lines);
        expect(summary.netMinor).toBe(sum(open, (line) => line.netMinor));
        expect(summary.forecastMinor).toBe(sum(lines, forecastMinor));
        expect(summary.unprovenMinor).toBe(sum(lines, (line) => line.unprovenMinor));
        for (const rows of [summary.byMilestone, summary.byOwner, summary.byPipeline] as const) {
          expect(sum([...rows], (row) => row.netMinor)).toBe(summary.netMinor);
          expect(sum([...rows], (row) => row.expectedMinor)).toBe(summary.expectedMinor);
          expect(sum([...rows], (row) => row.grossMinor)).toBe(summary.grossMinor);
          expect(sum([...rows], (row) => BigInt(row.deals))).toBe(BigInt(summary.openDeals));
        }
      }),
    );
  });

  it('loses no deal: each open or unmapped one is in the sums or counted with its reason', () => {
    fc.assert(
      fc.property(company, (input) => {
        const lines = forecastLines(input);
        const present = input.deals.filter((deal) => {
          const standing = standingOf(deal, input.model, midnightOf(input.asOf, ZONE))?.standing;
          return standing === 'open' || standing === 'unmapped';
        });
        const listed = lines.filter((line) => line.standing === 'open' || line.standing === 'unmapped');
        expect(listed.map((line) => line.dealId).sort()).toEqual(present.map((deal) => deal.id).sort());
        const summary = summaryOf(input);
        const wonExcluded = lines.filter((line) => line.standing === 'won' && line.exclusion !== null);
        const counted = summary.exclusions.reduce((total, row) => total + row.deals, summary.openDeals);
        expect(counted).toBeGreaterThanOrEqual(present.length);
        expect(counted).toBeLessThanOrEqual(present.length + wonExcluded.length);
      }),
    );
  });

  it('has the same bytes whatever the order of the deals', () => {
    fc.assert(
      fc.property(company, fc.infiniteStream(fc.nat()), (input, noise) => {
        const shuffled = input.deals
          .map((deal) => ({ deal, rank: noise.next().value ?? 0 }))
          .sort((left, right) => left.rank - right.rank)
          .map(({ deal }) => deal);
        const other = { ...input, deals: shuffled };
        expect(toCanonicalJson(forecastLines(other))).toBe(toCanonicalJson(forecastLines(input)));
        expect(toCanonicalJson(summaryOf(other))).toBe(toCanonicalJson(summaryOf(input)));
      }),
    );
  });

  it('never shows a net amount above the gross, nor a negative unproven one', () => {
    fc.assert(
      fc.property(company, (input) => {
        for (const line of forecastLines(input)) {
          expect(line.netMinor >= 0n && line.netMinor <= line.grossMinor).toBe(true);
          expect(line.unprovenMinor >= 0n && line.unprovenMinor <= line.grossMinor).toBe(true);
          expect(line.expectedMinor >= 0n && line.expectedMinor <= line.grossMinor).toBe(true);
          if (line.exclusion !== null)
            expect(line.netMinor + line.expectedMinor + line.wonInPeriodMinor).toBe(0n);
        }
      }),
    );
  });

  it('verifies a milestone only with proof of every mandatory one below it', () => {
    fc.assert(
      fc.property(company, (input) => {
        const asOfInstant = midnightOf(input.asOf, ZONE);
        for (const deal of input.deals) {
          const { facts } = collectEvidence({
            deal,
            activities: input.activitiesByDeal.get(deal.id) ?? [],
            contacts: [],
            confirmations: input.confirmations.get(deal.id) ?? [],
            runs: standingOf(deal, input.model, asOfInstant)?.runs ?? [],
            model: input.model,
            asOf: input.asOf,
            asOfInstant,
            days: dayReader(ZONE),
          });
          const proven = new Set(facts.map((fact) => fact.milestone));
          const { index, since } = verifiedMilestone(facts, input.model);
          const milestones = input.model.milestones;
          for (const { key, optional } of milestones.slice(0, index + 1))
            expect(optional || proven.has(key)).toBe(true);
          const next = milestones.slice(index + 1).find(({ optional }) => !optional);
          if (next !== undefined) expect(proven.has(next.key)).toBe(false);
          expect(since === null).toBe(index === -1);
          for (const fact of facts) {
            expect(Temporal.PlainDate.compare(fact.since, input.asOf)).toBeLessThanOrEqual(0);
            if (fact.expiresOn) expect(Temporal.PlainDate.compare(fact.expiresOn, input.asOf)).toBe(1);
          }
        }
      }),
    );
  });

  it('is not changed by what happens after it', () => {
    fc.assert(
      fc.property(company, (input) => {
        const midnight = midnightOf(input.asOf, ZONE).epochMilliseconds;
        const known = (deal: Deal): Deal => ({
          ...deal,
          stageHistory: deal.stageHistory.filter((entry) => entry.enteredAt.epochMilliseconds < midnight),
          properties: deal.properties.filter((one) => one.filledAt.epochMilliseconds < midnight),
        });
        const past = input.deals.map(known).filter((deal) => deal.stageHistory.length > 0);
        expect(toCanonicalJson(forecastLines({ ...input, deals: past }))).toBe(
          toCanonicalJson(forecastLines(input)),
        );
      }),
    );
  });
});

describe('every movement', () => {
  it('adds up: start, rows and others make the end', () => {
    fc.assert(
      fc.property(company, company, fc.nat(6), (before, after, maxRows) => {
        const movement = movementBetween({
          before: forecastLines(before),
          after: forecastLines(after),
          milestones: after.model.milestones,
          maxRows,
        });
        const shown = sum([...movement.rows], (row) => row.changeMinor);
        expect(movement.startMinor + shown + movement.othersMinor).toBe(movement.endMinor);
        expect(movement.rows.length).toBeLessThanOrEqual(maxRows);
        expect(new Set(movement.rows.map((row) => row.dealId)).size).toBe(movement.rows.length);
      }),
    );
  });
});

describe('every plan of writes', () => {
  it('is empty once it is applied, also over what an earlier Monday wrote', () => {
    fc.assert(
      fc.property(company, company, (earlier, later) => {
        const planFor = (input: typeof earlier, acknowledged: Acknowledged) =>
          plannedWrites({ lines: forecastLines(input), acknowledged, model: input.model, locale: 'fr' });
        const first = applyWrites(new Map(), planFor(earlier, new Map()));
        const second = applyWrites(first, planFor(later, first));
        expect(planFor(earlier, first)).toEqual([]);
        expect(planFor(later, second)).toEqual([]);
        for (const write of planFor(later, first)) expect(write.values.size).toBeGreaterThan(0);
      }),
    );
  });
});

describe('every model', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 4, maxLength: 4 });
  const withWeights = (list: readonly number[]): MilestoneModel => {
    let next = 0;
    return evidenceModel((milestone) => ({ ...milestone, weightBps: list[next++] ?? 0 }));
  };

  it('is accepted exactly when its weights rise and the verbal commitment alone passes half', () => {
    const lawful = fc
      .tuple(
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 5_001, max: 10_000 }),
      )
      .map(([low, verbal]) => [...low.sort((left, right) => left - right), verbal]);
    fc.assert(
      fc.property(fc.oneof(weights, lawful), (list) => {
        const rises = list.every((weight, index) => index === 0 || weight >= (list[index - 1] ?? 0));
        const passesHalf = (list[3] ?? 0) > 5_000 && (list[2] ?? 0) <= 5_000;
        expect(checkModel(withWeights(list)).ok).toBe(rises && passesHalf);
      }),
    );
  });
});

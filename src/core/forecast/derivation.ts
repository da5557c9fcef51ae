/** How one deal came to its figures, step by step, as data: whoever shows them says them in words. */

import type { Deal, ExchangeRate } from '../deals/deal.ts';
import type { EvidenceFact, EvidenceReading, MissingEvidence } from '../milestones/evidence.ts';
import type { MilestoneModel, WeightBps } from '../milestones/milestone.ts';
import { milestoneIndexOf } from '../milestones/milestone.ts';
import type { HistoryNotes } from '../odds/history.ts';
import { daysBetween, type Period } from '../values/calendar.ts';
import type { CurrencyCode } from '../values/currency.ts';
import { rateInForce } from '../values/exchange.ts';
import type { MilestoneKey, StageId } from '../values/ids.ts';
import type { Money } from '../values/money.ts';
import type { Exclusion, ForecastLine, OddsReason } from './forecast-types.ts';

export type DerivationStep =
  | { readonly kind: 'gross'; readonly gross: Money }
  /** In no sum, with the reason; the steps that need an amount are left out. */
  | { readonly kind: 'excluded'; readonly reason: Exclusion }
  | { readonly kind: 'rate'; readonly rate: ExchangeRate; readonly grossMinor: bigint }
  | {
      readonly kind: 'declared';
      readonly stageId: StageId;
      readonly milestone: MilestoneKey | null;
      readonly weightBps: WeightBps;
    }
  | {
      readonly kind: 'verified';
      readonly milestone: MilestoneKey | null;
      readonly since: Temporal.PlainDate | null;
      readonly weightBps: WeightBps;
    }
  /** A proof that carries the verified milestone, or one beyond a hole that carries nothing yet. */
  | { readonly kind: 'proof'; readonly fact: EvidenceFact; readonly counts: boolean }
  | { readonly kind: 'lapsed'; readonly fact: EvidenceFact }
  | { readonly kind: 'missing'; readonly missing: MissingEvidence }
  | {
      readonly kind: 'net';
      readonly grossMinor: bigint;
      readonly weightBps: WeightBps;
      readonly netMinor: bigint;
    }
  | {
      readonly kind: 'unproven';
      readonly grossMinor: bigint;
      readonly declaredWeightBps: WeightBps;
      readonly weightBps: WeightBps;
      readonly unprovenMinor: bigint;
    }
  /** What was seen where the deal stands, and what that gives until the last day of the period. */
  | {
      readonly kind: 'odds';
      readonly milestone: MilestoneKey | null;
      readonly reason: OddsReason;
      readonly until: Temporal.PlainDate;
      /** Days before the period begins, in which a signature would not count; 0 inside it. */
      readonly beforeDays: number;
      readonly odds: number;
    }
  /** From what the past was read: deals with verified milestones among their states, and deals read from CRM stages alone. */
  | ({ readonly kind: 'history' } & Pick<HistoryNotes, 'verifiedDeals' | 'stageDeals'>)
  | {
      readonly kind: 'expected';
      readonly grossMinor: bigint;
      readonly odds: number;
      readonly expectedMinor: bigint;
    }
  | { readonly kind: 'realistic'; readonly month: Temporal.PlainDate }
  | { readonly kind: 'signed'; readonly on: Temporal.PlainDate | null; readonly inPeriodMinor: bigint }
  | { readonly kind: 'lost'; readonly on: Temporal.PlainDate | null };

export interface DerivationInput {
  readonly deal: Deal;
  readonly line: ForecastLine;
  readonly evidence: EvidenceReading;
  readonly model: MilestoneModel;
  readonly rates: readonly ExchangeRate[];
  readonly currency: CurrencyCode;
  readonly asOf: Temporal.PlainDate;
  readonly period: Period;
  /** Of the history that the odds were measured on. */
  readonly history: Pick<HistoryNotes, 'verifiedDeals' | 'stageDeals'>;
}

/** In the order in which the figures are made. Everything in it was used: nothing is computed a second time. */
export function derivationOf(input: DerivationInput): readonly DerivationStep[] {
  const { line } = input;
  if (line.standing === 'won')
    return [
      ...amountSteps(input),
      { kind: 'signed', on: line.closedOn, inPeriodMinor: line.wonInPeriodMinor },
    ];
  if (line.standing === 'lost') return [...amountSteps(input), { kind: 'lost', on: line.closedOn }];
  if (line.standing === 'unmapped') return amountSteps(input);
  return [...amountSteps(input), ...proofSteps(input), ...netSteps(line), ...oddsSteps(input)];
}

function amountSteps({ line, rates, currency, asOf }: DerivationInput): readonly DerivationStep[] {
  const { gross, grossMinor, exclusion } = line;
  const steps: DerivationStep[] = gross === null ? [] : [{ kind: 'gross', gross }];
  if (exclusion !== null) return [...steps, { kind: 'excluded', reason: exclusion }];
  const rate =
    gross === null || gross.currency === currency ? null : rateInForce(gross.currency, currency, rates, asOf);
  return rate === null ? steps : [...steps, { kind: 'rate', rate, grossMinor }];
}

/** Proofs in the order of the model; one beyond the verified milestone is shown and does not count. */
function proofSteps({ line, evidence, model }: DerivationInput): readonly DerivationStep[] {
  const place = (fact: EvidenceFact): number => milestoneIndexOf(model.milestones, fact.milestone);
  const reached = milestoneIndexOf(model.milestones, line.verified);
  const inOrder = (facts: readonly EvidenceFact[]) =>
    facts.toSorted(
      (left, right) => place(left) - place(right) || Temporal.PlainDate.compare(left.since, right.since),
    );
  return [
    {
      kind: 'declared',
      stageId: line.stageId,
      milestone: line.declared,
      weightBps: line.declaredWeightBps,
    },
    ...inOrder(evidence.facts).map((fact) => ({
      kind: 'proof' as const,
      fact,
      counts: place(fact) <= reached,
    })),
    ...inOrder(evidence.lapsed).map((fact) => ({ kind: 'lapsed' as const, fact })),
    { kind: 'verified', milestone: line.verified, since: line.verifiedSince, weightBps: line.weightBps },
    ...line.missing.map((missing) => ({ kind: 'missing' as const, missing })),
  ];
}

function netSteps(line: ForecastLine): readonly DerivationStep[] {
  const { grossMinor, weightBps, declaredWeightBps, netMinor, unprovenMinor } = line;
  if (line.exclusion !== null) return [];
  const net: DerivationStep = { kind: 'net', grossMinor, weightBps, netMinor };
  return unprovenMinor === 0n
    ? [net]
    : [net, { kind: 'unproven', grossMinor, declaredWeightBps, weightBps, unprovenMinor }];
}

function oddsSteps({ line, asOf, period, history }: DerivationInput): readonly DerivationStep[] {
  const { oddsReason: reason, grossMinor, odds, expectedMinor, realisticClose } = line;
  const steps: DerivationStep[] =
    reason === null
      ? []
      : [
          {
            kind: 'odds',
            milestone: line.verified,
            reason,
            until: period.end.subtract({ days: 1 }),
            beforeDays: Math.max(0, daysBetween(asOf, period.start)),
            odds,
          },
          { kind: 'history', verifiedDeals: history.verifiedDeals, stageDeals: history.stageDeals },
        ];
  if (line.exclusion === null) steps.push({ kind: 'expected', grossMinor, odds, expectedMinor });
  return realisticClose === null ? steps : [...steps, { kind: 'realistic', month: realisticClose }];
}

/**
 * What was signed in a period, and what the records say of it later. The rule: the outcome of a period is what the first snapshot on or
 * after its end says, and stays; what the CRM says today is shown beside it, deal by deal.
 */

import type { ForecastLine } from '../forecast/forecast-types.ts';
import { type Period, periodContains } from '../values/calendar.ts';
import type { DealId } from '../values/ids.ts';

/** `gone`: deleted, archived or merged. `undone`: open or lost now. `moved`: signed on a day of another period. `late`: not yet told then. */
type Restatement = 'gone' | 'undone' | 'moved' | 'late' | 'amount';

interface RestatedDeal {
  readonly dealId: DealId;
  readonly dealName: string;
  readonly kind: Restatement;
  readonly changeMinor: bigint;
}

export interface PeriodOutcome {
  readonly period: Period;
  /** `records`: no snapshot was taken at the end; the records of today speak. */
  readonly source: 'snapshot' | 'records';
  readonly actualMinor: bigint;
  readonly todayMinor: bigint;
  readonly restated: readonly RestatedDeal[];
}

export type SignedLine = Pick<
  ForecastLine,
  'dealId' | 'dealName' | 'ownerId' | 'standing' | 'exclusion' | 'closedOn' | 'grossMinor'
>;

/** Signed in the period, with an amount that can be summed. */
export function isSignedIn(line: SignedLine, period: Period): boolean {
  return (
    line.standing === 'won' &&
    line.exclusion === null &&
    line.closedOn !== null &&
    periodContains(period, line.closedOn)
  );
}

function signedMinor(line: SignedLine, period: Period): bigint {
  return isSignedIn(line, period) ? line.grossMinor : 0n;
}

/** `reported` null: no snapshot was taken. `today` holds a line for each deal that the records still know. */
export function periodOutcome(
  period: Period,
  reported: readonly SignedLine[] | null,
  today: readonly SignedLine[],
): PeriodOutcome {
  const todayMinor = sumOf(today, period);
  if (reported === null)
    return { period, source: 'records', actualMinor: todayMinor, todayMinor, restated: [] };
  return {
    period,
    source: 'snapshot',
    actualMinor: sumOf(reported, period),
    todayMinor,
    restated: restatedDeals(period, reported, today),
  };
}

function sumOf(lines: readonly SignedLine[], period: Period): bigint {
  return lines.reduce((sum, line) => sum + signedMinor(line, period), 0n);
}

function restatedDeals(
  period: Period,
  reported: readonly SignedLine[],
  today: readonly SignedLine[],
): readonly RestatedDeal[] {
  const before = new Map(reported.map((line) => [line.dealId, line]));
  const now = new Map(today.map((line) => [line.dealId, line]));
  return [...new Set([...before.keys(), ...now.keys()])].sort().flatMap((dealId) => {
    const then = before.get(dealId);
    const today = now.get(dealId);
    const change =
      (today === undefined ? 0n : signedMinor(today, period)) -
      (then === undefined ? 0n : signedMinor(then, period));
    if (change === 0n) return [];
    const { dealName } = today ?? then ?? { dealName: dealId };
    return [{ dealId, dealName, kind: kindOf(then, today, period), changeMinor: change }];
  });
}

function kindOf(then: SignedLine | undefined, today: SignedLine | undefined, period: Period): Restatement {
  if (then === undefined || !isSignedIn(then, period)) return 'late';
  if (today === undefined) return 'gone';
  if (today.standing !== 'won') return 'undone';
  return today.closedOn !== null && periodContains(period, today.closedOn) ? 'amount' : 'moved';
}

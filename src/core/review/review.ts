/** What a manager goes through in the weekly meeting: deals by the fact that makes them worth a word, and the order to take them in. */

import type { ForecastLine } from '../forecast/forecast-types.ts';
import { openLines } from '../forecast/summary.ts';
import type { DealId } from '../values/ids.ts';
import type { Movement } from './digest-types.ts';
import { isSilent, MANY_PUSHES } from './pace.ts';

/** A deal may be in several: silence and pushes are facts of their own beside the pace. */
export type ReviewKind = 'stuck' | 'unproven' | 'silent' | 'pushed' | 'fast';

export interface ReviewSection {
  readonly kind: ReviewKind;
  /** Largest amount at stake first. */
  readonly lines: readonly ForecastLine[];
}

interface Rule {
  readonly kind: ReviewKind;
  readonly applies: (line: ForecastLine, asOf: Temporal.PlainDate) => boolean;
  /** What is at stake, in company minor units. */
  readonly stake: (line: ForecastLine) => bigint;
}

const RULES: readonly Rule[] = [
  { kind: 'stuck', applies: ({ pace }) => pace === 'stuck', stake: ({ netMinor }) => netMinor },
  {
    kind: 'unproven',
    applies: ({ unprovenMinor }) => unprovenMinor > 0n,
    stake: ({ unprovenMinor }) => unprovenMinor,
  },
  {
    kind: 'silent',
    applies: ({ lastCustomerContact }, asOf) => isSilent(lastCustomerContact, asOf),
    stake: ({ netMinor }) => netMinor,
  },
  {
    kind: 'pushed',
    applies: ({ closeDatePushes }) => closeDatePushes >= MANY_PUSHES,
    stake: ({ netMinor }) => netMinor,
  },
  { kind: 'fast', applies: ({ pace }) => pace === 'fast', stake: ({ netMinor }) => netMinor },
];

export function reviewSections(
  lines: readonly ForecastLine[],
  asOf: Temporal.PlainDate,
): readonly ReviewSection[] {
  const open = openLines(lines);
  return RULES.map(({ kind, applies, stake }) => ({
    kind,
    lines: open.filter((line) => applies(line, asOf)).toSorted((left, right) => byStake(stake, left, right)),
  }));
}

function byStake(stake: Rule['stake'], left: ForecastLine, right: ForecastLine): number {
  const [leftStake, rightStake] = [stake(left), stake(right)];
  if (leftStake !== rightStake) return leftStake > rightStake ? -1 : 1;
  return left.dealId < right.dealId ? -1 : 1;
}

/** Each deal once, in the order of the meeting: what moved, then section by section, at most `perSection` of each. */
export function reviewQueue(
  movement: Movement | null,
  sections: readonly ReviewSection[],
  perSection: number,
): readonly DealId[] {
  const moved = (movement?.rows ?? []).slice(0, perSection).map(({ dealId }) => dealId);
  const others = sections.flatMap(({ lines }) => lines.slice(0, perSection).map(({ dealId }) => dealId));
  return [...new Set([...moved, ...others])];
}

/** What a review made of a deal. `note`: words were left. `passed`: gone through without any. The others: a proof was decided on. */
export type ReviewMark = 'note' | 'passed' | 'confirmed' | 'refused';

/** How far the meeting is: a deal is reviewed once it has any mark of the week. */
export interface ReviewProgress {
  readonly reviewed: number;
  readonly total: number;
  /** The first without a mark, in the order of the meeting; null when all have one. */
  readonly next: DealId | null;
}

export function reviewProgress(
  queue: readonly DealId[],
  marks: ReadonlyMap<DealId, ReviewMark>,
): ReviewProgress {
  const left = queue.filter((dealId) => !marks.has(dealId));
  return { reviewed: queue.length - left.length, total: queue.length, next: left[0] ?? null };
}

/** The mail's figures as whole displayed steps. Derived once, so that headline, movement and verdict never disagree. */
import type { DigestModel, Movement, MovementRow } from '../../src/core/review/digest-types.ts';
import { type HeadlineFigures, headlineFigures } from '../headline-figures.ts';
import { apportion, type MoneyScale, roundToSteps, sumOf } from '../rounding.ts';

/** The headline, and what moved: start + change = end. All in steps of `scale`. */
export interface DigestFigures extends HeadlineFigures {
  readonly moved: MovedFigures | null;
}

export interface MovedFigures {
  readonly change: bigint;
  readonly rows: readonly { readonly row: MovementRow; readonly steps: bigint }[];
  readonly otherDeals: number;
  readonly others: bigint;
}

const MOVED_ROWS = 5;

export function digestFigures({ summary, movement }: DigestModel): DigestFigures {
  const headline = headlineFigures(summary);
  return { ...headline, moved: movement === null ? null : movedFigures(movement, headline.scale) };
}

function movedFigures(movement: Movement, scale: MoneyScale): MovedFigures {
  const shown = movement.rows.slice(0, MOVED_ROWS);
  const otherDeals = movement.otherDeals + movement.rows.length - shown.length;
  const change = roundToSteps(movement.endMinor, scale) - roundToSteps(movement.startMinor, scale);
  const parts = shown.map((row) => row.changeMinor);
  // With an "n others" row, that row takes what rounding leaves; without one the rows themselves must add up.
  const steps =
    otherDeals > 0 ? parts.map((part) => roundToSteps(part, scale)) : apportion(parts, change, scale);
  return {
    change,
    rows: shown.map((row, index) => ({ row, steps: steps[index] ?? 0n })),
    otherDeals,
    others: change - sumOf(steps),
  };
}

/** Steps of one movement as the table shows it, so that a sentence and the table agree. */
export function shownSteps(row: MovementRow, figures: DigestFigures): bigint {
  const shown = figures.moved?.rows.find((candidate) => candidate.row.dealId === row.dealId);
  return shown?.steps ?? roundToSteps(row.changeMinor, figures.scale);
}

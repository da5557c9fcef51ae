/** The mail's figures as whole displayed steps. Derived once, so that headline, movement and verdict never disagree. */
import type { DigestModel, Movement, MovementRow } from '../../src/core/digest-types.ts';
import {
  apportion,
  type MoneyScale,
  magnitude,
  moneyScale,
  roundToSteps,
  sumOf,
  wholePercent,
} from '../rounding.ts';

/** won + expected = forecast; forecast + gap = target (gap below zero: above target); start + change = end. All in steps of `scale`. */
export interface DigestFigures {
  readonly scale: MoneyScale;
  readonly forecast: bigint;
  readonly won: bigint;
  readonly expected: bigint;
  readonly target: bigint | null;
  readonly gap: bigint | null;
  readonly percentOfTarget: bigint | null;
  readonly moved: MovedFigures | null;
}

export interface MovedFigures {
  readonly change: bigint;
  readonly rows: readonly { readonly row: MovementRow; readonly steps: bigint }[];
  readonly otherDeals: number;
  readonly others: bigint;
}

const MOVED_ROWS = 5;

export function digestFigures(model: DigestModel): DigestFigures {
  const { summary, movement } = model;
  const amounts = [
    summary.forecastMinor,
    summary.targetMinor ?? 0n,
    summary.wonMinor,
    movement?.startMinor ?? 0n,
  ];
  const largest = amounts.map(magnitude).reduce((most, amount) => (amount > most ? amount : most), 0n);
  const scale = moneyScale(summary.currency, largest);
  const forecast = roundToSteps(summary.forecastMinor, scale);
  const won = roundToSteps(summary.wonMinor, scale);
  const target = summary.targetMinor === null ? null : roundToSteps(summary.targetMinor, scale);
  return {
    scale,
    forecast,
    won,
    expected: forecast - won,
    target,
    gap: target === null ? null : target - forecast,
    percentOfTarget:
      summary.targetMinor === null ? null : wholePercent(summary.forecastMinor, summary.targetMinor),
    moved: movement === null ? null : movedFigures(movement, scale),
  };
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

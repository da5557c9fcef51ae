/** Rounding for display, on whole numbers: what is shown adds up, to the last digit shown. */
import { type CurrencyCode, exponentOf } from '../src/core/values/currency.ts';

/** One unit for a whole mail or table: a displayed figure is a whole number of steps of `stepMinor` minor units. */
export interface MoneyScale {
  readonly currency: CurrencyCode;
  readonly stepMinor: bigint;
  readonly unit: 'one' | 'thousand' | 'million';
  readonly decimals: 0 | 1;
}

/** Below 10,000 whole units; below 10 million thousands; above, millions with one decimal. */
export function moneyScale(currency: CurrencyCode, largestMinor: bigint): MoneyScale {
  const major = wholeUnits(currency).stepMinor;
  const largest = magnitude(largestMinor) / major;
  if (largest < 10_000n) return wholeUnits(currency);
  if (largest < 10_000_000n) return { currency, stepMinor: major * 1_000n, unit: 'thousand', decimals: 0 };
  return { currency, stepMinor: major * 100_000n, unit: 'million', decimals: 1 };
}

/** Figures in whole units of the currency, for rows of single deals. */
export function wholeUnits(currency: CurrencyCode): MoneyScale {
  return { currency, stepMinor: 10n ** BigInt(exponentOf(currency)), unit: 'one', decimals: 0 };
}

/** Nearest number of steps, halves away from zero. */
export function roundToSteps(amountMinor: bigint, scale: MoneyScale): bigint {
  const steps = (magnitude(amountMinor) * 2n + scale.stepMinor) / (scale.stepMinor * 2n);
  return amountMinor < 0n ? -steps : steps;
}

/**
 * Steps for parts that are all shown under a total of `totalSteps`. Each part is rounded; when the rounded parts miss the total, the parts
 * that lost (or won) most by rounding give way by one step, so that no part is ever more than one step from its exact value.
 * A total further away than one step per part is the caller's mistake and throws.
 */
export function apportion(partsMinor: readonly bigint[], totalSteps: bigint, scale: MoneyScale): bigint[] {
  const steps = partsMinor.map((part) => roundToSteps(part, scale));
  const missing = totalSteps - sumOf(steps);
  if (missing === 0n) return steps;
  if (magnitude(missing) > BigInt(steps.length))
    throw new Error(`${steps.length} parts cannot be shown as a total that is ${missing} steps away`);
  const direction = missing > 0n ? 1n : -1n;
  const regret = (index: number): bigint =>
    direction * ((partsMinor[index] ?? 0n) - (steps[index] ?? 0n) * scale.stepMinor);
  const order = steps.map((_, index) => index).sort((a, b) => compare(regret(b), regret(a)) || a - b);
  for (const index of order.slice(0, Number(magnitude(missing))))
    steps[index] = (steps[index] ?? 0n) + direction;
  return steps;
}

export function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

/** Whole percent of `part` in `whole`, halves up; 0 when there is no whole. */
export function wholePercent(part: bigint, whole: bigint): bigint {
  return whole <= 0n ? 0n : (part * 200n + whole) / (whole * 2n);
}

export function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Largest magnitude among the amounts; 0 without any. */
export function largestOf(amounts: readonly bigint[]): bigint {
  let largest = 0n;
  for (const amount of amounts) if (magnitude(amount) > largest) largest = magnitude(amount);
  return largest;
}

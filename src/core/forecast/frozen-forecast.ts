/**
 * A manager's own forecast of a period, frozen beside the computed one with a reason for every difference. Never changed afterwards:
 * both are judged by what comes.
 */
import type { CurrencyCode } from '../values/currency.ts';
import type { DealId, ManagerId, SnapshotId } from '../values/ids.ts';
import { err, ok, type Result } from '../values/result.ts';

/** Why the manager's figure differs: about one deal, or about none in particular (null). Minor units, signed. */
export interface FrozenDifference {
  readonly dealId: DealId | null;
  readonly differenceMinor: bigint;
  readonly reason: string;
}

export interface FrozenForecast {
  readonly managerId: ManagerId;
  readonly periodKey: string;
  /** The snapshot that the manager looked at: what was computed then is known by it. */
  readonly snapshotId: SnapshotId;
  readonly asOf: Temporal.PlainDate;
  readonly computedMinor: bigint;
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
  readonly differences: readonly FrozenDifference[];
  readonly frozenAt: Temporal.Instant;
}

/** Stable codes with a row in docs/errors.md. */
export interface FrozenForecastError {
  readonly code: 'FORECAST_FROZEN_NEGATIVE' | 'FORECAST_FROZEN_REASON' | 'FORECAST_FROZEN_DIFFERENCES';
  /** Differences that no reason explains, in minor units; 0 where that is not what was wrong. */
  readonly unexplainedMinor: bigint;
}

/** What is left of the difference between the manager's figure and the computed one once every stated difference is taken off. Minor units. */
export function unexplainedOf({
  amountMinor,
  computedMinor,
  differences,
}: Pick<FrozenForecast, 'amountMinor' | 'computedMinor'> & {
  readonly differences: readonly Pick<FrozenDifference, 'differenceMinor'>[];
}): bigint {
  const explained = differences.reduce((sum, { differenceMinor }) => sum + differenceMinor, 0n);
  return amountMinor - computedMinor - explained;
}

/** The forecast itself when its differences explain it to the minor unit and each has a reason. */
export function checkFrozenForecast(frozen: FrozenForecast): Result<FrozenForecast, FrozenForecastError> {
  if (frozen.amountMinor < 0n) return err({ code: 'FORECAST_FROZEN_NEGATIVE', unexplainedMinor: 0n });
  const unexplainedMinor = unexplainedOf(frozen);
  if (unexplainedMinor !== 0n) return err({ code: 'FORECAST_FROZEN_DIFFERENCES', unexplainedMinor });
  return frozen.differences.some(({ reason }) => reason.trim() === '')
    ? err({ code: 'FORECAST_FROZEN_REASON', unexplainedMinor: 0n })
    : ok(frozen);
}

/** The figure in force for a period on a day: the latest frozen by the end of that day's midnight; null when none was. */
export function frozenBy(
  frozen: readonly FrozenForecast[],
  managerId: ManagerId,
  periodKey: string,
  asOf: Temporal.PlainDate,
): FrozenForecast | null {
  const known = frozen.filter(
    (one) =>
      one.managerId === managerId &&
      one.periodKey === periodKey &&
      Temporal.PlainDate.compare(one.asOf, asOf) <= 0,
  );
  return known.toSorted((left, right) => Temporal.PlainDate.compare(left.asOf, right.asOf)).at(-1) ?? null;
}

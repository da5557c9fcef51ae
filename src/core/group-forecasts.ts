/** The forecast by owner, team, pipeline or milestone: each group with a range of its own. forecast-model: section 4. */
import type { ForecastLine, ForecastRange } from './forecast-types.ts';
import { SIGNED_KEY } from './milestone.ts';
import { openLines } from './summary.ts';
import { rangeOf } from './totals.ts';

export interface GroupForecast {
  /** Null: without owner, without team, nothing verified. */
  readonly key: string | null;
  readonly openDeals: number;
  readonly wonDeals: number;
  readonly grossMinor: bigint;
  readonly netMinor: bigint;
  readonly wonMinor: bigint;
  readonly expectedMinor: bigint;
  readonly forecastMinor: bigint;
  readonly range: ForecastRange;
}

/** A line may belong to several groups (an owner of two teams): then it counts in each, and the groups add up to more than the company. */
export type GroupKeys = (line: ForecastLine) => readonly (string | null)[];

/** `winsOf`: wins in the history behind the odds of a group. In the order of the keys, null last: people are never ranked by what they sell. */
export function groupForecasts(
  lines: readonly ForecastLine[],
  keysOf: GroupKeys,
  winsOf: (key: string | null) => number,
): readonly GroupForecast[] {
  const groups = new Map<string | null, ForecastLine[]>();
  for (const line of [...openLines(lines), ...lines.filter((one) => one.wonInPeriodMinor !== 0n)])
    for (const key of keysOf(line)) {
      const members = groups.get(key);
      if (members === undefined) groups.set(key, [line]);
      else members.push(line);
    }
  return [...groups]
    .map(([key, members]) => groupOf(key, members, winsOf(key)))
    .toSorted((left, right) => byKey(left.key, right.key));
}

function byKey(left: string | null, right: string | null): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return left < right ? -1 : left > right ? 1 : 0;
}

function groupOf(key: string | null, members: readonly ForecastLine[], wins: number): GroupForecast {
  const open = openLines(members);
  const sum = (of: (line: ForecastLine) => bigint, lines: readonly ForecastLine[]): bigint =>
    lines.reduce((total, line) => total + of(line), 0n);
  const wonMinor = sum((line) => line.wonInPeriodMinor, members);
  const expectedMinor = sum((line) => line.expectedMinor, open);
  return {
    key,
    openDeals: open.length,
    wonDeals: members.length - open.length,
    grossMinor: sum((line) => line.grossMinor, open),
    netMinor: sum((line) => line.netMinor, open),
    wonMinor,
    expectedMinor,
    forecastMinor: wonMinor + expectedMinor,
    range: rangeOf({
      deals: open.map(({ dealId, grossMinor, odds }) => ({ dealId, amountMinor: grossMinor, odds })),
      wonMinor,
      targetMinor: null,
      wins,
    }),
  };
}

/** Verified milestone of an open deal; signed ones stand at the end of the model. */
export function milestoneKeys(line: ForecastLine): readonly (string | null)[] {
  return [line.standing === 'won' ? SIGNED_KEY : line.verified];
}

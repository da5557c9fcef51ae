/** The forecast by milestone, owner, team or pipeline: each group with a range of its own, and the groups add up. forecast-model: section 4. */
import type { Owner } from '../deals/deal.ts';
import { SIGNED_KEY } from '../milestones/milestone.ts';
import { type RangeInput, rangeOf } from '../totals/totals.ts';
import type { ForecastRange, LineFigures } from './forecast-types.ts';
import { openLines } from './summary.ts';

/** A page has tens of groups, each shown to three digits. */
const GROUP_CELLS = 1_024;

export const GROUP_KINDS = ['owner', 'team', 'pipeline', 'milestone'] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];

export interface GroupForecast {
  /** Null: without owner, without team, nothing verified. Of several teams: their ids with a space between, see `teamsOfKey`. */
  readonly key: string | null;
  readonly openDeals: number;
  readonly wonDeals: number;
  readonly grossMinor: bigint;
  readonly netMinor: bigint;
  readonly unprovenMinor: bigint;
  readonly wonMinor: bigint;
  readonly expectedMinor: bigint;
  readonly forecastMinor: bigint;
  /** Null when nobody kept how many wins the odds rest on. */
  readonly range: ForecastRange | null;
}

/** The one group of a line. */
export type GroupKey = (line: LineFigures) => string | null;

/** An owner of two teams makes a group of their own, so that no amount is counted twice. A signed deal stands at the end of the model. */
export function groupKeyOf(kind: GroupKind, owners: readonly Owner[]): GroupKey {
  switch (kind) {
    case 'owner':
      return ({ ownerId }) => ownerId;
    case 'pipeline':
      return ({ pipelineId }) => pipelineId;
    case 'milestone':
      return ({ standing, verified }) => (standing === 'won' ? SIGNED_KEY : verified);
    case 'team': {
      const teams = new Map(owners.map(({ id, teamIds }) => [id, teamIds.toSorted().join(' ') || null]));
      return ({ ownerId }) => (ownerId === null ? null : (teams.get(ownerId) ?? null));
    }
  }
}

export function teamsOfKey(key: string): readonly string[] {
  return key.split(' ');
}

/** `winsOf`: wins in the history behind the odds of a group. In the order of the keys, null last: people are never ranked by what they sell. */
export function groupForecasts(
  lines: readonly LineFigures[],
  keyOf: GroupKey,
  winsOf: (key: string | null) => number | null,
): readonly GroupForecast[] {
  const groups = new Map<string | null, LineFigures[]>();
  for (const line of [...openLines(lines), ...lines.filter((one) => one.wonInPeriodMinor !== 0n)]) {
    const key = keyOf(line);
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

function groupOf(key: string | null, members: readonly LineFigures[], wins: number | null): GroupForecast {
  const open = openLines(members);
  const sum = (of: (line: LineFigures) => bigint, lines: readonly LineFigures[]): bigint =>
    lines.reduce((total, line) => total + of(line), 0n);
  const wonMinor = sum((line) => line.wonInPeriodMinor, members);
  const expectedMinor = sum((line) => line.expectedMinor, open);
  return {
    key,
    openDeals: open.length,
    wonDeals: members.length - open.length,
    grossMinor: sum((line) => line.grossMinor, open),
    netMinor: sum((line) => line.netMinor, open),
    unprovenMinor: sum((line) => line.unprovenMinor, open),
    wonMinor,
    expectedMinor,
    forecastMinor: wonMinor + expectedMinor,
    range: wins === null ? null : rangeOfLines(members, { targetMinor: null, wins, cells: GROUP_CELLS }),
  };
}

/** Range of what was signed in the period and of what is open. */
export function rangeOfLines(
  lines: readonly LineFigures[],
  options: Pick<RangeInput, 'targetMinor' | 'wins' | 'cells'>,
): ForecastRange {
  return rangeOf({
    deals: openLines(lines).map(({ dealId, grossMinor, odds }) => ({
      dealId,
      amountMinor: grossMinor,
      odds,
    })),
    wonMinor: lines.reduce((sum, line) => sum + line.wonInPeriodMinor, 0n),
    ...options,
  });
}

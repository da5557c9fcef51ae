/** What moved between two forecasts of the same period: start + rows + others = end, to the minor unit. */

import type { LineFigures } from '../forecast/forecast-types.ts';
import { type Milestone, milestoneIndexOf } from '../milestones/milestone.ts';
import type { DealId } from '../values/ids.ts';
import { MOVEMENT_KINDS, type Movement, type MovementKind, type MovementRow } from './digest-types.ts';

export interface MovementInput {
  /**
   * Both sides must be forecasts of one period. When a period begins, compute the older snapshot's lines for the new period
   * (`forecastLines` is pure) instead of taking last week's: the sum is exact in any case, but only then does it mean something.
   */
  readonly before: readonly LineFigures[];
  readonly after: readonly LineFigures[];
  readonly milestones: readonly Milestone[];
  readonly maxRows: number;
  /** When the lines are one manager's: every deal of the account, so that a deal that changed hands is told from one that is gone. */
  readonly account?: { readonly before: ReadonlySet<DealId>; readonly after: ReadonlySet<DealId> };
}

/** The deals whose forecast amount changed, the largest change first (then by id); those beyond `maxRows` are added up in `others`. */
export function movementBetween(input: MovementInput): Movement {
  const before = byId(input.before);
  const after = byId(input.after);
  const changes = [...new Set([...before.keys(), ...after.keys()])]
    .map((dealId) => rowOf(before.get(dealId), after.get(dealId), input))
    .filter((row) => row !== null)
    .sort(compareRows);
  const rows = changes.slice(0, input.maxRows);
  const others = changes.slice(input.maxRows);
  return {
    startMinor: sumOf(input.before),
    endMinor: sumOf(input.after),
    rows,
    otherDeals: others.length,
    othersMinor: others.reduce((total, row) => total + row.changeMinor, 0n),
    kinds: totalsByKind(changes),
  };
}

/** In the order of rank; kinds that did not happen are left out. */
function totalsByKind(changes: readonly MovementRow[]): NonNullable<Movement['kinds']> {
  return MOVEMENT_KINDS.flatMap((kind) => {
    const rows = changes.filter((row) => row.kind === kind);
    const changeMinor = rows.reduce((total, row) => total + row.changeMinor, 0n);
    return rows.length === 0 ? [] : [{ kind, deals: rows.length, changeMinor }];
  });
}

/** The same movement with fewer rows: those beyond join the others, and the sum stays. For a mail, which has no room for all of them. */
export function withFewerRows(movement: Movement, maxRows: number): Movement {
  const rest = movement.rows.slice(maxRows);
  return {
    ...movement,
    rows: movement.rows.slice(0, maxRows),
    otherDeals: movement.otherDeals + rest.length,
    othersMinor: rest.reduce((total, row) => total + row.changeMinor, movement.othersMinor),
  };
}

/** What a deal puts into the forecast of the period: won in it, or expected in it. */
export function forecastMinor(line: LineFigures): bigint {
  return line.wonInPeriodMinor + line.expectedMinor;
}

function byId(lines: readonly LineFigures[]): ReadonlyMap<DealId, LineFigures> {
  return new Map(lines.map((line) => [line.dealId, line]));
}

function sumOf(lines: readonly LineFigures[]): bigint {
  return lines.reduce((total, line) => total + forecastMinor(line), 0n);
}

/** null: the deal's part did not change. */
function rowOf(
  before: LineFigures | undefined,
  after: LineFigures | undefined,
  input: MovementInput,
): MovementRow | null {
  const line = after ?? before;
  const changeMinor = (after ? forecastMinor(after) : 0n) - (before ? forecastMinor(before) : 0n);
  if (line === undefined || changeMinor === 0n) return null;
  const kind = kindOf(before, after, input);
  return { dealId: line.dealId, dealName: line.dealName, kind, changeMinor };
}

function kindOf(
  before: LineFigures | undefined,
  after: LineFigures | undefined,
  input: MovementInput,
): MovementKind {
  if (before === undefined) return kindOfArrival(after, input);
  if (after === undefined) return input.account?.after.has(before.dealId) ? 'owner' : 'removed';
  return KINDS.find(({ applies }) => applies(before, after, input.milestones))?.kind ?? 'odds';
}

function kindOfArrival(after: LineFigures | undefined, { account }: MovementInput): MovementKind {
  if (after?.standing === 'won') return 'signed';
  return after !== undefined && account?.before.has(after.dealId) ? 'owner' : 'new';
}

type Test = (before: LineFigures, after: LineFigures, milestones: readonly Milestone[]) => boolean;

/** Ranked: the first that applies names the movement. Start is compared with end only; detours in between are not told. */
const KINDS: readonly { readonly kind: MovementKind; readonly applies: Test }[] = [
  { kind: 'signed', applies: (before, after) => before.standing !== 'won' && after.standing === 'won' },
  { kind: 'lost', applies: (before, after) => before.standing !== 'lost' && after.standing === 'lost' },
  { kind: 'removed', applies: (before, after) => isIn(before) && !isIn(after) },
  { kind: 'new', applies: (before, after) => !isIn(before) && isIn(after) },
  { kind: 'advanced', applies: (before, after, model) => rank(after, model) > rank(before, model) },
  { kind: 'fell_back', applies: (before, after, model) => rank(after, model) < rank(before, model) },
  { kind: 'pushed_out', applies: (before, after) => closeDateMove(before, after) > 0 },
  { kind: 'pulled_in', applies: (before, after) => closeDateMove(before, after) < 0 },
  { kind: 'amount', applies: (before, after) => !sameAmount(before, after) },
  { kind: 'owner', applies: (before, after) => before.ownerId !== after.ownerId },
];

/** A lost deal, an unmapped stage and a pipeline left out are outside the forecast; a deal without a usable amount is inside, at nothing. */
function isIn({ standing, exclusion }: LineFigures): boolean {
  return standing !== 'lost' && standing !== 'unmapped' && exclusion !== 'pipeline_excluded';
}

function rank(line: LineFigures, milestones: readonly Milestone[]): number {
  return line.standing === 'won' ? milestones.length : milestoneIndexOf(milestones, line.verified);
}

function closeDateMove(before: LineFigures, after: LineFigures): number {
  if (before.closeDate === null || after.closeDate === null) return 0;
  return Temporal.PlainDate.compare(after.closeDate, before.closeDate);
}

/** In company currency, so that a new rate is a new amount. */
function sameAmount(before: LineFigures, after: LineFigures): boolean {
  return before.grossMinor === after.grossMinor && before.exclusion === after.exclusion;
}

function compareRows(left: MovementRow, right: MovementRow): number {
  const [leftSize, rightSize] = [magnitude(left.changeMinor), magnitude(right.changeMinor)];
  if (leftSize !== rightSize) return leftSize > rightSize ? -1 : 1;
  return left.dealId < right.dealId ? -1 : 1;
}

function magnitude(amountMinor: bigint): bigint {
  return amountMinor < 0n ? -amountMinor : amountMinor;
}

/** The past of a listed deal, from whatever there is: its changelog, what the caller held of it, or the few dates on the deal itself. Pure. */
import type { CloseDateChange, Deal, FilledProperty, StageEntry } from '../../src/core/deals/deal.ts';
import { asId } from '../../src/core/values/ids.ts';
import type { DealRow } from './deal-row.ts';
import {
  type Changelog,
  closeDatesOf,
  filledAtOf,
  isUntouched,
  knownEntriesOf,
  positionOf,
  stageEntriesOf,
} from './deal-story.ts';
import { customText } from './fields.ts';
import type { PipedriveField } from './schema.ts';
import { knownInstant } from './times.ts';

/** `log`: read now. `held`: the caller's deal, `changed` when it is known to lack something. `none`: nothing but the deal itself. */
export type PastSource =
  | { readonly kind: 'log'; readonly log: Changelog }
  | { readonly kind: 'held'; readonly deal: Deal; readonly changed: boolean }
  | { readonly kind: 'none' };

export interface DealPast {
  readonly stageHistory: readonly StageEntry[];
  readonly closeDateHistory: readonly CloseDateChange[];
  readonly properties: readonly FilledProperty[];
  readonly complete: boolean;
}

type Evidence = ReadonlyMap<string, PipedriveField>;

/** The past of a deal that nobody ever changed: nothing. */
const NO_CHANGES: Changelog = { changes: [], complete: true };

/**
 * What is known without asking: an untouched deal, or one of which the caller holds everything that could have changed. Null: its changelog
 * is worth its 20 tokens.
 */
export function knownPast(row: DealRow, evidence: Evidence, held: Deal | undefined): PastSource | null {
  if (isUntouched(row.source)) return { kind: 'log', log: NO_CHANGES };
  const isWhole = held !== undefined && !held.flags.includes('history_incomplete');
  return isWhole && tellsTheSame(row, evidence, held) ? { kind: 'held', deal: held, changed: false } : null;
}

/** What to show of a deal whose changelog cannot be afforded today. */
export function partialPast(held: Deal | undefined): PastSource {
  return held === undefined ? { kind: 'none' } : { kind: 'held', deal: held, changed: true };
}

export function pastOf(row: DealRow, evidence: Evidence, source: PastSource): DealPast {
  if (source.kind === 'log') return loggedPast(row, evidence, source.log);
  if (source.kind === 'held') return heldPast(row, evidence, source.deal, source.changed);
  return {
    stageHistory: knownEntriesOf(row.source, row.stageId, row.createdAt),
    closeDateHistory: [],
    properties: filled(row, evidence, () => row.updatedAt),
    complete: false,
  };
}

function loggedPast(row: DealRow, evidence: Evidence, log: Changelog): DealPast {
  const { source, stageId, createdAt, closeDate } = row;
  const stages = stageEntriesOf({ stageId, status: source.status, createdAt }, log);
  const closeDates = closeDatesOf(closeDate, createdAt, log);
  return {
    stageHistory: stages.entries,
    closeDateHistory: closeDates.changes,
    properties: filled(row, evidence, (_name, field) => filledAtOf(field.field_code, createdAt, log)),
    complete: stages.complete && closeDates.complete,
  };
}

/** Adds what the row shows to what was held; the time of a change is then the latest it can have been. */
function heldPast(row: DealRow, evidence: Evidence, held: Deal, changed: boolean): DealPast {
  const last = held.stageHistory.at(-1);
  const listed = knownEntriesOf(row.source, row.stageId, row.createdAt);
  const lastAt = last?.enteredAt.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
  const fresh = listed.filter(({ enteredAt }) => enteredAt.epochMilliseconds > lastAt);
  const position = positionOf(row.source.status, row.stageId);
  const stageHistory = [...held.stageHistory, ...fresh];
  if (stageHistory.at(-1)?.stageId !== position)
    stageHistory.push({ stageId: asId(position), enteredAt: row.updatedAt });
  const before = new Map(held.properties.map((property) => [property.name, property]));
  return {
    stageHistory,
    closeDateHistory: sameDay(held.closeDate, row.closeDate)
      ? held.closeDateHistory
      : [...held.closeDateHistory, { closeDate: row.closeDate, changedAt: row.updatedAt }],
    properties: filled(row, evidence, (name, _field, value) => {
      const known = before.get(name);
      return known?.value === value ? known.filledAt : row.updatedAt;
    }),
    complete: !changed,
  };
}

/** True when neither stage, result, close date nor evidence moved since the caller's deal was read. */
function tellsTheSame(row: DealRow, evidence: Evidence, held: Deal): boolean {
  const { source, stageId } = row;
  const last = held.stageHistory.at(-1);
  if (last === undefined || last.stageId !== positionOf(source.status, stageId)) return false;
  const moved = [source.stage_change_time, source.won_time, source.lost_time].map((text) =>
    knownInstant(text),
  );
  if (moved.some((at) => at !== null && Temporal.Instant.compare(at, last.enteredAt) > 0)) return false;
  if (!sameDay(held.closeDate, row.closeDate)) return false;
  const now = filled(row, evidence, () => row.updatedAt);
  const before = new Map(held.properties.map(({ name, value }) => [name, value]));
  return now.length === before.size && now.every(({ name, value }) => before.get(name) === value);
}

function filled(
  row: DealRow,
  evidence: Evidence,
  since: (name: string, field: PipedriveField, value: string) => Temporal.Instant,
): FilledProperty[] {
  return [...evidence].flatMap(([name, field]) => {
    const value = customText(row.source.custom_fields?.[field.field_code], field);
    return value === null ? [] : [{ name, value, filledAt: since(name, field, value) }];
  });
}

function sameDay(left: Temporal.PlainDate | null, right: Temporal.PlainDate | null): boolean {
  return left === null || right === null ? left === right : left.equals(right);
}

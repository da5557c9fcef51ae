/**
 * A deal's past, from its changelog: where it stood and since when, how its close date moved, when evidence was filled in. Won and lost are
 * stages here (see directory.ts), so a deal that is won, reopened and lost has entered three of them. Pure.
 */
import type { CloseDateChange, StageEntry } from '../../src/core/deals/deal.ts';
import { asId } from '../../src/core/values/ids.ts';
import { LOST_STAGE, WON_STAGE } from './directory.ts';
import { changeSchema, type PipedriveChange, type PipedriveDeal } from './schema.ts';
import { dayOf, knownInstant } from './times.ts';

/** One field's change that could be read and dated. */
interface Change {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly at: Temporal.Instant;
}

/** Oldest first. `complete` is false when an entry had no date or no shape. */
export interface Changelog {
  readonly changes: readonly Change[];
  readonly complete: boolean;
}

/** `rows` as the API gives them: newest first. Entries of the same second keep their order. */
export function readChangelog(rows: readonly unknown[]): Changelog {
  const changes: Change[] = [];
  let complete = true;
  for (const row of rows.toReversed()) {
    const parsed = changeSchema.safeParse(row);
    const change = parsed.success ? changeOf(parsed.data) : null;
    if (change === null) complete = false;
    else changes.push(change);
  }
  return { changes, complete };
}

function changeOf(row: PipedriveChange): Change | null {
  const at = knownInstant(row.time);
  if (at === null) return null;
  return { field: row.field_key, from: textOrNull(row.old_value), to: textOrNull(row.new_value), at };
}

function textOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined || text === '' ? null : text;
}

type Status = 'open' | 'won' | 'lost';

/** The stage in our sense: Pipedrive's while the deal is open, its result otherwise. */
export function positionOf(status: string, stageId: string): string {
  if (status === 'won') return WON_STAGE;
  return status === 'lost' ? LOST_STAGE : stageId;
}

/**
 * Stage entries, oldest first, from the creation on. Changes to "deleted" and back are no result and are passed over. `complete` is false when
 * the log does not lead to where the deal stands.
 */
export function stageEntriesOf(
  deal: { readonly stageId: string; readonly status: string; readonly createdAt: Temporal.Instant },
  log: Changelog,
): { readonly entries: readonly StageEntry[]; readonly complete: boolean } {
  const moves = log.changes.filter(isMove);
  let stageId = moves.find((move) => move.field === 'stage_id')?.from ?? deal.stageId;
  let status = moves.find((move) => move.field === 'status')?.from ?? deal.status;
  const entries: StageEntry[] = [entryOf(positionOf(status, stageId), deal.createdAt)];
  for (const move of moves) {
    if (move.field === 'stage_id') stageId = move.to ?? stageId;
    else status = move.to ?? status;
    const position = positionOf(status, stageId);
    if (entries.at(-1)?.stageId !== position) entries.push(entryOf(position, move.at));
  }
  const arrived = entries.at(-1)?.stageId === positionOf(deal.status, deal.stageId);
  return { entries, complete: log.complete && arrived };
}

const RESULTS: readonly string[] = ['open', 'won', 'lost'] satisfies Status[];

function isMove(change: Change): boolean {
  if (change.field === 'stage_id') return true;
  return (
    change.field === 'status' && [change.from, change.to].every((value) => RESULTS.includes(value ?? ''))
  );
}

function entryOf(stageId: string, enteredAt: Temporal.Instant): StageEntry {
  return { stageId: asId(stageId), enteredAt };
}

/** Close dates, oldest first, the one given at creation included. */
export function closeDatesOf(
  closeDate: Temporal.PlainDate | null,
  createdAt: Temporal.Instant,
  log: Changelog,
): { readonly changes: readonly CloseDateChange[]; readonly complete: boolean } {
  const moves = log.changes.filter((change) => change.field === 'expected_close_date');
  const first = moves[0] === undefined ? closeDate : dayOf(moves[0].from);
  const changes: CloseDateChange[] = [];
  let complete = log.complete && first !== 'unreadable';
  if (first !== null && first !== 'unreadable') changes.push({ closeDate: first, changedAt: createdAt });
  for (const move of moves) {
    const day = dayOf(move.to);
    if (day === 'unreadable') complete = false;
    else changes.push({ closeDate: day, changedAt: move.at });
  }
  return { changes, complete };
}

/** When a field got its present value: its last change, or the creation when it never changed. */
export function filledAtOf(code: string, createdAt: Temporal.Instant, log: Changelog): Temporal.Instant {
  return log.changes.findLast((change) => change.field === code)?.at ?? createdAt;
}

/** A deal that was never touched since its creation has no past to ask for. */
export function isUntouched(
  deal: Pick<PipedriveDeal, 'add_time' | 'update_time' | 'status' | 'stage_change_time'>,
): boolean {
  const unmoved = deal.stage_change_time == null || deal.stage_change_time === deal.add_time;
  return deal.status === 'open' && unmoved && deal.add_time === deal.update_time;
}

/** Where a deal stands, for want of its changelog: only what the deal itself dates. */
export function knownEntriesOf(
  deal: PipedriveDeal,
  stageId: string,
  createdAt: Temporal.Instant,
): readonly StageEntry[] {
  const stageAt = knownInstant(deal.stage_change_time) ?? createdAt;
  const entries = [entryOf(stageId, stageAt)];
  const closedAt = deal.status === 'won' ? knownInstant(deal.won_time) : knownInstant(deal.lost_time);
  if (deal.status !== 'won' && deal.status !== 'lost') return entries;
  return [
    ...entries,
    entryOf(positionOf(deal.status, stageId), closedAt ?? knownInstant(deal.update_time) ?? createdAt),
  ];
}

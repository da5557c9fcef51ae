/**
 * Stage histories as the statistics read them: whole days, one state per deal and day, in columns.
 * forecast-model: section 2, step 1 (daily states).
 */

/** Codes of the states that are no open milestone; open milestones are 0, 1, 2, ... in the order of the model. */
export const WON = 200;
export const LOST = 201;
/** The deal stood in a stage that the model does not know: it is out of the chain until it enters a known one. */
export const UNMAPPED = 202;
/** Nothing of the deal was verified: it is new business until its first proof. */
export const UNVERIFIED = 203;

/** "From `t` on the deal stood in `state`." `t` counts days since any fixed midnight of the company's zone; fractions only order events. */
export interface StateEvent {
  readonly t: number;
  readonly state: number;
  /** Where a snapshot recorded what was verified: the day of the proof, and whether the deal moved or only its measure changed. */
  readonly recorded?: { readonly since: number; readonly moved: boolean };
}

/** What had to be set aside while reading, each under a stated rule. Shown wherever the statistics are shown. */
export interface HistoryNotes {
  readonly events: number;
  /** Events without a time that can be (no number, or beyond what calendars hold): set aside. */
  readonly untimed: number;
  /** Events after the deal was first won: set aside, the first win counts. */
  readonly afterWon: number;
  /** Entries into a stage without meaning: the time in it counts for no milestone. */
  readonly unmapped: number;
  /** Returns from lost to an open milestone: the deal is open again. */
  readonly reopened: number;
  /** Deals with verified milestones among their states, and deals read from CRM stages alone. */
  readonly verifiedDeals: number;
  readonly stageDeals: number;
}

/** Day-level histories of many deals. Deal i owns the entries `starts[i]` up to, not including, `starts[i + 1]`; days rise within a deal. */
export interface StateLog {
  readonly deals: number;
  readonly starts: Int32Array;
  readonly days: Int32Array;
  readonly states: Uint8Array;
  /** Day from which the age counts: that of the entry, or earlier where a snapshot found the deal already there. */
  readonly since: Int32Array;
  /** 0: the deal was found there, and no move is to be counted; else 1. */
  readonly moved: Uint8Array;
  /** Furthest open milestone the deal had ever reached at the end of that day, -1 for none. */
  readonly furthest: Int8Array;
  readonly firstDay: number;
  readonly notes: HistoryNotes;
}

/**
 * Rules: the last event of a day names the day; a repeat of the state before is no event; nothing counts after the first win;
 * events of one deal may come in any order, those of the same instant keep the order given.
 * What came before the first known entry is not guessed: the age counts from that entry.
 */
export function stateLog(histories: Iterable<readonly StateEvent[]>): StateLog {
  const entries = new EntryColumns();
  const starts = [0];
  const notes = {
    events: 0,
    untimed: 0,
    afterWon: 0,
    unmapped: 0,
    reopened: 0,
    verifiedDeals: 0,
    stageDeals: 0,
  };
  for (const history of histories) {
    appendDeal(entries, inOrder(history, notes), notes);
    starts.push(entries.length);
  }
  return {
    deals: starts.length - 1,
    starts: Int32Array.from(starts),
    days: entries.days.subarray(0, entries.length),
    states: entries.states.subarray(0, entries.length),
    since: entries.since.subarray(0, entries.length),
    moved: entries.moved.subarray(0, entries.length),
    furthest: entries.furthest.subarray(0, entries.length),
    firstDay: entries.firstDay,
    notes,
  };
}

/** Days from 1970 that a calendar can name; Temporal holds no more. */
const MOST_DAYS = 100_000_000;

function isTimed(event: StateEvent): boolean {
  return Math.abs(event.t) <= MOST_DAYS;
}

type Counts = { -readonly [Note in keyof HistoryNotes]: number };

/** Columns that grow by doubling, so that ten million entries stay cheap. */
class EntryColumns {
  days = new Int32Array(1024);
  states = new Uint8Array(1024);
  since = new Int32Array(1024);
  moved = new Uint8Array(1024);
  furthest = new Int8Array(1024);
  length = 0;
  firstDay = Number.POSITIVE_INFINITY;

  push(day: number, state: number, since: number, moved: boolean, furthest: number): void {
    if (this.length === this.days.length) this.grow();
    this.days[this.length] = day;
    this.states[this.length] = state;
    this.since[this.length] = since;
    this.moved[this.length] = moved ? 1 : 0;
    this.furthest[this.length] = furthest;
    this.length += 1;
    if (day < this.firstDay) this.firstDay = day;
  }

  private grow(): void {
    const { days, states, since, moved, furthest } = this;
    this.days = new Int32Array(2 * days.length);
    this.days.set(days);
    this.states = new Uint8Array(2 * states.length);
    this.states.set(states);
    this.since = new Int32Array(2 * since.length);
    this.since.set(since);
    this.moved = new Uint8Array(2 * moved.length);
    this.moved.set(moved);
    this.furthest = new Int8Array(2 * furthest.length);
    this.furthest.set(furthest);
  }
}

function inOrder(history: readonly StateEvent[], notes: Counts): readonly StateEvent[] {
  notes.events += history.length;
  const timed = history.every(isTimed) ? history : history.filter(isTimed);
  notes.untimed += history.length - timed.length;
  const sorted = timed.every((event, at) => at === 0 || (timed[at - 1]?.t ?? event.t) <= event.t);
  return sorted ? timed : timed.toSorted((left, right) => left.t - right.t);
}

function appendDeal(entries: EntryColumns, history: readonly StateEvent[], notes: Counts): void {
  const first = entries.length;
  let furthest = -1;
  let before = UNMAPPED;
  let read = 0;
  let verified = false;
  for (const event of history) {
    const { state } = event;
    if (state < WON) furthest = Math.max(furthest, state);
    if (state === UNMAPPED) notes.unmapped += 1;
    if (before === LOST && (state < WON || state === UNVERIFIED)) notes.reopened += 1;
    if (event.recorded !== undefined) verified = true;
    before = state;
    read += 1;
    putDay(entries, first, event, furthest);
    if (state === WON) break;
  }
  notes.afterWon += history.length - read;
  if (verified) notes.verifiedDeals += 1;
  else if (read > 0) notes.stageDeals += 1;
}

/** Writes the state of a day; a later event of the same day takes its place, and vanishes when it restores the state before. */
function putDay(
  entries: EntryColumns,
  first: number,
  { t, state, recorded }: StateEvent,
  furthest: number,
): void {
  const day = Math.floor(t);
  const since = recorded?.since ?? day;
  const moved = recorded?.moved ?? true;
  if (entries.length > first && entries.days[entries.length - 1] === day) entries.length -= 1;
  const last = entries.length - 1;
  const repeats = last >= first && entries.states[last] === state && (moved || entries.since[last] === since);
  if (!repeats) entries.push(day, state, since, moved, furthest);
}

/** Where a deal stood at midnight of `originDay`: its last entry before it. Null when it did not exist yet. */
export interface Position {
  readonly state: number;
  readonly sinceDay: number;
  readonly furthest: number;
}

export function positionAt(log: StateLog, deal: number, originDay: number): Position | null {
  const first = log.starts[deal] ?? 0;
  for (let entry = (log.starts[deal + 1] ?? 0) - 1; entry >= first; entry -= 1) {
    if ((log.days[entry] ?? 0) < originDay)
      return {
        state: log.states[entry] ?? UNMAPPED,
        sinceDay: log.since[entry] ?? 0,
        furthest: log.furthest[entry] ?? -1,
      };
  }
  return null;
}

/** Day on which the deal was first won; null when never. A won deal ends with its win. */
export function wonDay(log: StateLog, deal: number): number | null {
  const last = (log.starts[deal + 1] ?? 0) - 1;
  const owns = last >= (log.starts[deal] ?? 0);
  return owns && log.states[last] === WON ? (log.days[last] ?? null) : null;
}

/**
 * Complete days spent at midnight of `originDay` in a state entered on `sinceDay`: entered yesterday is age 0, and so is today.
 * This is the age that `Odds` expects.
 */
export function ageAt(sinceDay: number, originDay: number): number {
  return Math.max(0, originDay - sinceDay - 1);
}

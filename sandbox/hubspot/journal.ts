import type { Answered } from '../shared/journal.ts';
import type { FaultKind } from './fault-board.ts';
import type { Lane } from './rate-limits.ts';

/** One request as it was answered. */
export interface JournalEntry extends Answered<FaultKind> {
  readonly lane: Lane;
  /** For writes: ids asked for and property names given. */
  readonly ids?: readonly string[];
  readonly keys?: readonly string[];
}

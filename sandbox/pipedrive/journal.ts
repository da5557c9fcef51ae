import type { Answered } from '../shared/journal.ts';
import type { FaultKind } from './faults.ts';

/** One request as it was answered. */
export interface JournalEntry extends Answered<FaultKind> {
  /** Tokens taken from the company's day; 0 for what was refused. */
  readonly tokens: number;
  /** Names of the query parameters given. */
  readonly parameters: readonly string[];
  /** For writes: the record asked for, and the keys of the body; those of custom fields as "custom_fields.<name>". */
  readonly id?: string;
  readonly keys?: readonly string[];
}

import { closeSync, openSync, writeSync } from 'node:fs';
import type { FaultKind } from './fault-board.ts';

/** One request as it was answered. Never a token, never a value: only which record and which keys were touched. */
export interface JournalEntry {
  readonly seq: number;
  /** Time of the sandbox's own clock. */
  readonly at: string;
  readonly method: string;
  /** The path with its variables as names: "/api/v2/deals/{id}". */
  readonly path: string;
  readonly status: number;
  /** Tokens taken from the company's day; 0 for what was refused. */
  readonly tokens: number;
  /** Real milliseconds from the request to the answer. */
  readonly ms: number;
  readonly bytes: number;
  readonly fault: FaultKind | null;
  /** Names of the query parameters given. */
  readonly parameters: readonly string[];
  /** For writes: the record asked for, and the keys of the body; those of custom fields as "custom_fields.<name>". */
  readonly id?: string;
  readonly keys?: readonly string[];
}

/** Append-only: in memory, and line by line in a file when one is given. */
export class Journal {
  private readonly kept: JournalEntry[] = [];
  private readonly file: number | null;

  constructor(path: string | null) {
    this.file = path === null ? null : openSync(path, 'a');
  }

  append(entry: Omit<JournalEntry, 'seq'>): void {
    const numbered = { seq: this.kept.length + 1, ...entry };
    this.kept.push(numbered);
    if (this.file !== null) writeSync(this.file, `${JSON.stringify(numbered)}\n`);
  }

  /** Entries from `fromSeq` on. */
  entries(fromSeq = 1): readonly JournalEntry[] {
    return this.kept.slice(fromSeq - 1);
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
  }
}

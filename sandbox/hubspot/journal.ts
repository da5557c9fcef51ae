import { closeSync, openSync, writeSync } from 'node:fs';
import type { FaultKind } from './fault-board.ts';
import type { Lane } from './rate-limits.ts';

/** One request as it was answered. Never a token, never a value: only which records and which properties were touched. */
export interface JournalEntry {
  readonly seq: number;
  /** Time of the sandbox's own clock. */
  readonly at: string;
  readonly method: string;
  /** The path with its variables as names: "/crm/v3/objects/deals/{id}". */
  readonly path: string;
  readonly lane: Lane;
  /** Status answered; 0 when the connection broke or hung instead. */
  readonly status: number;
  /** Real milliseconds from the request's end to the answer's. */
  readonly ms: number;
  readonly bytes: number;
  readonly fault: FaultKind | null;
  /** For writes: ids asked for and property names given. */
  readonly ids?: readonly string[];
  readonly keys?: readonly string[];
}

/** Append-only: in memory, and line by line in a file when one is given. */
export class Journal {
  private readonly kept: JournalEntry[] = [];
  private file: number | null;

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
    this.file = null;
  }
}

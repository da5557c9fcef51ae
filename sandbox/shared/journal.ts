import { closeSync, openSync, writeSync } from 'node:fs';

/** What every face writes down of a request. Never a token, never a value: only which record and which keys were touched. */
export interface Answered<Fault extends string> {
  readonly seq: number;
  /** Time of the sandbox's own clock. */
  readonly at: string;
  readonly method: string;
  /** The path with its variables as names: "/api/v2/deals/{id}". */
  readonly path: string;
  /** Status answered; 0 when the connection broke or hung instead. */
  readonly status: number;
  /** Real milliseconds from the request to the answer. */
  readonly ms: number;
  readonly bytes: number;
  readonly fault: Fault | null;
}

/** Append-only: in memory, and line by line in a file when one is given. */
export class Journal<Entry extends Answered<string>> {
  private readonly kept: Entry[] = [];
  private file: number | null;

  constructor(path: string | null) {
    this.file = path === null ? null : openSync(path, 'a');
  }

  append(entry: Omit<Entry, 'seq'>): void {
    const numbered = { seq: this.kept.length + 1, ...entry } as unknown as Entry;
    this.kept.push(numbered);
    if (this.file !== null) writeSync(this.file, `${JSON.stringify(numbered)}\n`);
  }

  /** Entries from `fromSeq` on. */
  entries(fromSeq = 1): readonly Entry[] {
    return this.kept.slice(fromSeq - 1);
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }
}

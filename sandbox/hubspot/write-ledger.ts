/** Every value that the API accepted for a property, so that a checker can say that no write was lost and none was doubled. */
export interface AcceptedWrite {
  readonly recordId: string;
  readonly property: string;
  readonly value: string;
  /** The record already held exactly this value. */
  readonly already: boolean;
  readonly atMs: number;
}

export class WriteLedger {
  private readonly writes: AcceptedWrite[] = [];

  note(write: AcceptedWrite): void {
    this.writes.push(write);
  }

  all(): readonly AcceptedWrite[] {
    return this.writes;
  }

  counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const write of this.writes) {
      const key = `${write.recordId} ${write.property} ${write.value}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  }
}

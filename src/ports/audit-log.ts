/** Who changed what, and when. */

export interface AuditLog {
  /** Append-only; the database refuses changes. */
  append(entry: {
    readonly at: Temporal.Instant;
    readonly by: string;
    readonly action: string;
    readonly subject: string;
    readonly before: unknown;
    readonly after: unknown;
  }): Promise<void>;
  /** Newest first; with a subject, only what is about it. */
  list(
    limit: number,
    subject?: string,
  ): Promise<
    readonly {
      readonly at: Temporal.Instant;
      readonly by: string;
      readonly action: string;
      readonly subject: string;
    }[]
  >;
}

import type { JournalEntry } from './journal.ts';
import type { BucketName, BucketUse } from './rate-limits.ts';

/** What a run asked of the account. */
export interface SandboxSummary {
  readonly calls: number;
  readonly byPath: Readonly<Record<string, number>>;
  readonly byLane: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly rateLimited: number;
  readonly buckets: Readonly<Record<BucketName, BucketUse>>;
  readonly faults: Readonly<Record<string, number>>;
}

export function summarise(
  entries: readonly JournalEntry[],
  buckets: SandboxSummary['buckets'],
  faults: SandboxSummary['faults'],
): SandboxSummary {
  return {
    calls: entries.length,
    byPath: count(entries, (entry) => `${entry.method} ${entry.path}`),
    byLane: count(entries, (entry) => entry.lane),
    byStatus: count(entries, (entry) => String(entry.status)),
    rateLimited: entries.filter((entry) => entry.status === 429).length,
    buckets,
    faults,
  };
}

function count(
  entries: readonly JournalEntry[],
  by: (entry: JournalEntry) => string,
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(by(entry), (counts.get(by(entry)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** The summary as lines for a terminal. */
export function summaryLines(summary: SandboxSummary): readonly string[] {
  const paths = Object.entries(summary.byPath).map(
    ([path, calls]) => `  ${String(calls).padStart(6)}  ${path}`,
  );
  const buckets = Object.entries(summary.buckets).map(
    ([name, use]) => `  ${name.padEnd(13)} peak ${use.peak} of ${use.limit ?? 'no limit'}${percent(use)}`,
  );
  return [`calls ${summary.calls}, 429: ${summary.rateLimited}`, ...paths, 'rate buckets', ...buckets];
}

function percent(use: BucketUse): string {
  return use.sharePercent === null ? '' : ` (${use.sharePercent} %)`;
}

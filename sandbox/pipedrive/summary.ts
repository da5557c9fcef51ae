import type { JournalEntry } from './journal.ts';
import type { LimitKeeper } from './limits.ts';

/** What a run asked of the account. */
export interface SandboxSummary {
  readonly calls: number;
  readonly tokens: number;
  readonly byPath: Readonly<Record<string, number>>;
  readonly tokensByPath: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly rateLimited: number;
  readonly tokensToday: number;
  readonly dailyTokens: number;
  readonly faults: Readonly<Record<string, number>>;
}

export function summarise(
  entries: readonly JournalEntry[],
  keeper: LimitKeeper,
  faults: SandboxSummary['faults'],
): SandboxSummary {
  const path = (entry: JournalEntry) => `${entry.method} ${entry.path}`;
  return {
    calls: entries.length,
    tokens: entries.reduce((sum, entry) => sum + entry.tokens, 0),
    byPath: count(entries, path, () => 1),
    tokensByPath: count(entries, path, (entry) => entry.tokens),
    byStatus: count(
      entries,
      (entry) => String(entry.status),
      () => 1,
    ),
    rateLimited: entries.filter((entry) => entry.status === 429).length,
    tokensToday: keeper.tokensToday,
    dailyTokens: keeper.dailyTokens,
    faults,
  };
}

function count(
  entries: readonly JournalEntry[],
  by: (entry: JournalEntry) => string,
  weight: (entry: JournalEntry) => number,
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(by(entry), (counts.get(by(entry)) ?? 0) + weight(entry));
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

import type { Journal } from '../shared/journal.ts';
import type { TokenTable } from './access.ts';
import type { SandboxEdits } from './edits.ts';
import type { JournalEntry } from './journal.ts';
import type { Portal } from './portal.ts';
import type { RateGate } from './rate-limits.ts';
import type { WebhookDesk } from './webhooks.ts';

/** One exchange as it went over the wire, for those who check it against the official client's models. */
export interface Observed {
  readonly method: string;
  readonly pathname: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly reply: unknown;
}

/** The open account with everything that stands between it and its callers. */
export interface Exchange {
  readonly portal: Portal;
  readonly tokens: TokenTable;
  readonly gate: RateGate;
  readonly journal: Journal<JournalEntry>;
  readonly edit: SandboxEdits;
  readonly webhooks: WebhookDesk;
  latencyMs: number;
  readonly observe: ((observed: Observed) => void) | null;
  readonly closing: AbortController;
}

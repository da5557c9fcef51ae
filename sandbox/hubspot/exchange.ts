import type { TokenTable } from './access.ts';
import type { SandboxEdits } from './edits.ts';
import type { Journal } from './journal.ts';
import type { Portal } from './portal.ts';
import type { RateGate } from './rate-limits.ts';
import type { WebhookDesk } from './webhooks.ts';

/** The open account with everything that stands between it and its callers. */
export interface Exchange {
  readonly portal: Portal;
  readonly tokens: TokenTable;
  readonly gate: RateGate;
  readonly journal: Journal;
  readonly edit: SandboxEdits;
  readonly webhooks: WebhookDesk;
  latencyMs: number;
  readonly closing: AbortController;
}

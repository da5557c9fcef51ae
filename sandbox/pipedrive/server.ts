import { clockStartingAt, SandboxClock } from '../shared/clock.ts';
import { FaultBoard } from '../shared/fault-board.ts';
import { Journal } from '../shared/journal.ts';
import { type Listening, listen } from '../shared/listening.ts';
import type { World } from '../world/world.ts';
import { Account } from './account.ts';
import { type SandboxEdits, sandboxEdits } from './edits.ts';
import type { FaultRule } from './faults.ts';
import type { JournalEntry } from './journal.ts';
import { LimitKeeper, type PipedriveLimits, type Plan } from './limits.ts';
import { answerRequest, type Exchange, type Observed } from './requests.ts';
import { type SandboxSummary, summarise } from './summary.ts';
import { WebhookDesk } from './webhooks.ts';
import { type WrittenReport, writtenReport } from './written-report.ts';

const PIPEDRIVE_SANDBOX_TOKEN = '5a0db0c5a0db0c5a0db0c5a0db0c5a0db0c5a0db';

export interface PipedriveSandboxOptions {
  readonly world: World;
  /** 0 or absent: any free port. Always on 127.0.0.1. */
  readonly port?: number;
  /** Real delay of every answer. */
  readonly latencyMs?: number;
  /** Absent: the clock starts at the world's day and runs. */
  readonly clock?: { now(): Temporal.Instant };
  /** What the account's plan and seats give. Default: ultimate with 50 seats, 10.5 million tokens a day. */
  readonly plan?: Plan;
  readonly seats?: number;
  /** Instead of what plan and seats give. */
  readonly limits?: Partial<Pick<PipedriveLimits, 'burst' | 'burstSpeed' | 'dailyTokens' | 'headers'>>;
  /** JSON lines, appended. */
  readonly journalFile?: string;
  /** Good tokens with their scopes ("*": all). 40 hexadecimal characters make an API token, anything else an OAuth token. */
  readonly tokens?: Readonly<Record<string, readonly string[]>>;
  /** Custom fields of deals that the plan allows. */
  readonly maxCustomFields?: number;
  /** Sees every exchange as it went over the wire, faults excepted. */
  readonly observe?: (observed: Observed) => void;
}

/** A Pipedrive account on this machine. */
export interface PipedriveSandbox {
  readonly url: string;
  readonly port: number;
  /** A token that opens everything, unless the options named others. */
  readonly token: string;
  readonly world: World;
  readonly clock: SandboxClock;
  readonly journal: Journal<JournalEntry>;
  readonly faults: FaultBoard<FaultRule>;
  /** What is registered, and what was sent. */
  readonly webhooks: WebhookDesk;
  /** May be changed while the sandbox runs: granting and revoking. */
  readonly tokens: Map<string, readonly string[]>;
  /** Changes that people make in the account, at the sandbox's present time. */
  readonly edit: SandboxEdits;
  /** Id under which the API shows a record of the world. */
  idOf(kind: 'deal' | 'company' | 'contact', worldId: string): string;
  advance(duration: Temporal.Duration | Temporal.DurationLike | string): void;
  setLatency(latencyMs: number): void;
  written(): WrittenReport;
  summary(): SandboxSummary;
  close(): Promise<void>;
}

export async function startPipedriveSandbox(options: PipedriveSandboxOptions): Promise<PipedriveSandbox> {
  const exchange = openExchange(options);
  const listening = await listen(
    (request, response) => void answerRequest(exchange, request, response),
    options.port ?? 0,
  );
  return face(exchange, listening);
}

function openExchange(options: PipedriveSandboxOptions): Exchange {
  const clock = new SandboxClock(options.clock ?? clockStartingAt(options.world.asOfMs));
  const limits: PipedriveLimits = {
    plan: options.plan ?? 'ultimate',
    seats: options.seats ?? 50,
    headers: 'all',
    ...options.limits,
  };
  const account = new Account(options.world, clock);
  const closing = new AbortController();
  return {
    account,
    journal: new Journal(options.journalFile ?? null),
    faults: new FaultBoard(),
    keeper: new LimitKeeper(limits, clock),
    tokens: new Map(Object.entries(options.tokens ?? { [PIPEDRIVE_SANDBOX_TOKEN]: ['*'] })),
    terms: {
      maxCustomFields: options.maxCustomFields ?? 500,
      webhooks: new WebhookDesk(account, closing.signal),
    },
    observe: options.observe ?? null,
    closing,
    latencyMs: options.latencyMs ?? 0,
  };
}

function face(exchange: Exchange, listening: Listening): PipedriveSandbox {
  const { account, journal, faults, keeper } = exchange;
  return {
    url: listening.url,
    port: listening.port,
    token: [...exchange.tokens.keys()][0] ?? PIPEDRIVE_SANDBOX_TOKEN,
    world: account.world,
    clock: account.clock,
    journal,
    faults,
    webhooks: exchange.terms.webhooks,
    tokens: exchange.tokens,
    edit: sandboxEdits(account),
    idOf: (kind, worldId) => String(account.idOf(kind, worldId)),
    advance: (duration) => account.clock.advance(Temporal.Duration.from(duration)),
    setLatency: (latencyMs) => {
      exchange.latencyMs = latencyMs;
    },
    written: () => writtenReport(account),
    summary: () => summarise(journal.entries(), keeper, faults.hits()),
    close: () => close(exchange, listening),
  };
}

async function close(exchange: Exchange, listening: Listening): Promise<void> {
  exchange.closing.abort();
  await listening.close();
  exchange.journal.close();
}

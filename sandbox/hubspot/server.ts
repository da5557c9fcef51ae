import { clockStartingAt, SandboxClock } from '../shared/clock.ts';
import { Journal } from '../shared/journal.ts';
import { type Listening, listen } from '../shared/listening.ts';
import type { World } from '../world/world.ts';
import { ALL_SCOPES, SANDBOX_TOKEN, TokenTable } from './access.ts';
import { type SandboxEdits, sandboxEdits } from './edits.ts';
import type { Exchange, Observed } from './exchange.ts';
import { HubspotFaultBoard } from './fault-board.ts';
import type { JournalEntry } from './journal.ts';
import type { Portal } from './portal.ts';
import { PropertyRegistry } from './property-registry.ts';
import { PRIVATE_APP_LIMITS, RateGate, type RateLimits } from './rate-limits.ts';
import { answerRequest } from './requests.ts';
import { SearchIndex } from './search-index.ts';
import { type SandboxSummary, summarise } from './summary.ts';
import { WebhookDesk } from './webhooks.ts';
import { WriteLedger } from './write-ledger.ts';
import { type WrittenReport, writtenReport } from './written-report.ts';

export interface HubspotSandboxOptions {
  readonly world: World;
  /** 0 or absent: any free port. Always on 127.0.0.1. */
  readonly port?: number;
  /** Real delay of every answer. */
  readonly latencyMs?: number;
  /** Absent: the clock starts at the world's day and runs. */
  readonly clock?: { now(): Temporal.Instant };
  readonly limits?: Partial<RateLimits>;
  /** How long the search index may be behind; see SearchIndex. */
  readonly indexLagMs?: number;
  /** JSON lines, appended. */
  readonly journalFile?: string;
  /** Good tokens with their scopes. Absent: SANDBOX_TOKEN with all scopes. */
  readonly tokens?: Readonly<Record<string, readonly string[]>>;
  /** Marks the source of what is written through the API. */
  readonly appId?: string;
  /** Seed of faults with a chance. */
  readonly faultSeed?: number;
  /** Sees every exchange, faults excepted. */
  readonly observe?: (observed: Observed) => void;
  /** Milliseconds against which the rate buckets count; a test may hold it still. */
  readonly monotonicMs?: () => number;
}

/** A HubSpot account on this machine. */
export interface HubspotSandbox {
  readonly url: string;
  readonly port: number;
  /** A token that opens everything, unless the options named others. */
  readonly token: string;
  readonly world: World;
  readonly clock: SandboxClock;
  readonly journal: Journal<JournalEntry>;
  readonly faults: HubspotFaultBoard;
  readonly properties: PropertyRegistry;
  readonly tokens: TokenTable;
  readonly webhooks: WebhookDesk;
  /** Changes that people make in the account, at the sandbox's present time. */
  readonly edit: SandboxEdits;
  advance(duration: Temporal.Duration | Temporal.DurationLike | string): void;
  setLatency(latencyMs: number): void;
  written(): WrittenReport;
  summary(): SandboxSummary;
  close(): Promise<void>;
}

export async function startHubspotSandbox(options: HubspotSandboxOptions): Promise<HubspotSandbox> {
  const exchange = openExchange(options);
  const listening = await listen(
    (request, response) => void answerRequest(exchange, request, response),
    options.port ?? 0,
  );
  return face(exchange, listening, Object.keys(options.tokens ?? {})[0] ?? SANDBOX_TOKEN);
}

function openExchange(options: HubspotSandboxOptions): Exchange {
  const { world } = options;
  const clock = new SandboxClock(options.clock ?? clockStartingAt(world.asOfMs));
  const closing = new AbortController();
  const portal: Portal = {
    world,
    clock,
    properties: new PropertyRegistry(world),
    index: new SearchIndex(world, options.indexLagMs ?? 0),
    faults: new HubspotFaultBoard(options.faultSeed),
    ledger: new WriteLedger(),
    appId: options.appId ?? '3900001',
  };
  return {
    portal,
    tokens: new TokenTable(options.tokens ?? { [SANDBOX_TOKEN]: ALL_SCOPES }),
    gate: new RateGate(
      { ...PRIVATE_APP_LIMITS, ...options.limits },
      options.monotonicMs ?? (() => performance.now()),
    ),
    journal: new Journal(options.journalFile ?? null),
    edit: sandboxEdits(portal),
    latencyMs: options.latencyMs ?? 0,
    observe: options.observe ?? null,
    webhooks: new WebhookDesk(world, clock, closing.signal),
    closing,
  };
}

function face(exchange: Exchange, listening: Listening, token: string): HubspotSandbox {
  const { portal, journal, gate } = exchange;
  return {
    url: listening.url,
    port: listening.port,
    token,
    world: portal.world,
    clock: portal.clock,
    journal,
    faults: portal.faults,
    properties: portal.properties,
    tokens: exchange.tokens,
    webhooks: exchange.webhooks,
    edit: exchange.edit,
    advance: (duration) => portal.clock.advance(Temporal.Duration.from(duration)),
    setLatency: (latencyMs) => {
      exchange.latencyMs = latencyMs;
    },
    written: () => writtenReport(portal),
    summary: () => summarise(journal.entries(), gate.use(), portal.faults.hits()),
    close: () => close(exchange, listening),
  };
}

async function close(exchange: Exchange, listening: Listening): Promise<void> {
  exchange.closing.abort();
  await listening.close();
  exchange.journal.close();
}

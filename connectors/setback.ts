/** Calls that did not succeed: what a reply or a failure means for the next attempt, and the error when there is none. */
import { ConnectorError, type ConnectorErrorCode, type WhoMustAct } from '../src/ports/connector.ts';
import type { Failure, InboundReply } from './wire.ts';

export interface OutboundCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Under which name it is counted: "list", "search", "write"... */
  readonly lane: string;
  /** Which of the vendor's limits it is charged to. */
  readonly bucket: string;
  /** False for a write: when its reply is lost nobody knows whether it took effect, and it is not sent a second time. */
  readonly repeatable: boolean;
}

/** What a reply means. `waitMs` is the shortest wait the vendor asks for; null: backoff alone. `pausesBucket`: others wait too. */
export type Verdict =
  | { readonly kind: 'deliver' }
  | { readonly kind: 'renew_token' }
  | {
      readonly kind: 'retry';
      readonly code: ConnectorErrorCode;
      readonly waitMs: number | null;
      readonly pausesBucket: boolean;
      /** The vendor refused before doing anything: even a write may be sent again. */
      readonly untouched: boolean;
    }
  | {
      readonly kind: 'fail';
      readonly code: ConnectorErrorCode;
      readonly message: string;
      readonly whoMustAct: WhoMustAct;
      readonly retryAfterMs: number | null;
    };

/** The write may or may not have taken effect: read back before writing again. */
export class LostReply extends ConnectorError {}

export type Outcome =
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly reply: InboundReply }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** An attempt that did not succeed: whether and how soon to try again, and the error if that is the end. */
export interface Setback {
  readonly code: ConnectorErrorCode;
  readonly again: boolean;
  readonly floorMs: number;
  error(waitMs: number): ConnectorError;
}

export function setbackOf(outcome: Outcome, outbound: OutboundCall, vendor: string): Setback {
  const where = describe(outbound, vendor);
  if (outcome.kind === 'failure') {
    const { code, detail, unsent } = outcome.failure;
    return passing(code, `${where}: ${detail}`, {
      certain: unsent || outbound.repeatable,
      floorMs: 0,
      status: null,
    });
  }
  const { verdict, reply } = outcome;
  const { status } = reply;
  if (verdict.kind === 'retry') {
    const certain = verdict.untouched || outbound.repeatable;
    return passing(verdict.code, `${where}: status ${status}`, {
      certain,
      floorMs: verdict.waitMs ?? 0,
      status,
    });
  }
  if (verdict.kind !== 'fail') throw new Error(`a ${verdict.kind} verdict is no setback`);
  const { code, message, whoMustAct, retryAfterMs } = verdict;
  const retry = retryAfterMs === null ? NEVER : ({ kind: 'after', delayMs: retryAfterMs } as const);
  const error = new ConnectorError(code, `${where}: ${message}`, { retry, whoMustAct, status });
  return { code, again: false, floorMs: 0, error: () => error };
}

const NEVER = { kind: 'never' } as const;

/** Trouble that passes. `certain`: sending again cannot double an effect; otherwise there is no second sending, only a lost reply. */
function passing(
  code: ConnectorErrorCode,
  message: string,
  facts: { readonly certain: boolean; readonly floorMs: number; readonly status: number | null },
): Setback {
  const Kind = facts.certain ? ConnectorError : LostReply;
  const error = (waitMs: number) =>
    new Kind(code, message, {
      retry: { kind: 'after', delayMs: Math.max(Math.round(waitMs), 1_000) },
      whoMustAct: 'nobody',
      status: facts.status,
    });
  return { code, again: facts.certain, floorMs: facts.floorMs, error };
}

/** Method and path: no query, no host, no header, no body. */
export function describe(outbound: OutboundCall, vendor: string): string {
  return `${vendor} ${outbound.method} ${new URL(outbound.url).pathname}`;
}

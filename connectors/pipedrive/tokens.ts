/**
 * The company's tokens of the day, shared by all its users and apps. History and write-back stop while a share is left for the others;
 * reading what changed goes on until Pipedrive itself says no, for it costs next to nothing. The share is measured on what *everybody* has
 * used, so that a restart forgets nothing.
 */
import type { ConnectorLimits, DailyBudget } from '../../src/ports/connector.ts';
import { wholeNumber } from '../verdicts.ts';
import type { InboundReply } from '../wire.ts';
import { DEAREST_CALL_TOKENS, SMALLEST_DAILY_TOKENS } from './limits.ts';

type Purpose = 'history' | 'write';

export interface TokenLedger {
  /** Before a call: the returned function is called once with whether it was answered. */
  begin(tokens: number): () => void;
  /** What a reply's headers say of the day; both may be missing. */
  learn(reply: InboundReply): void;
  /** True while our share of the day allows this much more. */
  allows(tokens: number, purpose: Purpose): boolean;
  /** Pipedrive said that the day is used up. */
  exhaust(): void;
  /** False once so little is left that no call is safe. */
  isSpent(): boolean;
  readonly spentTokens: number;
  budget(now: Temporal.Instant): DailyBudget;
}

const DEFAULT_SHARE_BPS = 5_000;
const WHOLE_BPS = 10_000;

export function openTokenLedger(limits: ConnectorLimits = {}): TokenLedger {
  const share = (limits.dailyShareBps ?? DEFAULT_SHARE_BPS) / WHOLE_BPS;
  const historyShare = (limits.historyShareBps ?? DEFAULT_SHARE_BPS) / WHOLE_BPS;
  let daily = limits.dailyTokens ?? SMALLEST_DAILY_TOKENS;
  let left = daily;
  let inFlight = 0;
  let spent = 0;

  /** Left of our share: the whole budget less what is kept for others, less what everybody has used. */
  const leftOf = (purpose: Purpose): number => {
    const ours = Math.floor(daily * share);
    const keptForWrites = purpose === 'history' ? Math.floor(ours * (1 - historyShare)) : 0;
    return Math.max(0, left - (daily - ours) - keptForWrites);
  };

  return {
    begin(tokens) {
      inFlight += tokens;
      left -= tokens;
      return () => {
        inFlight -= tokens;
        spent += tokens;
      };
    },
    learn({ headers }) {
      const limit = wholeNumber(headers['x-daily-ratelimit-token-limit']);
      const remaining = wholeNumber(headers['x-daily-ratelimit-token-remaining']);
      if (limit !== null && limit !== daily) {
        left += limit - daily;
        daily = limit;
      }
      if (remaining !== null) left = remaining - inFlight;
    },
    allows: (tokens, purpose) => leftOf(purpose) >= tokens,
    exhaust() {
      left = 0;
    },
    isSpent: () => left < DEAREST_CALL_TOKENS,
    get spentTokens() {
      return spent;
    },
    budget: (now) => ({
      dailyTokens: daily,
      leftTokens: Math.max(0, left),
      leftForWritesTokens: leftOf('write'),
      leftForHistoryTokens: leftOf('history'),
      resetsAt: nextReset(now),
    }),
  };
}

/** Midnight of "the server's time zone", which Pipedrive does not name: UTC, and a minute of patience. */
export function nextReset(now: Temporal.Instant): Temporal.Instant {
  const tomorrow = now.toZonedDateTimeISO('UTC').toPlainDate().add({ days: 1 });
  return tomorrow.toZonedDateTime('UTC').toInstant().add({ minutes: 1 });
}

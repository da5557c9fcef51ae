/** What the parent asks of a process that it is going to kill, and what that process tells it. Plain JSON both ways. */
import type { CrmKind } from '../../src/core/values/crm.ts';

export interface MondayOrder {
  readonly crm: CrmKind;
  readonly dataDir: string;
  readonly account: { readonly baseUrl: string; readonly token: string };
  readonly smtpUrl: string;
  readonly companyFile: string;
  /** The account's clock is this much ahead of the machine's; parent and child share both. */
  readonly shiftMs: number;
  readonly asOf: string;
  /** Fixed for the round: however often the process is started, it is the same Monday run. */
  readonly key: string;
  readonly stateFile: string;
  /** `workers`: queue, workers and sweep, as the service runs. `alone`: one effect after the other, which makes every step countable. */
  readonly mode: 'workers' | 'alone';
  readonly crash: CrashPoint | null;
}

/** Where the process kills itself. `within` is after the call and before its transaction commits. */
export interface CrashPoint {
  /** Port and method: "records.landPage", "mailer.send", "session.write". */
  readonly step: string;
  readonly when: 'before' | 'within' | 'after';
  /** For steps on an effect: only of this kind. */
  readonly kind?: string;
  /** Which of the calls, counted from 1. Default 1. */
  readonly nth?: number;
}

/** What an earlier life left behind, seen at the start of the next one. */
export interface LeftBehind {
  readonly claimed: readonly string[];
  readonly handingOver: readonly string[];
  readonly composing: number;
  readonly unsettled: number;
  /** State of the round's first effect; null when it was not added yet. */
  readonly round: string | null;
  readonly pending: number;
}

export type Told =
  | { readonly say: 'left'; readonly left: LeftBehind }
  | { readonly say: 'prepared' }
  | { readonly say: 'step'; readonly job: string }
  | { readonly say: 'unfinished'; readonly text: string };

/** The store at the end of a round, in words that compare with the account. */
export interface StoreState {
  readonly deals: readonly StoredDeal[];
  readonly rejected: readonly string[];
  readonly acknowledged: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly unsettled: number;
  readonly digests: readonly StoredDigest[];
  readonly effects: readonly {
    readonly kind: string;
    readonly key: string;
    readonly state: string;
    readonly lastError: string | null;
  }[];
}

export interface StoredDeal {
  readonly id: string;
  readonly stage: string;
  readonly pipeline: string;
  /** "1234.50 EUR", "missing", or the text of an amount that cannot be used. */
  readonly amount: string;
  readonly closeDate: string | null;
  readonly owner: string | null;
  /** "stage@epochMilliseconds", oldest first. */
  readonly stages: readonly string[];
}

export interface StoredDigest {
  readonly id: string;
  readonly email: string;
  readonly isoWeek: string;
  readonly state: string;
  readonly reason: string | null;
}

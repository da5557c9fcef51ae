/** What every part of a pull needs. */
import type { Deal } from '../../src/core/deals/deal.ts';
import type { DealId } from '../../src/core/values/ids.ts';
import type { OwnWriteSpan, PullRequest } from '../../src/ports/connector.ts';
import type { PipedriveApi } from './api.ts';
import type { AccountFacts } from './directory.ts';
import type { PipedriveField } from './schema.ts';
import type { TokenLedger } from './tokens.ts';

export interface Reading {
  readonly api: PipedriveApi;
  readonly ledger: TokenLedger;
  readonly facts: AccountFacts;
  readonly evidence: ReadonlyMap<string, PipedriveField>;
  /** Read once per pull, when persons have arrived. */
  readonly roleField: () => Promise<PipedriveField | null>;
  /** For what not every plan or token may read: null where it is not permitted, which is told in the log. */
  readonly optional: <Found>(ask: () => Promise<Found>) => Promise<Found | null>;
  readonly ownWrites: OwnWriteSpan | null;
  readonly overlapMs: number;
  readonly knownDeals: (ids: readonly DealId[]) => Promise<ReadonlyMap<DealId, Deal>>;
}

export const KNOWS_NOTHING: NonNullable<PullRequest['knownDeals']> = async () => new Map();

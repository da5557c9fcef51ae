import type { Locale } from '../milestones/milestone.ts';
import type { CurrencyCode } from '../values/currency.ts';
import type { ManagerId, OwnerId, TeamId } from '../values/ids.ts';

/** The person who owns the forecast of some owners. `teamIds` and `ownerIds` empty means: everybody. */
export interface Manager {
  readonly id: ManagerId;
  readonly name: string;
  readonly email: string;
  readonly locale: Locale;
  readonly zone: string;
  readonly teamIds: readonly TeamId[];
  readonly ownerIds: readonly OwnerId[];
  readonly digest: 'on' | 'off';
  readonly digestPausedUntil: Temporal.PlainDate | null;
}

/** What a manager (or the whole company: managerId null) wants to sign in a period. */
export interface Target {
  readonly managerId: ManagerId | null;
  readonly periodKey: string;
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
}

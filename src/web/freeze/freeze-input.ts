import type { Owner } from '../../core/deals/deal.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { ForecastLine } from '../../core/forecast/forecast-types.ts';
import type { FrozenForecast } from '../../core/forecast/frozen-forecast.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { Period } from '../../core/values/calendar.ts';
import type { CurrencyCode } from '../../core/values/currency.ts';
import type { PageHeader } from '../header.ts';

/** Differences that one frozen figure may be explained by. */
export const FREEZE_ROWS = 10;

/** Characters of a reason. */
export const REASON_LIMIT = 200;

/** Deals that a difference may be about: those that carry the figure. */
export const FREEZE_DEALS = 60;

/** Stable codes with a row in docs/errors.md. */
type FreezeCode =
  | 'FORECAST_FROZEN_AMOUNT'
  | 'FORECAST_FROZEN_NEGATIVE'
  | 'FORECAST_FROZEN_DEAL'
  | 'FORECAST_FROZEN_REASON'
  | 'FORECAST_FROZEN_DIFFERENCES'
  | 'FORECAST_FROZEN_STALE'
  | 'FORECAST_FROZEN_ONCE';

/** As typed. `deal` "": about no deal in particular. */
export interface FreezeRow {
  readonly deal: string;
  readonly difference: string;
  readonly reason: string;
}

export interface FreezeValues {
  readonly amount: string;
  readonly rows: readonly FreezeRow[];
}

/** `row` null: the figure itself, or the form as a whole. */
export interface FreezeProblem {
  readonly code: FreezeCode;
  readonly row: number | null;
}

/** What was typed, what is wrong with it, and what no difference explains yet; null while the figure cannot be read. */
export interface FreezeFormInput {
  readonly values: FreezeValues;
  readonly problems: readonly FreezeProblem[];
  readonly unexplainedMinor: bigint | null;
}

/** What the forecast of a period is made of. Minor units; computed = won + expected. */
export interface ComputedPeriod {
  readonly wonMinor: bigint;
  readonly expectedMinor: bigint;
  readonly targetMinor: bigint | null;
  /** Open deals by what is expected of them, largest first. */
  readonly lines: readonly ForecastLine[];
}

/** A figure on its way to be frozen: complete, shown once more, not yet kept. */
export type FreezeDraft = Pick<FrozenForecast, 'amountMinor' | 'computedMinor' | 'differences'>;

export interface FrozenRow {
  readonly frozen: FrozenForecast;
  readonly period: Period | null;
  /** All that was signed in the period; null while it runs, or is not yet judged. */
  readonly actualMinor: bigint | null;
}

export interface FreezePageInput {
  readonly locale: Locale;
  readonly header: PageHeader;
  readonly managers: readonly Pick<Manager, 'id' | 'name'>[];
  /** Null until a manager is chosen: a company has no figure of its own, its managers have. */
  readonly chosen: FreezeScope | null;
}

export interface FreezeScope {
  readonly manager: Pick<Manager, 'id' | 'name'>;
  readonly snapshotId: string;
  readonly asOf: Temporal.PlainDate;
  readonly currency: CurrencyCode;
  readonly owners: readonly Owner[];
  /** The current period and the next. */
  readonly periods: readonly Period[];
  readonly period: Period;
  readonly computed: ComputedPeriod;
  readonly form: FreezeFormInput | null;
  /** To be looked at once more before it is kept; null while it is being written. */
  readonly draft: FreezeDraft | null;
  /** Of this manager, this period and this snapshot. */
  readonly frozenNow: FrozenForecast | null;
  /** Newest first. */
  readonly history: readonly FrozenRow[];
  readonly saved: boolean;
}

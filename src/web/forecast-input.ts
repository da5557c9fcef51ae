import type { MilestoneLabel } from '../../templates/words.ts';
import type { Owner } from '../core/deal.ts';
import type { ForecastLine, ForecastSummary } from '../core/forecast-types.ts';
import type { Manager } from '../core/manager.ts';
import type { PageHeader } from './header.ts';
import type { ForecastQuery } from './href.ts';

/** What the route hands over: one snapshot's values, and no more lines than one page shows. */
export interface ForecastPageInput {
  /** The manager and week really shown, which the route has checked to exist. */
  readonly query: ForecastQuery;
  readonly header: PageHeader;
  readonly summary: ForecastSummary;
  /** The older side of "what moved", for the same scope and period: the snapshot before, or a past Monday replayed. */
  readonly before: { readonly asOf: Temporal.PlainDate; readonly forecastMinor: bigint } | null;
  /** Lines of `query.page`, at most `DEALS_PER_PAGE`, in the order of the store. */
  readonly lines: readonly ForecastLine[];
  readonly totalLines: number;
  readonly owners: readonly Owner[];
  readonly milestones: readonly MilestoneLabel[];
  /** Scopes to choose from, beside the whole company. */
  readonly managers: readonly Pick<Manager, 'id' | 'name'>[];
  /** Days of the snapshots there are, newest first. */
  readonly weeks: readonly Temporal.PlainDate[];
  readonly rejections: number;
  /** Deals of the scope whose past the CRM has not told whole. */
  readonly historyIncomplete: number;
  /** Deals whose values are not in the CRM: they wait for its budget of tomorrow, or it refused them. As of now, whatever the week shown. */
  readonly unwritten: { readonly postponed: number; readonly refused: number };
  readonly hasDigest: boolean;
}

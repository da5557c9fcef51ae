import type { MilestoneLabel } from '../../templates/words.ts';
import type { CrmKind } from '../core/crm.ts';
import type { Owner } from '../core/deal.ts';
import type { ForecastLine, ForecastSummary } from '../core/forecast-types.ts';
import type { DealId } from '../core/ids.ts';
import type { Manager } from '../core/manager.ts';
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
  readonly hasDigest: boolean;
  /** The record in the CRM; anything but http(s) is shown as text. */
  readonly dealLink: (dealId: DealId) => string | undefined;
}

interface PageHeader {
  readonly company: string;
  readonly zone: string;
  readonly connection: {
    readonly crm: CrmKind;
    readonly state: 'active' | 'reconnect_needed' | 'paused';
    readonly dataReadAt: Temporal.Instant;
  };
  /** True on the embedded database. */
  readonly evaluationMode: boolean;
}

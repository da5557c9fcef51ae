import type { SelectedForecast } from '../../../jobs/select-forecast.ts';
import type { GroupNames } from '../../../templates/group-names.ts';
import type { MilestoneLabel } from '../../../templates/words.ts';
import type { Owner } from '../../core/deals/deal.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { ForecastLine, ForecastSummary } from '../../core/forecast/forecast-types.ts';
import type { Movement } from '../../core/review/digest-types.ts';
import type { Period } from '../../core/values/calendar.ts';
import type { PageHeader } from '../header.ts';
import type { ForecastQuery } from '../href.ts';

/** The older side of "what moved", for the same selection: the snapshot before, or a past Monday replayed. */
export interface ComparedMovement {
  readonly asOf: Temporal.PlainDate;
  readonly movement: Movement;
}

/** What the route hands over: one snapshot's values, and no more lines than one page shows. */
export interface ForecastPageInput {
  /** The manager, week and filters really shown, which the route has checked to exist. */
  readonly query: ForecastQuery;
  readonly header: PageHeader;
  /** Of the selection: totals, groups and periods. */
  readonly summary: ForecastSummary;
  readonly groups: SelectedForecast['groups'];
  readonly periods: SelectedForecast['periods'];
  /** Null in a first week, and where a selection has no older side: then nothing is said to have moved. */
  readonly compared: ComparedMovement | null;
  /** Teams, pipelines and periods that this week can be asked for; nothing to choose where there is one. */
  readonly choices: {
    readonly teams: GroupNames['teams'];
    readonly pipelines: GroupNames['pipelines'];
    readonly periods: readonly Period[];
  };
  /** True with a team, a pipeline or another period than the week's own. */
  readonly filtered: boolean;
  /** Lines of `query.page`, at most `DEALS_PER_PAGE`, in the order asked. */
  readonly lines: readonly ForecastLine[];
  readonly totalLines: number;
  readonly owners: readonly Owner[];
  readonly milestones: readonly MilestoneLabel[];
  readonly names: GroupNames;
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

/** The gap and what could close it, as data: computed in jobs/plan-figures.ts, told by templates/reliability. */

import type { ForecastSummary } from '../forecast/forecast-types.ts';
import type { MissingEvidence } from '../milestones/evidence.ts';
import type { MilestoneCalibration } from '../reliability/model-calibration.ts';
import type { MilestoneKey, OwnerId } from '../values/ids.ts';
import type { FunnelStep } from './funnel.ts';
import type { GapPlan } from './gap.ts';
import type { GapAction } from './gap-actions.ts';

/** The proof to get next on one deal, what it would add, and which evidence is missing for it. */
export interface PlannedAction extends GapAction {
  readonly dealName: string;
  readonly ownerId: OwnerId | null;
  readonly missing: MissingEvidence | null;
}

/** Open pipeline due in the period over what is still to be won; `ratio` null when nothing is to be won or no target is set. */
export interface CoverageFigure {
  readonly dueMinor: bigint;
  readonly deals: number;
  readonly ratio: number | null;
}

export interface PlanFigures {
  readonly summary: ForecastSummary;
  /** Null without a target. */
  readonly gap: GapPlan | null;
  readonly averageWonMinor: bigint | null;
  /** Chances of a deal just begun: in what is left of the period, and at all. 0..1. */
  readonly firstInTime: number;
  readonly firstEventually: number;
  /** The first milestone from which a deal can still be won in time; null when none can. */
  readonly helpsFrom: MilestoneKey | null;
  /** Mean of customer contacts per closed deal that had any; null below ten such deals. */
  readonly contacts: { readonly mean: number; readonly deals: number } | null;
  /** Largest gain per day of effort first. */
  readonly actions: readonly PlannedAction[];
  readonly coverage: CoverageFigure & {
    readonly toWinMinor: bigint | null;
    readonly withoutCloseDate: number;
    readonly byMilestone: readonly (CoverageFigure & { readonly milestone: MilestoneKey | null })[];
  };
  readonly velocity: {
    readonly openDeals: number;
    readonly winRate: number | null;
    readonly averageWonMinor: bigint | null;
    readonly cycleDays: number | null;
    readonly perDayMinor: bigint | null;
  };
  readonly funnel: readonly (FunnelStep & { readonly key: MilestoneKey })[];
  readonly calibration: readonly MilestoneCalibration[];
}

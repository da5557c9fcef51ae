import type { HistoryLabel, OddsReason } from '../forecast/forecast-types.ts';

/**
 * What a fitted history can say about one open deal, by table look-up. Milestones are indexes into the model's list (0 = first contact);
 * -1 stands for a deal with nothing verified yet. Ages and horizons are whole days; an age counts complete days, so a milestone reached
 * yesterday has age 0 today (`ageAt` in history.ts). forecast-model: sections 2 and 4.
 */
export interface Odds {
  /** Chance, 0..1, to be won within `horizonDays` of today. 0 for horizon 0. Never falls when the horizon grows. */
  inDays(milestone: number, ageDays: number, horizonDays: number): number;
  /** First day count at which the odds reach half of the odds of two years; null when it never can. */
  realisticDays(milestone: number, ageDays: number): number | null;
  reason(milestone: number, ageDays: number, horizonDays: number): OddsReason;
  /** Expected wins from deals that do not exist yet, as a count, within `horizonDays`. */
  newWins(horizonDays: number): number;
  readonly label: HistoryLabel;
  readonly resolvedDeals: number;
  /** Wins in the history: how far the common shock of the range reaches. */
  readonly wins: number;
  /** Mean won amount is the caller's; mean days from first contact to signature of won deals, null without wins. */
  readonly medianCycleDays: number | null;
}

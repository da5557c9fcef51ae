/** What a company would believe without Jalon. Each gives odds by milestone, from the same past. forecast-model: section 7. */
import { everReached } from '../gap/funnel-reached.ts';
import { positionAt, type StateLog, WON, wonDay } from '../odds/history.ts';

/** Odds by milestone. */
export type Ladder = Float64Array;

/** N0, what a CRM shows: 10 % at the first milestone, 90 % at the last, no horizon. */
export function crmLadder(milestones: number): Ladder {
  return Float64Array.from({ length: milestones }, (_, at) => 0.1 + (0.8 * at) / Math.max(1, milestones - 1));
}

/** N1, the measured ladder: share of the resolved deals that ever reached the milestone and were won, no horizon. 0 without such deals. */
export function everReachedLadder(log: StateLog, originDay: number, milestones: number): Ladder {
  const { resolved, won } = everReached(log, originDay, milestones);
  return won.map((wins, milestone) => (wins > 0 ? wins / (resolved[milestone] ?? 1) : 0));
}

/** Deals that the overall share counts for in N4. */
const SHRINK = 10;
/** Past windows begin a week apart, as the forecasts do, and go back two years at most. */
const STEP_DAYS = 7;
const MOST_WINDOWS = 104;

/** Of the deals that stood at each milestone on a past day: how many, and how many were won within the horizon. */
interface WindowCounts {
  readonly stood: Float64Array;
  readonly won: Float64Array;
}

/** Remembers the counts of past windows, so that the next origin only adds its newest one. */
export type WindowCounter = (pastDay: number, horizonDays: number) => WindowCounts;

export function windowCounter(log: StateLog, milestones: number): WindowCounter {
  const known = new Map<string, WindowCounts>();
  return (pastDay, horizonDays) => {
    const key = `${pastDay}+${horizonDays}`;
    const counts = known.get(key) ?? countWindow(log, pastDay, horizonDays, milestones);
    known.set(key, counts);
    return counts;
  };
}

function countWindow(log: StateLog, pastDay: number, horizonDays: number, milestones: number): WindowCounts {
  const stood = new Float64Array(milestones);
  const won = new Float64Array(milestones);
  for (let deal = 0; deal < log.deals; deal += 1) {
    const state = positionAt(log, deal, pastDay)?.state ?? WON;
    if (state >= milestones) continue;
    stood[state] = (stood[state] ?? 0) + 1;
    const day = wonDay(log, deal);
    if (day !== null && day < pastDay + horizonDays) won[state] = (won[state] ?? 0) + 1;
  }
  return { stood, won };
}

/**
 * N4, the honest naive: of the deals that stood at the milestone on past Mondays, the share won within the same horizon; only windows
 * that had ended by `originDay`. Shrunk with 10 deals towards the share over all milestones. 0 when no window had ended yet.
 */
export function sameHorizonLadder(
  counter: WindowCounter,
  firstDay: number,
  originDay: number,
  horizonDays: number,
  milestones: number,
): Ladder {
  const stood = new Float64Array(milestones);
  const won = new Float64Array(milestones);
  const oldest = Math.max(firstDay + 1, originDay - horizonDays - STEP_DAYS * MOST_WINDOWS);
  for (let past = originDay - horizonDays; past >= oldest; past -= STEP_DAYS) {
    const counts = counter(past, horizonDays);
    for (let milestone = 0; milestone < milestones; milestone += 1) {
      stood[milestone] = (stood[milestone] ?? 0) + (counts.stood[milestone] ?? 0);
      won[milestone] = (won[milestone] ?? 0) + (counts.won[milestone] ?? 0);
    }
  }
  const total = stood.reduce((sum, deals) => sum + deals, 0);
  const share = total > 0 ? won.reduce((sum, wins) => sum + wins, 0) / total : 0;
  return won.map((wins, milestone) => (wins + SHRINK * share) / ((stood[milestone] ?? 0) + SHRINK));
}

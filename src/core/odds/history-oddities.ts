/** What is strange in a company's histories beside what reading them set aside (`HistoryNotes`): counted, and shown with the figures. */
import type { Deal } from '../deals/deal.ts';
import type { PipelineOdds } from './fit-odds-pipelines.ts';
import { dayCounter, dayNumber } from './history-days.ts';

export interface HistoryOddities {
  /** Deals of which the CRM gave no history, or only its end: what lies before the first known entry is not guessed. */
  readonly incompleteHistories: number;
  /** Entries into stages that bear a day after the one asked: they do not exist until then. */
  readonly futureEvents: number;
  /** Pipelines with closed deals and no win: their odds lean on the weights, and each loss lowers them. */
  readonly pipelinesWithoutWin: number;
  /** Milestones of the model, and how many of them a deal was ever seen at: one or none where the CRM kept no steps. */
  readonly milestones: number;
  readonly seenMilestones: number;
}

/** `odds` were fitted for the midnight that begins `asOf`. */
export function historyOddities(
  deals: readonly Deal[],
  asOf: Temporal.PlainDate,
  zone: string,
  milestones: number,
  odds: PipelineOdds,
): HistoryOddities {
  const dayOf = dayCounter(zone);
  const today = dayNumber(asOf);
  let incompleteHistories = 0;
  let futureEvents = 0;
  for (const { stageHistory, flags } of deals) {
    if (stageHistory.length === 0 || flags.includes('history_incomplete')) incompleteHistories += 1;
    for (const { enteredAt } of stageHistory) if (dayOf(enteredAt) > today) futureEvents += 1;
  }
  const pipelinesWithoutWin = [...odds.byPipeline.values()].filter(
    ({ resolvedDeals, wins }) => resolvedDeals > 0 && wins === 0,
  ).length;
  const { seenMilestones } = odds.pooled;
  return { incompleteHistories, futureEvents, pipelinesWithoutWin, milestones, seenMilestones };
}

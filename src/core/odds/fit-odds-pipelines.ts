import type { Deal } from '../deals/deal.ts';
import type { MilestoneModel } from '../milestones/milestone.ts';
import type { PipelineId } from '../values/ids.ts';
import { type FittedOdds, fitOdds } from './fit-odds.ts';
import { type StateEvent, stateLog } from './history.ts';
import { dayCounter, dayNumber } from './history-days.ts';
import { historyReader } from './history-deals.ts';
import { knownOn, NOTHING_RECORDED, type VerifiedHistory } from './verified-history.ts';

/** One fit per pipeline, and one of all of them together for a pipeline that has no history of its own. */
export interface PipelineOdds {
  readonly byPipeline: ReadonlyMap<PipelineId, FittedOdds>;
  readonly pooled: FittedOdds;
}

/**
 * `asOf` is the day of the forecast: what happened on it or later, or was recorded later, is not seen. Excluded pipelines are left out,
 * also of `pooled`.
 */
export function fitOddsByPipeline(
  deals: readonly Deal[],
  model: MilestoneModel,
  asOf: Temporal.PlainDate,
  zone: string,
  verified: VerifiedHistory = NOTHING_RECORDED,
): PipelineOdds {
  const read = historyReader(model, dayCounter(zone), knownOn(verified, asOf));
  const excluded = new Set<PipelineId>(model.excludedPipelines);
  const histories = new Map<PipelineId, (readonly StateEvent[])[]>();
  for (const deal of deals) {
    if (excluded.has(deal.pipelineId)) continue;
    const events = histories.get(deal.pipelineId);
    if (events === undefined) histories.set(deal.pipelineId, [read(deal)]);
    else events.push(read(deal));
  }
  const fitted = (events: Iterable<readonly StateEvent[]>): FittedOdds =>
    fitOdds({ histories: stateLog(events), milestones: model.milestones, originDay: dayNumber(asOf) });
  return {
    byPipeline: new Map([...histories].map(([pipelineId, events]) => [pipelineId, fitted(events)])),
    pooled: fitted([...histories.values()].flat()),
  };
}

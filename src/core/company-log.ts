/** The histories of a whole company as one log, for figures that are told over all pipelines together. */
import type { Deal } from './deal.ts';
import { type StateLog, stateLog } from './history.ts';
import { dayCounter } from './history-days.ts';
import { historyReader } from './history-deals.ts';
import type { PipelineId } from './ids.ts';
import type { MilestoneModel } from './milestone.ts';
import { NOTHING_RECORDED, type VerifiedHistory } from './verified-history.ts';

/** `deals[i]` is deal i of the log. Excluded pipelines are left out. */
export interface CompanyLog {
  readonly deals: readonly Deal[];
  readonly log: StateLog;
}

/** `verified`: what is known on the day asked (`knownOn`). */
export function companyLog(
  deals: readonly Deal[],
  model: MilestoneModel,
  zone: string,
  verified: VerifiedHistory = NOTHING_RECORDED,
): CompanyLog {
  const excluded = new Set<PipelineId>(model.excludedPipelines);
  const counted = deals.filter(({ pipelineId }) => !excluded.has(pipelineId));
  return { deals: counted, log: stateLog(counted.map(historyReader(model, dayCounter(zone), verified))) };
}

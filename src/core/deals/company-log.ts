/** The histories of a whole company as one log, for figures that are told over all pipelines together. */

import type { MilestoneModel } from '../milestones/milestone.ts';
import { type StateLog, stateLog } from '../odds/history.ts';
import { dayCounter } from '../odds/history-days.ts';
import { historyReader } from '../odds/history-deals.ts';
import { NOTHING_RECORDED, type VerifiedHistory } from '../odds/verified-history.ts';
import type { PipelineId } from '../values/ids.ts';
import type { Deal } from './deal.ts';

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

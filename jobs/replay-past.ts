/** What a company's own past says: seconds of arithmetic over every deal, and no reading. */

import { companyLog } from '../src/core/deals/company-log.ts';
import { knownOn, NOTHING_RECORDED } from '../src/core/odds/verified-history.ts';
import type { BacktestReport } from '../src/core/reliability/backtest-report.ts';
import { type MilestoneCalibration, modelCalibration } from '../src/core/reliability/model-calibration.ts';
import { type ReplayOptions, type ReplaySources, replaySources } from './replay-sources.ts';

export interface ReplayRequest {
  readonly sources: ReplaySources;
  readonly asOf: Temporal.PlainDate;
  readonly options: ReplayOptions;
}

export interface PastFigures {
  readonly backtest: BacktestReport;
  readonly calibration: readonly MilestoneCalibration[];
}

/** `replayPast` beside the thread that answers pages and keeps leases. Rejects when `signal` fires; the same request gives the same figures. */
export type Replay = (request: ReplayRequest, signal: AbortSignal) => Promise<PastFigures>;

export function replayPast({ sources, asOf, options }: ReplayRequest): PastFigures {
  const { deals, model, company, verified = NOTHING_RECORDED } = sources;
  const known = knownOn(verified, asOf);
  return {
    backtest: replaySources(sources, asOf, options),
    calibration: modelCalibration(companyLog(deals, model, company.zone, known), model, asOf),
  };
}

/** What the reliability page of one connection tells, computed once and stored: plain data. */

import type { CurrencyCode } from '../values/currency.ts';
import type { ManagerId } from '../values/ids.ts';
import type { BacktestReport } from './backtest-report.ts';
import type { HorizonAccuracy } from './frozen-accuracy.ts';
import type { MilestoneCalibration } from './model-calibration.ts';
import type { PeriodOutcome } from './restated.ts';

/** Of the whole company (managerId null) or of one manager's deals. */
export interface ScopeAccuracy {
  readonly managerId: ManagerId | null;
  readonly horizons: readonly HorizonAccuracy[];
  readonly outcomes: readonly PeriodOutcome[];
}

export interface ReliabilityReport {
  readonly asOf: Temporal.PlainDate;
  readonly currency: CurrencyCode;
  readonly modelVersion: number;
  readonly backtest: BacktestReport;
  readonly calibration: readonly MilestoneCalibration[];
  readonly accuracy: readonly ScopeAccuracy[];
}

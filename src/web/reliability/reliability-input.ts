import type { Locale } from '../../core/milestones/milestone.ts';
import type { BacktestReport } from '../../core/reliability/backtest-report.ts';
import type { HorizonAccuracy } from '../../core/reliability/frozen-accuracy.ts';
import type { MilestoneCalibration } from '../../core/reliability/model-calibration.ts';
import type { PeriodOutcome } from '../../core/reliability/restated.ts';
import type { CrmKind } from '../../core/values/crm.ts';
import type { CurrencyCode } from '../../core/values/currency.ts';

/** What the route or the command hands over. What is not known yet is null or empty and said so on the page. */
export interface ReliabilityInput {
  readonly locale: Locale;
  readonly crm: CrmKind;
  readonly company: string;
  readonly backtest: BacktestReport;
  /** Rows of an event log without a place in time; 0 for a CRM. */
  readonly unplacedRows: number;
  readonly calibration: readonly MilestoneCalibration[];
  readonly accuracy: {
    readonly currency: CurrencyCode;
    readonly horizons: readonly HorizonAccuracy[];
    readonly outcomes: readonly PeriodOutcome[];
  } | null;
}
